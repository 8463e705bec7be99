"""Changes, problems and requests that were moved in: found by old numbers, read with their past, and worked on."""

from datetime import UTC, datetime, timedelta

import pytest
from cast import MONDAY, Desk

from bot.rules.change.flow import ChangeState, ChangeType, Result, Risk
from bot.rules.imports import mapping
from bot.rules.imports.ticket import Comment, Planned, Read, Source, Ticket, Who
from bot.rules.iso.criteria import Records
from bot.rules.policy.policy import parse
from bot.rules.problem.flow import ProblemState
from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun
from bot.rules.report.periods import Period
from bot.rules.request.flow import RequestState
from bot.usecases import policy as desk_policy
from bot.usecases.imports import matching, moving
from bot.usecases.imports.batch import Batch, Clocks
from bot.usecases.imports.kinds import KINDS
from bot.usecases.report import sampling
from storage.iso import counts
from storage.journal import journal

OPENED = datetime(2025, 3, 4, 10, tzinfo=UTC)
REFS = {"change": "CHG-1", "problem": "PRB-1", "request": "REQ-1"}
SAID = Comment("Seen there", OPENED, Who("Remote Caller"))
HIDDEN = Comment("Ask the vendor", OPENED, Who("Remote Caller"), internal=True)


async def moved_in(desk: Desk, *tickets: Ticket) -> None:
    async with desk.bot.database.begin() as tx:
        found, noun = await matching.known(tx, mapping.NOTHING), tickets[0].noun
        now = desk.clock.now()
        batch = Batch(Source.SERVICENOW, "servicenow:x", "digest", found, Clocks.NOW, now, KINDS[noun])
        report = moving.Report()
        await moving.apply(tx, [Read(2, one, source_id=one.source_id) for one in tickets], batch, report)
        assert (report.new, report.refused) == (len(tickets), [])
    await desk.settles()


def change(desk: Desk, number: str, state: ChangeState, **more) -> Ticket:
    window = {"starts_at": MONDAY + timedelta(days=7), "ends_at": MONDAY + timedelta(days=7, hours=3)}
    planned = Planned(ChangeType.NORMAL, **(window | more), risk=Risk.LOW, plan="Swap it", backout="Swap it back")
    who = {"reporter": Who(id=desk.requester.id), "assignee": Who(id=desk.engineer.id)}
    return Ticket(
        number, number, f"Gateway {number}", state, OPENED, noun=Noun.CHANGE, planned=planned, service="vpn", **who
    )


def silent(desk: Desk) -> None:
    for person in (desk.requester, desk.agent, desk.approver, desk.manager, desk.engineer):
        assert not person.messages("DM"), "nobody hears of an import"


async def test_a_scheduled_change_is_on_the_calendar_and_is_carried_out_here(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    done = {"started_at": OPENED, "finished_at": OPENED + timedelta(hours=1), "result": Result.SUCCESS}
    past = {"starts_at": OPENED, "ends_at": OPENED + timedelta(hours=2)}
    await moved_in(
        desk,
        change(desk, "CHG0030001", ChangeState.SCHEDULED),
        change(desk, "CHG0030002", ChangeState.CLOSED, **past, **done),
        change(desk, "CHG0030003", ChangeState.DRAFT),
    )
    desk.clock.forward(hours=24 * 7 - 1)
    await desk.settles()
    silent(desk)
    listed = await desk.agent.runs('/change list all "CHG0030001"')
    assert "CHG-1" in listed.text
    assert "CHG-2" not in listed.text
    assert "CHG0030001 in servicenow" in (await desk.agent.runs("/change CHG-1")).text
    assert "CHG-1" in (await desk.agent.runs("/change calendar")).text
    assert "moved it in from servicenow" in (await desk.agent.runs("/change timeline CHG-2")).text
    assert "CHG-3" in (await desk.requester.runs("/change list mine")).text
    desk.clock.forward(hours=1.5)
    await desk.engineer.runs("/change start CHG-1")
    await desk.settles()
    assert "being implemented" in (await desk.agent.runs("/change CHG-1")).text.lower()


async def test_a_problem_goes_on_where_it_stood(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    who = {"reporter": Who(id=desk.requester.id), "assignee": Who(id=desk.agent.id)}
    more = {"noun": Noun.PROBLEM, "service": "vpn", "comments": (SAID, HIDDEN), **who}
    await moved_in(
        desk,
        Ticket("PRB0040001", "PRB0040001", "Drops at noon", ProblemState.INVESTIGATING, OPENED, **more),
        Ticket("PRB0040002", "PRB0040002", "Of a service that nobody knows", ProblemState.CLOSED, OPENED,
               noun=Noun.PROBLEM, service="Tea kitchen", closed_at=OPENED),
    )  # fmt: skip
    silent(desk)
    assert "PRB-1" in (await desk.agent.runs('/problem list "PRB0040001"')).text
    shown = (await desk.agent.runs("/problem PRB-1")).text
    assert "PRB0040001 in servicenow" in shown
    past = (await desk.agent.runs("/problem timeline PRB-1")).text
    assert "moved in what Remote Caller wrote" in past
    assert "Ask the vendor" in past
    theirs = (await desk.requester.runs("/problem timeline PRB-1")).text
    assert "Seen there" in theirs
    assert "Ask the vendor" not in theirs
    assert "PRB0040002 in servicenow" in (await desk.agent.runs("/problem PRB-2")).text
    await desk.agent.runs("/problem note PRB-1 It is the switch")
    assert "It is the switch" in (await desk.agent.runs("/problem timeline PRB-1")).text


async def test_a_request_is_fulfilled_here_and_promises_nothing(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    who = {"reporter": Who(id=desk.requester.id), "assignee": Who(id=desk.agent.id)}
    await moved_in(
        desk,
        Ticket("RITM1", "RITM1", "Laptop", RequestState.DOING, OPENED, "14 inch", noun=Noun.REQUEST, **who),
        Ticket("RITM2", "RITM2", "Screen", RequestState.CLOSED, OPENED, noun=Noun.REQUEST, closed_at=OPENED),
    )
    desk.clock.forward(hours=24 * 30)
    await desk.settles()
    silent(desk)
    assert "REQ-1" in (await desk.agent.runs('/request list "RITM1"')).text
    shown = (await desk.agent.runs("/request REQ-1")).text
    assert "RITM1 in servicenow" in shown
    assert "14 inch" in shown
    assert "REQ-2" in (await desk.agent.runs("/request REQ-2")).text
    await desk.agent.runs("/request fulfil REQ-1 It is on your desk")
    await desk.dm(desk.requester).hears("REQ-1", "fulfilled")


@pytest.mark.parametrize(
    ("noun", "name"), [("change", "change-success"), ("problem", "problem-backlog"), ("request", "requests-asked")]
)
@pytest.mark.parametrize("sampled", [False, True])
async def test_figures_say_that_they_leave_out_what_was_moved_in(
    desk_on_sqlite: Desk, noun: str, name: str, sampled: bool
) -> None:
    desk = desk_on_sqlite
    done = {"started_at": OPENED, "finished_at": OPENED + timedelta(hours=1), "result": None}
    past = {"starts_at": OPENED, "ends_at": OPENED + timedelta(hours=2)}
    await moved_in(desk, {
        "change": change(desk, "CHG1", ChangeState.CLOSED, **past, **done),
        "problem": Ticket("PRB1", "PRB1", "Drops", ProblemState.INVESTIGATING, OPENED, noun=Noun.PROBLEM),
        "request": Ticket("RITM1", "RITM1", "Laptop", RequestState.CLOSED, OPENED, noun=Noun.REQUEST, closed_at=OPENED),
    }[noun])  # fmt: skip
    now, ref = desk.clock.now(), REFS[noun]
    period = Period(OPENED - timedelta(days=1), now + timedelta(days=1))
    if sampled:
        async with desk.bot.database.begin() as tx:
            await journal.seal(tx)
            windows, fact = await sampling.begin_anew(tx, now)
            for one in windows:
                await sampling.keep(tx, await sampling.made_of(tx, one), now=now)
            await sampling.keep(tx, {}, reached=fact, now=now)
    async with desk.bot.database.read() as tx:
        figure = (await sampling.counted(tx, period, now))[name]
        assert (figure.n, figure.left_out) == (0, {"moved in": [ref]})
        asked = Records("all of them", f"{noun}s")
        counted = await counts.counted(tx, [asked], period, now)
        assert counted[asked].n == 0, "an auditor is shown none of them as evidence of this desk's"
        assert [fact.kind for fact in await journal.timeline(tx, ref)] == [FactKind(f"{noun}_imported")]


async def test_another_policy_reminds_nobody_of_a_change_until_work_on_it_begins_here(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    past = {"starts_at": OPENED, "ends_at": OPENED + timedelta(hours=2)}
    done = {"started_at": OPENED, "finished_at": OPENED + timedelta(hours=1), "result": Result.FAILED}
    await moved_in(
        desk,
        change(desk, "CHG1", ChangeState.SCHEDULED),
        change(desk, "CHG2", ChangeState.IMPLEMENTING, **past),
        change(desk, "CHG3", ChangeState.REVIEW, **past, **done),
    )
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse('[changes]\nremind_before = ["2d"]\n'), by="operator", now=desk.clock.now())
    desk.clock.forward(hours=24 * 7 - 1)
    await desk.settles()
    silent(desk)
    desk.clock.forward(hours=1.5)
    await desk.engineer.runs("/change start CHG-1")
    desk.clock.forward(hours=3)
    await desk.dm(desk.engineer).hears("CHG-1", "window")


async def test_silence_closes_a_request_that_was_fulfilled_there(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    more = {"noun": Noun.REQUEST, "reporter": Who(id=desk.requester.id)}
    now = desk.clock.now()
    await moved_in(
        desk,
        Ticket("RITM1", "RITM1", "Laptop", RequestState.DONE, OPENED, resolved_at=OPENED, **more),
        Ticket("RITM2", "RITM2", "Screen", RequestState.DONE, OPENED, resolved_at=now, **more),
    )
    assert "closed" in (await desk.requester.runs("/request REQ-1")).text
    assert "fulfilled" in (await desk.requester.runs("/request REQ-2")).text
    desk.clock.forward(hours=24 * 4)
    await desk.settles()
    silent(desk)
    desk.clock.forward(hours=24 * 10)
    await desk.settles()
    assert "closed" in (await desk.requester.runs("/request REQ-2")).text


async def test_an_old_number_that_looks_like_one_of_ours_is_none(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/incident Phishing mail")
    assert not await desk.requester.submits(Service="Email", Privacy="Private: about security or people")
    await moved_in(desk, change(desk, "INC-1", ChangeState.SCHEDULED))
    for who in (desk.engineer, desk.manager):
        told = await who.runs("/change timeline CHG-1")
        assert "INC-1, " in told.text, told.text
        assert "another record" not in told.text
        await who.runs("/change CHG-1")
        assert "`INC-1` in servicenow" in str(who.messages("general")[-1].blocks)
