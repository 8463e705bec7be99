"""Tokens of the REST API: made and taken back at the terminal, and who they act as."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.api import tokens as rules
from bot.rules.api.refusals import NoSuchToken, NotAToken
from bot.rules.api.tokens import NotThisScope
from bot.rules.record.facts import OPERATOR, Datum, Fact, FactKind, account_key
from bot.usecases import people
from bot.usecases.api import accounts
from bot.usecases.policy import in_force
from storage.api import tokens
from storage.journal import journal
from storage.tables import ApiToken


@dataclass(frozen=True)
class Caller:
    """Who asks: a person, never more than they are, within the token's scopes."""

    token: int
    person: str
    scopes: frozenset[str]
    secret: bytes
    """Signs this token's cursors."""
    last_used_on: str | None

    @property
    def sees_private(self) -> bool:
        return rules.PRIVATE in self.scopes

    def require(self, scope: str) -> None:
        """Raises NotThisScope."""
        if scope not in self.scopes:
            raise NotThisScope(scope=scope)


async def make(
    tx: AsyncSession, person: str, scopes: Collection[str], name: str, valid: timedelta | None, now: datetime
) -> tuple[str, ApiToken]:
    """The token, which is shown this once, and what is kept. Raises BadScope, GuestsMayNot, NoSuchAccount."""
    key = account_key(person)
    await (people.member(tx, person) if key is None else accounts.require_open(tx, key))
    granted, text = rules.scopes_of(scopes), rules.written(secrets.token_bytes(32))
    row = ApiToken(
        token_hash=rules.digest(text),
        name=name,
        person=person,
        scopes=granted,
        made_at=now,
        expires_at=now + valid if valid else None,
    )
    kept = await tokens.add(tx, row)
    await _record(tx, FactKind.API_KEY_MADE, kept, {"person": person, "scopes": granted.split()}, now)
    return text, kept


async def revoke(tx: AsyncSession, number: int, now: datetime) -> None:
    """Raises NoSuchToken."""
    found = next((one for one in await tokens.all_of(tx) if one.id == number), None)
    if found is None or not await tokens.revoke(tx, number, now):
        raise NoSuchToken(number=number)
    await _record(tx, FactKind.API_KEY_REVOKED, found, {"person": found.person}, now)


async def every(tx: AsyncSession) -> list[ApiToken]:
    return await tokens.all_of(tx)


async def caller(tx: AsyncSession, token: str, now: datetime) -> Caller:
    """Whom a token acts as now. Raises NotAToken; GuestsMayNot where the person has left."""
    found = await tokens.by_hash(tx, rules.digest(token)) if rules.well_formed(token) else None
    row, person = found or (None, None)
    if row is None or row.id is None or not rules.good(row.expires_at, row.revoked_at, now):
        raise NotAToken()
    people.require_served(person)
    return Caller(row.id, row.person, frozenset(row.scopes.split()), row.token_hash.encode(), row.last_used_on)


async def note_use(tx: AsyncSession, who: Caller, now: datetime) -> None:
    """The day, once a day."""
    await tokens.used(tx, who.token, now.date().isoformat())


async def _record(tx: AsyncSession, kind: FactKind, token: ApiToken, data: dict[str, Datum], now: datetime) -> None:
    version = (await in_force(tx)).version
    await journal.record(tx, Fact(kind, f"token {token.id}", OPERATOR, now, version, data))
