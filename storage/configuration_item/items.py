"""Items with their relations as values, read and written many at once."""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import bindparam, case, delete, text, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.items import POLICY, Group, Item, Schema
from bot.rules.configuration_item.policy import SERVICE
from storage.sql import AS_WRITTEN, insertion, run
from storage.tables import CiPresence, CiRelationRow, ConfigurationItem

AT_ONCE = 500
T = TypeVar("T")

_OWN = (
    ConfigurationItem.number,
    ConfigurationItem.type,
    ConfigurationItem.state,
    ConfigurationItem.name,
    ConfigurationItem.owner_group,
    ConfigurationItem.environment,
    ConfigurationItem.attributes,
    ConfigurationItem.origins,
)
_AFTER = (
    select(ConfigurationItem.number)
    .where(col(ConfigurationItem.number) > bindparam("last"))
    .order_by(col(ConfigurationItem.number))
    .limit(AT_ONCE)
)
_PRIVATE = {"sqlite": text("private = 1"), "postgresql": text("private")}
"""As the index has it."""
_RELATED = (
    CiRelationRow.item,
    CiRelationRow.group_no,
    CiRelationRow.relation,
    CiRelationRow.needs,
    CiRelationRow.target,
    CiRelationRow.wanted,
)


def _seen(made: Any) -> Any:
    told = {"there": made.excluded.there, "seen_at": made.excluded.seen_at}
    return made.on_conflict_do_update(index_elements=["source", "item"], set_=told)


_ADD, _RELATE, _SEE = insertion(ConfigurationItem), insertion(CiRelationRow), insertion(CiPresence, _seen)


async def load(tx: AsyncSession, numbers: Collection[int]) -> dict[int, Item]:
    """Items by their numbers."""
    found: dict[int, Item] = {}
    for some in batches(sorted(numbers)):
        found |= await _load(tx, some)
    return found


async def through(tx: AsyncSession) -> AsyncIterator[dict[int, Item]]:
    """All of them in the order of their numbers, so many in memory at a time."""
    last = 0
    while numbers := list(await tx.exec(_AFTER, params={"last": last})):
        yield await _load(tx, numbers)
        last = numbers[-1]


async def _load(tx: AsyncSession, numbers: Sequence[int]) -> dict[int, Item]:
    own = select(*_OWN).where(col(ConfigurationItem.number).in_(numbers))  # type: ignore[call-overload]
    related = select(*_RELATED).where(col(CiRelationRow.item).in_(numbers))  # type: ignore[call-overload]
    places = (col(CiRelationRow.item), col(CiRelationRow.group_no), col(CiRelationRow.place))
    groups = {
        number: tuple(_group(list(rows)) for _, rows in groupby(of, key=lambda row: row[1]))
        for number, of in groupby(await tx.exec(related.order_by(*places)), key=lambda row: int(row[0]))
    }
    rows = await tx.exec(own.order_by(col(ConfigurationItem.number)))
    return {row[0]: _item(row, groups.get(row[0], ())) for row in rows}


def _group(rows: Sequence[Any]) -> Group:
    return Group(rows[0][2], tuple(row[5] if row[4] is None else row[4] for row in rows), rows[0][3])


def _item(row: Any, groups: tuple[Group, ...]) -> Item:
    number, type_, state, name, owner, environment, attributes, origins = row
    values = {"name": name, "state": state, "owner": owner, "environment": environment, **json.loads(attributes)}
    return Item(number, type_, {key: value for key, value in values.items() if value}, json.loads(origins), groups)


async def add(tx: AsyncSession, items: Sequence[Item], schema: Schema, by: str, now: datetime) -> None:
    """New rows. Their groups lead to numbers above 0."""
    rows = [
        {
            **_columns(item, schema),
            "number": item.number,
            "revision": 1,
            "added_at": now,
            "moved_at": now,
            "moved_by": by,
        }
        for item in items
    ]
    if rows:
        await run(tx, _ADD(tx), rows)
    await _relate(tx, items)


async def change(tx: AsyncSession, items: Sequence[Item], schema: Schema, by: str, now: datetime) -> None:
    """What they are from now on; each revision rises. The facts about new states are the caller's."""
    if not items:
        return
    table: Any = ConfigurationItem.__table__  # type: ignore[attr-defined]
    columns = [*_columns(items[0], schema)]
    statement = update(table).where(table.c.number == bindparam("of_number"))
    values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in columns}
    statement = statement.values(**values, revision=table.c.revision + 1, moved_at=now, moved_by=by)
    rows = [
        {"of_number": item.number, **{f"to_{name}": value for name, value in _columns(item, schema).items()}}
        for item in items
    ]
    await _on_connection(tx, statement, rows)
    await tx.exec(delete(CiRelationRow).where(col(CiRelationRow.item).in_([item.number for item in items])))
    await _relate(tx, items)


async def _relate(tx: AsyncSession, items: Iterable[Item]) -> None:
    rows = [
        {
            "item": item.number,
            "group_no": group_no,
            "place": place,
            "relation": group.relation,
            "needs": group.needs,
            "target": member if isinstance(member, int) else None,
            "wanted": member if isinstance(member, str) else "",
        }
        for item in items
        for group_no, group in enumerate(item.groups)
        for place, member in enumerate(group.members)
    ]
    if rows:
        await run(tx, _RELATE(tx), rows)


def _columns(item: Item, schema: Schema) -> dict[str, Any]:
    fixed = ("name", "state", "owner", "environment")
    attributes = {name: value for name, value in item.values.items() if name not in fixed}
    return {
        "state": item.state,
        "type": item.type,
        "key": schema.key(item),
        "name": item.name,
        "folded": item.name.casefold(),
        "owner_group": item.values.get("owner"),
        "environment": item.values.get("environment", ""),
        "attributes": _json(attributes),
        "origins": _json(item.origins),
        "private": schema.hides(item),
    }


def _json(value: Mapping[str, str]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


async def due_now(tx: AsyncSession, number: int, today: date) -> None:
    """It stands among those that are to be verified."""
    table: Any = ConfigurationItem.__table__  # type: ignore[attr-defined]
    await run(tx, update(table).where(table.c.number == number).values(verify_on=today.isoformat()))


async def reveal(tx: AsyncSession, schema: Schema) -> list[int]:
    """Have them be private as the policy has their types now; the numbers of those that are otherwise than before."""
    table, types = ConfigurationItem, schema.private_types
    hidden = select(table.number).where(col(table.type).in_(types), col(table.private).is_(False))
    hide = list(await tx.exec(hidden)) if types else []
    # Of a type that the policy has no more they stay as they are.
    others = sorted(set(schema.types).difference(types))
    bare = select(table.number).where(_PRIVATE[tx.get_bind().dialect.name], col(table.type).in_(others))
    show = [number for number, item in (await load(tx, list(await tx.exec(bare)))).items() if not schema.hides(item)]
    for numbers, private in ((hide, True), (show, False)):
        for some in batches(sorted(numbers)):
            await tx.exec(update(table).where(col(table.number).in_(some)).values(private=private))
    return sorted([*hide, *show])


async def services(tx: AsyncSession) -> dict[int, Item]:
    """The items that are services, which the policy's are among."""
    numbers = await tx.exec(select(ConfigurationItem.number).where(ConfigurationItem.type == SERVICE))
    found = await load(tx, list(numbers))
    return {number: item for number, item in found.items() if item.origins.get("name") == POLICY}


async def presence(tx: AsyncSession, source: str) -> tuple[dict[int, bool], frozenset[int]]:
    """What this source has had, and whether it still has it; and what others have."""
    rows = await tx.exec(select(CiPresence.item, CiPresence.there).where(CiPresence.source == source))
    others = select(CiPresence.item).where(CiPresence.source != source, col(CiPresence.there).is_(True))
    return dict(rows.all()), frozenset(await tx.exec(others))


async def count_presence(tx: AsyncSession, source: str) -> tuple[int, int]:
    """How many this source has had, and how many of them it still has."""
    there = func.count(case((col(CiPresence.there), 1)))
    query = select(func.count(), there).select_from(CiPresence).where(CiPresence.source == source)
    return (await tx.exec(query)).one()


async def see(tx: AsyncSession, source: str, numbers: Iterable[int], now: datetime, *, there: bool) -> None:
    for some in batches(list(numbers)):
        await run(tx, _SEE(tx), [{"source": source, "item": one, "there": there, "seen_at": now} for one in some])


async def last_seen(tx: AsyncSession, number: int) -> list[CiPresence]:
    query = select(CiPresence).where(CiPresence.item == number).order_by(col(CiPresence.seen_at).desc())
    return list(await tx.exec(query))


async def standing(tx: AsyncSession) -> str:
    """A text that differs once any item or relation has changed: each change raises a revision."""
    table = ConfigurationItem
    query = select(func.count(), func.coalesce(func.sum(col(table.revision)), 0)).select_from(table)
    count, revisions = (await tx.exec(query)).one()
    return f"{count}:{revisions}"


async def _on_connection(tx: AsyncSession, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many rows of one UPDATE, which the session's own way would take for objects."""
    await (await tx.connection()).execute(statement, list(rows), execution_options=AS_WRITTEN)


def batches(all_: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """A statement takes so many values and no more."""
    return (all_[start : start + size] for start in range(0, len(all_), size))
