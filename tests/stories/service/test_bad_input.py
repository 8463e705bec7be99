"""What bad input gets: a clear sentence or a 401, nothing half saved, and a process that stays up."""

import asyncio
import hashlib
import hmac
import io
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from cast import CHANGE, Desk
from sqlalchemy import text
from sqlmodel import func, select

from storage.tables import Change, Inbox, Incident

pytestmark = pytest.mark.every_road


@pytest.fixture
async def desk(desk_on_sqlite: Desk) -> Desk:
    return desk_on_sqlite


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def saved(desk: Desk, table: type[Incident] | type[Change] = Incident) -> int:
    async with desk.bot.database.read() as tx:
        return (await tx.exec(select(func.count()).select_from(table))).one()


def signed(desk: Desk, body: str, *, age: int = 0, secret: str | None = None) -> dict[str, str]:
    stamp = str(int(time.time()) - age)
    key = (secret or desk.slack.signing_secret).encode()
    signature = "v0=" + hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def posted(http: aiohttp.ClientSession, desk: Desk, body: str, **how: Any) -> tuple[int, str]:
    headers = how.pop("headers", None) or signed(desk, body, **how)
    async with http.post(f"{desk.url}/slack/events", data=io.BytesIO(body.encode()), headers=headers) as answer:
        return answer.status, await answer.text()


def command(desk: Desk, text: str) -> str:
    return urlencode(
        {
            "command": "/incident",
            "text": text,
            "user_id": desk.requester.id,
            "team_id": desk.slack.team_id,
            "channel_id": desk.slack.channel("general").id,
            "trigger_id": "1.2.not-a-real-trigger",
            "response_url": f"{desk.server.url}/response/none/none",
        }
    )


def interaction(payload: dict[str, Any]) -> str:
    return urlencode({"payload": json.dumps(payload)})


def submission(desk: Desk, values: dict[str, Any], callback_id: str = "incident_report") -> str:
    view = {
        "id": "V1",
        "hash": "1",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": "",
        "state": {"values": {field: {field: value} for field, value in values.items()}},
        "blocks": [{"type": "input", "block_id": field} for field in values],
    }
    who = {"id": desk.requester.id, "team_id": desk.slack.team_id}
    return interaction(
        {
            "type": "view_submission",
            "team": {"id": desk.slack.team_id},
            "user": who,
            "view": view,
            "trigger_id": "1.2.3",
        }
    )


REPORT = {
    "summary": {"value": "VPN is down"},
    "description": {"value": None},
    "service": {"selected_option": {"value": "vpn"}},
    "impact": {"selected_option": {"value": "high"}},
    "urgency": {"selected_option": {"value": "high"}},
}


async def test_a_forged_signature_is_turned_away(desk: Desk, http: aiohttp.ClientSession) -> None:
    status, _ = await posted(http, desk, command(desk, "list"), secret="0" * 32)
    assert status == 401


async def test_a_signature_older_than_five_minutes_is_turned_away(desk: Desk, http: aiohttp.ClientSession) -> None:
    assert (await posted(http, desk, command(desk, "list"), age=301))[0] == 401
    assert (await posted(http, desk, command(desk, "list"), age=200))[0] == 200


@pytest.mark.parametrize("body", ["", "payload=", "payload={", "payload=[]", "payload=null", "%00%ff", "payload=7"])
async def test_a_malformed_body_is_refused_and_the_bot_stays_up(
    desk: Desk, http: aiohttp.ClientSession, body: str
) -> None:
    status, _ = await posted(http, desk, body)
    assert status in (400, 401, 404)
    status, said = await posted(http, desk, command(desk, "list"))
    assert (status, "No incident is open" in said) == (200, True)


async def test_a_body_without_a_signature_is_turned_away(desk: Desk, http: aiohttp.ClientSession) -> None:
    status, _ = await posted(http, desk, command(desk, "list"), headers={"Content-Type": "text/plain"})
    assert status == 401


async def test_a_body_larger_than_slack_ever_sends_is_refused(desk: Desk, http: aiohttp.ClientSession) -> None:
    status, _ = await posted(http, desk, command(desk, "x" * 2_000_000))
    assert status == 413


async def test_a_replayed_submission_is_saved_once(desk: Desk, http: aiohttp.ClientSession) -> None:
    body = submission(desk, REPORT)
    headers = signed(desk, body)
    first, again = await asyncio.gather(*(posted(http, desk, body, headers=headers) for _ in range(2)))
    assert first[0] == again[0] == 200
    assert (await posted(http, desk, body, headers=headers))[0] == 200
    assert await saved(desk) == 1
    for hours, told in ((23, 1), (2, 0)):
        desk.clock.forward(hours=hours)
        await desk.bot.jobs.prune()
        async with desk.bot.database.read() as tx:
            kept = select(func.count()).select_from(Inbox).where(Inbox.request_key == "view:V1")
            assert (await tx.exec(kept)).one() == told
        if told:  # what Slack kept during an outage comes with a signature of today
            assert (await posted(http, desk, body))[0] == 200
            assert await saved(desk) == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("summary", {"value": None}, "The summary is empty"),
        ("summary", {"value": "x" * 5000}, "5,000 characters; 150 is the most"),
        ("description", {"value": "x" * 5000}, "5,000 characters; 3,000 is the most"),
        ("service", {"selected_option": {"value": "fax"}}, "not in the catalogue"),
        ("service", {"selected_option": None}, "not in the catalogue"),
        ("impact", {"selected_option": {"value": "cosmic"}}, "Choose one from the list"),
        ("urgency", {}, "Choose one from the list"),
    ],
)
async def test_a_report_that_no_form_could_send_is_refused_under_its_field(
    desk: Desk, http: aiohttp.ClientSession, field: str, value: Any, says: str
) -> None:
    status, said = await posted(http, desk, submission(desk, REPORT | {field: value}))
    assert status == 200
    assert says in json.loads(said)["errors"][field]
    assert await saved(desk) == 0


@pytest.mark.parametrize("when", [None, "soon", -1e30, 1e30, True])
async def test_a_window_that_is_no_instant_is_refused(desk: Desk, http: aiohttp.ClientSession, when: Any) -> None:
    values = {
        "title": {"value": "Upgrade"},
        "type": {"selected_option": {"value": "normal"}},
        "service": {"selected_option": {"value": "vpn"}},
        "why": {"value": "x"},
        "plan": {"value": "x"},
        "backout": {"value": "x"},
        "starts_at": {"selected_date_time": when},
        "ends_at": {"selected_date_time": 4_000_000_000},
        "approvers": {"selected_option": {"value": "change-approvers"}},
    }
    status, said = await posted(http, desk, submission(desk, values, "change_request"))
    assert status == 200
    assert json.loads(said)["errors"]["starts_at"]
    assert await saved(desk, Change) == 0


@pytest.mark.parametrize("value", ["", "INC-1", "CHG-1@1", "INC-1@x", "INC-99999999999@1", "'; drop table incident"])
async def test_a_button_whose_value_was_tampered_with_does_nothing(
    desk: Desk, http: aiohttp.ClientSession, value: str
) -> None:
    await desk.reports()
    payload = {
        "type": "block_actions",
        "team": {"id": desk.slack.team_id},
        "user": {"id": desk.agent.id, "team_id": desk.slack.team_id},
        "trigger_id": "1.2.3",
        "container": {"type": "message"},
        "actions": [{"type": "button", "action_id": "incident_ack", "block_id": "b", "value": value}],
    }
    status, _ = await posted(http, desk, interaction(payload))
    assert status == 200
    await desk.channel("service-desk").hears("INC-1", "New, with")


async def test_a_person_of_another_workspace_is_refused(desk: Desk, http: aiohttp.ClientSession) -> None:
    foreign = json.loads(json.dumps(REPORT))
    body = submission(desk, foreign).replace(desk.slack.team_id, "T0ELSEWHERE")
    status, said = await posted(http, desk, body)
    assert status == 200
    assert "members of this workspace only" in said
    assert await saved(desk) == 0


async def test_a_deactivated_person_cannot_finish_what_they_began(desk: Desk) -> None:
    await desk.requester.runs("/incident VPN is down")
    desk.slack.change_person("requester", deleted=True)
    await desk.slack.quiet()
    faults = await desk.requester.submits({"Service": "VPN"})
    assert "members of this workspace only" in " ".join(faults.values())
    assert await saved(desk) == 0


async def test_a_deactivated_approver_cannot_decide(desk: Desk) -> None:
    await desk.asks_for_change()
    desk.slack.change_person("approver", deleted=True)
    await desk.slack.quiet()
    await desk.approver.clicks("Approve", "changes")
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")


async def test_a_fault_of_ours_keeps_the_form_open_and_gives_a_code(desk: Desk) -> None:
    await desk.requester.runs("/change Upgrade")
    await rename_table(desk, "inbox", "mislaid")
    faults = await desk.requester.submits(CHANGE)
    assert re.search(r"give the code DB-[0-9A-F]{6} to whoever runs Deskbell", next(iter(faults.values())))
    assert desk.requester.modal.value("Why") == CHANGE["Why"]
    await rename_table(desk, "mislaid", "inbox")
    assert await desk.requester.submits() == {}
    assert await saved(desk, Change) == 1


async def rename_table(desk: Desk, name: str, to: str) -> None:
    async with desk.bot.database.begin() as tx:
        await tx.exec(text(f"ALTER TABLE {name} RENAME TO {to}"))
