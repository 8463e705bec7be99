"""What fails where items fail, read from the record."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.diagram import UNNAMED, Diagram, Node, diagram
from bot.rules.configuration_item.flow import IN_SERVICE
from bot.rules.configuration_item.impact import Impact, Stands, impact
from bot.rules.configuration_item.items import schema_of
from bot.rules.configuration_item.policy import PRIVATE, SERVICE
from bot.rules.configuration_item.refusals import NoSuchItem, SeveralItems
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, of_subject
from storage import record_links, records
from storage.configuration_item import graph, search
from storage.configuration_item.items import batches
from storage.configuration_item.visibility import Viewer
from storage.tables import ConfigurationItem


@dataclass(frozen=True)
class Answer:
    items: Mapping[int, ConfigurationItem]
    """All that are reached."""
    impact: Impact[int]
    stands: list[Stands[int]]
    keys: Mapping[int, str]
    """How each is called: by its key, where no other has the same."""
    is_cut: bool
    hidden: frozenset[int] = frozenset()
    """Those that are not for who reads it: counted, and not named."""

    def shown(self, numbers: Collection[int]) -> tuple[list[int], int]:
        """What of them may be named, the nearest first; and how many more there are."""
        named = [one for one in self.ordered(numbers) if one not in self.hidden]
        return named, len(numbers) - len(named)

    def services(self, numbers: Collection[int]) -> list[ConfigurationItem]:
        return [one for number in self.ordered(numbers) if (one := self.items[number]).type == SERVICE]

    def ordered(self, numbers: Collection[int]) -> list[int]:
        """What is nearest first."""
        return sorted(numbers, key=lambda one: (len(self.impact.why[one]), self.keys[one]))

    def diagram(self, badges: Mapping[int, str] = MappingProxyType({})) -> Diagram:
        """Its picture; `badges` are said beside names."""
        nodes = {
            one: Node(one, item.type, item.name, badges.get(one, ""), is_hidden=one in self.hidden)
            for one, item in self.items.items()
        }
        return diagram(self.impact, self.stands, nodes)

    def as_dict(self) -> dict[str, Any]:
        told = self.impact
        return {
            "down": sorted(self.keys[one] for one in told.down),
            "degraded": sorted(self.keys[one] for one in told.degraded),
            "safe": sorted(self.keys[one] for one in told.safe),
            "why": {self.keys[one]: [self.keys[each] for each in path] for one, path in sorted(told.why.items())},
            "services": {
                name: sorted(self.keys[one.number] for one in self.services(numbers))
                for name, numbers in (("down", told.down), ("degraded", told.degraded), ("safe", told.safe))
            },
        }


async def meant(tx: AsyncSession, text: str, viewer: Viewer) -> ConfigurationItem:
    """The item that a reference, a key or a name means. Raises NoSuchItem, SeveralItems."""
    text = " ".join(text.split())
    before, _, digits = text.partition("-")
    if before.upper() == Noun.CI and digits.isascii() and digits.isdigit() and len(digits) < 10:
        one = await records.get(tx, ConfigurationItem, int(digits))
        found = [one] if one is not None and viewer.see(one) else []
    else:
        found = await search.named(tx, text, viewer)
    if not found:
        raise NoSuchItem(key=text)
    if len(found) > 1:
        told = [f"{one.ref} ({one.type} {one.key or one.name})" for one in found]
        raise SeveralItems(key=text, candidates=" or ".join(told[:6]))
    return found[0]


async def of_items(
    tx: AsyncSession, numbers: Collection[int], policy: Policy, viewer: Viewer, depth: int | None = None
) -> Answer:
    """What these take down with them, by the relations of the policy, as it is told to who reads with these eyes."""
    schema = schema_of(policy)
    walked = await graph.above(tx, numbers, schema.relations, depth)
    out = {number for number, state in walked.states.items() if state not in IN_SERVICE}
    found = impact(walked.stands, numbers, out=out, depth=depth)
    reached = await _items(tx, found.reached)
    hidden = frozenset(number for number, one in reached.items() if not viewer.see(one))
    reached |= {number: _unnamed(reached[number]) for number in hidden}
    return Answer(reached, found, walked.stands, await called(tx, reached.values()), walked.cut, hidden)


def _unnamed(item: ConfigurationItem) -> ConfigurationItem:
    """What stands in its place: who owns it has to be told of it all the same."""
    return ConfigurationItem(
        number=item.number, type=PRIVATE, key="", name=UNNAMED, folded="", state=item.state, private=True,
        owner_group=item.owner_group, added_at=item.added_at,
        moved_at=item.moved_at, moved_by="",
    )  # fmt: skip


async def named_by(tx: AsyncSession, refs: Collection[str]) -> Mapping[str, tuple[int, ...]]:
    """The items that each of these records names, by number."""
    found: dict[str, tuple[int, ...]] = {}
    for some in batches(sorted(refs)):
        for subject, item in await record_links.to_noun(tx, some, Noun.CI):
            found[subject] = (*found.get(subject, ()), of_subject(item).number)
    return found


async def called(tx: AsyncSession, found: Iterable[ConfigurationItem]) -> dict[int, str]:
    """Keys, with the type before them where items of two types have the same, and references where there is none."""
    told = list(found)
    doubled: set[str] = set()
    for some in batches(sorted({one.key for one in told if one.key})):
        doubled |= await search.doubled(tx, some)
    return {one.number: _called(one, doubled) for one in told}


def _called(one: ConfigurationItem, doubled: Collection[str]) -> str:
    if one.type == PRIVATE:
        return UNNAMED
    if not one.key:
        return str(one.ref)
    return f"{one.type}:{one.key}" if one.key in doubled else one.key


async def _items(tx: AsyncSession, numbers: Collection[int]) -> dict[int, ConfigurationItem]:
    found: dict[int, ConfigurationItem] = {}
    for some in batches(sorted(numbers)):
        found |= await search.numbered(tx, some)
    return found
