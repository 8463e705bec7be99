"""What a person typed outside the journal's facts, and what the directory knows of them: found, and emptied."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.statements import changed
from storage.tables import Approval, ChangeQuestion, Entry, FactWords, Incident, Membership, Person, TimelineEntry

ERASED = "(erased)"
"""Stands where a text must not be empty."""


async def facts_of(tx: AsyncSession, person: str) -> list[int]:
    """Ids of the facts that hold words of theirs."""
    query = select(FactWords.fact_id).join(Entry, col(Entry.id) == col(FactWords.fact_id)).where(Entry.by == person)
    return list(await tx.exec(query))


async def texts_of(tx: AsyncSession, person: str) -> int:
    """Empties comments on votes and ratings, questions, answers, and lines of timelines; how many there were."""
    emptied: list[tuple[Any, ColumnElement[bool], dict[str, str | None]]] = [
        (Approval, (col(Approval.voted_by) == person) & col(Approval.comment).is_not(None), {"comment": None}),
        (ChangeQuestion, col(ChangeQuestion.asked_by) == person, {"question": ERASED}),
        (ChangeQuestion, col(ChangeQuestion.answered_by) == person, {"answer": ERASED}),
        (TimelineEntry, col(TimelineEntry.author) == person, {"text": ERASED}),
        (
            Incident,
            (col(Incident.reporter) == person) & col(Incident.rating_comment).is_not(None),
            {"rating_comment": None},
        ),
    ]
    return sum([await changed(tx, update(table).where(whose).values(**to)) for table, whose, to in emptied])


async def name_of(tx: AsyncSession, person: str) -> bool:
    """Strikes them from the directory; False where they do not stand in it."""
    await changed(tx, delete(Membership).where(col(Membership.person) == person))
    return await changed(tx, delete(Person).where(col(Person.id) == person)) == 1
