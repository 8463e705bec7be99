"""/metrics: what a monitoring system is told, and what never stands there."""

import re
from pathlib import Path

import aiohttp
import pytest
from cast import CAST
from change_steps import BEGUN, freezes, lifts

from bot import metrics
from bot.rules.record.notices import Notice, NoticeKind
from storage import timers
from storage.delivery import outbox
from storage.journal import journal


@pytest.fixture
def metric(desk, monkeypatch):
    """A metric's value, read anew; 0 where it has not been counted yet."""

    monkeypatch.setattr(metrics, "KEPT_SECONDS", 0.0)

    async def read(metric, /, **labels):
        told = (await desk.bot.scrape()).decode()
        wanted = "{" + ",".join(f'{key}="{value}"' for key, value in sorted(labels.items())) + "}" if labels else ""
        found = re.search(rf"^{re.escape(metric + wanted)} (\S+)$", told, re.MULTILINE)
        return float(found[1]) if found else 0.0

    return read


async def test_each_request_is_counted_by_kind_and_by_what_came_of_it(desk, metric):
    await desk.reports()
    assert await metric("deskbell_request_seconds_count", kind="command", name="/incident") == 1
    assert await metric("deskbell_request_seconds_count", kind="submission", name="incident_report") == 1
    await desk.outsider.clicks("I'm on it", channel="service-desk")
    assert await metric("deskbell_requests_total", kind="action", outcome="refused") == 1
    assert await metric("deskbell_requests_total", kind="command", outcome="done") == 1


async def test_what_slack_answered_is_counted_by_method_and_error(desk, metric):
    desk.slack.faults.add("chat.postMessage", error="is_archived")
    await desk.reports()
    assert await metric("deskbell_slack_calls_total", method="chat.postMessage", code="is_archived") == 1
    assert await metric("deskbell_slack_calls_total", method="views.open", code="ok") == 1


async def test_a_call_that_was_never_answered_is_counted_too(desk, metric):
    desk.slack.faults.add("chat.postMessage", drop=True)
    await desk.reports()
    assert await metric("deskbell_slack_calls_total", method="chat.postMessage", code="no_answer") == 1


async def test_what_waits_is_told_with_its_age(desk, metric):
    async with desk.bot.database.begin() as tx:
        await outbox.put(tx, Notice(NoticeKind.SLA_WARNING, "#nowhere", "INC-1"), desk.clock.now())
        await timers.schedule(tx, "INC-1", "response", "75", desk.clock.now())
    await desk.bot.relay.deliver()
    desk.clock.forward(minutes=3)
    assert await metric("deskbell_outbox_rows", state="ready") == 1
    assert await metric("deskbell_outbox_oldest_seconds") == 180
    assert await metric("deskbell_lanes_parked") == 1
    assert await metric("deskbell_timers_late") == 1
    assert await metric("deskbell_timers_late_seconds") == 180


async def test_votes_that_are_asked_for_are_counted_until_they_are_given(desk, metric):
    await desk.asks_for_change()
    desk.clock.forward(minutes=1)
    assert await metric("deskbell_approvals_waiting") == 2
    assert await metric("deskbell_approvals_waiting_seconds") >= 60
    await desk.approver.clicks("Approve", channel="changes")
    assert await metric("deskbell_approvals_waiting") == 0


async def test_votes_on_what_was_begun_are_counted_and_on_what_is_held_are_not(desk, metric):
    await desk.asks_for_change()
    await freezes(desk)
    assert await metric("deskbell_approvals_waiting") == 0, "nobody can vote while a freeze holds it"
    await lifts(desk, "WIN-1")
    asked = await metric("deskbell_approvals_waiting")
    assert asked == 2
    await desk.reports()
    await desk.agent.runs("/change break-glass Mend the VPN")
    assert await desk.agent.submits(BEGUN | {"Incident": "INC-1"}) == {}
    assert await metric("deskbell_approvals_waiting") > asked, "what was begun without approval waits for it too"


async def test_facts_are_counted_until_they_are_sealed(desk, metric):
    await desk.reports()
    async with desk.bot.database.read() as tx:
        waiting = await journal.unsealed(tx)
    assert waiting
    assert await metric("deskbell_journal_unsealed") == waiting
    await desk.bot.jobs.seal()
    assert await metric("deskbell_journal_unsealed") == 0


async def test_the_database_is_asked_once_however_many_ask(desk):
    first = await desk.bot.scrape()
    await desk.reports()
    assert gauges(await desk.bot.scrape()) == gauges(first)


def gauges(told):
    return [line for line in told.decode().splitlines() if line.startswith(("deskbell_journal", "deskbell_outbox"))]


async def test_a_database_that_does_not_answer_is_said_and_the_rest_told(desk, metric):
    await desk.reports()
    assert await metric("deskbell_database_up") == 1
    await desk.bot.database.close()
    desk.bot.database.read = unanswered
    assert await metric("deskbell_database_up") == 0
    assert await metric("deskbell_requests_total", kind="command", outcome="done") == 1
    assert b"deskbell_outbox_rows{" not in await desk.bot.scrape()


def unanswered():
    raise ConnectionError("gone")


async def test_no_label_holds_a_person_or_what_somebody_typed(desk):
    await desk.reports("Payroll of one clerk is wrong")
    await desk.requester.runs("/incident list")
    told = (await desk.bot.scrape()).decode()
    ids = [desk.slack.person(role).user.id for role in CAST]
    assert not [word for word in [*ids, *CAST, "Payroll", "INC-1", "service-desk"] if word in told]


async def test_a_command_nobody_has_is_counted_under_no_name_of_its_own(desk_on_sqlite):
    door = f"{desk_on_sqlite.url}/slack/events"
    async with aiohttp.ClientSession() as stranger:
        for number in range(20):
            async with stranger.post(door, data={"command": f"/made-up-{number}", "user_id": "U123"}) as answer:
                assert answer.status == 401
    told = (await desk_on_sqlite.bot.scrape()).decode()
    assert "made-up" not in told
    assert 'deskbell_requests_total{kind="command",outcome="unauthorised"} 20.0' in told


async def test_the_door_speaks_prometheus_format(desk_on_sqlite):
    async with aiohttp.ClientSession() as prometheus, prometheus.get(f"{desk_on_sqlite.url}/metrics") as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
        told = await answer.text()
    assert 'deskbell_build_info{python="3.' in told
    assert "deskbell_ready 1.0" in told
    assert "process_resident_memory_bytes" in told


async def test_the_page_for_operators_names_metrics_that_there_are(desk_on_sqlite):
    await desk_on_sqlite.reports()
    told = (await desk_on_sqlite.bot.scrape()).decode()
    page = (Path(__file__).parents[2] / "docs" / "operate.md").read_text()
    named = set(re.findall(r"\bdeskbell_[a-z_]+|\bprocess_[a-z_]+", page))
    assert len(named) > 12
    assert not [name for name in named if name not in told]
