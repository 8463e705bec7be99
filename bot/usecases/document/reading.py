"""Who has to read a version, who says to have read and understood it, and how two versions differ."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document import notices
from bot.rules.document import text as texts
from bot.rules.document.flow import DocumentAct
from bot.rules.document.refusals import NoSuchVersionOf
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases.document import access, reminders
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from storage.delivery import outbox
from storage.document import documents as stored
from storage.tables import ControlledDocument, DocumentVersion
from storage.workspace import people as directory


async def set_readers(tx: AsyncSession, ref: Ref, groups: str, *, by: str, now: datetime) -> ControlledDocument:
    """Groups whose members have to read each version; those of the version in force are asked at once.

    Keys with spaces or commas between; empty for nobody. Raises FormRefused, NotYourDocument, DocumentFixed.
    """
    document, known = await access.may(tx, DocumentAct.READERS, ref, by), (await in_force(tx)).policy.groups
    wanted = list(dict.fromkeys(groups.replace(",", " ").split()))
    titles = {one.title.casefold(): key for key, one in known.items()}
    if groups.strip().casefold() in titles:
        wanted = [titles[groups.strip().casefold()]]
    unknown = [one for one in wanted if one not in known]
    if unknown:
        raise FormRefused({"groups": f"The policy has no group “{unknown[0][:40]}”. It has: {', '.join(known)}."})
    if " ".join(wanted) != document.readers:
        await stored.put(tx, ref.number, readers=" ".join(wanted))
        await tx.refresh(document)
        data: dict[str, Datum] = {"groups": document.readers}
        await record(tx, document, FactKind.DOCUMENT_READERS, Deed(by, now), data)
    await ask(tx, document, now)
    return document


async def ask(tx: AsyncSession, document: ControlledDocument, now: datetime) -> list[str]:
    """Those who have to read the version in force and were not asked yet are asked; they are returned."""
    if not access.is_in_force(document) or not document.readers:
        return []
    found = dict.fromkeys([one for group in document.readers.split() for one in await directory.members(tx, group)])
    asked = await stored.ask_to_read(tx, document.number, document.version, list(found), now)
    if asked:
        data: dict[str, Datum] = {"version": document.version, "asked": asked}
        await record(tx, document, FactKind.DOCUMENT_ASKED, Deed(SYSTEM, now), data)
        about = str(document.ref)
        await outbox.put_all(tx, notices.to_read(about, document.version, "asked", asked), now)
        await reminders.follow(tx, document, now)
    return asked


async def understand(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ControlledDocument:
    """Somebody has read and understood the version in force. Raises NothingInForce, GuestsMayNot, NoSuchRecord."""
    document = await access.may(tx, DocumentAct.UNDERSTAND, ref, by)
    if await stored.understood(tx, document.number, document.version, by, now):
        data: dict[str, Datum] = {"version": document.version}
        await record(tx, document, FactKind.DOCUMENT_UNDERSTOOD, Deed(by, now), data)
        await reminders.follow(tx, document, now)
    return document


async def version(tx: AsyncSession, document: ControlledDocument, number: int) -> DocumentVersion:
    """Raises NoSuchVersionOf."""
    found = await stored.version(tx, document.number, number)
    if found is None:
        newest = next(iter(await stored.versions(tx, document.number)), None)
        has = f"The newest is {newest.version}." if newest else "None was approved yet."
        raise NoSuchVersionOf(ref=document.ref, version=number, has=has)
    return found


async def shown(tx: AsyncSession, document: ControlledDocument, number: int | None = None) -> str:
    """The text of a version; without a number, of the one in force, or the draft where none is."""
    if number is None and not access.is_in_force(document):
        return document.text
    return (await version(tx, document, number or document.version)).text


async def differences(
    tx: AsyncSession, document: ControlledDocument, before: int | None = None, after: int | None = None
) -> list[str]:
    """Between two versions; without `after` up to the draft, without `before` from the version before that.

    Raises NoSuchVersionOf.
    """
    last = document.version if after is None else after - 1
    first = before if before is not None else last
    old = (await version(tx, document, first)).text if first > 0 else ""
    new = document.text if after is None else (await version(tx, document, after)).text
    return texts.differences(old, new)
