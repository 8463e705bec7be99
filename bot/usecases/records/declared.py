"""What a noun declares to the engine, and where the engine looks it up.

The tables of all nouns and of all reactions stand above the nouns, and nouns stand on the engine. The two imports
inside of functions here are the only ones that look upward.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import NotForThis, Refusal
from bot.rules.record.waiting import Waits
from storage.record_links import LinkKind
from storage.tables import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Deed:
    """Who did it and when; what it was is the function's name."""

    by: str
    now: datetime


Reaction: TypeAlias = Callable[[AsyncSession, Any, Fact], Awaitable[None]]
"""What follows from a fact about a record, in the same transaction."""


class Event(StrEnum):
    """What can be done to a record of any noun; its value completes “cannot be …”."""

    NOTED = "noted on"
    UPDATED = "told of"
    INFORMED = "added to"
    LINKED = "linked"
    ASSIGNED = "assigned"
    SHARED = "shared"
    LISTED = "listed"


@dataclass(frozen=True)
class Asked:
    """A page of a list, as it was asked for."""

    typed: str
    page: int
    size: int
    by: str
    now: datetime
    by_deadline: bool = False


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of a list: the one asked for, or the last where the list is shorter."""

    shown: Sequence[R]
    total: int
    number: int
    left_out: bool = False
    """Whether there are older ones that were not searched."""


class Assign(Protocol):
    async def __call__(
        self, tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime
    ) -> Record: ...


class Share(Protocol):
    async def __call__(self, tx: AsyncSession, ref: Ref, who: str, *, by: str, now: datetime) -> Record: ...


async def _nobody(_tx: AsyncSession, _record: Any, _by: str) -> bool:
    return False


async def _untold(_tx: AsyncSession, _record: Any, _kind: FactKind, _deed: Deed) -> None:
    """Nobody is told."""


def _public(_record: Any) -> bool:
    return False


@dataclass(frozen=True)
class Kind(Generic[R]):
    """A noun's own answers to what the engine asks. What is left out, records of that noun do not have."""

    table: type[R]
    shown_to: Callable[[AsyncSession, Ref, str], Awaitable[R]]
    """The record, if this person may see it. Raises NoSuchRecord."""
    name: str
    """As a sentence has it: “an incident”."""
    homes: Callable[[R], Iterable[str | None]] = lambda _: ()
    """Whose App Home shows it."""
    asked_by: Callable[[R], Iterable[str | None]] = lambda _: ()
    """Who asked for it and waits for what comes of it."""
    works_on: Callable[[AsyncSession, R, str], Awaitable[bool]] = _nobody
    """Whether this person works on it: writes notes and reads them, links, assigns."""
    refusal: Callable[[AsyncSession, R, str], Awaitable[Refusal]] | None = None
    """What anybody else hears; the text completes “can …”."""
    private: Callable[[R], bool] = _public
    """Whether some may not know that it exists."""
    stands_on: Callable[[R], str | None] | None = None
    """The record on whose card it is shown, where it has no card of its own."""
    refers: Sequence[str] = ()
    """Its columns that hold another record: a reference, or the number of one of the same noun."""
    form: str = ""
    """Its column with what was answered in its form (JSON), where it has one."""
    facts: Mapping[Event, FactKind] = field(default_factory=dict)
    """Which fact tells of what was done to it."""
    counts: bool = False
    """Whether each of these raises the revision. Of a change it tells what was asked for, and does not."""
    tell: Callable[[AsyncSession, R, FactKind, Deed], Awaitable[None]] = _untold
    """Those whom it concerns hear of the fact that was just put on record."""
    speaks: Callable[[AsyncSession, R, str], Awaitable[bool]] = _nobody
    """Whether this person may add information though they do not work on it."""
    stranger: Callable[[AsyncSession, R, str], Awaitable[Refusal]] | None = None
    """What anybody else hears who tries."""
    heard: Callable[[AsyncSession, R, Deed], Awaitable[None]] | None = None
    """Who is told of information that was added, and what goes on by it."""
    links: Mapping[Noun, LinkKind] = field(default_factory=dict)
    """What a link with a record of another noun says, unless something else is said; it is kept from this side."""
    unlinkable: Callable[[R], str] = lambda _: ""
    """Why nothing can be linked to it; empty where it can."""
    assign: Assign | None = None
    share: Share | None = None
    waits: Callable[[AsyncSession, str, datetime], Awaitable[Sequence[Waits]]] | None = None
    """What of them waits for this person now."""
    opened: Callable[[AsyncSession, str, int], Awaitable[Sequence[R]]] | None = None
    """What somebody asked for or raised and is still open, at most so many."""
    page: Callable[[AsyncSession, Asked], Awaitable[Page[R]]] | None = None

    @property
    def hides(self) -> bool:
        """Whether records of this noun can be private at all."""
        return self.private is not _public

    def fact(self, event: Event, ref: Ref) -> FactKind:
        """Raises NotForThis."""
        if event not in self.facts:
            raise NotForThis(ref=ref, done=event)
        return self.facts[event]


def kinds() -> Iterable[Kind[Any]]:
    from bot.usecases.nouns import KINDS

    return KINDS.values()


def kind_of(noun: Noun) -> Kind[Any]:
    from bot.usecases.nouns import KINDS

    return KINDS[noun]


def reactions_to(kind: FactKind) -> tuple[Reaction, ...]:
    """In the order in which they run."""
    from bot.usecases.reactions import REACTIONS

    return REACTIONS.get(kind, ())
