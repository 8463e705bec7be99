"""Approval: who is asked, whose vote counts, and what the votes come to. Values in, an outcome out."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.rules.approval.refusals import GivenForYou, NobodyToApprove, NotAnApprover, TooFewToApprove, TwiceInStage
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Refusal


class Vote(StrEnum):
    APPROVE = "approve"
    CONDITION = "condition"
    """Approved, under a condition that stands on the record."""
    REJECT = "reject"


class Outcome(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


class Decision(StrEnum):
    """What an approval came to, as it is said of the record afterwards."""

    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "left undecided"


class CaseState(StrEnum):
    """How far the approval of one revision of a record has come."""

    OPEN = "open"
    """Votes are taken."""
    HELD = "held"
    """Nothing can be approved for the time being; it can be rejected."""
    DECIDED = "decided"
    CANCELLED = "cancelled"
    """Nobody is asked any more: the record was revised or given up."""


STANDING = (CaseState.OPEN, CaseState.HELD)
"""Asked for, and not decided."""

Window: TypeAlias = tuple[datetime, datetime]
"""From when until when what is approved is to be done, half-open."""

_STAGE = re.compile(r"(?P<rule>any|all|[1-9][0-9]?) of (?P<whom>\S.*)", re.ASCII)
_PEOPLE = re.compile(r"[UW][A-Z0-9]{1,20}(?: *, *[UW][A-Z0-9]{1,20})*", re.ASCII)


def due_by(now: datetime, expires: timedelta, window: Window | None) -> datetime:
    """Until when an approval that is asked for now must be given: before its window opens, and in time."""
    return min(now + expires, last_call(now, window)) if window else now + expires


def last_call(now: datetime, window: Window) -> datetime:
    """When the window opens; once it is open, as where a vote is taken back in it, when it closes."""
    opens, closes = window
    return opens if now < opens else closes


@dataclass(frozen=True)
class StageRule:
    """A stage as a policy has it: “any of cab”, “all of cab”, “2 of cab”, “2 of U012AB3CD, U034EF5GH”."""

    rule: str
    group: str | None
    people: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "StageRule":
        """Raises ValueError, in words for who wrote it."""
        found = _STAGE.fullmatch(text.strip())
        if found is None:
            raise ValueError(
                f"“{text}” is no stage; write “any of cab”, “all of cab” or “2 of cab”: whole numbers, never per cent"
            )
        whom = found["whom"].strip()
        if not _PEOPLE.fullmatch(whom):
            return cls(found["rule"], whom)
        rule = cls(found["rule"], None, tuple(dict.fromkeys(one.strip() for one in whom.split(","))))
        if rule.needs(len(rule.people)) > len(rule.people):
            raise ValueError(f"“{text}” asks for more votes than it names people")
        return rule

    def needs(self, asked: int) -> int:
        """How many of those asked must approve."""
        return {"any": 1, "all": asked}.get(self.rule) or int(self.rule)


@dataclass(frozen=True)
class Stage:
    """A stage as it was asked: its people are fixed then."""

    title: str
    asked: tuple[str, ...]
    needs: int
    veto: bool = False
    """One rejection ends it, whoever could still approve."""


@dataclass(frozen=True)
class Ballot:
    revision: int
    stage: int
    """From 1."""
    seat: str
    """Whose word was asked for."""
    by: str
    """Who gave it: they, or who stood in for them."""
    vote: Vote


@dataclass(frozen=True)
class Question:
    """What is voted on: one revision of a record, its stages asked one after another."""

    revision: int
    barred: Mapping[str, type[Refusal]]
    """Those who never vote, for themselves or for another, and what they hear."""
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Standing:
    outcome: Outcome
    stage: int
    """The stage that is open, from 1; the last one where all are met."""
    approved: int
    needs: int
    left: tuple[str, ...]
    """Seats of this stage whose word has not been given."""
    reachable: bool = True
    """Whether those who are left could still give the votes that are wanted."""


@dataclass(frozen=True)
class Delegation:
    """A person stands in for another in all approvals, from an instant until before another."""

    owner: str
    delegate: str
    starts_at: datetime
    ends_at: datetime


def asked(rule: StageRule, title: str, members: Collection[str], barred: Collection[str], veto: bool) -> Stage:
    """The stage with its people fixed. Raises NobodyToApprove, TooFewToApprove where it could never be met."""
    seats = tuple(sorted(set(members) - set(barred)))
    if not seats:
        raise NobodyToApprove(group=title)
    if rule.needs(len(seats)) > len(seats):
        raise TooFewToApprove(group=title, needs=rule.needs(len(seats)), has=len(seats))
    return Stage(title, seats, rule.needs(len(seats)), veto)


def counted(question: Question, number: int, ballots: Iterable[Ballot]) -> dict[str, Ballot]:
    """The votes that count in a stage, by seat: of this revision, from its seats, by nobody barred, none twice."""
    stage, found, voters = question.stages[number - 1], dict[str, Ballot](), set[str]()
    for one in ballots:
        fits = one.revision == question.revision and one.stage == number and one.seat in stage.asked
        if (
            fits
            and question.barred.keys().isdisjoint({one.by, one.seat})
            and one.seat not in found
            and one.by not in voters
        ):
            found[one.seat] = one
            voters.add(one.by)
    return found


def standing(question: Question, ballots: Sequence[Ballot], able: Collection[str] | None = None) -> Standing:
    """What the votes come to. `able` are the seats that could still be voted from; all of them where it is not given.

    A stage that can reach its number no more is rejected there and then, if anybody voted against it. Where people left
    and nobody did, it waits for others to be asked: nobody has rejected it.
    """
    for number, stage in enumerate(question.stages, 1):
        found = counted(question, number, ballots)
        approved = sum(one.vote is not Vote.REJECT for one in found.values())
        left = tuple(seat for seat in stage.asked if seat not in found)
        possible = approved + sum(able is None or seat in able for seat in left)
        against, reachable = approved < len(found), possible >= stage.needs
        if against and (stage.veto or not reachable):
            return Standing(Outcome.REJECTED, number, approved, stage.needs, left, reachable)
        if approved < stage.needs:
            return Standing(Outcome.WAITING, number, approved, stage.needs, left, reachable)
    return Standing(Outcome.APPROVED, number, approved, stage.needs, left)


def reminded(
    seats: Iterable[str], delegations: Iterable[Delegation], barred: Collection[str], at: datetime
) -> list[str]:
    """Whom to remind of these seats, each once: who is absent has a stand-in, and that one is reminded instead."""
    instead = {
        one.owner: one.delegate
        for one in delegations
        if one.starts_at <= at < one.ends_at and one.delegate not in (one.owner, *barred)
    }
    return sorted({instead.get(seat, seat) for seat in seats})


def stood_in_for(person: str, delegations: Iterable[Delegation], at: datetime) -> frozenset[str]:
    """Those for whom this person may vote now. One step only: a delegate of a delegate stands in for nobody."""
    return frozenset(
        one.owner for one in delegations if one.delegate == person != one.owner and one.starts_at <= at < one.ends_at
    )


def seat_of(
    ref: Ref, question: Question, ballots: Sequence[Ballot], person: str, stands_in_for: Collection[str] = ()
) -> str:
    """The seat in the open stage from which this person may vote: their own, else one that they stand in for.

    Raises TwiceInStage, GivenForYou, NotAnApprover, and what its noun says to those who are barred.
    """
    if person in question.barred:
        raise question.barred[person](ref=ref)
    number = standing(question, ballots).stage
    found = counted(question, number, ballots)
    if person in {one.by for one in found.values()}:
        raise TwiceInStage(ref=ref)
    free = [seat for seat in question.stages[number - 1].asked if seat not in found]
    if person in free:
        return person
    if seats := [seat for seat in free if seat in stands_in_for]:
        return seats[0]
    if person in found:
        raise GivenForYou(ref=ref, shown=ref.shown)
    raise NotAnApprover(ref=ref, shown=ref.shown)
