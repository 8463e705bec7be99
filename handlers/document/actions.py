"""All that can be done to a document. The order is that of help and menu."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document.flow import DocumentAct, DocumentStep
from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.record.refusals import FormRefused
from bot.usecases.document import approval, documents, reading
from bot.usecases.records import assignment
from handlers.approval import votes
from handlers.blocks import fitting, holder, kit
from handlers.blocks.kit import Block
from handlers.blocks.services import group_options
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.fields import Ask, Group, Person, comment
from handlers.records.form_values import Filled
from handlers.records.standard_actions.standard import STANDARD, by_ref
from handlers.records.typed_values import Shown, assignee
from storage.document import documents as stored

CLAUSES_MOST = 300


def _text(shown: Shown) -> Sequence[Block]:
    """What is voted on, as far as a modal has room."""
    text = kit.written(shown.row.text) or "_Nothing is written yet._"
    first, *others = fitting.pages([kit.section(piece) for piece in fitting.sections(text)])
    left = [kit.context(f"Page 1 of {len(others) + 1}: *Read* on the card has the rest.")] if others else []
    return [*first, *left]


def _some_day(filled: Filled, field: Field) -> date | None:
    """A day, or none: then as soon as it is approved."""
    try:
        return filled.day(field)
    except FormRefused:
        return None


async def _clauses_of(tx: AsyncSession, row: Any, _seen: RecordVersion, _by: str) -> str:
    return " ".join(await stored.clauses(tx, row.number))


def _groups(shown: Shown, _value: Any) -> dict[str, Any]:
    return kit.multi_select(group_options(shown.policy), shown.row.readers.split())


ACTIONS = of(
    Noun.DOCUMENT, "document",
    Action("submit", by_ref(approval.submit), "it is written: put it to review", "is put to review.", (
               *comment("What is new", "Who approves it reads this first", "what is new"),
               Ask(Field.EFFECTIVE_ON, "In force from", lambda _, __: {"type": "datepicker"}, _some_day,
                   hint="Left out: as soon as it is approved", optional=True),
           ), "Put to review…", DocumentStep.SUBMIT, "Review of", "Put to review",
           parse=lambda said: (said.words, None), usage="what is new"),
    *votes.read_first(Noun.DOCUMENT, "document", DocumentAct.VOTE, DocumentAct.UNVOTE, _text, "Who put it to review"),
    Action("take-back", by_ref(approval.take_back), "go on writing it", "is a draft again.",
           label="Take it back", step=DocumentStep.SEND_BACK, typed=False),
    Action("understood", by_ref(reading.understand), "you have read and understood it", "is read. Thank you.",
           label="I have read and understood it", step=DocumentAct.UNDERSTAND),
    Action("confirm", by_ref(documents.confirm), "you looked it through: it holds", "is confirmed.",
           comment("What you looked at", "It stands on record", "what you looked at"),
           "It still holds…", DocumentAct.CONFIRM, "Confirm", "It holds"),
    Action("revise", by_ref(documents.revise), "begin another version", "is a draft; its version stays in force.",
           comment("Reason", "What has to be said otherwise", "reason"),
           "Revise…", DocumentStep.REVISE, "Revise", "Revise"),
    Action("discard", by_ref(documents.discard), "throw its draft away", "is left as it was.",
           label="Leave it as it is", step=DocumentStep.DISCARD),
    Action("clauses", by_ref(documents.set_clauses), "say which clauses it is evidence for", "is for these clauses.", (
               Ask(Field.CLAUSES, "Clauses", lambda _, value: kit.text_input(value or "", most=CLAUSES_MOST),
                   Filled.text, lambda said: (said.words, ""), "8.6.3 10.1", "Numbers, with spaces between",
                   optional=True, first=lambda shown: shown.more),
           ), "Clauses…", DocumentAct.CLAUSE, "Clauses of", "Save", looks_up=_clauses_of),
    Action("readers", by_ref(reading.set_readers), "say whose members have to read it", "is asked of its readers.", (
               Ask(Field.GROUPS, "Groups", _groups, lambda filled, field: " ".join(filled.choices(field)),
                   lambda said: (said.words, ""), "group", "Their members are asked to read each version",
                   optional=True),
           ), "Readers…", DocumentAct.READERS, "Readers of", "Ask them"),
    Action("assign", by_ref(assignment.assign), "give it to who owns it", "", (
               Person(Field.PERSON, "Person", first=lambda shown: shown.row.owner, optional=True),
               Group(Field.GROUP, "Or a group", optional=True),
           ), "Assign…", DocumentAct.ASSIGN, "Assign", "Assign", usage="me|@person|group", parse=assignee,
           tells=holder.given("owner", "owner_group")),
    *(one for one in STANDARD if one.verb in ("link", "unlink", "action", "note")),
    Action("withdraw", by_ref(approval.withdraw), "it holds no more", "is withdrawn.",
           comment("Reason", "Why it holds no more; it stays on record", "reason"),
           "Withdraw…", DocumentStep.WITHDRAW, "Withdraw", "Withdraw"),
)  # fmt: skip
