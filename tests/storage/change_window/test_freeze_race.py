"""A freeze is made at the same instant at which changes are asked for, moved, approved and started."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from records import NOON, doors

from bot.rules.approval.voting import Vote
from bot.rules.change.flow import ChangeType
from bot.rules.change_window.windows import Repeat, WindowSort
from bot.rules.policy.policy import default_text, parse
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.usecases import policy as desk_policy
from bot.usecases.approval import approvals
from bot.usecases.change import changes
from bot.usecases.change import steps as change_steps
from bot.usecases.change.approval import CHANGE
from bot.usecases.change.changes import Request
from bot.usecases.change_window import windows
from bot.usecases.change_window.windows import Wanted
from storage.change import changes as stored
from storage.db.database import Database
from storage.tables import Person
from storage.workspace import people

HOUR = timedelta(hours=1)
ASKER, APPROVER, MANAGER = "U1", "U2", "U3"
CROWD = 12
"""Changes at once."""
WANTED = Wanted("Audit", WindowSort.HARD, (), NOON, NOON + 8 * HOUR, Repeat.ONCE, "", "The auditors are here")
LATER = 20 * HOUR


def request(after: timedelta) -> Request:
    window = (NOON + after, NOON + after + HOUR)
    return Request("Upgrade", ChangeType.NORMAL, "vpn", "Support ends", "Upgrade", "Back", *window, ASKER)


def seen(number: int) -> RecordVersion:
    return RecordVersion(Ref(Noun.CHANGE, number), 1)


async def prepare(databases: list[Database], after: timedelta) -> None:
    """The cast, and as many changes as in CROWD that wait for approval."""
    async with databases[0].begin() as tx:
        await desk_policy.adopt(tx, parse(default_text()), by=MANAGER, now=NOON)
        for one in (ASKER, APPROVER, MANAGER):
            await people.upsert(tx, Person(id=one, name=one, tz="UTC", seen_at=NOON))
        await people.set_members(tx, "change-approvers", [APPROVER])
        await people.set_members(tx, "change-managers", [MANAGER])
        for _ in range(CROWD):
            await changes.submit(tx, request(after), by=ASKER, now=NOON)


async def attempt(database: Database, act: Callable[[Any], Awaitable[object]]) -> str:
    try:
        async with database.begin() as tx:
            await act(tx)
    except Refusal as refused:
        return refused.sentence
    return "done"


async def at_once(databases: list[Database], act: Callable[[Any, int], Awaitable[object]], count: int) -> list[str]:
    """What each of these hears while a freeze is made in their midst."""

    def numbered(number: int) -> Callable[[Any], Awaitable[object]]:
        return lambda tx: act(tx, number)

    acts = [numbered(number) for number in range(1, count + 1)]
    acts.insert(count // 2, lambda tx: windows.make(tx, WANTED, by=MANAGER, now=NOON))
    heard = await asyncio.gather(*(attempt(databases[n % len(databases)], one) for n, one in enumerate(acts)))
    assert heard.pop(count // 2) == "done", "the freeze is made, whatever else happens"
    return heard


async def every(databases: list[Database], first: int, last: int) -> list[Any]:
    async with databases[0].read() as tx:
        found = [await stored.get(tx, number) for number in range(first, last + 1)]
    await asyncio.gather(*(one.close() for one in databases))
    return [one for one in found if one is not None]


async def test_what_is_approved_at_that_instant_is_held(database_url):
    databases = doors(database_url)
    await prepare(databases, HOUR)
    heard = await at_once(
        databases, lambda tx, n: approvals.vote(tx, CHANGE, seen(n), Vote.APPROVE, "", by=APPROVER, now=NOON), CROWD
    )
    found = await every(databases, 1, CROWD)
    assert [one.held_by for one in found] == [1] * CROWD
    assert [one.state for one in found] == ["scheduled" if said == "done" else "authorise" for said in heard]


async def test_what_is_asked_for_at_that_instant_is_refused_or_held(database_url):
    databases = doors(database_url)
    await prepare(databases, LATER)
    heard = await at_once(databases, lambda tx, _: changes.submit(tx, request(HOUR), by=ASKER, now=NOON), CROWD)
    found = await every(databases, CROWD + 1, 2 * CROWD)
    assert len(found) == heard.count("done")
    assert all(one.held_by == 1 for one in found)
    assert all("WIN-1 “Audit” freezes all services" in said for said in heard if said != "done")


async def test_what_is_moved_into_it_at_that_instant_is_refused_or_held(database_url):
    databases = doors(database_url)
    await prepare(databases, LATER)
    heard = await at_once(
        databases, lambda tx, n: changes.submit(tx, request(HOUR), seen(n), by=ASKER, now=NOON), CROWD
    )
    found = await every(databases, 1, CROWD)
    for one, said in zip(found, heard, strict=True):
        moved = one.starts_at == NOON + HOUR
        assert (said == "done") == moved == (one.held_by == 1)


@pytest.mark.slow
async def test_what_is_started_at_that_instant_was_begun_or_is_held(database_url):
    databases = doors(database_url)
    await prepare(databases, timedelta(0))
    async with databases[0].begin() as tx:
        for number in range(1, CROWD + 1):
            await approvals.vote(tx, CHANGE, seen(number), Vote.APPROVE, "", by=APPROVER, now=NOON)
    heard = await at_once(databases, lambda tx, n: change_steps.start(tx, seen(n), by=ASKER, now=NOON), CROWD)
    for one, said in zip(await every(databases, 1, CROWD), heard, strict=True):
        assert (one.state, one.held_by) == (("implementing", None) if said == "done" else ("scheduled", 1))


@pytest.mark.slow
@pytest.mark.parametrize("round_", range(3))
async def test_of_two_who_lift_it_one_does_and_nothing_stays_held(database_url, round_):
    databases = doors(database_url)
    await prepare(databases, HOUR)
    await attempt(databases[0], lambda tx: windows.make(tx, WANTED, by=MANAGER, now=NOON))
    lift = RecordVersion(Ref(Noun.WINDOW, 1), 1)
    heard = await asyncio.gather(
        *(attempt(one, lambda tx: windows.lift(tx, lift, "Done", by=MANAGER, now=NOON)) for one in databases * 3)
    )
    assert heard.count("done") == 1
    assert all(said == f"WIN-1 was already lifted by {MANAGER}." for said in heard if said != "done")
    assert all(one.held_by is None for one in await every(databases, 1, CROWD))
