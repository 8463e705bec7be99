"""What the desk has that a row of another tool may mean: people, services and groups."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration.service_guess import UNSURE
from bot.rules.imports import mapping
from bot.rules.imports.ticket import Who, counted
from bot.rules.policy.policy import Policy
from bot.usecases import people
from bot.usecases.policy import in_force

UNMATCHED_MOST = 5000
"""How many different names of a kind are counted: a file may have a different one in each row."""


@dataclass
class Unmatched:
    """What nobody here is, or has the name of, and how often it was said."""

    people: Counter[str] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        return {name: counted(getattr(self, name)) for name in ("people", "services", "groups")}


@dataclass(frozen=True)
class Known:
    mapped: mapping.Mapping
    policy: Policy
    version: int
    people: Mapping[str, str]
    """Ids by what they may be called, in small letters: those who are here and may be served."""
    services: Mapping[str, str]
    groups: Mapping[str, str]
    unmatched: Unmatched = field(default_factory=Unmatched)

    def person(self, who: Who | None) -> str | None:
        """By e-mail address before all, then by Slack's id or by a name that one person alone has."""
        if who is None:
            return None
        said = {name.casefold(): person for name, person in self.mapped.people.items()}
        for name in filter(None, (who.email, who.id, who.name)):
            if name.casefold() in said:
                # An empty one: it is known that they are not here.
                return self.people.get(said[name.casefold()].casefold()) if said[name.casefold()] else None
        for name in filter(None, (who.email, who.id, who.name)):
            if found := self.people.get(name.casefold()):
                return found
        _count(self.unmatched.people, who.said)
        return None

    def service(self, said: str) -> str:
        stands_in = self.mapped.service or UNSURE
        if not said:
            return stands_in
        if found := self.services.get(said.casefold()):
            return found
        _count(self.unmatched.services, said)
        return stands_in

    def group(self, said: str) -> str | None:
        if not said:
            return None
        if found := self.groups.get(said.casefold()):
            return found
        _count(self.unmatched.groups, said)
        return None


async def known(tx: AsyncSession, mapped: mapping.Mapping) -> Known:
    desk = await in_force(tx)
    policy = desk.policy
    services = {also.casefold(): key for key, one in policy.services.items() for also in one.also}
    services |= {one.name.casefold(): key for key, one in policy.services.items()}
    services |= {key.casefold(): key for key in policy.services}
    services |= {said.casefold(): key for said, key in mapped.services.items()}
    groups = {one.title.casefold(): key for key, one in policy.groups.items()}
    groups |= {key.casefold(): key for key in policy.groups}
    groups |= {said.casefold(): key for said, key in mapped.groups.items()}
    everybody = await people.called(tx)
    return Known(mapped, policy, desk.version, everybody, services, groups)


def wrong(mapped: mapping.Mapping, policy: Policy) -> list[str]:
    """What the mapping names that the policy has not."""
    asked = [*mapped.services.values(), *([mapped.service] if mapped.service else [])]
    found = [f"there is no service “{key}”" for key in dict.fromkeys(asked) if key not in {*policy.services, UNSURE}]
    return found + [
        f"there is no group “{key}”" for key in dict.fromkeys(mapped.groups.values()) if key not in policy.groups
    ]


def _count(found: Counter[str], said: str) -> None:
    if said in found or len(found) < UNMATCHED_MOST:
        found[said] += 1
