"""Who acts is who the signed payload says acts; those whom Deskbell does not serve, and who lost a role, do nothing."""

import json
from collections.abc import AsyncIterator, Iterable
from itertools import cycle

import aiohttp
import pytest
from cast import Desk
from corpus import Sent, drawn, fresh, recording, short, story
from databases import Sqlite
from desks import started_desk
from every_noun import lived_in
from sqlalchemy import text

from bot.rules.incident.action_phrases import FOR_ALL, IncidentAct
from bot.rules.record.facts import SYSTEM, FactKind
from bot.sandbox.app import payloads
from bot.sandbox.app.delivery import HttpDoor
from handlers.incident.actions import ACTIONS

ANYBODY = {
    FactKind.INCIDENT_OPENED, FactKind.INCIDENT_JOINED, FactKind.CHANGE_SUBMITTED, FactKind.CHANGE_DRAFTED,
    FactKind.CHANGE_BEGUN_UNAPPROVED, FactKind.APPROVAL_ASKED, FactKind.SLA_STARTED, FactKind.CHANGE_SCHEDULED,
    FactKind.APPROVAL_DELEGATED, FactKind.CHANGE_REVISED, FactKind.TIMELINE_PINNED, FactKind.TIMELINE_UNPINNED,
    FactKind.CALENDAR_POSTED, FactKind.CALENDAR_SUBSCRIBED, FactKind.CALENDAR_UNSUBSCRIBED,
    FactKind.CHANGE_REWORDED, FactKind.CHANGE_ASSESSED, FactKind.ON_CALL_AWAY,
}  # fmt: skip
"""What any member of the workspace may do: report, join, ask, word what is theirs, pin, have the calendar, be away."""

FOREIGN = ("U0STRANGER", "T0ELSEWHERE")
"""Somebody of another workspace."""


@pytest.fixture
async def desk(desk_on_sqlite: Desk) -> Desk:
    return desk_on_sqlite


def each_once(sent: Iterable[Sent]) -> list[Sent]:
    """One request of each name."""
    named = {}
    for kind, payload in sent:
        action = (payload.get("actions") or [{}])[0].get("action_id")
        view = (payload.get("view") or {}).get("callback_id")
        name = (kind, payload.get("type"), action, view, payload.get("command"), payload.get("text"))
        named.setdefault((*name, (payload.get("event") or {}).get("type")), (kind, payload))
    return list(named.values())


def acting(payload: dict, person: str, team: str | None = None) -> dict:
    """The same request by another person."""
    if "command" in payload:
        payload["user_id"] = person
    elif isinstance(payload.get("user"), dict):
        payload["user"]["id"] = person
        payload["user"]["team_id"] = team or payload["user"]["team_id"]
    elif isinstance(payload["event"].get("user"), str):
        payload["event"]["user"] = person
    elif "inputs" in payload["event"]:
        # A step of a workflow has no user: it acts as whom the workflow names (docs/security.md).
        payload["event"]["inputs"]["person"] = person
    if team and "team_id" in payload:
        payload["team_id"] = team
    if team and "event" in payload:
        payload["event"]["user_team"] = team
    return payload


def naming(payload: dict, desk: Desk) -> dict:
    """With a person of every role in each place where no identity is to be looked for."""
    decoy = desk.manager
    if "command" in payload:
        return payload | {"user_name": decoy.handle, "user": {"id": decoy.id}, "actor": decoy.id}
    if isinstance(payload.get("user"), dict):
        payload["user"] |= {"name": decoy.handle, "username": decoy.handle}
        payload |= {"user_id": decoy.id, "bot_user": decoy.id, "authorizations": [{"user_id": decoy.id}]}
        payload["message"] = {"user": decoy.id, "ts": "1.1", "text": "x", **(payload.get("message") or {})}
        payload["message"]["user"] = decoy.id
        for action in payload.get("actions", []):
            action |= {"user": decoy.id, "user_id": decoy.id}
    if isinstance(payload.get("view"), dict):
        payload["view"] |= {"bot_id": decoy.id, "user_id": decoy.id}
    return payload


async def facts(desk: Desk) -> list[tuple[str, str]]:
    async with desk.bot.database.read() as tx:
        return [tuple(row) for row in await tx.exec(text('SELECT "by", kind FROM fact ORDER BY id'))]


async def post(desk: Desk, http: aiohttp.ClientSession, kind: str, payload: dict) -> int:
    body, content_type = HttpDoor._encode(kind, payload)
    headers = {"Content-Type": content_type, **HttpDoor(desk.slack, "", http).signature(body)}
    async with http.post(f"{desk.url}/slack/events", data=body, headers=headers) as answer:
        await answer.read()
        return answer.status


async def everything_by(desk: Desk, sent: Iterable[Sent], change) -> list[tuple[str, str]]:
    """The facts that come of it all."""
    before = len(await facts(desk))
    async with aiohttp.ClientSession() as http:
        for number, (kind, payload) in enumerate(each_once(sent)):
            desk.clock.forward(seconds=5)
            assert await post(desk, http, kind, change(fresh(desk, payload, number))) in (200, 404)
    return (await facts(desk))[before:]


async def test_whatever_a_request_names_elsewhere_who_acts_is_its_signed_user(desk: Desk) -> None:
    sent = [*await story(desk), *drawn(desk)]
    sent = [one for one in sent if (one[1].get("event") or {}).get("type") != "user_change"]
    done = await everything_by(desk, sent, lambda payload: naming(acting(payload, desk.outsider.id), desk))
    assert {by for by, _ in done} <= {desk.outsider.id, SYSTEM}
    assert {kind for by, kind in done if by == desk.outsider.id} <= ANYBODY


async def test_whom_deskbell_does_not_serve_does_nothing_by_any_request(desk: Desk) -> None:
    """Each request by one of them in turn: who they are is asked before what they want."""
    desk.slack.add_person("guest", is_restricted=True)
    desk.slack.add_person("gone", deleted=True)
    await desk.bot.refresh_directory()
    sent = [*await short(desk), *drawn(desk)]
    sent = [one for one in sent if (one[1].get("event") or {}).get("type") != "user_change"]
    strangers = cycle([(desk.slack.person("guest").id, None), (desk.slack.person("gone").id, None), FOREIGN])
    done = await everything_by(desk, sent, lambda payload: acting(payload, *next(strangers)))
    assert [kind for by, kind in done if by != SYSTEM] == []


async def test_in_a_channel_that_is_shared_whom_the_directory_does_not_know_is_a_stranger(desk: Desk) -> None:
    await desk.reports()
    inner = {
        "type": "app_mention",
        "channel": desk.slack.channel("general").id,
        "ts": "1.1",
        "text": "<@U1> metoo INC-1",
    }
    event = payloads.event(desk.slack, inner | {"user": "U0STRANGER"}) | {"is_ext_shared_channel": True}
    before = await facts(desk)
    async with aiohttp.ClientSession() as http:
        assert await post(desk, http, "events_api", event) == 200
    assert await facts(desk) == before


async def test_who_lost_every_role_since_the_screen_was_drawn_does_nothing_that_needs_one(desk: Desk) -> None:
    sent = [*await story(desk), *drawn(desk)]
    for group in ("service-desk", "security-desk", "change-approvers", "change-managers", "cab"):
        desk.slack.change_usergroup(group, ["owner"])
    await desk.slack.quiet()
    sent = [one for one in sent if one[0] != "events_api"]
    # Whoever holds a role in a record itself keeps it: an assignee, or who leads a major incident. Not the manager.
    done = await everything_by(desk, sent, lambda payload: acting(payload, desk.manager.id))
    assert {kind for by, kind in done if by == desk.manager.id} <= ANYBODY


NOT_THE_DESKS = {*FOR_ALL, IncidentAct.RATE}


@pytest.mark.parametrize("verb", [verb for verb, one in ACTIONS.items() if one.step not in NOT_THE_DESKS])
async def test_who_left_the_service_desk_is_refused_each_deed_of_an_agent(desk: Desk, verb: str) -> None:
    await desk.reports("Mail is slow", Impact="Low", Urgency="Low")
    desk.slack.change_usergroup("service-desk", ["owner"])
    await desk.slack.quiet()
    before = await facts(desk)
    with recording(desk):
        said = await desk.agent.runs(f"/incident {verb} INC-1 {WORDS.get(verb, 'words')}")
    assert await facts(desk) == before
    assert "can " in said.text or said.text == "", said.text


WORDS = {"pend": "vendor waits", "assign": "me", "class": "impact:high", "impact": "high", "urgency": "high",
         "service": "email", "priority": "P2 why", "link": "CHG-1", "share": "@engineer", "merge": "INC-2"}  # fmt: skip


@pytest.mark.parametrize("label", ["Approve", "Reject"])
async def test_who_left_the_approvers_is_refused_the_buttons_that_were_seen(desk: Desk, label: str) -> None:
    await desk.asks_for_change()
    desk.slack.change_usergroup("change-approvers", ["manager"])
    await desk.slack.quiet()
    before = await facts(desk)
    await desk.approver.clicks(label, "changes")
    assert await facts(desk) == before
    assert desk.approver.modal is None or desk.approver.modal.title == "Not done"
    await desk.channel("changes").hears("CHG-1", "Waiting for one of")


async def test_a_request_sent_again_byte_for_byte_within_five_minutes_does_nothing_more(desk: Desk) -> None:
    """Every request of a story, twice more, under its own signature."""
    sent = await story(desk)
    async with aiohttp.ClientSession() as http:
        door = HttpDoor(desk.slack, "", http)
        for kind, payload in each_once(sent):
            if payload.get("type") == "block_suggestion":
                continue
            body, content_type = HttpDoor._encode(kind, payload)
            headers = {"Content-Type": content_type, **door.signature(body)}
            before = await facts(desk), await sends(desk)
            for _ in range(2):
                async with http.post(f"{desk.url}/slack/events", data=body, headers=headers) as answer:
                    assert answer.status == 200, json.dumps(payload)[:300]
            assert (await facts(desk), await sends(desk)) == before


_heard: dict[str, str] = {}


async def lived_in_and_heard(desk: Desk) -> None:
    """Played once a process, as any desk that is copied: what was sent is kept beside it, with where Slack was then."""
    with recording(desk) as kept:
        await lived_in(desk)
    _heard.update(sent=json.dumps(kept.sent), slack=desk.server.url)


@pytest.fixture
async def heard(sqlite: Sqlite) -> AsyncIterator[tuple[Desk, list[Sent]]]:
    """The desk in which there is a record of every noun, and each request that it came of."""
    async with started_desk(sqlite, "http", lived_in_and_heard) as desk:
        yield desk, json.loads(_heard["sent"].replace(_heard["slack"], desk.server.url))


@pytest.mark.parametrize("later", [11, 23 * 60], ids=["11 minutes", "23 hours"])
async def test_a_request_that_slack_sends_again_after_an_outage_does_nothing_more(
    heard: tuple[Desk, list[Sent]], later: int
) -> None:
    """Every request that made a record of every noun, signed anew."""
    desk, every = heard
    sent = [one for one in each_once(every) if one[1].get("type") != "block_suggestion"]
    desk.clock.forward(minutes=later)
    await desk.settles()
    before, again = await by_people(desk), []
    async with aiohttp.ClientSession() as http:
        for kind, payload in sent:
            told = len(before)
            assert await post(desk, http, kind, payload) == 200, json.dumps(payload)[:300]
            before = await by_people(desk)
            again += [(kind, payload.get("type"), done) for done in before[told:]]
    assert again == []
    assert len(sent) > 60, "or there was no story"


async def by_people(desk: Desk) -> list[tuple[str, str]]:
    return [one for one in await facts(desk) if one[0] != SYSTEM]


async def sends(desk: Desk) -> int:
    async with desk.bot.database.read() as tx:
        return (await tx.exec(text("SELECT count(*) FROM outbox"))).scalar_one()
