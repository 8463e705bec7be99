"""The services and how each is now; and what each stands on, which is read from the configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change.flow import ChangeState
from bot.rules.change_window.windows import WindowKind, occurrences
from bot.rules.configuration_item.policy import SERVICE
from bot.rules.configuration_item.service_state import Bearing
from bot.rules.record.refs import Noun, Ref
from bot.usecases.configuration_item.lists import Sheet, sheet
from bot.usecases.policy import in_force
from storage.change_window import windows
from storage.configuration_item import search, service_states
from storage.incident.incidents import Viewer
from storage.workspace import people as directory

AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class ServiceSheet:
    key: str
    bearing: Bearing
    item: Sheet | None
    """Its item; None before services were put on record."""


async def bearings(tx: AsyncSession, by: str | None, now: datetime) -> Mapping[str, Bearing]:
    """By service of the policy in force, for one reader: of private incidents those that they see are counted.

    Without a reader, as everybody may see it.
    """
    incidents, private = await service_states.incidents(tx), await _private(tx, by)
    changes = await service_states.changes(tx, now, now + AHEAD)
    soon = now + timedelta(seconds=1)
    standing = [one for one in await windows.between(tx, now, soon) if occurrences(one, now, soon)]
    found = {}
    for key in (await in_force(tx)).policy.services:
        running = [number for number, state in changes.get(key, ()) if state == ChangeState.IMPLEMENTING]
        coming = [number for number, state in changes.get(key, ()) if state != ChangeState.IMPLEMENTING]
        here = [one for one in standing if not one.services or key in one.services]
        found[key] = Bearing(
            [(Ref(Noun.INCIDENT, number), priority) for number, priority in incidents.get(key, ())],
            private.get(key, 0),
            [Ref(Noun.CHANGE, one) for one in running],
            [Ref(Noun.CHANGE, one) for one in coming],
            [one.title for one in here if one.kind is WindowKind.MAINTENANCE],
            [one.title for one in here if one.kind is not WindowKind.MAINTENANCE],
        )
    return found


async def _private(tx: AsyncSession, by: str | None) -> Mapping[str, int]:
    if by is None:
        return {}
    group = (await in_force(tx)).policy.incidents.private.group
    return await service_states.private(tx, Viewer(by, group in await directory.groups_of(tx, by)))


async def of(tx: AsyncSession, key: str, by: str, now: datetime) -> ServiceSheet:
    rows = await search.keyed(tx, SERVICE, key)
    return ServiceSheet(key, (await bearings(tx, by, now))[key], await sheet(tx, rows[0], by) if rows else None)


async def meant(tx: AsyncSession, typed: str) -> Sequence[str]:
    """Keys of the services that a text may mean: by key, name or the words that people use."""
    policy, wanted = (await in_force(tx)).policy, " ".join(typed.casefold().split())
    exact = [key for key, one in policy.services.items() if wanted in (key, one.name.casefold())]
    if exact:
        return exact
    known = {key: [one.name, *one.also, one.description] for key, one in policy.services.items()}
    return [key for key, words in known.items() if any(wanted in word.casefold() for word in words)]
