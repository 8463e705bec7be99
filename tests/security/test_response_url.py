"""A response_url leads to Slack or nowhere, and bodies that Slack never sends are turned away."""

import asyncio
import json
import logging

import aiohttp
import pytest
from cast import Desk
from corpus import drawn, fresh
from slack_sdk.web.async_client import AsyncWebClient
from test_identity import facts, post

from bot.sandbox.app.delivery import HttpDoor
from bot.web import server as web_server
from handlers.request import response_url
from handlers.request.request_filter import homes


@pytest.fixture
async def desk(desk_on_sqlite: Desk) -> Desk:
    return desk_on_sqlite


@pytest.fixture
async def elsewhere():
    """A server that is not Slack's; who called."""
    called = []

    async def taken(reader, writer):
        called.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(taken, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x", called
    server.close()


async def test_an_answer_whose_connection_is_lost_is_given_once_more() -> None:
    asked = []

    async def taken(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        if len(asked) > 1:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(taken, "127.0.0.1", 0)
    slack = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, aiohttp.ClientSession() as http:
        client = AsyncWebClient("xoxb-none", base_url=f"{slack}api/", session=http)
        assert await response_url.taken(f"{slack}x", client, {"text": "Saved"})
    assert len(asked) == 2


@pytest.mark.parametrize("where", ["response_url", "response_urls"])
async def test_nobody_is_answered_at_an_address_that_is_not_slacks(desk: Desk, elsewhere, where: str) -> None:
    url, called = elsewhere
    pressed = next(one for kind, one in drawn(desk) if one.get("type") == "block_actions" and "view" not in one)
    payload = fresh(desk, pressed, 1)
    del payload["response_url"]
    payload[where] = url if where == "response_url" else [{"response_url": url}]
    before = await facts(desk)
    async with aiohttp.ClientSession() as http:
        assert await post(desk, http, "interactive", payload) == 400
    assert called == []
    assert await facts(desk) == before


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://hooks.slack.com/commands/T1/2/x", True),
        ("https://slack.com/anything", True),
        ("http://hooks.slack.com/commands/T1/2/x", False),
        ("https://hooks.slack.com.evil.example/x", False),
        ("https://hooks.slack.com@evil.example/x", False),
        ("https://hooks.slack.com\\@evil.example/x", False),
        ("https://hooks.slack.com:8443/x", False),
        ("https://evil.example/https://hooks.slack.com/", False),
        ("//hooks.slack.com/x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_slacks_address_is_slacks_host_and_nothing_that_looks_like_it(url: str, ours: bool) -> None:
    assert url.startswith(homes("https://slack.com/api/")) is ours


@pytest.mark.parametrize(
    "body",
    [
        b"command=%2Fincident&" + b"&".join(b"a%d=1" % number for number in range(web_server.MOST_FIELDS)),
        b"payload=" + b"[" * 500 + b"]" * 500,
        b'{"type":"event_callback","event":' + b'{"a":' * 100 + b"1" + b"}" * 102,
        b'{"type":"event_callback","event_id":"E","event":{"type":"x","many":[' + b"1," * 60_000 + b"1]}}",
    ],
    ids=["fields", "payload", "event", "parts"],
)
async def test_too_many_fields_and_too_deep_or_wide_a_body_are_refused_though_signed(desk: Desk, body: bytes) -> None:
    async with aiohttp.ClientSession() as http:
        kind = "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, **HttpDoor(desk.slack, "", http).signature(body)}
        async with http.post(f"{desk.url}/slack/events", data=body, headers=headers) as answer:
            assert answer.status == 400


async def test_an_error_of_the_database_tells_nothing_that_people_typed(desk: Desk, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    await desk.requester.runs("/incident VPN is down")
    async with desk.bot.database.begin() as tx:
        connection = await tx.connection()
        await connection.exec_driver_sql("ALTER TABLE fact_words RENAME TO mislaid")
    faults = await desk.requester.submits({"Service": "VPN", "Description": "my pet is called Rex"})
    assert "nothing was saved" in json.dumps(faults)
    assert "no such table" in caplog.text
    ours = [record for record in caplog.records if record.name.startswith(("handlers", "bot."))]
    assert "Rex" not in "".join(logging.Formatter().format(record) for record in ours)
