"""The policy's sections on configuration items: their types, their relations, and the files that tell of them."""

import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Protocol, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, model_validator

from bot.rules.configuration_item.flow import CiState
from bot.rules.policy_format.document import Table, tables, texts
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.hints import listed, nearest
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Rule, words

SERVICE = "service"
"""The type of the items that the policy's services are. Deskbell has it, unless the policy says what it is."""
DEPENDS_ON = "depends_on"
"""The relation of a service to the services that it stands on."""
PEOPLE = "people"
"""Stands among sources for what was typed in Slack."""
PRIVATE = "private"
FIELDS = ("name", "state", "owner", "environment", PRIVATE)
"""What items of each type have."""
ATTRIBUTES_MOST = 90
"""Of a type; with what items of each type have, a menu of Slack holds 100."""
_TAKEN = (*FIELDS[:-1], "ci", "type", "key", "source", "relations")
_SHAPE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)


def _key(value: str) -> str:
    if not _SHAPE.fullmatch(value):
        raise ValueError(f"“{value}” must be lower-case letters, digits, “-” and “_”, 40 at most")
    return value


CiKey = Annotated[str, AfterValidator(_key)]


class AttributeType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class Direction(StrEnum):
    """What fails of a relation “A, relation, B”."""

    FORWARD = "forward"
    """A fails: B fails."""
    BACKWARD = "backward"
    """B fails: A fails."""
    NONE = "none"


class DateOrder(StrEnum):
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Attribute(Rule):
    type: AttributeType
    title: Annotated[str, words(75)] | None = None
    required: StrictBool = False
    unique: StrictBool = False
    """No two items of the type have the same."""
    secret: StrictBool = False
    """It is never stored, wherever it comes from."""
    choices: tuple[Annotated[str, words(75)], ...] = ()
    """Of a choice alone."""
    sources: tuple[str, ...] = ()
    """Who says what it is, the most trusted first: sources, or people. Others only fill it where it is empty."""

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        if (self.type is AttributeType.CHOICE) != bool(self.choices):
            raise ValueError("choices: an attribute has them if its type is “choice”, and only then")
        return self


def _spelled_out(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


class CiType(Rule):
    title: Annotated[str, words(75)]
    key: Annotated[tuple[str, ...], Field(min_length=1, max_length=5)] = ("name",)
    """The attributes that make two rows one item; all of them together."""
    attributes: dict[CiKey, Annotated[Attribute, BeforeValidator(_spelled_out)]] = Field(default_factory=dict)
    control: StrictBool = False
    """Whether it is changed under an approved change alone; anything else is an unauthorised difference."""
    sources: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The same as of an attribute, for name, state, owner and environment: `sources = { owner = ["people"] }`."""
    verify_every: Annotated[int, Field(strict=True, ge=1, le=3650)] | None = None
    """Days after which an item has to be verified again."""
    private: StrictBool = False
    """Whether all its items are; one of another type may be by itself."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (*FIELDS, *self.attributes)

    def trusted(self, field: str) -> tuple[str, ...]:
        """Who says what a field is, the most trusted first; nobody before others where it is empty."""
        return self.attributes[field].sources if field in self.attributes else self.sources.get(field, ())


class CiRelation(Rule):
    title: Annotated[str, words(75)]
    back: Annotated[str, words(75)]
    """How it is said from the other side."""
    impact: Direction
    sources: tuple[str, ...] = ()
    """As of an attribute."""
    between: Annotated[tuple[tuple[str, str], ...], Field(max_length=100)] = ()
    """Pairs of types that it may lie between; any, where there are none."""

    def allows(self, one: str, other: str) -> bool:
        return not self.between or (one, other) in self.between


class CiSource(Rule):
    type: Annotated[str, Refers("ci_types")] | None = None
    """The type of all its items."""
    types: dict[str, Annotated[str, Refers("ci_types")]] = Field(default_factory=dict)
    """Types by what the file says of a row: the kind of Backstage, the resource type of Terraform, a column `type`."""
    columns: dict[str, Annotated[str, words(200)]] = Field(default_factory=dict)
    """The heading, or the path in JSON (“primary_ip.address”), of each attribute. Nothing else is read."""
    relations: dict[Annotated[str, Refers("ci_relations")], Annotated[str, words(200)]] = Field(default_factory=dict)
    """The columns that name other items, by names or keys with ; between them."""
    needs: dict[Annotated[str, Refers("ci_relations")], Annotated[str, words(200)]] = Field(default_factory=dict)
    """The columns that say how many of those are needed: “1 of 2”. All, where a cell is empty."""
    key: Annotated[tuple[str, ...], Field(max_length=5)] = ()
    """What makes a row of this source an item, where it does not know the key of the type."""
    states: dict[str, str] = Field(default_factory=dict)
    """States by the words that the file has for them."""
    dates: DateOrder | None = None
    """How 03/04/2026 is read. Without it only 2026-04-03 is."""
    decimal: Annotated[str, Field(pattern="^[.,]$")] | None = None
    """The decimal sign. Without it a number with a comma is refused."""
    retire_most: Annotated[int, Field(strict=True, ge=1, le=100)] = 20
    """Where more per cent of its items than this are gone, nothing is retired without --really. One always may be."""
    channel: Annotated[str, Refers("channels")] | None = None
    """Where a file that is shared with the bot is taken for one of this source."""

    @model_validator(mode="after")
    def _has_a_type(self) -> Self:
        if self.type is None and not self.types:
            raise ValueError("type: a source has a type, or `types` by what its rows say")
        return self

    @property
    def all_types(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*([self.type] if self.type else []), *self.types.values()]))


class Configuration(Rule):
    """Who sees to the record of items itself."""

    manager: Annotated[str, Refers("groups")] = "change-managers"
    """May change any item, apply imports and begin verifications."""
    audience: tuple[Annotated[str, Refers("groups")], ...] = ()
    """See private items, beside their owners, the manager, and who works on private incidents."""
    services_channel: Annotated[str, Refers("channels")] = "service-desk"
    """Where `/service post` posts how services are now."""


def type_faults(types: Table) -> Iterator[Sensed]:
    """What no type can have: the name of what each item has, a key that is no attribute or that is secret."""
    for key, one in tables(types).items():
        attributes = one.get("attributes")
        known = attributes if isinstance(attributes, Mapping) else {}
        for name in known:
            if name in _TAKEN:
                yield Sensed((key, "attributes", name), f"each item has “{name}” already; name it otherwise")
        for part in texts(one.get("key")):
            if part not in known and part != "name":
                yield Sensed((key, "key"), _no_attribute(part, ["name", *known]))
            elif _is_secret(known.get(part)):
                yield Sensed((key, "key"), f"“{part}” is secret and never stored, so it cannot be the key")


def source_faults(policy: "_Cataloguing") -> Iterator[Sensed]:
    """What of each source leads nowhere: attributes, states, needs without a relation; two sources of one channel."""
    taken: dict[str, str] = {}
    for key, one in policy.ci_sources.items():
        if one.channel is not None and taken.setdefault(one.channel, key) != key:
            because = f"“{taken[one.channel]}” has this channel, and a file that is shared is of one source"
            yield Sensed(("ci_sources", key, "channel"), because)
        known = list(dict.fromkeys(field for kind in one.all_types for field in policy.ci_types[kind].fields))
        may = [*known, "type"] if one.types else known
        for name in one.columns:
            if name not in may:
                yield Sensed(("ci_sources", key, "columns", name), _no_attribute(name, may))
        for name in one.key:
            if name not in known:
                yield Sensed(("ci_sources", key, "key"), _no_attribute(name, known))
        for name in one.needs:
            where = ("ci_sources", key, "needs", name)
            if name not in one.relations:
                yield Sensed(where, f"`relations` has no column for “{name}”, so nothing can be needed of it")
            elif policy.ci_relations[name].impact is not Direction.BACKWARD:
                yield Sensed(where, f"only a relation with impact “backward” can need some of many; “{name}” is not")
        for word, state in one.states.items():
            if state not in set(CiState):
                yield Sensed(
                    ("ci_sources", key, "states", word), f"“{state}” is no state. States are {listed(CiState)}"
                )


def attribute_faults(policy: "_Cataloguing") -> Iterator[Sensed]:
    """More than a menu of Slack can offer, and what came later. Asked of files alone: a version that was kept stays
    readable."""
    for key, one in policy.ci_types.items():
        if PRIVATE in one.attributes:
            yield Sensed(
                ("ci_types", key, "attributes", PRIVATE), f"each item has “{PRIVATE}” already; name it otherwise"
            )
        if one.private and key == SERVICE:
            yield Sensed(("ci_types", key, PRIVATE), "services are what everybody asks for, and never private")
        if len(one.attributes) > ATTRIBUTES_MOST:
            yield Sensed(
                ("ci_types", key, "attributes"),
                f"a menu of Slack has room for {ATTRIBUTES_MOST} attributes; these are more",
            )


def precedence_faults(policy: "_Cataloguing") -> Iterator[Sensed]:
    """A source that is trusted, and pairs of types that a relation may lie between, are there."""
    sources = [*policy.ci_sources, PEOPLE]
    for key, kind in policy.ci_types.items():
        for name, attribute in kind.attributes.items():
            yield from _trusted(("ci_types", key, "attributes", name, "sources"), attribute.sources, sources)
        for name, trusted in kind.sources.items():
            if name not in FIELDS:
                yield Sensed(("ci_types", key, "sources", name), _no_attribute(name, FIELDS))
            yield from _trusted(("ci_types", key, "sources", name), trusted, sources)
    types = [*policy.ci_types, SERVICE]
    for key, relation in policy.ci_relations.items():
        yield from _trusted(("ci_relations", key, "sources"), relation.sources, sources)
        for name in dict.fromkeys(name for pair in relation.between for name in pair):
            if name not in types:
                hint = _hint(name, types)
                yield Sensed(("ci_relations", key, "between"), f"there is no type “{name}”{hint}")


def _trusted(where: tuple[str, ...], named: Collection[str], sources: Collection[str]) -> Iterator[Sensed]:
    for name in named:
        if name not in sources:
            yield Sensed(
                where, f"there is no source “{name}”{_hint(name, sources)} Sources are {listed(list(sources))}"
            )


def _no_attribute(name: str, known: Collection[str]) -> str:
    return f"there is no attribute “{name}”{_hint(name, known)} Attributes are {listed(list(known))}"


def _hint(name: str, known: Collection[str]) -> str:
    close = nearest(name, list(known))
    return f"; did you mean “{close}”?" if close else "."


def _is_secret(attribute: object) -> bool:
    return isinstance(attribute, Mapping) and attribute.get("secret") is True


class _Cataloguing(Protocol):
    """The part of a policy that has items."""

    @property
    def ci_types(self) -> Mapping[str, CiType]: ...

    @property
    def ci_relations(self) -> Mapping[str, CiRelation]: ...

    @property
    def ci_sources(self) -> Mapping[str, CiSource]: ...


CiTypes = Annotated[
    dict[CiKey, CiType],
    Section(checks=(type_faults,), file_checks=(precedence_faults, attribute_faults), removable=True),
]
CiRelations = Annotated[dict[CiKey, CiRelation], Section(removable=True)]
CiSources = Annotated[dict[CiKey, CiSource], Section(file_checks=(source_faults,), removable=True)]
