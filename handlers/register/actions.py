"""All that can be done to an entry of a register. The order is that of help and menu."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.register.flow import EntryAct
from bot.usecases import people
from bot.usecases.records import assignment
from bot.usecases.register import access, approval, entries, moving
from handlers.approval import votes
from handlers.blocks import fitting, holder, kit, questions
from handlers.blocks.kit import Block
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.days import Day
from handlers.records.fields import Ask, Group, Person, comment
from handlers.records.form_values import Filled
from handlers.records.standard_actions.standard import STANDARD, by_ref
from handlers.records.typed_values import Said, Shown, assignee, next_word


async def _zone(tx: AsyncSession, _row: Any, _seen: RecordVersion, by: str) -> Any:
    """In which a day that is typed is meant."""
    return await people.zone(tx, by)


class Stages(NamedTuple):
    known: Sequence[str]
    """All of the register: what is typed is read by them, so that a refusal names the stage that was meant."""
    offered: Sequence[str]
    """To which who asks can move it now."""


async def _stages(tx: AsyncSession, row: Any, _seen: RecordVersion, by: str) -> Stages:
    """Raises NoWayThere, NotYourRegister where there is nothing to offer."""
    register = await access.register_of(tx, row)
    if register is None:
        return Stages(moving.UNKNOWN, [one for one in moving.UNKNOWN if one != row.stage])
    return Stages(register.stages, await access.ways(tx, row, register, by))


def _menu(shown: Shown, value: Any) -> dict[str, Any]:
    return kit.select([kit.option(one, one) for one in shown.more.offered], value)


def _moved(said: Said) -> Sequence[Any]:
    """“in treatment Why”: the longest stage that the words begin with. Else the first word, which is refused."""
    words = said.words.strip()
    for stage in sorted(said.shown.more.known, key=len, reverse=True):
        for typed in (stage, stage.replace(" ", "-")):
            if words.casefold() == typed.casefold() or words.casefold().startswith(f"{typed.casefold()} "):
                return stage, words[len(typed) :].strip()
    return next_word(words)


async def _move(tx: AsyncSession, about: Any, stage: str, why: str, *, by: str, now: datetime) -> Any:
    return await approval.move(tx, about.ref, stage, why, by=by, now=now)


def said_of(entry: Any) -> list[str]:
    """Each question with its answer."""
    return [f"*{kit.esc(one['asks'])}*\n{questions.said(one)}" for one in entries.answered(entry)]


def _voted_on(shown: Shown) -> Sequence[Block]:
    """Where it is to be moved and all that it says, as far as a modal has room."""
    lead = f"From “{kit.esc(shown.row.stage)}” to “*{kit.esc(shown.row.asked_stage)}*”"
    pieces = [piece for one in (lead, *said_of(shown.row)) for piece in fitting.sections(one)]
    first, *others = fitting.pages([kit.section(one) for one in pieces])
    return [*first, *([kit.context(f"Page 1 of {len(others) + 1}: its card has the rest.")] if others else [])]


def _where(entry: Any, _seen: Any) -> str:
    """What a move came to: done, or asked for."""
    if entry.asked_stage:
        return f"waits for approval of its move to “{kit.esc(entry.asked_stage)}”."
    return f"is “{kit.esc(entry.stage)}” now."


ACTIONS = of(
    Noun.ENTRY, "register",
    Action("move", _move, "move it to another stage", "is at another stage.", (
               Ask(Field.STATUS, "Stage", _menu, Filled.choice, usage="stage"),
               *comment("Why", "It stands on record", "", optional=True),
           ), "Move…", EntryAct.MOVE, "Move", "Move", parse=_moved, usage="stage [why]", looks_up=_stages,
           tells=_where),
    Action("take-back", by_ref(approval.take_back), "it stays where it is, and nobody need vote", "stays where it is.",
           label="Take the move back", step=EntryAct.TAKE_BACK),
    *votes.read_first(Noun.ENTRY, "register", EntryAct.VOTE, EntryAct.UNVOTE, _voted_on, "Who asked for it",
                      what="its move"),
    Action("review", by_ref(entries.review), "you went through it", "is reviewed.",
           comment("What you found", "It stands on record", "what you found"),
           "Review…", EntryAct.REVIEW, "Review", "Keep",
           tells=lambda entry, _: f"is reviewed, the next time by {kit.day(entry.review_on)}."),
    Action("accept", by_ref(entries.accept), "accept it until a day", "is accepted.", (
               Day(Field.DUE_ON, "Until", "Then it is judged anew"),
               *comment("Reason", "Why it can be lived with", "reason"),
           ), "Accept…", EntryAct.ACCEPT, "Accept", "Accept", looks_up=_zone,
           tells=lambda entry, _: f"is accepted until {kit.day(entry.accepted_until)}."),
    Action("assign", by_ref(assignment.assign), "give it to who owns it", "is given.", (
               Person(Field.PERSON, "Person", first=lambda shown: shown.row.owner, optional=True),
               Group(Field.GROUP, "Or a group", optional=True),
           ), "Assign…", EntryAct.ASSIGN, "Assign", "Assign", usage="me|@person|group", parse=assignee,
           tells=holder.given("owner", "owner_group")),
    *(one for one in STANDARD if one.verb in ("action", "link", "unlink", "note")),
)  # fmt: skip
