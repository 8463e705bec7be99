"""Somebody is forgotten: what they typed, and by which address they wrote."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.mail.messages import unsigned
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.refs import of_subject
from bot.usecases.journal import integrity
from bot.usecases.journal.integrity import Erased
from bot.usecases.policy import in_force
from storage.delivery import outbox
from storage.journal import journal
from storage.mail import threads
from storage.tables import Incident
from storage.workspace import people as directory

OUTSIDE = "somebody without Slack"
"""Stands in the fact of the erasure: an address there could not be erased again."""


async def erase(tx: AsyncSession, who: str, *, by: str, now: datetime) -> Erased:
    """Of a member by their Slack id, or of somebody who wrote from outside of Slack by their address.

    An incident's summary and description stay, as the desk's own document, without the line that says who wrote it.
    """
    if "@" not in who:
        address = next((one.email for one in await directory.everybody(tx) if one.id == who), None)
        gone = await integrity.erase(tx, who, by=by, now=now)
        return gone if not address else replace(gone, messages=await threads.erase(tx, address.casefold()))
    address = who.strip().casefold()
    subjects = await threads.subjects(tx, address)
    told = Fact(FactKind.WORDS_ERASED, integrity.SUBJECT, by, now, (await in_force(tx)).version, {"person": OUTSIDE})
    facts = await journal.erase(tx, await threads.facts_of(tx, subjects, SYSTEM), told)
    for subject in subjects:
        await _unsign(tx, subject, now)
    return Erased(facts, len(subjects), known=bool(subjects), messages=await threads.erase(tx, address))


async def _unsign(tx: AsyncSession, subject: str, now: datetime) -> None:
    found = (await tx.exec(select(Incident).where(col(Incident.number) == of_subject(subject).number))).one()
    found.description = unsigned(found.description)
    tx.add(found)
    await tx.flush()
    await outbox.redraw(tx, subject, now)
