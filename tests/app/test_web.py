"""The doors over HTTP, knocked at by whoever finds them."""

import asyncio
import hashlib
import hmac
import io
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.web import server

SECRET = "0123456789abcdef0123456789abcdef"
FORM = "application/x-www-form-urlencoded"


async def _ready():
    return []


@asynccontextmanager
async def opened(bolt=None, readiness=_ready):
    """A client at the open doors."""
    doors = server.application(bolt, readiness)
    async with server.serving(doors, "127.0.0.1", 0) as url, aiohttp.ClientSession(url) as client:
        yield client


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
    assert (await knock("x" * (server.LARGEST_BODY + 1)))[0] == 413


@pytest.mark.parametrize(
    "opening",
    [
        b"GET /health HTTP/1.1\r\nX-Long: ",
        b"GET /",
        b"POST /slack/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;x=",
    ],
)
async def test_what_never_comes_to_a_body_is_hung_up_on(opening):
    async with opened() as client:
        reader, writer = await asyncio.open_connection(client._base_url.host, client._base_url.port)
        writer.write(opening + b"x" * (server.LARGEST_HEAD + 1))
        assert b" 400 " in await reader.readline()
        await reader.read()
        writer.close()


async def test_many_requests_on_one_connection_are_no_long_head():
    async with opened() as client:
        for _ in range(6):
            async with client.get("/health", headers={"X-Long": "x" * (server.LARGEST_HEAD // 4)}) as answer:
                assert answer.status == 200


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
