"""Evidence counted from live records, on both databases: what is there, what each lacks, what is out of date."""

from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from records import NOON, case, change, incident

from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Axis, Records, Status
from bot.rules.iso.populations import POPULATIONS
from bot.rules.policy.policy import parse
from bot.rules.report.periods import Period
from bot.usecases.iso.standing import standing
from storage import policy_versions, records
from storage.db.database import Database
from storage.iso import counts
from storage.tables import (
    ActionItem,
    ClauseTask,
    KnownError,
    MajorIncident,
    Problem,
    ProblemCause,
    ServiceRequest,
)

DAY = timedelta(days=1)
NOW = NOON + 10 * DAY
PERIOD = Period(NOW - timedelta(days=365), NOW)
MOVED = {"moved_at": NOON, "moved_by": "U2"}


class TakenBack(Exception):
    """Nothing of this is committed: a state without its fact could not be."""


@asynccontextmanager
async def trying(url):
    database = Database(url)
    try:
        with suppress(TakenBack):
            async with database.begin() as tx:
                yield tx
                raise TakenBack
    finally:
        await database.close()


def problem(number, **given):
    values = {
        "title": "VPN drops",
        "source": "by hand",
        "service": "vpn",
        "impact": "high",
        "urgency": "high",
        "priority": "P1",
        "owner_group": "service-desk",
        "raised_by": "U1",
        "raised_at": NOON,
        "state": "proposed",
    }
    return Problem(number=number, **values | MOVED | given)  # fmt: skip


def known_error(number, **given):
    values = {
        "problem": 1,
        "symptom": "It drops",
        "workaround": "Connect again",
        "audience": "all",
        "services": "vpn",
        "review_on": "2026-06-01",
        "owner": "U2",
        "made_at": NOON,
        "state": "published",
    }
    return KnownError(number=number, **values | MOVED | given)  # fmt: skip


def action(number, **given):
    values = {
        "title": "Replace the switch",
        "kind": "correct",
        "owner_group": "service-desk",
        "due_on": "2026-06-01",
        "planned_on": "2026-06-01",
        "raised_by": "U1",
        "raised_at": NOON,
        "state": "open",
    }
    return ActionItem(number=number, **values | MOVED | given)  # fmt: skip


def request(number, **given):
    values = {
        "item": "laptop",
        "title": "A laptop",
        "service": "it",
        "owner_group": "service-desk",
        "requester": "U1",
        "policy_version": 1,
        "form_digest": "",
        "answers": "[]",
        "promise": 3600,
        "raised_at": NOON,
        "state": "doing",
        "due_at": NOW + DAY,
    }
    return ServiceRequest(number=number, **values | MOVED | given)  # fmt: skip


async def axis(tx, number, which=Axis.DONE, now=NOW):
    await policy_versions.adopt(tx, parse("").text, NOON)
    found = await standing(tx, now, [CLAUSES[number]], Period(now - timedelta(days=365), now))
    return found.assessed[0].axes[which], found.assessed[0]


async def test_every_part_that_a_clause_asks_for_is_a_column_or_a_check(database_url):
    """And every query runs, on both databases."""
    async with trying(database_url) as tx:
        for clause in CLAUSES.values():
            for one in (*clause.designed, *clause.done, *clause.works):
                if isinstance(one, Records):
                    assert await counts.counted(tx, [one], PERIOD, NOW) == {one: counts.Counted()}
                    assert POPULATIONS[one.population].noun in records.TABLES


def test_every_population_has_a_table_with_the_column_that_says_when_a_record_began():
    for one in POPULATIONS.values():
        assert one.began in records.TABLES[one.noun].model_fields, one.name


@pytest.mark.slow
async def test_incidents_turn_it_green_a_broken_one_does_not_and_time_makes_it_stale(database_url):
    async with trying(database_url) as tx:
        for _ in range(3):
            await incident(tx)
        status, found = await axis(tx, "8.6.1")
        assert (status, found.n, found.completeness) == (Status.CONFORMING, 3, 1)
        await incident(tx, state="resolved", acknowledged_at=NOON, resolution="", resolution_code=None)
        status, found = await axis(tx, "8.6.1")
        assert (status, found.n, found.completeness) == (Status.INCONSISTENT, 4, 0.75)
        assert found.of(Axis.DONE)[0].lacking == (("INC-4", ("a resolution", "how it was resolved")),)
        status, found = await axis(tx, "8.6.1", now=NOW + 100 * DAY)
        assert status is Status.STALE
        status, found = await axis(tx, "8.6.1", now=NOW + 400 * DAY)
        assert (status, found.n, found.completeness) == (Status.STALE, 0, None)
        assert "The last began on 2026-03-02" in found.of(Axis.DONE)[0].says


@pytest.mark.slow
async def test_what_was_moved_in_is_no_evidence_and_is_told_of(database_url):
    async with trying(database_url) as tx:
        await incident(tx, imported_from="jira")
        status, found = await axis(tx, "8.6.1")
        assert (status, found.n) == (Status.NOT_ADDRESSED, 0)
        assert "1 more was moved in from another tool" in found.of(Axis.DONE)[0].says
        await incident(tx)
        assert (await axis(tx, "8.6.1"))[1].n == 1


async def test_major_and_private_incidents_are_parts_that_may_be_none(database_url):
    async with trying(database_url) as tx:
        await incident(tx)
        major = await incident(tx, private=True, priority="")
        version = major.policy_version
        _, found = await axis(tx, "8.6.1")
        assert [one.counts for one in found.of(Axis.DONE)] == [True, False]
        tx.add(
            MajorIncident(number=2, state="investigating", declared_at=NOON, declared_by="U1", policy_version=version)
        )
        await tx.flush()
        status, found = await axis(tx, "8.6.1")
        assert [(one.n, one.complete) for one in found.of(Axis.DONE)] == [(2, 1), (1, 0)]
        assert (status, found.n) == (Status.INCONSISTENT, 2), "a part of them is not counted twice"
        _, found = await axis(tx, "8.7.3")
        assert found.of(Axis.DONE)[1].lacking == (("INC-2", ("a priority",)),)


async def test_changes_need_an_approval_from_before_they_began(database_url):
    async with trying(database_url) as tx:
        good = {"why": "w", "plan": "p", "backout": "b", "state": "closed", "result": "success", "review": "well"}
        await change(tx, started_at=NOON, **good)
        assert (await axis(tx, "8.5.1"))[1].of(Axis.DONE)[0].lacking == (("CHG-1", ("an approval before it began",)),)
        await case(tx, state="decided", decision="approved", decided_at=NOON - DAY)
        assert (await axis(tx, "8.5.1"))[0] is Status.CONFORMING
        await change(tx, started_at=NOON - DAY, type="emergency", **good)
        await case(tx, "CHG-2", state="decided", decision="approved", decided_at=NOON)
        status, found = await axis(tx, "8.5.1")
        assert status is Status.INCONSISTENT
        assert [(one.n, one.complete) for one in found.of(Axis.DONE)] == [(2, 1), (1, 0)]


async def test_problems_need_their_cause_and_known_errors_their_review(database_url):
    async with trying(database_url) as tx:
        await records.add(tx, problem(1))
        assert (await axis(tx, "8.6.3"))[0] is Status.CONFORMING
        await records.add(tx, problem(2, state="closed", judged_by="It held"))
        assert (await axis(tx, "8.6.3"))[1].of(Axis.DONE)[0].lacking == (("PRB-2", ("a cause",)),)
        tx.add(
            ProblemCause(problem=2, number=1, category="change", statement="s", status="confirmed", by="U2", at=NOON)
        )
        await records.add(tx, known_error(1))
        assert (await axis(tx, "8.6.3"))[0] is Status.CONFORMING
        assert (await axis(tx, "7.6"))[0] is Status.CONFORMING
        status, found = await axis(tx, "7.6", now=datetime(2026, 6, 2, tzinfo=UTC))
        assert status is Status.STALE
        assert "KE-1" in found.of(Axis.DONE)[0].says
        await records.add(tx, known_error(2, state="retired", review_on="2026-03-03"))
        assert (await axis(tx, "7.6"))[0] is Status.CONFORMING


async def test_requests_and_actions_that_are_late_are_stale(database_url):
    async with trying(database_url) as tx:
        await records.add(tx, request(1))
        await records.add(tx, action(1))
        for number in ("8.6.2", "10.1"):
            assert (await axis(tx, number))[0] is Status.CONFORMING, number
        assert (await axis(tx, "8.6.2", now=NOW + 2 * DAY))[0] is Status.STALE
        assert (await axis(tx, "10.1", now=datetime(2026, 6, 2, tzinfo=UTC)))[0] is Status.STALE
        await records.add(tx, request(2, item=""))
        await records.add(tx, action(2, state="verified", done_by="U2", done_at=NOON, moved_by="U2"))
        assert (await axis(tx, "8.6.2"))[1].completeness == 0.5
        assert (await axis(tx, "10.1"))[1].of(Axis.DONE)[0].lacking == (("ACT-2", ("somebody else who verified it",)),)


@pytest.mark.parametrize("number", ["9.2", "8.2.6"])
async def test_a_task_that_repeats_is_followed_through_its_intervals(database_url, number):
    async with trying(database_url) as tx:
        series = {"repeats": "FREQ=MONTHLY", "repeats_from": "2026-03-10"}
        await records.add(tx, action(1, due_on="2026-03-10", **series))
        tx.add(ClauseTask(clause=number, action=1, by="U1", at=NOON))
        await tx.flush()
        assert (await axis(tx, number, now=NOON))[0] is Status.STARTED
        assert (await axis(tx, number))[0] is Status.STALE, "its day has passed"
        await records.add(tx, action(2, state="verified", due_on="2026-03-10", done_at=NOON, done_by="U2", **series))
        await records.add(tx, action(3, due_on="2026-04-10", **series))
        await records.step(tx, ActionItem, 1, from_states=["open"], state="dropped")
        status, found = await axis(tx, number)
        assert (status, found.of(Axis.DONE)[0].refs) == (Status.CONFORMING, ("ACT-3",))
        assert (await axis(tx, number, now=datetime(2026, 4, 11, tzinfo=UTC)))[0] is Status.STALE


async def test_a_service_out_of_scope_is_no_evidence_and_is_told_with_its_reason(database_url):
    async with trying(database_url) as tx:
        fax = '[services.fax]\nname = "Fax"\nowner = "service-desk"\nchannel = "service-desk"\ncriticality = "low"\n'
        policy = parse(f'{fax}out_of_scope = "A pilot that ends in June"\n')
        await incident(tx, number=1, opened_at=NOON)
        await incident(tx, number=2, opened_at=NOON, service="fax")
        await policy_versions.adopt(tx, policy.text, NOON)
        found = await standing(tx, NOW, [CLAUSES["8.6.1"]], PERIOD)
    assert found.outside == {"Fax": "A pilot that ends in June"}
    assert (found.assessed[0].n, found.assessed[0].of(Axis.DONE)[0].refs) == (1, ("INC-1",))
