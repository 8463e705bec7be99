"""An incident that was moved in from another tool: found by its old number, read with its past, and worked on."""

from datetime import UTC, datetime, timedelta

from cast import MONDAY, Desk
from sqlmodel import col, select

from bot.rules.imports import mapping
from bot.rules.imports.ticket import Comment, Read, Source, Ticket, Who
from bot.rules.incident.flow import IncidentState
from bot.rules.policy.policy import parse
from bot.rules.record.facts import SYSTEM
from bot.usecases import policy as desk_policy
from bot.usecases import timers as sweep
from bot.usecases.imports import matching, moving
from bot.usecases.imports.batch import Batch, Clocks
from bot.usecases.imports.incidents import KIND
from storage.db.database import Database
from storage.tables import Timer


def ticket(number: str, state: IncidentState, **more) -> Read:
    told = Ticket(
        number, number, f"Mail of {number}", state, datetime(2025, 3, 4, 10, tzinfo=UTC), service="vpn", **more
    )
    return Read(2, told, source_id=number)


async def test_it_has_its_past_and_goes_on_here(desk_on_sqlite: Desk):
    desk = desk_on_sqlite
    caller, at = Who("Remote Caller"), datetime(2025, 3, 4, 11, tzinfo=UTC)
    notes = (Comment("Me too", at, caller), Comment("Asked the vendor", at, caller, internal=True))
    rows = [
        ticket("INC0000060", IncidentState.IN_PROGRESS, reporter=Who(id=desk.requester.id), comments=notes),
        ticket("INC0000061", IncidentState.CLOSED, reporter=Who(id=desk.requester.id), closed_at=at),
    ]
    async with desk.bot.database.begin() as tx:
        found = await matching.known(tx, mapping.NOTHING)
        batch = Batch(Source.SERVICENOW, "servicenow", "digest", found, Clocks.NOW, desk.clock.now(), KIND)
        await moving.apply(tx, rows, batch, moving.Report())
    await desk.settles()
    for person in (desk.requester, desk.agent):
        assert not person.messages("DM"), "nobody hears of an import"
    listed = await desk.agent.runs('/incident list all "INC0000060"')
    assert "INC-1" in listed.text
    assert "INC-2" not in listed.text
    shown = (await desk.agent.runs("/incident INC-1")).text
    assert "INC0000060 in servicenow" in shown
    past = (await desk.agent.runs("/incident timeline INC-1")).text
    assert "moved in what Remote Caller wrote" in past
    assert "Asked the vendor" in past
    theirs = (await desk.requester.runs("/incident timeline INC-1")).text
    assert "Me too" in theirs
    assert "Asked the vendor" not in theirs
    await desk.agent.runs("/incident resolve INC-1 Restarted")
    await desk.dm(desk.requester).hears("INC-1", "was resolved", "Restarted")
    await desk.agent.runs("/incident reopen INC-2 It fails again")
    await desk.settles()
    assert "in progress" in (await desk.agent.runs("/incident INC-2")).text.lower()


async def test_promises_counted_from_the_start_do_not_ring_about_what_is_past(sqlite_url: str):
    opened = MONDAY - timedelta(days=3)
    told = Ticket("INC0000060", "INC0000060", "Mail is slow", IncidentState.NEW, opened, service="vpn")
    database = Database(sqlite_url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(""), by=SYSTEM, now=MONDAY)
        found = await matching.known(tx, mapping.NOTHING)
        batch = Batch(Source.SERVICENOW, "servicenow", "digest", found, Clocks.START, MONDAY, KIND)
        await moving.apply(tx, [Read(2, told, source_id="INC0000060")], batch, moving.Report())
    async with database.begin() as tx:
        await sweep.ring_due(tx, MONDAY)
        past = select(Timer).where(Timer.subject == "INC-1", col(Timer.due_at) <= MONDAY)
        timers = list(await tx.exec(past))
        assert timers
        assert all(one.cancelled_at == MONDAY and one.fired_at is None for one in timers)
    await database.close()
