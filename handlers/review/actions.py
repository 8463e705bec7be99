"""All that can be done to a review. The order is that of help and menu."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.review.document import Document
from bot.rules.review.flow import ReviewAct, ReviewStep
from bot.rules.review.milestones import Milestone
from bot.rules.review.written_out import Format
from bot.usecases.records import assignment
from bot.usecases.review import approval, documents, reviews, sections
from handlers.approval import votes
from handlers.blocks import holder, kit
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.fields import Ask, Choice, Group, Instant, Person, comment
from handlers.records.form_values import Filled
from handlers.records.standard_actions.standard import STANDARD, by_ref
from handlers.records.typed_values import Said, assignee, next_word
from handlers.review.views.writing import read
from storage.tables import Review


async def _document(tx: AsyncSession, review: Review, _seen: RecordVersion, _by: str) -> Document:
    return await documents.for_readers(tx, review, await documents.of(tx, review), named=True)


def _section(said: Said) -> tuple[str, str]:
    return next_word(said.words)


def _format(said: Said) -> Sequence[Any]:
    word, _ = next_word(said.words)
    return (Format(word.lower()) if word.lower() in set(Format) else Format.MARKDOWN,)


ACTIONS = of(
    Noun.REVIEW, "review",
    Action("begin", by_ref(reviews.begin), "you begin to write it", "is a draft now.", label="Begin",
           step=ReviewStep.BEGIN),
    Action("write", by_ref(sections.add_words), "add a paragraph to a section", "has what you wrote.", (
               Ask(Field.SECTION, "Section", lambda _, value: kit.text_input(value or "", most=75), Filled.text,
                   _section, "section"),
               *comment("Words", "They stand behind what is written already", "words"),
           ), step=ReviewAct.WRITE),
    Action("milestone", by_ref(sections.set_milestone), "say when something happened", "has that milestone.", (
               Choice(Field.MILESTONE, "What happened", Milestone, what="milestone", labels=lambda one: one.label),
               Instant(Field.HAPPENED_AT, "When", lambda shown: shown.now),
               *comment("Evidence", "Links, or what was seen", ""),
           ), "Milestone…", ReviewAct.MILESTONE, "Milestone of", "Set", typed=False),
    Action("refresh", by_ref(reviews.refresh), "draw anew what Deskbell draws", "is drawn anew.",
           label="Take what is new", step=ReviewAct.REFRESH),
    Action("submit", by_ref(approval.submit), "it is written: put it to review", "is put to review.",
           label="Put to review", step=ReviewStep.SUBMIT),
    *votes.read_first(Noun.REVIEW, "review", ReviewAct.VOTE, ReviewAct.UNVOTE, lambda shown: read(shown.more),
                      "Who put it to review", looks_up=_document),
    Action("take-back", by_ref(approval.take_back), "go on writing it", "is a draft again.",
           label="Take it back", step=ReviewStep.SEND_BACK, typed=False),
    Action("amend", by_ref(reviews.amend), "begin another version", "is a draft again; its version stays as it is.",
           comment("Reason", "What has to be said otherwise", "reason"),
           "Amend…", ReviewStep.AMEND, "Amend", "Amend"),
    Action("export", by_ref(documents.export), "post it as a file, or write it as a canvas",
           "is on its way into the thread of its card.", (
               Choice(Field.FORMAT, "As", Format, what="format", labels=lambda one: one.label,
                      first=lambda _: Format.MARKDOWN),
           ), "Export…", ReviewAct.EXPORT, "Export", "Export", usage="[md|html|json|confluence|canvas]", parse=_format),
    Action("assign", by_ref(assignment.assign), "give it to who facilitates it", "is given.", (
               Person(Field.PERSON, "Person", first=lambda shown: shown.row.facilitator, optional=True),
               Group(Field.GROUP, "Or a group", optional=True),
           ), "Assign…", ReviewAct.ASSIGN, "Assign", "Assign", usage="me|@person|group", parse=assignee,
           tells=holder.given("facilitator", "owner_group")),
    *(one for one in STANDARD if one.verb in ("link", "unlink", "action", "note")),
    Action("decline", by_ref(reviews.decline), "it is not needed", "is declined.",
           comment("Reason", "Why none is needed; it stays on record", "reason"),
           "Decline…", ReviewStep.DECLINE, "Decline", "Decline"),
    Action("reopen", by_ref(reviews.reopen), "it is wanted after all", "is due again.",
           label="Ask for it again", step=ReviewStep.REOPEN),
)  # fmt: skip
