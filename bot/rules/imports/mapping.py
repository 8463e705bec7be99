"""What is said once about the tool that people move from: columns, and what its words mean here. A TOML file."""

import hashlib
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from bot.rules.imports import nouns
from bot.rules.imports.instants import Order
from bot.rules.imports.refusals import BadMapping
from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy.errors import in_shape
from bot.rules.policy_format.faults import PolicyFaults
from bot.rules.policy_format.files import load
from bot.rules.policy_format.types import Key, Rule, words
from bot.rules.record.refs import ABOUT
from bot.rules.time.policy import Zone

Word = Annotated[str, words(200)]


class Columns(Rule):
    """The heading of each value."""

    id: Word | None = None
    """By it a row is known again."""
    number: Word | None = None
    """As people know the ticket; the id, if left out."""
    type: Word | None = None
    summary: Word | None = None
    description: Word | None = None
    state: Word | None = None
    opened: Word | None = None
    updated: Word | None = None
    acknowledged: Word | None = None
    resolved: Word | None = None
    closed: Word | None = None
    pending_until: Word | None = None
    priority: Word | None = None
    impact: Word | None = None
    urgency: Word | None = None
    service: Word | None = None
    group: Word | None = None
    reporter: Word | None = None
    reporter_email: Word | None = None
    assignee: Word | None = None
    assignee_email: Word | None = None
    resolution: Word | None = None
    resolution_code: Word | None = None
    private: Word | None = None
    kind: Word | None = None
    """Of a change: normal, standard or emergency."""
    risk: Word | None = None
    starts: Word | None = None
    """Of a change: when its window opens, as planned."""
    ends: Word | None = None
    started: Word | None = None
    finished: Word | None = None
    result: Word | None = None
    plan: Word | None = None
    test_plan: Word | None = None
    backout: Word | None = None
    cause: Word | None = None
    """Of a problem."""
    workaround: Word | None = None
    comments: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    """Notes that everybody may read whom the ticket concerns."""
    work_notes: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    """Notes for those who work on it."""


def _state(text: str) -> str:
    state, _, on = text.casefold().replace("-", " ").partition(" ")
    named = {str(one) for states in nouns.STATES.values() for one in states}
    if text.casefold() in named or (state == "pending" and on in set(PendingOn)):
        return text.casefold()
    known = ", ".join([*IncidentState, *(f"pending {on}" for on in PendingOn)])
    others = (f"of a {ABOUT[noun]} {', '.join(nouns.STATES[noun])}" for noun in list(nouns.STATES)[1:])
    raise ValueError(f"“{text}” is no state; there are {known}; {'; '.join(others)}")


def _member(text: str) -> str:
    if text and not (text[0] in "UW" and text.isalnum() and text.isascii() and text.upper() == text):
        raise ValueError(f"“{text}” is no member's id; it looks like U012AB3CD (profile, ⋮, Copy member ID)")
    return text


State = Annotated[str, AfterValidator(_state)]
Member = Annotated[str, AfterValidator(_member)]
"""Empty: a person of whom it is known that they are not here."""


class Mapping(Rule):
    name: Key | None = None
    """Under which the ids of a CSV file are known: two tools may both have a ticket 1."""
    zone: Zone | None = None
    day_first: bool | None = None
    encoding: Word | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    service: Key | None = None
    """Of what names no service, or none that is known."""
    take: Annotated[tuple[Word, ...], Field(max_length=50)] = ()
    """Types that are taken as incidents too, such as "Service Request"."""
    columns: Columns = Field(default_factory=Columns)
    states: dict[Word, State] = Field(default_factory=dict)
    priorities: dict[Word, Priority] = Field(default_factory=dict)
    impacts: dict[Word, Impact] = Field(default_factory=dict)
    urgencies: dict[Word, Urgency] = Field(default_factory=dict)
    services: dict[Word, Key] = Field(default_factory=dict)
    groups: dict[Word, Key] = Field(default_factory=dict)
    people: dict[Word, Member] = Field(default_factory=dict)
    """Slack ids by e-mail address, name or id of the other tool."""

    @property
    def order(self) -> Order | None:
        if self.day_first is None:
            return None
        return Order.DAY_FIRST if self.day_first else Order.MONTH_FIRST


NOTHING = Mapping()


def parse(text: str, file: str) -> Mapping:
    """Raises BadMapping, with all that is wrong."""
    try:
        return Mapping.model_validate(load(text))
    except PolicyFaults as faults:
        raise BadMapping(file=file, because=_joined(str(one).strip() for one in faults.faults)) from None
    except ValidationError as error:
        told = (f"{'.'.join(map(str, one.where))} {one.message}" for one in in_shape(error, Mapping))
        raise BadMapping(file=file, because=_joined(told)) from None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _joined(told: Iterable[str]) -> str:
    return "; ".join(told).rstrip(".")
