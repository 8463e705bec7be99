"""Bodies that hold junk, at every door that programs speak to, and in the form that takes a policy."""

import io
import logging
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from alert_steps import adopts
from api_steps import served, token_of
from cast import Desk
from junk import JUNK
from starlette.applications import Starlette

from bot.usecases.alert import deliveries
from bot.web import mail as mail_door
from bot.web import server

FORMATS = ("alertmanager", "grafana", "datadog", "pagerduty")
DOORS = (
    "".join(f'[alerts.{one}]\nformat = "{one}"\nkey = "env:DOOR_KEY"\nservice = "vpn"\n' for one in FORMATS)
    + """
[alerts.own]
format = "generic"
key = "env:DOOR_KEY"
service = "vpn"
fields = { alerts = "items", key = "id", title = "name", state = "status" }
[mailboxes.help]
address = "help@desk.example.com"
key = "env:DOOR_KEY"
service = "vpn"
senders = ["example.com"]
"""
)
INSIDE = re.compile(r"Traceback|Error\b|object at 0x|\bDB-|went wrong")
"""Words that come from the inside of a program."""


@pytest.fixture
async def desk(
    desk_on_sqlite: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Desk]:
    monkeypatch.setenv("DOOR_KEY", "k")
    await adopts(desk_on_sqlite, DOORS)
    await desk_on_sqlite.settles()
    yield desk_on_sqlite
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_alerts_of_junk_are_refused_with_reasons_and_hold_nothing_up(desk: Desk) -> None:
    bad = []
    async with aiohttp.ClientSession() as http:
        for name, content in JUNK.items():
            for door in (*(f"/alerts/{one}/k" for one in (*FORMATS, "own")), "/v2/enqueue"):
                async with http.post(f"{desk.url}{door}", data=io.BytesIO(content)) as answer:
                    said = await answer.text()
                    if answer.status not in (202, 400, 413) or INSIDE.search(said) or len(said) > 2000:
                        bad.append((door, name, answer.status, said[:200]))
    await desk.bot.jobs.alerts()
    async with desk.bot.database.read() as tx:
        assert not await deliveries.is_waiting(tx)
    assert bad == []


async def test_mail_of_junk_opens_nothing_and_holds_nothing_up(desk: Desk) -> None:
    bad = []
    house = Starlette(routes=[mail_door.route(desk.bot.database, desk.clock.now, {"DOOR_KEY": "k"}.get)])
    async with server.serving(house, "127.0.0.1", 0) as url, aiohttp.ClientSession() as http:
        for name, content in JUNK.items():
            head = b"From: Caller <caller@example.com>\r\nMessage-ID: <%d@example.com>\r\nSubject: " % len(bad)
            for body in (content, head + content[:5000].replace(b"\n", b"\n ") + b"\r\n\r\n" + content):
                for kind in ("message/rfc822", "application/json", "multipart/form-data; boundary=x"):
                    headers = {"Content-Type": kind}
                    async with http.post(f"{url}/mail/help/k", data=io.BytesIO(body), headers=headers) as answer:
                        said = await answer.text()
                        if answer.status not in (200, 400, 413) or INSIDE.search(said):
                            bad.append((kind, name, answer.status, said[:200]))
    await desk.settles()
    assert bad == []


async def test_the_api_refuses_junk_with_what_is_wrong(desk: Desk) -> None:
    bad = []
    await desk.reports()
    async with served(desk) as client:
        client.token = await token_of(desk, desk.agent.id)
        for name, content in JUNK.items():
            for method, path in (
                ("POST", "/incidents"),
                ("POST", "/incidents/INC-1/notes"),
                ("POST", "/incidents/INC-1/resolve"),
            ):
                key = f"{name}{path}".encode().hex()[:60]
                answer = await client.asks(method, path, content, {"Idempotency-Key": key})
                said = str(answer.body)
                if not 400 <= answer.status < 500 or INSIDE.search(said) or not said or len(said) > 4000:
                    bad.append((path, name, answer.status, said[:200]))
    assert bad == []


async def test_a_policy_of_junk_is_refused_beside_its_field_with_what_and_where(desk: Desk) -> None:
    """A NUL and half a character are let in by no door of Slack's (`payload_schema`)."""
    bad = []
    await desk.agent.runs("/desk policy")
    await desk.agent.clicks("Propose a change…")
    await desk.agent.clicks("Anything else, as TOML or a file")
    for name, content in JUNK.items():
        for answers in (
            {"Or a file": ("junk.toml", content)},
            {"Or a file": None, "TOML": content.decode("utf-8", "replace").replace("\0", "")[:2900]},
        ):
            desk.clock.forward(seconds=2)
            faults = str(await desk.agent.submits({"What changes": "Junk"} | answers))
            if not faults.strip("{}") or INSIDE.search(faults) or "trouble" in faults or len(faults) > 2000:
                bad.append((name, faults[:300]))
    assert bad == []
