"""The program beside the workspace takes what is signed, refuses the rest, and shows both."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from standardwebhooks import Webhook
from workbench import manifest

from bot.sandbox import Server, Workspace
from bot.sandbox.webhooks import WebhookReceiver

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(b"x" * 32).decode()
BODY = '{"type":"incident.opened","timestamp":"2026-03-02T14:00:00.000Z","data":{"ref":"INC-12"}}'


def signed(body: str = BODY, at: datetime | None = None, secret: str = SECRET) -> dict[str, str]:
    """As the public library signs it."""
    at = at or datetime.now(UTC)
    said = Webhook(secret).sign("msg_1", at, body)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": said}


@pytest.fixture
async def door():
    server = Server(Workspace(manifest()), webhooks=WebhookReceiver(SECRET))
    async with server, aiohttp.ClientSession(server.url) as session:
        yield session


async def told(door: aiohttp.ClientSession, headers: dict[str, str], body: str = BODY) -> int:
    return (await door.post("/webhooks", data=body, headers=headers)).status


async def test_what_is_signed_is_taken_and_shown(door: aiohttp.ClientSession) -> None:
    assert await (await door.get("/webhooks")).text() == "Nothing came yet.\n"
    assert await told(door, signed()) == 200
    assert (await (await door.get("/webhooks")).text()).endswith(" signed  incident.opened INC-12  msg_1\n")


@pytest.mark.parametrize(
    ("headers", "body", "said"),
    [
        (lambda: signed(secret=OTHER_SECRET), BODY, "nobody who has the secret signed it"),
        (signed, BODY.replace("12", "13"), "nobody who has the secret signed it"),
        (lambda: signed(at=datetime.now(UTC) - timedelta(hours=1)), BODY, "its time is not now"),
        (dict, BODY, "its time is not now"),
        (lambda: {"webhook-timestamp": "²"}, "no JSON", "its time is not now"),
        (lambda: {"webhook-timestamp": "9" * 5000}, BODY, "its time is not now"),
        (dict, "[" * 100_000, "its time is not now"),
        (dict, '{"type":"a\\n09:00:12 signed  incident.opened","data":{}}', "its time is not now"),
    ],
)
async def test_what_is_not_signed_is_refused_and_shown(door: aiohttp.ClientSession, headers, body, said) -> None:
    """The headers are made when the test begins: those of a long run's start are out of date by then."""
    assert await told(door, headers(), body) == 401
    shown = await (await door.get("/webhooks")).text()
    assert f"REFUSED: {said}" in shown
    assert len(shown.splitlines()) == 1


async def test_whoever_follows_sees_each_as_it_comes(door: aiohttp.ClientSession) -> None:
    await told(door, signed())
    async with door.get("/webhooks?follow") as listing:
        assert b"INC-12" in await asyncio.wait_for(listing.content.readline(), 20)
        for number in (13, 14):
            body = BODY.replace("12", str(number))
            await told(door, signed(body), body)
            assert f"INC-{number}".encode() in await asyncio.wait_for(listing.content.readline(), 20)
