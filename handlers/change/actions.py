"""Everything that can be done to a change that is there, and to a standard change. The order is that of the help."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.change.action_phrases import ChangeAct
from bot.rules.change.flow import ChangeStep, Result
from bot.rules.change.refusals import NamesNoDay
from bot.rules.change.standard_changes import TemplateStep
from bot.rules.record import typed_dates
from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.time.local_time import typed_time
from bot.usecases import people
from bot.usecases.change import access as change_access
from bot.usecases.change import details, permissions, revisions, standard_changes, steps
from bot.usecases.change.steps import Report
from bot.usecases.records import assignment
from handlers.approval import votes
from handlers.blocks import holder
from handlers.blocks.kit import Block
from handlers.change.views import step_forms as notes
from handlers.change.views import texts
from handlers.ids import Field
from handlers.records.actions import Action, Do, button, of
from handlers.records.days import require_possible, today_of
from handlers.records.fields import Ask, Choice, Instant, Line, Person, Words, comment
from handlers.records.standard_actions.standard import STANDARD as STANDARD_ACTIONS
from handlers.records.typed_values import Said, Shown, only
from storage.tables import Change

_DAY = timedelta(days=1)
_OTHER = ("approve-if", "reject", "ask")
_SHORT = {Result.ISSUES: "issues"}
"""Outcomes as they may be typed too."""


async def finish(
    tx: AsyncSession, about: RecordVersion, result: Result, starts_at: datetime, ends_at: datetime, note: str,
    caused: str, *, by: str, now: datetime, step: ChangeStep = ChangeStep.FINISH,
) -> None:  # fmt: skip
    report = Report(result, starts_at, ends_at, note, caused)
    await steps.finish(tx, about, report, by=by, now=now, step=step)


async def back_out(tx: AsyncSession, about: RecordVersion, *values: Any, by: str, now: datetime) -> None:
    await finish(tx, about, *values, by=by, now=now, step=ChangeStep.BACK_OUT)


async def assign(tx: AsyncSession, about: RecordVersion, who: str, *, by: str, now: datetime) -> Any:
    return await assignment.assign(tx, about.ref, who, None, by=by, now=now)


def _implementer(said: Said) -> Sequence[Any]:
    """“me” or “@somebody”. Raises NoSuchPerson, OneOfThem."""
    if said.words.strip().lower() == "me":
        return (said.shown.by,)
    return (only(said),)


async def propose(tx: AsyncSession, about: RecordVersion, *, by: str, now: datetime) -> None:
    await standard_changes.propose(tx, about.ref, by=by, now=now)


def _settled(step: TemplateStep) -> Do:
    async def do(tx: AsyncSession, about: RecordVersion, *, by: str, now: datetime) -> None:
        await standard_changes.settle(tx, step, about, by=by, now=now)

    return do


async def _zone(tx: AsyncSession, _change: Change, _seen: RecordVersion, by: str) -> Any:
    """In which a day that is typed is meant."""
    return await people.zone(tx, by)


async def _review(tx: AsyncSession, change: Change, _seen: RecordVersion, _by: str) -> Any:
    return await steps.asks_review(tx, change)


async def _sheet(tx: AsyncSession, _change: Change, seen: RecordVersion, _by: str) -> Any:
    return await details.sheet(tx, seen.ref)


def _other_votes(seen: RecordVersion) -> Sequence[Block]:
    """Beside approving what was read whole."""
    return [button(ACTIONS[verb], seen, "danger" if verb == "reject" else None) for verb in _OTHER]


async def _question(tx: AsyncSession, _change: Change, seen: RecordVersion, _by: str) -> Any:
    return await permissions.question(tx, seen)


def _outcome(first: Result) -> Ask:
    """“failed: the disk was full”; what names no outcome before a colon or a comma is what happened."""

    def parse(said: Said) -> tuple[Result, str]:
        head, *rest = map(str.strip, re.split("[:,.]", said.words, maxsplit=1))
        found = next((one for one in Result if head.casefold() in (one, _SHORT.get(one))), None)
        return (found, "".join(rest)) if found else (first, said.words)

    asked = Choice(Field.RESULT, "Outcome", Result, what="outcome", usage="[outcome:]", labels=str.capitalize,
                   first=lambda _: first)  # fmt: skip
    return replace(asked, parse=parse)


def _report(first: Result) -> Sequence[Ask]:
    return (
        _outcome(first),
        Instant(Field.STARTS_AT, "Began", lambda shown: shown.row.started_at or shown.now),
        Instant(Field.ENDS_AT, "Ended", lambda shown: shown.now),
        Words(Field.COMMENT, "What happened", "Needed unless all went well", "what happened", optional=True),
        Line(
            Field.CAUSED, "Caused incident", "As in INC-12", first=lambda shown: shown.row.caused or "", optional=True
        ),
    )


def _next_start(shown: Shown) -> datetime:
    """The same hour, by the reader's clocks, of the next day that it can be."""
    starts_at: datetime = shown.row.starts_at.astimezone(shown.more)
    days_on: int = max((shown.now - starts_at) // _DAY, 0) + 1
    # A day on which clocks are put forward is shorter, so that its hour may be over.
    days = ((starts_at + n * _DAY).astimezone(UTC) for n in (days_on, days_on + 1))
    return next(at for at in days if at > shown.now)


def _next_end(shown: Shown) -> datetime:
    length: timedelta = shown.row.ends_at - shown.row.starts_at
    return _next_start(shown) + length


def _postponed(said: Said) -> Sequence[Any]:
    """“to Friday 14:00 the supplier is late”. Raises NamesNoDay, NoSuchDay, SkippedTime."""
    shown = said.shown
    length = shown.row.ends_at - shown.row.starts_at
    day = typed_dates.named(said.words, today_of(said))
    if day is None:
        require_possible(said)
        raise NamesNoDay(typed=said.words, ref=change_access.ref_of(shown.row))
    moved = typed_time(shown.more, day.day, day.at or shown.row.starts_at.astimezone(shown.more).time())
    return moved, moved + length, day.words or said.words


ACTIONS = of(
    Noun.CHANGE, "change",
    Action("approve", votes.vote(Vote.APPROVE), "vote for it", asks=comment("", "", "[words]"), label="Approve",
           step=ChangeAct.VOTE, reads="review"),
    Action("review", votes.vote(Vote.APPROVE), "", asks=(
               Words(Field.COMMENT, "Comment", "It stands on the card", optional=True),
           ), label="Review", step=ChangeAct.VOTE, title="Review", submit="Approve", typed=False, looks_up=_sheet,
           note=texts.for_a_vote, beside=_other_votes),
    Action("approve-if", votes.vote(Vote.CONDITION), "vote for it under a condition",
           asks=comment("Condition", "What must be so for your approval to hold; it stands on the card", "condition"),
           label="Approve with condition", step=ChangeAct.VOTE, title="Approve", submit="Approve", reads="approve-if",
           looks_up=_sheet, note=texts.for_a_vote),
    Action("reject", votes.vote(Vote.REJECT), "vote against it",
           asks=comment("Reason", "What would have to be different; the requester reads this", "reason"),
           label="Reject", step=ChangeAct.VOTE, title="Reject", submit="Reject"),
    Action("ask", votes.ask, "ask who wants it, before you vote",
           asks=comment("Question", "Who asked for the change hears it and can answer", "question"),
           label="Ask a question", step=ChangeAct.VOTE, title="Ask about", submit="Ask"),
    Action("answer", votes.answer, "", asks=comment("Answer", "", ""), label="Answer", step=ChangeAct.ANSWER,
           title="Answer on", submit="Answer", typed=False, looks_up=_question, note=notes.asked),
    Action("withdraw", votes.withdraw, "take your vote back", label="Withdraw my vote", step=ChangeAct.WITHDRAW),
    Action("start", steps.start, "begin it, in its window", label="Start", step=ChangeStep.START),
    Action("finish", finish, "say how it went", asks=_report(Result.SUCCESS), label="Finish", step=ChangeStep.FINISH,
           title="Finish", submit="Finish"),
    Action("back-out", back_out, "take the way back", asks=_report(Result.BACKED_OUT), label="Back out",
           step=ChangeStep.BACK_OUT, title="Back out", submit="Backed out", note=notes.plan),
    Action("close", steps.close, "review and close it", asks=(
               Words(Field.REVIEW, "Review", "What went well, what did not, what will be done differently", "review",
                     optional=lambda shown: not shown.more),
           ), label="Close", step=ChangeStep.CLOSE, title="Close", submit="Close", looks_up=_review,
           note=notes.review_needed),
    Action("postpone", revisions.postpone, "give it another window", asks=(
               Instant(Field.STARTS_AT, "New start", _next_start),
               Instant(Field.ENDS_AT, "New end", _next_end),
               Words(Field.COMMENT, "Reason", "Those who are concerned read it"),
           ), label="Postpone", step=ChangeStep.REVISE, title="Postpone", submit="Postpone",
           usage="to day [14:00] reason", parse=_postponed, looks_up=_zone, note=notes.window),
    Action("cancel", steps.cancel, "give it up before it begins",
           asks=comment("Reason", "Who was asked to approve it may want to know", "reason"),
           label="Cancel change", step=ChangeStep.CANCEL, title="Cancel", submit="Cancel change"),
    *STANDARD_ACTIONS,
    Action("assign", assign, "have somebody else carry it out", "is assigned.",
           (Person(Field.PERSON, "Person", "Another implementer is another revision",
                   first=lambda shown: shown.row.implementer),),
           "Assign…", ChangeAct.ASSIGN, "Assign", "Assign", usage="me|@person", parse=_implementer,
           tells=holder.given("implementer")),
    Action("propose", propose, "make a standard change of what went well", "is proposed as a standard change.",
           label="Make it a standard change", step=ChangeAct.PROPOSE),
)  # fmt: skip
STANDARD = of(
    Noun.STANDARD, "standard",
    Action("approve", _settled(TemplateStep.APPROVE), "put a standard change into use", "is in use.",
           label="Approve", step=TemplateStep.APPROVE, reads="review"),
    Action("review", _settled(TemplateStep.APPROVE), "", label="Review", step=TemplateStep.APPROVE, title="Review",
           submit="Approve", typed=False, note=notes.agreed),
    Action("retire", _settled(TemplateStep.RETIRE), "take a standard change out of use", "is retired.",
           label="Retire", step=TemplateStep.RETIRE),
)  # fmt: skip
