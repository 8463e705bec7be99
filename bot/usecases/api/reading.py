"""Records as the REST API gives them: the same that their person sees in Slack, and nothing else."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.api.refusals import NoFilter
from bot.rules.record.facts import Fact
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import NoSuchRecord
from bot.rules.record.totals import SEARCHED_MOST
from bot.usecases.api.tokens import Caller
from bot.usecases.records import lists, timeline
from bot.usecases.records.declared import kind_of
from bot.usecases.records.visibility import as_read, sees, shown_to
from storage import records
from storage.tables import Record

NOUNS = {
    "incidents": Noun.INCIDENT,
    "changes": Noun.CHANGE,
    "standard-changes": Noun.STANDARD,
    "windows": Noun.WINDOW,
    "meetings": Noun.MEETING,
    "actions": Noun.ACTION,
    "problems": Noun.PROBLEM,
    "known-errors": Noun.KNOWN_ERROR,
    "requests": Noun.REQUEST,
    "reviews": Noun.REVIEW,
    "reports": Noun.REPORT,
    "configuration-items": Noun.CI,
    "documents": Noun.DOCUMENT,
    "audits": Noun.AUDIT,
    "findings": Noun.FINDING,
    "management-reviews": Noun.MANAGEMENT_REVIEW,
    "register-entries": Noun.ENTRY,
    "complaints": Noun.COMPLAINT,
    "surveys": Noun.SURVEY,
    "policy-proposals": Noun.POLICY,
}
AT_ONCE = 500
_LEFT_OUT = frozenset({"number", "policy_version", "rating_comment", "origin_channel", "origin_ts"})
"""Columns that are the desk's own, or somebody's alone."""


async def page(
    tx: AsyncSession, collection: str, typed: str, after: int | None, limit: int, who: Caller, now: datetime
) -> tuple[list[Record], bool]:
    """The newest first, from below the number `after`; and whether there are more. Raises what the list's words do.

    Pages are cut by number, so that what is added meanwhile moves nothing.
    """
    noun = NOUNS[collection]
    if kind_of(noun).page is None:
        return await _of_table(tx, collection, typed, after, limit, who)
    shown = await lists.page(tx, noun, typed, by=who.person, now=now, size=SEARCHED_MOST)
    found: list[Record] = list(shown.shown)
    unique = {one.number: one for one in found if _is_for(one, noun, who) and (after is None or one.number < after)}
    ordered = [unique[number] for number in sorted(unique, reverse=True)]
    return ordered[:limit], len(ordered) > limit


async def _of_table(
    tx: AsyncSession, collection: str, typed: str, after: int | None, limit: int, who: Caller
) -> tuple[list[Record], bool]:
    """Of nouns that have no list of their own: all, as far as they are for this person."""
    if typed.strip():
        raise NoFilter(collection=collection.capitalize())
    noun, table = NOUNS[collection], kind_of(NOUNS[collection]).table
    number = col(table.number)
    found: list[Record] = []
    while len(found) <= limit:
        clauses = [number < after] if after is not None else []
        rows = await records.page(tx, table, clauses, [number.desc()], AT_ONCE)
        seen = [row for row in rows if _is_for(row, noun, who) and await sees(tx, row.ref, who.person)]
        found += [await as_read(tx, row, who.person) for row in seen]
        if len(rows) < AT_ONCE:
            break
        after = rows[-1].number
    return found[:limit], len(found) > limit


async def one(tx: AsyncSession, ref: Ref, who: Caller) -> Record:
    """A record to be shown, not to be written. Raises NoSuchRecord, also for what the token may not see."""
    found: Record = await shown_to(tx, ref, who.person)
    if not _is_for(found, ref.noun, who):
        raise NoSuchRecord(ref=ref, command=ref.command)
    return await as_read(tx, found, who.person)


async def history(tx: AsyncSession, ref: Ref, who: Caller) -> Sequence[Fact]:
    """Raises NoSuchRecord."""
    await one(tx, ref, who)
    return (await timeline.of(tx, ref, who.person)).facts


def as_json(record: Record) -> dict[str, Any]:
    """Columns by their names; instants in UTC, as RFC 3339."""
    told = {name: value for name, value in record.model_dump().items() if name not in _LEFT_OUT}
    return {"ref": str(record.ref), **{name: _plain(value) for name, value in told.items()}}


def fact_as_json(fact: Fact) -> dict[str, Any]:
    return {
        "kind": fact.kind.value,
        "by": fact.by,
        "at": _plain(fact.at),
        "data": dict(fact.data),
        "words": dict(fact.words),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _is_for(record: Record, noun: Noun, who: Caller) -> bool:
    return who.sees_private or not kind_of(noun).private(record)
