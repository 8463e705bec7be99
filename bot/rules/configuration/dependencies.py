"""The policy's services: what the desk looks after, and which of them stand on which, all the way down."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from bot.rules.policy_format.document import Table, tables, texts
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.references import Refers
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import KEYED, Key, Keyed, words
from bot.rules.workspace.rota_names import OnCall

Needs = Mapping[str, Collection[str]]
"""What each service depends on itself, by key."""


class Criticality(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Service(Keyed):
    name: Annotated[str, words(75)]
    owner: Annotated[str, Refers("groups")]
    channel: Annotated[str, Refers("channels")]
    on_call: OnCall | None = None
    """Who has the turn is given its incidents as they are reported; the owner's `on_call`, if left out."""
    criticality: Criticality
    hours: Annotated[str, Refers("calendars")] | None = None
    """The calendar of the hours that are agreed for it; every hour, if left out."""
    description: Annotated[str, words(300, 0)] = ""
    also: tuple[Annotated[str, words(40)], ...] = ()
    """What people call it, or what it is about, beside its name and description: a report is guessed by these."""
    depends_on: tuple[Annotated[Key, Refers("services")], ...] = ()
    """The services that it stands on."""
    out_of_scope: Annotated[str, words(300, 0)] = ""
    """Why the management system does not cover it: then its records are no evidence of a clause."""


def below(needs: Needs, service: str) -> frozenset[str]:
    """All that a service depends on, directly or through others."""
    found: set[str] = set()
    ahead = list(needs.get(service, ()))
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += needs.get(one, ())
    return frozenset(found)


def at_least_one(services: Table) -> Iterator[Sensed]:
    """There is something that people can report on."""
    if not services:
        yield Sensed((), "there is no service; name at least one that people can report on")


def told_apart(services: Table) -> Iterator[Sensed]:
    """No two have the same name, whatever its capitals."""
    seen: dict[str, str] = {}
    for key, service in tables(services).items():
        name = str(service.get("name", key)).strip().casefold()
        if name in seen:
            yield Sensed((key, "name"), f"has the same name as the service “{seen[name]}”")
        seen.setdefault(name, key)


def in_no_circle(services: Table) -> Iterator[Sensed]:
    """No service depends on itself in the end."""
    needs = {key: texts(service.get("depends_on")) for key, service in tables(services).items()}
    for key in needs:
        if key in below(needs, key):
            yield Sensed((key, "depends_on"), f"“{key}” would depend on itself, directly or through others")


Services = Annotated[
    dict[Key, Service], KEYED, Section(checks=(at_least_one, told_apart, in_no_circle), removable=True)
]
