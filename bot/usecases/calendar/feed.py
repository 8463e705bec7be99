"""A person's address of the change calendar: made, made anew, ended, and who stands behind one."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar.calendar import Entry
from bot.rules.calendar.notices import SUBJECT
from bot.rules.record.facts import Fact, FactKind
from bot.usecases import people
from bot.usecases.calendar import calendar
from bot.usecases.policy import in_force
from storage.calendar import feeds
from storage.journal import journal
from storage.workspace import people as directory

BACK, ON = timedelta(days=90), timedelta(days=366)
TOKEN_BYTES = 32


async def made_at(tx: AsyncSession, by: str) -> datetime | None:
    """Since when this person has an address. Raises GuestsMayNot."""
    await people.member(tx, by)
    kept = await feeds.of(tx, by)
    return kept.made_at if kept else None


async def make(tx: AsyncSession, *, by: str, now: datetime) -> str:
    """The token of a new address, which is kept nowhere; a former one leads nowhere any more. Raises GuestsMayNot."""
    await people.member(tx, by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await feeds.keep(tx, by, _hash(token), now)
    await _record(tx, FactKind.CALENDAR_SUBSCRIBED, by, now)
    return token


async def end(tx: AsyncSession, *, by: str, now: datetime) -> None:
    if await feeds.forget(tx, by):
        await _record(tx, FactKind.CALENDAR_UNSUBSCRIBED, by, now)


async def reader(tx: AsyncSession, token: str) -> str | None:
    """Whose address this is; None for nobody's, and for one of somebody whom Deskbell serves no longer."""
    wanted = _hash(token)
    kept = await feeds.with_hash(tx, wanted)
    if kept is None or not hmac.compare_digest(kept.token_hash, wanted):
        return None
    found = await directory.get(tx, kept.person)
    if found is None or found.deleted or found.is_guest or found.is_bot:
        return None
    return kept.person


async def entries(tx: AsyncSession, person: str, now: datetime) -> list[Entry]:
    """What the person may see, cancelled changes too, so that calendar programs strike them out."""
    return await calendar.entries(tx, now - BACK, now + ON, by=person, now=now, cancelled=True)


def _hash(token: str) -> str:
    # A random token needs no salt and no slow hash: there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()


async def _record(tx: AsyncSession, kind: FactKind, by: str, now: datetime) -> None:
    await journal.record(tx, Fact(kind, SUBJECT, by, now, (await in_force(tx)).version))
