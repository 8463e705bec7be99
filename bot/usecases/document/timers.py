"""What rings about documents: the day of review, the day of coming into force, what is still to be read."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document import notices, reviewing
from bot.rules.document.flow import DocumentState
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import of_subject
from bot.usecases import people
from bot.usecases.document import access, reminders
from bot.usecases.document.coming_into_force import effect
from bot.usecases.records import owners
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from storage import records
from storage.delivery import outbox
from storage.document import documents as stored
from storage.tables import ControlledDocument, Timer


async def _remind(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """The owner; without one, or once it is late, the group too."""
    document = await access.find(tx, of_subject(timer.subject))
    if not access.is_in_force(document):
        return
    late = "+" in timer.occurrence
    hear = await owners.reminded(tx, document.owner, document.owner_group, late=late)
    data: dict[str, Datum] = {"review_on": document.review_on, "told": hear}
    await record(tx, document, FactKind.DOCUMENT_REMINDED, Deed(SYSTEM, now), data)
    await outbox.put_all(tx, notices.due(timer.subject, timer.occurrence, hear), now)
    await reminders.follow(tx, document, now)


async def _remind_readers(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Those who were asked to read the version in force, and have not; whoever has left is not asked any more."""
    document = await access.find(tx, of_subject(timer.subject))
    if not access.is_in_force(document):
        return
    rows = await stored.readings(tx, document.number, document.version)
    unread = [one.person for one in rows if one.read_at is None]
    hear = await people.reached(tx, unread)
    await outbox.put_all(tx, notices.to_read(timer.subject, document.version, timer.occurrence, hear), now)
    if hear:
        await reminders.follow(tx, document, now)


async def _effect(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    document = await access.find(tx, of_subject(timer.subject))
    if document.state == DocumentState.APPROVED:
        await effect(tx, document, now)


async def held(tx: AsyncSession, subject: str, _kinds: Collection[str]) -> None:
    """Lock the document before its timers ring, as those do who take a step."""
    await records.hold(tx, ControlledDocument, of_subject(subject).number)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {
    reviewing.DUE: _remind,
    reviewing.UNREAD: _remind_readers,
    reviewing.EFFECT: _effect,
}
