"""Writing items, many at once: the rows, then a fact each with what it was before and after."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item import notices, plan_text
from bot.rules.configuration_item.flow import CiState
from bot.rules.configuration_item.items import Item, Schema
from bot.rules.configuration_item.policy import PRIVATE
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.refs import Noun, Ref
from storage import counters, record_links, record_numbers
from storage.action import actions
from storage.configuration_item import items, plans, search
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import ConfigurationItem

ADDING = "adding items"


def numbered(item: int) -> str:
    """An item as facts have it: by what stays, and tells nothing to who may not see it."""
    return str(Ref(Noun.CI, item))


class Written(NamedTuple):
    """An item as it is from now on, and what differs: before and after, by field or relation."""

    item: Item
    changes: Mapping[str, tuple[str, str]]


class Deeds(NamedTuple):
    """Who writes, when, by which policy, and what else their facts say."""

    by: str
    now: datetime
    version: int
    data: Mapping[str, Datum]


async def take(tx: AsyncSession, count: int) -> Sequence[int]:
    """The next numbers; nobody else adds an item until the transaction ends."""
    await hold(tx)
    return await record_numbers.take(tx, Noun.CI, count)


async def hold(tx: AsyncSession) -> None:
    """Nobody else adds an item until the transaction ends: a name or a key is given once."""
    await counters.hold(tx, ADDING)


async def add(tx: AsyncSession, found: Sequence[Written], schema: Schema, deeds: Deeds) -> None:
    await items.add(tx, [one.item for one in found], schema, deeds.by, deeds.now)
    facts = [_fact(FactKind.CI_ADDED, one, deeds) for one in found]
    # An item begins in service: one that does not has moved since, which its journal says.
    moved = [one for one in found if one.item.state != CiState.LIVE]
    facts += [_fact(FactKind.CI_MOVED, one, deeds, str(CiState.LIVE)) for one in moved]
    await journal.record_all(tx, facts, heard=False)  # an import has a hundred thousand


async def change(tx: AsyncSession, found: Sequence[Written], schema: Schema, deeds: Deeds) -> None:
    """Raises nothing for what has moved meanwhile: the caller holds what it has read."""
    await items.change(tx, [one.item for one in found], schema, deeds.by, deeds.now)
    facts = []
    for one in found:
        if set(one.changes) - {"state"}:
            facts.append(_fact(FactKind.CI_CHANGED, one, deeds))
        if "state" in one.changes:
            facts.append(_fact(FactKind.CI_MOVED, one, deeds, one.changes["state"][0]))
    await journal.record_all(tx, facts, heard=False)  # an import has a hundred thousand
    changed = [one.item.number for one in found]
    await redraw(tx, changed, deeds.now, naming=[one.item.number for one in found if PRIVATE in one.changes])


async def redraw(tx: AsyncSession, changed: Sequence[int], now: datetime, *, naming: Sequence[int] = ()) -> None:
    """What of these was posted; of those that are named otherwise than before, also what names them."""
    about = {numbered(one) for one in changed}
    for some in items.batches(naming):
        refs = [numbered(one) for one in some]
        linked = [pair for noun in Noun for pair in await record_links.to_noun(tx, refs, noun)]
        about |= {other for _, other in linked} | {numbered(one) for one in await search.beside(tx, some)}
    for some_about in items.batches(sorted(about)):
        for posted in await outbox.posted(tx, some_about):
            await outbox.redraw(tx, posted, now)
    for some in items.batches(naming):
        await _follow(tx, list((await search.numbered(tx, some)).values()), now)


async def _follow(tx: AsyncSession, found: Sequence[ConfigurationItem], now: datetime) -> None:
    """What belongs to these is private as they are now: their actions, and what plans say of them."""
    for private in (True, False):
        parents = [str(one.ref) for one in found if one.private is private]
        for number in await actions.hide(tx, parents, private=private):
            await outbox.redraw(tx, str(Ref(Noun.ACTION, number)), now)
    await _withhold(tx, [one for one in found if one.private], now)


async def _withhold(tx: AsyncSession, private: Sequence[ConfigurationItem], now: datetime) -> None:
    """Plans that stand in channels name these no more."""
    words = {word for one in private for word in (one.name, one.key) if word}
    for plan in await plans.every(tx) if words else ():
        said = plans.summary(plan)
        before = list(said.get("lines", ()))
        lines = plan_text.withheld(before, words)
        if lines != before:
            await plans.sum_up(tx, plan.id, {**said, "lines": lines})
            await outbox.redraw(tx, notices.about_plan(plan.id), now)


def _fact(kind: FactKind, one: Written, deeds: Deeds, from_state: str = "") -> Fact:
    data: dict[str, Datum] = dict(deeds.data)
    changes = one.changes
    if kind is FactKind.CI_MOVED:
        data |= {"from": from_state, "state": one.item.state}
        changes = {}
    if changes:
        data |= {"before": _json(changes, 0), "after": _json(changes, 1)}
    return Fact(kind, str(Ref(Noun.CI, one.item.number)), deeds.by, deeds.now, deeds.version, data)


def _json(changes: Mapping[str, tuple[str, str]], side: int) -> str:
    said = {name: pair[side] for name, pair in changes.items() if name != "state" or len(changes) == 1}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
