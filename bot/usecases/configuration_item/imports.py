"""Importing items, in two steps: a plan that is kept and shown, and its application where nothing has moved since."""

import hashlib
import json
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item import import_plan, notices, plan_text
from bot.rules.configuration_item.items import Group, Item, Schema, schema_of
from bot.rules.configuration_item.merging import changes
from bot.rules.configuration_item.plan_values import Plan, Planned, World
from bot.rules.configuration_item.readers import files
from bot.rules.configuration_item.readers.files import Format
from bot.rules.configuration_item.refusals import NoSuchPlan, NoSuchSource, PlanApplied, UnreadableFile, WorldMoved
from bot.rules.policy.policy import Policy
from bot.rules.policy_format.hints import listed, nearest
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.plan_store import PlanStore, Rows
from bot.rules.record.text import instant
from bot.usecases.configuration_item import access, services, writing
from bot.usecases.configuration_item.writing import Deeds, Written
from bot.usecases.policy import in_force
from storage.configuration_item import items, plans
from storage.db import reading_process
from storage.db.database import Database
from storage.db.plan_store import OnDisk
from storage.delivery import outbox
from storage.journal import journal
from storage.own_process import FOREIGN, Bound, PastBound
from storage.tables import CiPlan

PARTS = 2
"""How the parts of a plan are written. One from before another way has to be made again."""
MANY = 500
"""Items in one part of a plan."""


class Read(NamedTuple):
    """A file, and what it is read as."""

    data: bytes
    name: str
    source: str
    format: Format | None = None
    really: bool = False


@dataclass(frozen=True)
class Prepared:
    """What a plan is made for."""

    world: World
    digest: str
    policy: Policy
    store: PlanStore
    """What the plan is kept on while it is made: on the disk, since both the file and the record may be large."""


@dataclass(frozen=True)
class Kept:
    id: str
    plan: Plan
    schema: Schema

    def as_dict(self) -> dict[str, Any]:
        return plan_text.as_dict(self.id, self.plan)


def known_source(policy: Policy, name: str) -> None:
    """Raises NoSuchSource."""
    if name not in policy.ci_sources:
        close = nearest(name, policy.ci_sources)
        hint = f"Did you mean “{close}”? " if close else ""
        there = f"{hint}There are {listed(policy.ci_sources)}" if policy.ci_sources else "The policy names none"
        raise NoSuchSource(name=name, known=f"{there} (`ci_sources`).")


@dataclass(frozen=True)
class Drawn:
    """A plan as it is kept."""

    source: str
    world: str
    """The digest of what it was made for."""
    said: Mapping[str, Any]
    """What it is shown as."""
    parts: Iterable[Any]
    """Read more than once."""


async def prepare(tx: AsyncSession, source: str, now: datetime) -> Prepared:
    """Read what a plan is made for, services up to date. Raises NoSuchSource."""
    await bring_up(tx, source, now)
    return await prepared_for(source, tx)


async def bring_up(tx: AsyncSession, source: str, now: datetime) -> None:
    """Have what a plan is made for up to date. Raises NoSuchSource."""
    current = await in_force(tx)
    known_source(current.policy, source)
    await services.follow(tx, current.policy, current.version, now)


async def prepared_for(source: str, tx: AsyncSession) -> Prepared:
    """Read what a plan is made for. Raises NoSuchSource."""
    current = await in_force(tx)
    known_source(current.policy, source)
    seen, elsewhere = await items.presence(tx, source)
    store = OnDisk()
    known = store.numbered()
    async for some in items.through(tx):
        for number, item in some.items():
            known[number] = item
    world = World(known, seen, elsewhere)
    return Prepared(world, await _digest(tx, current.policy, source), current.policy, store)


def judge(file: Read, prepared: Prepared, tick: Callable[[], None] = lambda: None) -> Plan:
    """Make the plan, outside of any transaction. Raises UnreadableFile."""
    policy = prepared.policy
    source = policy.ci_sources[file.source]
    found = files.read(file.data, file.name, file.format, source, policy.ci_types)
    states = files.states(file.format, file.data, file.name)
    return import_plan.plan(
        found,
        prepared.world,
        (file.source, source),
        schema_of(policy),
        states,
        really=file.really,
        tick=tick,
        store=prepared.store,
    )


async def drawn_aside(database: Database, file: Read, bound: Bound = FOREIGN) -> Drawn:
    """The plan of a file that anybody may have shared, made in a process with a bound. `bring_up` comes before.

    Raises UnreadableFile, NoSuchSource.
    """
    read, work = partial(prepared_for, file.source), partial(_judged, file)
    try:
        return await reading_process.read_for(database, read, work, __name__, bound)
    except PastBound as fault:
        raise UnreadableFile(because=f"{fault}; `deskbell ci import` has no such bound") from None


def _judged(file: Read, prepared: Prepared) -> Drawn:
    found = drawn(file, judge(file, prepared), prepared)
    return replace(found, parts=[*found.parts])


def drawn(file: Read, plan: Plan, prepared: Prepared) -> Drawn:
    within = plan_text.InChannel.of(plan, prepared.world.items, schema_of(prepared.policy))
    said = plan_text.summary(plan) | {"lines": list(plan_text.lines(plan, within=within))}
    return Drawn(file.source, prepared.digest, said, _Parts(plan))


async def keep(tx: AsyncSession, file: Read, plan: Plan, prepared: Prepared, *, by: str, now: datetime) -> Kept:
    """As `keep_drawn`."""
    kept = await keep_drawn(tx, drawn(file, plan, prepared), by=by, now=now)
    return Kept(kept, plan, schema_of(prepared.policy))


async def keep_drawn(tx: AsyncSession, plan: Drawn, *, by: str, now: datetime) -> str:
    """Keep it until somebody applies it; its id. The same plan for the same world has the same id, until then."""
    summed = hashlib.sha256(f"{plan.source}\n{plan.world}\n".encode())
    for part in plan.parts:
        summed.update(json.dumps(part, sort_keys=True).encode())
    # One that changed nothing has been applied and may be made again, as each night.
    while (known := await plans.get(tx, summed.hexdigest()[:12])) is not None and known.applied_at is not None:
        summed.update(known.id.encode())
    row = CiPlan(
        id=summed.hexdigest()[:12],
        source=plan.source,
        world=plan.world,
        summary=json.dumps(plan.said, ensure_ascii=False),
        made_at=now,
        made_by=by,
    )
    for forgotten in await plans.keep(tx, row, plan.parts):
        await outbox.redraw(tx, notices.about_plan(forgotten), now)
    return row.id


async def apply(
    tx: AsyncSession, plan_id: str, *, by: str, now: datetime, tick: Callable[[int], None] = lambda _: None
) -> Mapping[str, Any]:
    """Write what a plan says, all of it or nothing. Raises NotAllowed, NoSuchPlan, PlanApplied, WorldMoved."""
    await access.require_manager(tx, by, "apply imports")
    plan = await plans.get(tx, plan_id)
    if plan is None:
        raise NoSuchPlan(plan=plan_id)
    if plan.applied_at is not None:
        raise PlanApplied(plan=plan_id, when=instant(plan.applied_at))
    current = await in_force(tx)
    if plan.source not in current.policy.ci_sources:
        raise WorldMoved(plan=plan_id)
    await writing.hold(tx)
    await services.follow(tx, current.policy, current.version, now)
    if plan.world != await _digest(tx, current.policy, plan.source):
        raise WorldMoved(plan=plan_id)
    if not await plans.applied(tx, plan_id, by, now):
        raise PlanApplied(plan=plan_id, when=instant(now))
    summary = plans.summary(plan)
    deeds = Deeds(by, now, current.version, {"source": plan.source, "plan": plan_id})
    taken = await writing.take(tx, int(summary["created"]))
    await _write(tx, plan, schema_of(current.policy), deeds, taken, tick)
    data = {name: summary[name] for name in ("created", "changed", "retired", "unchanged", "refused")}
    fact = Fact(FactKind.CI_IMPORTED, f"source:{plan.source}", by, now, current.version, {"plan": plan_id, **data})
    await journal.record(tx, fact)
    await plans.drop_parts(tx, plan_id)
    await outbox.redraw(tx, notices.about_plan(plan_id), now)
    return {"plan": plan_id, **data}


async def _write(
    tx: AsyncSession, plan: CiPlan, schema: Schema, deeds: Deeds, taken: Sequence[int], tick: Callable[[int], None]
) -> None:
    """Part by part, so that memory does not grow with the file. New items are counted down from -1 in the plan."""
    source = plan.source
    numbers = _Numbers((), taken)
    async for part in plans.parts(tx, plan.id):
        if part["what"] == "numbers":
            numbers = _Numbers(part["of"], taken)
            continue
        if part["what"] in ("same", "left"):
            await items.see(tx, source, part["of"], deeds.now, there=part["what"] == "same")
            continue
        found = [_written(one, numbers) for one in part["of"]]
        if part["what"] == "created":
            await writing.add(tx, found, schema, deeds)
        else:
            await writing.change(tx, found, schema, deeds)
        here = [one.item.number for one, said in zip(found, part["of"], strict=True) if said["line"]]
        await items.see(tx, source, here, deeds.now, there=True)
        if part["what"] == "retired":
            await items.see(tx, source, [one.item.number for one in found], deeds.now, there=False)
        tick(len(found))


class _Parts:
    """Made anew each time that they are read, since a large plan has no room in memory."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return _parts(self._plan)


def _parts(plan: Plan) -> Iterator[dict[str, Any]]:
    yield {"what": "numbers", "of": [one.item.number for one in plan.created]}
    for what, of in (("created", plan.created), ("changed", plan.changed), ("retired", plan.retired)):
        for some in _batches(of):
            yield {"what": what, "of": [_plain(one) for one in some]}
    for what, numbers in (("same", plan.same), ("left", plan.left)):
        for some_numbers in items.batches(numbers, MANY):
            yield {"what": what, "of": list(some_numbers)}


def _batches(rows: Rows[Planned]) -> Iterator[list[Planned]]:
    each = iter(rows)
    while some := list(islice(each, MANY)):
        yield some


def _plain(one: Planned) -> dict[str, Any]:
    item = one.item
    return {
        "line": one.line,
        "number": item.number,
        "type": item.type,
        "values": dict(item.values),
        "origins": dict(item.origins),
        "groups": _groups(item),
        "before": None if one.before is None else {"values": dict(one.before.values), "groups": _groups(one.before)},
    }


def _groups(item: Item) -> list[Any]:
    return [[group.relation, list(group.members), group.needs] for group in item.groups]


class _Numbers:
    """The numbers that new items get, by those that the plan has counted down: eight bytes each, of maybe 100,000."""

    def __init__(self, planned: Sequence[int], taken: Sequence[int]) -> None:
        self._planned, self._taken = array("q", (-one for one in planned)), taken

    def of(self, number: int) -> int:
        """The number itself where there is such an item already."""
        return number if number > 0 else self._taken[bisect_left(self._planned, -number)]


def _written(said: Mapping[str, Any], numbers: _Numbers) -> Written:
    number = numbers.of(said["number"])
    item = Item(number, said["type"], said["values"], said["origins"], _led(said["groups"], numbers))
    known = said["before"] or {"values": {}, "groups": []}
    before = Item(number, said["type"], known["values"], {}, _led(known["groups"], numbers))
    return Written(item, changes(before, item, writing.numbered))


def _led(groups: Sequence[Any], numbers: _Numbers) -> tuple[Group, ...]:
    return tuple(
        Group(relation, tuple(one if isinstance(one, str) else numbers.of(one) for one in members), needs).canonical
        for relation, members, needs in groups
    )


async def _digest(tx: AsyncSession, policy: Policy, source: str) -> str:
    """Differs once an item, a relation, what the source has had, or the policy is another."""
    seen, there = await items.count_presence(tx, source)
    said = f"{PARTS}\n{await items.standing(tx)}\n{seen}:{there}\n{policy.digest}"
    return hashlib.sha256(said.encode()).hexdigest()
