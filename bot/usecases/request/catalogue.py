"""What can be asked for, and by whom."""

import json
from collections.abc import Mapping, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.form.conditions import Answer
from bot.rules.request import similar_items
from bot.rules.request.policy import Item
from bot.rules.request.refusals import NotForYou, NotInCatalogue
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import as_read
from storage.request import requests
from storage.workspace import people as directory


async def items_for(tx: AsyncSession, by: str, words: str = "") -> list[Item]:
    """What this person may ask for, as far as it has all these words. Raises GuestsMayNot."""
    await people.member(tx, by)
    groups = set(await directory.groups_of(tx, by))
    every = (await in_force(tx)).policy.requests.values()
    wanted = words.casefold().split()
    return [one for one in every if _is_for(one, groups) and all(word in _read(one) for word in wanted)]


async def read_like(tx: AsyncSession, typed: str, by: str) -> Sequence[Item]:
    """What somebody seems to ask for who reports an incident, as far as they may."""
    groups = set(await directory.groups_of(tx, by))
    every = (await in_force(tx)).policy.requests.values()
    return similar_items.read_like(typed, [one for one in every if _is_for(one, groups)])


async def item(tx: AsyncSession, key: str, by: str) -> Item:
    """Raises NotInCatalogue, NotForYou, GuestsMayNot."""
    await people.member(tx, by)
    policy = (await in_force(tx)).policy
    found = policy.requests.get(key)
    if found is None:
        raise NotInCatalogue(typed=key)
    if not _is_for(found, set(await directory.groups_of(tx, by))):
        groups = " or ".join(policy.group(one).title for one in found.who)
        raise NotForYou(title=found.title, groups=groups)
    return found


async def named(tx: AsyncSession, typed: str, by: str) -> Item | None:
    """The item whose key or title somebody typed; None for other words. Raises NotForYou, GuestsMayNot."""
    wanted = typed.strip().casefold()
    for key, one in (await in_force(tx)).policy.requests.items():
        if wanted in (key, one.title.casefold()):
            return await item(tx, key, by)
    return None


def _is_for(one: Item, groups: set[str]) -> bool:
    return not one.who or not groups.isdisjoint(one.who)


def _read(one: Item) -> str:
    return f"{one.key} {one.title} {one.description or ''}".casefold()


async def answered_last(tx: AsyncSession, key: str, by: str) -> Mapping[str, Answer | None]:
    """What somebody answered when they asked for this the last time; nothing where they never did."""
    found = await requests.last_of(tx, by, key)
    last = await as_read(tx, found, by) if found else None
    if last is None or not last.answers.startswith("["):
        return {}
    return {
        one["id"]: one["answer"] if isinstance(one["answer"], str) else tuple(one["answer"])
        for one in json.loads(last.answers)
    }
