"""What a noun hands in so that its records can be put to approval.

Approvals know records by these values alone: a change is one kind of them, and a toy in the tests is another.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.refusals import ApprovalHeld, NothingToDecide, OnlyRequesterAnswers
from bot.rules.approval.voting import Decision, Window
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import FactKind
from bot.rules.record.flow import Flow
from bot.rules.record.refs import RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from bot.usecases.records.declared import kind_of
from storage import records
from storage.workspace import people


@dataclass(frozen=True)
class Subject:
    """A record, as its approval sees it."""

    ref: Ref
    revision: int
    title: str
    requester: str
    """Who asks for approval, hears what comes of it and answers questions."""
    barred: Mapping[str, type[Refusal]]
    """Those who never vote on it, and what they hear."""
    needed_at: datetime
    """When it is to take effect: the soonest stands first in lists."""
    window: Window | None = None
    """When it is to be done, where it must be approved before that; None for what may be approved whenever."""
    begun: bool = False
    """Begun without approval: once its time is over, the approval is overdue and can still be given."""
    urgent: bool = False
    """Its approvers are reminded by night too."""
    held: bool = False
    """Nothing can be approved for the time being."""
    record: Any = None
    """The row that this was read from; as it stands, where the record is held."""

    @property
    def key(self) -> str:
        return str(self.ref)

    @property
    def seen(self) -> RecordVersion:
        return RecordVersion(self.ref, self.revision)


class Find(Protocol):
    """Raises NoSuchRecord. `hold` locks the record's row until the transaction ends."""

    def __call__(self, tx: AsyncSession, ref: Ref, *, hold: bool = False) -> Awaitable[Subject]: ...


def found(subject_of: Callable[[Any], Subject]) -> Find:
    """For `find`, of a noun whose row says all of it."""

    async def find(tx: AsyncSession, ref: Ref, *, hold: bool = False) -> Subject:
        return subject_of(await visibility.find(tx, kind_of(ref.noun).table, ref, hold=hold))

    return find


async def _nothing(*_: object) -> None:
    """A noun that has nothing to do here."""


async def _hold(tx: AsyncSession, ref: Ref) -> None:
    await records.hold(tx, kind_of(ref.noun).table, ref.number)


async def _no_one(*_: object) -> Collection[str]:
    return ()


async def _undecidable(_tx: AsyncSession, subject: Subject) -> None:
    raise NothingToDecide(ref=subject.ref, shown=subject.ref.shown)


async def _held(_tx: AsyncSession, subject: Subject) -> None:
    raise ApprovalHeld(ref=subject.ref, shown=subject.ref.shown)


async def _requester_answers(_tx: AsyncSession, subject: Subject, by: str) -> None:
    if by != subject.requester:
        raise OnlyRequesterAnswers(ref=subject.ref)


async def _unknown(_tx: AsyncSession, _subject: Subject, _revision: int) -> str:
    return "what it asks for"


_About: TypeAlias = Callable[[AsyncSession, Subject], Awaitable[None]]
_Happens: TypeAlias = Callable[[AsyncSession, Subject, datetime], Awaitable[None]]


@dataclass(frozen=True)
class Approvable:
    """A noun whose records are put to approval. Only the first two have to be given."""

    find: Find
    facts: Mapping[Decision, FactKind]
    """What approval and rejection are called in the journal."""
    hold: Callable[[AsyncSession, Ref], Awaitable[None]] = _hold
    """Lock the record's row until the transaction ends. Lock order: the record, then its case."""
    decided: Callable[[AsyncSession, Subject, Decision, datetime], Awaitable[None]] = _nothing
    followed: Collection[Decision] = ()
    """Decisions after which the record moves with a fact of its own, which comes second: “approved”, “in force”."""
    """What follows a decision, in the same transaction."""
    asked: _Happens = _nothing
    """Tell what else is to be told when a stage is asked."""
    reopened: _Happens = _nothing
    """What follows when votes are taken again, perhaps after a decision."""
    withdrawn: _Happens = _nothing
    """Tell what else is to be told when a vote is taken back."""
    managers: Callable[[AsyncSession, Subject], Awaitable[Collection[str]]] = _no_one
    """Who answers for it beside the requester, and instead of one who has left."""
    heirs: Callable[[AsyncSession, Subject], Awaitable[Collection[str]]] = _no_one
    """Who else goes on with it, and so hears what approvers say, where the requester has left."""
    overdue: _Happens = _nothing
    """Tell that the approval of what was begun without one is overdue."""
    may_reopen: _About = _nothing
    """Raises what stands in the way of taking a vote back."""
    undecidable: _About = _undecidable
    """Raises why nobody can decide on it now."""
    stopped: _About = _held
    """Raises why nothing can be approved for the time being."""
    may_answer: Callable[[AsyncSession, Subject, str], Awaitable[None]] = _requester_answers
    """Raises unless this person may answer what approvers ask."""
    difference: Callable[[AsyncSession, Subject, int], Awaitable[str]] = _unknown
    """How it differs now from a revision that somebody saw."""


def standing(flow: Flow[Any, Any, Any], step: StrEnum, states: type[StrEnum]) -> _About:
    """For `may_reopen` and `undecidable`: whether the flow knows a way for the step from where the record stands."""

    async def checked(tx: AsyncSession, subject: Subject) -> None:
        record = await visibility.find(tx, kind_of(subject.ref.noun).table, subject.ref)
        flow.check(subject.ref, step, states(record.state))

    return checked


def members(group: Callable[[Policy], str]) -> Callable[[AsyncSession, Subject], Awaitable[Collection[str]]]:
    """For `managers`: those of a group that the policy names."""

    async def found(tx: AsyncSession, _subject: Subject) -> Collection[str]:
        return await people.members(tx, group((await in_force(tx)).policy))

    return found
