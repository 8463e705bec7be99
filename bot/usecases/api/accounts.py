"""Service accounts: programs that act as themselves. Made and closed at the terminal, by who runs Deskbell."""

import re
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.api.refusals import AccountThere, NoSuchAccount, NoSuchGroup, NotAnAccount
from bot.rules.record.facts import OPERATOR, Datum, Fact, FactKind, account
from bot.usecases.policy import in_force
from storage.api import accounts as stored
from storage.api import tokens
from storage.journal import journal
from storage.tables import ServiceAccount

_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


async def make(tx: AsyncSession, key: str, group: str, title: str, now: datetime) -> ServiceAccount:
    """May what a member of the group may. Raises NotAnAccount, AccountThere, NoSuchGroup."""
    if not _KEY.fullmatch(key):
        raise NotAnAccount(key=key)
    groups = (await in_force(tx)).policy.groups
    if group not in groups:
        raise NoSuchGroup(group=group[:40], known=", ".join(groups))
    made = ServiceAccount(key=key, title=title.strip()[:150] or key, group_key=group, made_at=now)
    if not await stored.add(tx, made):
        raise AccountThere(key=key)
    await _record(tx, FactKind.SERVICE_ACCOUNT_MADE, key, {"group": group}, now)
    return made


async def close(tx: AsyncSession, key: str, now: datetime) -> int:
    """Its tokens are good no more; returns how many were. Raises NoSuchAccount."""
    if not await stored.close(tx, key, now):
        raise NoSuchAccount(key=key)
    ended = await tokens.revoke_of(tx, account(key), now)
    await _record(tx, FactKind.SERVICE_ACCOUNT_CLOSED, key, {"tokens": ended}, now)
    return ended


async def require_open(tx: AsyncSession, key: str) -> None:
    """Raises NoSuchAccount."""
    found = await stored.one(tx, key)
    if found is None or found.closed_at is not None:
        raise NoSuchAccount(key=key)


async def every(tx: AsyncSession) -> list[ServiceAccount]:
    return await stored.every(tx)


async def _record(tx: AsyncSession, kind: FactKind, key: str, data: dict[str, Datum], now: datetime) -> None:
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, f"account {key}", OPERATOR, now, version, data))
