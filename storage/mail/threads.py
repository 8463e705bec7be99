"""Questions about e-mail: which incident a message belongs to, and who is answered."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import FactKind
from storage.sql import changed, insert
from storage.tables import Entry, MailSeen, MailThread

BATCH = 1000


async def see(tx: AsyncSession, id_: str, subject: str | None, address: str, now: datetime) -> bool:
    """Remembers a message; False where it was seen before."""
    row = insert(tx, MailSeen).values(id=id_, subject=subject, address=address, at=now)
    return await changed(tx, row.on_conflict_do_nothing()) == 1


async def about(tx: AsyncSession, ids: Sequence[str]) -> list[str]:
    """References of the incidents that these messages are about, in the order of the ids."""
    if not ids:
        return []
    query = select(MailSeen).where(col(MailSeen.id).in_(list(ids)), col(MailSeen.subject).is_not(None))
    found = {one.id: one.subject for one in await tx.exec(query)}
    return [subject for one in ids if (subject := found.get(one))]


async def since(tx: AsyncSession, address: str, begin: datetime) -> int:
    """How many messages of an address did something since then."""
    query = select(func.count()).select_from(MailSeen)
    return (await tx.exec(query.where(MailSeen.address == address, col(MailSeen.at) > begin))).one()


async def thread(tx: AsyncSession, subject: str) -> MailThread | None:
    return (await tx.exec(select(MailThread).where(MailThread.subject == subject))).first()


async def begin(tx: AsyncSession, subject: str, mailbox: str, address: str) -> None:
    row = insert(tx, MailThread).values(subject=subject, mailbox=mailbox, address=address)
    await changed(tx, row.on_conflict_do_nothing())


async def forget(tx: AsyncSession, before: datetime) -> int:
    """Messages so old that nobody sends them again, a batch at a time; how many."""
    old = select(MailSeen.id).where(col(MailSeen.at) < before).limit(BATCH)
    ids = list(await tx.exec(old))
    return await changed(tx, delete(MailSeen).where(col(MailSeen.id).in_(ids))) if ids else 0


async def about_now(tx: AsyncSession, id_: str, subject: str) -> None:
    """A message that was seen has reported this incident."""
    await changed(tx, update(MailSeen).where(col(MailSeen.id) == id_).values(subject=subject))


async def subjects(tx: AsyncSession, address: str) -> list[str]:
    """What somebody reported from outside of Slack."""
    query = select(MailThread.subject).where(MailThread.address == address)
    return list(await tx.exec(query.order_by(MailThread.subject)))


async def facts_of(tx: AsyncSession, subjects: Sequence[str], by: str) -> list[int]:
    """Ids of the facts that hold words of whoever reported these: as the desk put them on record for them."""
    kinds = [FactKind.INCIDENT_OPENED, FactKind.INCIDENT_INFORMED]
    query = select(Entry.id).where(col(Entry.subject).in_(list(subjects)), col(Entry.kind).in_(kinds), Entry.by == by)
    return [one for one in await tx.exec(query) if one is not None]


async def erase(tx: AsyncSession, address: str) -> int:
    """Forgets an address; how many messages of it were remembered. Who wrote by it is answered no more."""
    await changed(tx, delete(MailThread).where(col(MailThread.address) == address))
    return await changed(tx, delete(MailSeen).where(col(MailSeen.address) == address))


async def first(tx: AsyncSession, subject: str, address: str) -> str | None:
    """The message by which somebody reported it."""
    query = select(MailSeen.id).where(MailSeen.subject == subject, MailSeen.address == address)
    return (await tx.exec(query.order_by(col(MailSeen.at)).limit(1))).first()
