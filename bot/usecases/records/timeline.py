"""What happened to a record, for one reader."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Ref, is_subject
from bot.usecases.records.declared import Event, kind_of
from bot.usecases.records.visibility import named, shown_to, works_on
from storage.journal import journal
from storage.tables import Record

HIDDEN = "another record"
"""Said instead of the number of a record that the reader may not see."""


@dataclass(frozen=True)
class Timeline:
    record: Any
    facts: Sequence[Fact]
    """The oldest first; words that were erased are absent."""


async def of(tx: AsyncSession, ref: Ref, by: str) -> Timeline:
    """Notes are in it for those who work on the record alone. Raises NoSuchRecord."""
    one = await shown_to(tx, ref, by)
    facts = await journal.timeline(tx, str(ref))
    if not await works_on(tx, one, by):
        noted = kind_of(ref.noun).facts.get(Event.NOTED)
        facts = [fact for fact in facts if fact.kind is not noted and not fact.data.get("internal")]
    return Timeline(one, await told_to(tx, one, facts, [by]))


async def told_to(tx: AsyncSession, one: Record, facts: Sequence[Fact], readers: Collection[str]) -> list[Fact]:
    """The facts with the numbers that all of these readers may see, and without links to what they may not."""
    own = str(one.ref)
    others = {value for fact in facts for value in fact.data.values() if isinstance(value, str) and is_subject(value)}
    hidden = (others - {own}) - await named(tx, one, others - {own}, readers)
    links = {kind_of(one.noun).facts.get(Event.LINKED), FactKind.RECORD_UNLINKED}
    told = []
    for fact in facts:
        if hidden.isdisjoint(value for value in fact.data.values() if isinstance(value, str)):
            told.append(fact)
        elif fact.kind not in links:
            data = {key: HIDDEN if value in hidden else value for key, value in fact.data.items()}
            told.append(replace(fact, data=data))
    return told
