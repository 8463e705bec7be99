"""Timers of documents are rows: the day of review, the day of coming into force, what is still to be read."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document import reviewing
from bot.rules.document.flow import DocumentState
from bot.usecases import people
from bot.usecases.document import access
from bot.usecases.policy import in_force
from storage import timers
from storage.document import documents as stored
from storage.tables import ControlledDocument

_UTC = ZoneInfo("UTC")


async def zone_of(tx: AsyncSession, document: ControlledDocument) -> ZoneInfo:
    """By whose clocks its days are meant: its owner's."""
    return await people.zone(tx, document.owner) if document.owner else _UTC


async def follow(tx: AsyncSession, document: ControlledDocument, now: datetime) -> None:
    """Sets the timers that are to come, and silences the others."""
    subject = str(document.ref)
    await timers.silence(tx, subject, [reviewing.DUE, reviewing.EFFECT, reviewing.UNREAD], now)
    rules, zone = (await in_force(tx)).policy.documents, await zone_of(tx, document)
    if document.state == DocumentState.APPROVED and document.effective_on:
        day = date.fromisoformat(document.effective_on)
        await timers.schedule(
            tx, subject, reviewing.EFFECT, f"{day}-{document.revision}", reviewing.at(day, zone, time())
        )
    if not access.is_in_force(document):
        return
    coming = reviewing.reminders(rules, date.fromisoformat(document.review_on), zone, now)
    await timers.schedule_all(tx, subject, reviewing.DUE, coming)
    asked, read = await stored.how_many_read(tx, document.number, document.version)
    if read < asked:
        day = now.astimezone(zone).date() + max(rules.remind_late, timedelta(days=1))
        at = reviewing.at(day, zone)
        await timers.schedule(tx, subject, reviewing.UNREAD, f"{document.version}-{day}", at)
