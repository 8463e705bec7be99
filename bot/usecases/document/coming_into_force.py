"""What was approved comes into force, and those who have to read it are asked."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document.flow import DocumentStep
from bot.rules.document.reviewing import review_day
from bot.rules.record.facts import SYSTEM, Datum
from bot.usecases.document import documents, reading, reminders
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from storage.document import documents as stored
from storage.tables import ControlledDocument


async def effect(tx: AsyncSession, document: ControlledDocument, now: datetime) -> ControlledDocument:
    """The version before it ends at the same instant."""
    policy, number = (await in_force(tx)).policy, document.version + 1
    await stored.begin(tx, document.number, number, now)
    day = review_day(policy.documents, now.astimezone(await reminders.zone_of(tx, document)).date()).isoformat()
    data: dict[str, Datum] = {"version": number, "review_on": day}
    values = {"version": number, "since": now, "review_on": day, "writers": "", "effective_on": ""}
    document = await documents.step(tx, document, DocumentStep.EFFECT, Deed(SYSTEM, now), "", data, **values)
    await reading.ask(tx, document, now)
    return document
