"""An item as the record has it, and as a plan will have it: values alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

from bot.rules.configuration_item.policy import (
    DEPENDS_ON,
    PRIVATE,
    SERVICE,
    Attribute,
    AttributeType,
    CiRelation,
    CiSource,
    CiType,
    Direction,
)
from bot.rules.configuration_item.values import key_of
from bot.rules.workspace.policy import Group as Group_

Member: TypeAlias = int | str
"""The number of an item (below 0: of one that the plan makes), or the text of a reference that leads nowhere yet."""


POLICY = "policy"
"""The origin of what the policy says of its services. Nothing else changes that."""


class Group(NamedTuple):
    """Items that one item stands in a relation to; some of them may do."""

    relation: str
    members: tuple[Member, ...]
    needs: int | None = None
    """How many of them it needs; None: all."""

    @property
    def said(self) -> str:
        """“1 of 2”; empty for all."""
        return f"{self.needs} of {len(self.members)}" if self.needs is not None else ""

    @property
    def canonical(self) -> "Group":
        """The same for the same members in another order."""
        return Group(
            self.relation, tuple(sorted(self.members, key=lambda one: (isinstance(one, str), one))), self.needs
        )


@dataclass(frozen=True, slots=True)
class Item:
    number: int
    type: str
    values: Mapping[str, str]
    """Name, state, owner, environment and attributes; what is empty is left out."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Which source said a value, or a relation."""
    groups: tuple[Group, ...] = ()

    @property
    def name(self) -> str:
        return self.values.get("name", "")

    @property
    def state(self) -> str:
        return self.values.get("state", "")

    @property
    def is_marked(self) -> bool:
        """Whether somebody, or a file, said that it is private. By its type it may be all the same."""
        return self.values.get(PRIVATE) == "yes"

    @property
    def is_policys(self) -> bool:
        """Whether it is a service of the policy, which says all of it but its relations to other items."""
        return self.origins.get("name") == POLICY

    def key(self, parts: tuple[str, ...]) -> str:
        """Empty where a part of it is."""
        found = [self.values.get(part, "") for part in parts]
        return key_of(found) if all(found) else ""


@dataclass(frozen=True)
class Schema:
    """What a policy says of items."""

    types: Mapping[str, CiType]
    relations: Mapping[str, CiRelation]
    sources: Mapping[str, CiSource] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    """Groups by their keys, with their titles."""

    @property
    def makes_services(self) -> bool:
        """Whether anything but the policy's services can be one."""
        return self.types[SERVICE].key != _SERVICE.key

    def key_parts(self, type_: str) -> tuple[str, ...]:
        return self.types[type_].key if type_ in self.types else ("name",)

    def key(self, item: Item) -> str:
        return item.key(self.key_parts(item.type))

    @property
    def private_types(self) -> list[str]:
        return sorted(key for key, one in self.types.items() if one.private)

    def hides(self, item: Item) -> bool:
        """Whether it is for its audience alone."""
        return item.is_marked or (item.type in self.types and self.types[item.type].private)


class Cataloguing(Protocol):
    """The part of a policy that says what items there are."""

    @property
    def ci_types(self) -> Mapping[str, CiType]: ...

    @property
    def ci_relations(self) -> Mapping[str, CiRelation]: ...

    @property
    def ci_sources(self) -> Mapping[str, CiSource]: ...

    @property
    def groups(self) -> Mapping[str, Group_]: ...


_SERVICE = CiType(title="Service", key=("service",), attributes={"service": Attribute(type=AttributeType.TEXT)})
_DEPENDS_ON = CiRelation(title="depends on", back="is needed by", impact=Direction.BACKWARD)


def schema_of(policy: Cataloguing) -> Schema:
    """What the policy says, and what Deskbell adds for its services: their type, and what one depends on."""
    types = {SERVICE: _SERVICE, **policy.ci_types}
    relations = {DEPENDS_ON: _DEPENDS_ON, **policy.ci_relations}
    owners = {key: group.title for key, group in policy.groups.items()}
    return Schema(types, relations, policy.ci_sources, owners)
