"""The doors over HTTP, knocked at by whoever finds them."""

import asyncio
import hashlib
import hmac
import io
import socket
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
import uvicorn
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import web

SECRET = "0123456789abcdef0123456789abcdef"
FORM = "application/x-www-form-urlencoded"


async def _ready():
    return []


@asynccontextmanager
async def opened(bolt=None, readiness=_ready):
    """A client at the open doors."""
    server = uvicorn.Server(uvicorn.Config(web.application(bolt, readiness), lifespan="off", log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server.serve([listener]))
        async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            yield client
        server.should_exit = True
        await task


@pytest.fixture
async def knock():
    """POST /slack/events as Slack signs it, unless told otherwise."""
    bolt = AsyncApp(client=AsyncWebClient("xoxb-not-a-real-token"), signing_secret=SECRET)

    async with opened(bolt) as client:

        async def post(body, kind=FORM, *, secret=SECRET, age=0, **headers):
            at = str(int(time.time()) - age)
            raw = body if isinstance(body, bytes) else body.encode()
            signed = hmac.new(secret.encode(), b":".join((b"v0", at.encode(), raw)), hashlib.sha256).hexdigest()
            given = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signed}", "Content-Type": kind}
            async with client.post("/slack/events", data=io.BytesIO(raw), headers=given | headers) as answer:
                return answer.status, await answer.text()

        yield post


async def asked(path, method="GET", **doors):
    async with opened(**doors) as client, client.request(method, path) as answer:
        return answer.status, await answer.text()


async def test_a_forged_signature_is_unauthorised(knock):
    assert (await knock("command=/ping", secret="another"))[0] == 401


async def test_a_signature_of_six_minutes_ago_is_unauthorised(knock):
    assert (await knock("command=/ping", age=360))[0] == 401


async def test_no_signature_is_unauthorised(knock):
    assert (await knock("command=/ping", **{"X-Slack-Signature": ""}))[0] == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        ("[1]", "application/json"),
        ("payload=%7B", FORM),
        ("payload=[]", FORM),
        (b"command=\xff\xfe", FORM),
        ('{"authorizations": [1]}', "application/json"),
        ("[" * 100_000, "application/json"),
    ],
)
async def test_a_malformed_body_is_a_bad_request(knock, body, kind):
    assert await knock(body, kind) == (400, "That is not a request as Slack sends them.")


async def test_more_than_slack_ever_sends_is_too_large(knock):
    assert (await knock("x" * (web.LARGEST_BODY + 1)))[0] == 413


async def test_only_posts_are_taken():
    bolt = AsyncApp(client=AsyncWebClient("xoxb-not-a-real-token"), signing_secret=SECRET)
    assert (await asked("/slack/events", bolt=bolt))[0] == 405


async def test_health_says_that_the_process_lives():
    assert await asked("/health") == (200, "ok\n")


async def test_ready_says_why_not_and_then_that_it_is():
    reasons = ["Deskbell is starting."]

    async def readiness():
        return reasons

    assert await asked("/ready", readiness=readiness) == (503, '{"ready":false,"reasons":["Deskbell is starting."]}')
    reasons.clear()
    assert await asked("/ready", readiness=readiness) == (200, '{"ready":true,"reasons":[]}')


async def test_in_socket_mode_there_is_no_door_for_slack():
    assert (await asked("/slack/events", "POST"))[0] == 404
