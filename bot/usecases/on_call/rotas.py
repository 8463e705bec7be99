"""Who is on call: the policy's rotas with all that was laid over them in Slack. Whatever asks, asks here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.on_call import notices
from bot.rules.on_call.policy import Rota
from bot.rules.on_call.refusals import NoSuchRota
from bot.rules.on_call.shifts import INSTANT, OnCallShift, Overlay, shifts, turn_at
from bot.rules.policy.policy import Policy
from bot.rules.policy_format.hints import hint
from bot.rules.workspace.rota_names import rota_in
from bot.usecases import people
from storage.on_call import hand_overs, overrides
from storage.tables import OnCallOverride
from storage.workspace import people as directory

PATIENCE = timedelta(minutes=30)
"""After which a hand-over that nobody acknowledged is told, and who had the turn is called too."""


@dataclass(frozen=True)
class Laid:
    """A rota with what lies over it in a span."""

    rota: Rota
    over: Sequence[Overlay]
    ids: Mapping[str, str]
    """Of those whom the policy has by user name."""

    def shifts(self, begin: datetime, end: datetime, more: Sequence[Overlay] = ()) -> list[OnCallShift]:
        """Within the span that it was read for. Raises BeyondHorizon."""
        return shifts(self.rota, begin, end, (*self.over, *more), self.ids)

    def turn_at(self, at: datetime) -> OnCallShift | None:
        return turn_at(self.rota, at, self.over, self.ids)

    @property
    def people(self) -> list[str]:
        """Everybody whom its layers name, by id."""
        named = (one for layer in self.rota.layers for crew in layer.crews for one in crew)
        return list(dict.fromkeys(self.ids.get(one, one) for one in named))


def overlay(row: OnCallOverride) -> Overlay:
    return Overlay(row.starts_at, row.ends_at, row.comes, row.leaves, row.kind, row.reason)


def one(policy: Policy, key: str) -> Rota:
    """Raises NoSuchRota."""
    if key not in policy.rotas:
        raise NoSuchRota(typed=key, hint=hint(key, policy.rotas), rotas=", ".join(policy.rotas) or "none")
    return policy.rotas[key]


async def laid(tx: AsyncSession, policy: Policy, key: str, begin: datetime, end: datetime) -> Laid:
    """One rota. Raises NoSuchRota."""
    return (await laid_all(tx, policy, [key], begin, end))[key]


async def laid_all(
    tx: AsyncSession, policy: Policy, keys: Iterable[str], begin: datetime, end: datetime
) -> dict[str, Laid]:
    """Rotas by key, in the order that is asked for. Raises NoSuchRota: a form may outlive its rota."""
    rotas = {key: one(policy, key) for key in keys}
    rows = await overrides.touching(tx, list(rotas), begin, end) if rotas else []
    names = {one for rota in rotas.values() for one in rota.people if is_user_name(one)}
    ids = await directory.ids_of(tx, names)
    return {
        key: Laid(rota, [overlay(row) for row in rows if row.rota in (key, notices.EVERYBODYS)], ids)
        for key, rota in rotas.items()
    }


async def on_call(tx: AsyncSession, policy: Policy, key: str, at: datetime) -> list[str]:
    """Ids of those who have the turn at that instant and can be reached; none of a rota that the policy lacks."""
    if key not in policy.rotas:
        return []
    turn = (await laid(tx, policy, key, at, at + INSTANT)).turn_at(at)
    return await reached(tx, turn.people if turn else ())


async def called(tx: AsyncSession, policy: Policy, key: str, at: datetime) -> list[str]:
    """Whom the ladder calls: those on call, and who had it before where nobody has acknowledged the hand-over."""
    now = await on_call(tx, policy, key, at)
    last = await hand_overs.newest(tx, key)
    if last is None or last.acknowledged_at or not last.went or at < last.at + PATIENCE:
        return now
    return list(dict.fromkeys([*now, *await reached(tx, last.went.split())]))


async def on_call_by_name(tx: AsyncSession, policy: Policy, name: str | None, at: datetime) -> list[str]:
    """As `on_call`, of “rota:KEY”; none of None."""
    key = rota_in(name) if name else None
    return await on_call(tx, policy, key, at) if key else []


async def reached(tx: AsyncSession, asked: Iterable[str]) -> list[str]:
    """Those of them whom Deskbell serves, in their order: nobody who has left, and no user name that nobody has."""
    return await people.reached(tx, [one for one in asked if not is_user_name(one)])


async def able(tx: AsyncSession, policy: Policy, key: str) -> list[str]:
    """Who may have the rota's turn: those whom it names, and the members of its group."""
    if key not in policy.rotas:
        return []
    rota = policy.rotas[key]
    named = list(rota.people)
    ids = await directory.ids_of(tx, [one for one in named if is_user_name(one)])
    members = await directory.members(tx, rota.group) if rota.group else []
    return await reached(tx, dict.fromkeys([*(ids.get(one, one) for one in named), *members]))


def is_user_name(one: str) -> bool:
    """Ids of Slack begin with a capital letter."""
    return not one[:1].isupper()
