"""All that can be done to a management review. The order is that of help and menu."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.management_review.flow import MeetingAct, MeetingStep
from bot.rules.management_review.inputs import Topic
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases import people
from bot.usecases.action.actions import TITLE_MOST
from bot.usecases.management_review import meetings
from handlers.blocks import kit
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.days import Day, day_said
from handlers.records.fields import Ask, Choice, Person, Words, several_people
from handlers.records.form_values import Filled
from handlers.records.standard_actions import promises
from handlers.records.standard_actions.standard import STANDARD, by_ref
from handlers.records.typed_values import Said, Shown, leading, next_word


async def _zone(tx: AsyncSession, _row: Any, _seen: RecordVersion, by: str) -> Any:
    """In which a day that is typed is meant."""
    return await people.zone(tx, by)


async def _attend(tx: AsyncSession, about: Any, who: Sequence[str], *, by: str, now: datetime) -> Any:
    return await meetings.attend(tx, about.ref, who, by=by, now=now)


def _decided(said: Said) -> Sequence[Any]:
    """“@person friday Buy a second gateway”."""
    owner, behind = leading(said)
    due_on, title = day_said(behind)
    return title, due_on, owner


def _several(_shown: Shown, _value: Any) -> dict[str, Any]:
    return {"type": "multi_users_select", "placeholder": kit.plain("Choose people")}


ACTIONS = of(
    Noun.MANAGEMENT_REVIEW, "management-review",
    Action("hold", by_ref(meetings.hold), "begin it: its inputs are drawn", "is being held.",
           label="Hold it", step=MeetingStep.HOLD),
    Action("refresh", by_ref(meetings.refresh), "draw its inputs anew", "has its inputs as they are now.",
           label="Draw its inputs", step=MeetingAct.REFRESH),
    Action("say", by_ref(meetings.say), "write what was said of a topic", "has what was said.", (
               Choice(Field.TYPE, "Topic", Topic, what="topic", labels=lambda one: one.heading, usage="topic"),
               Words(Field.COMMENT, "What was said", "It stands in the minutes", "what was said"),
           ), "What was said…", MeetingAct.SAY, "Minutes of", "Keep",
           parse=lambda said: next_word(said.words), usage="topic what was said"),
    Action("attend", _attend, "say who takes part", "has them on its list.", (
               Ask(Field.PERSON, "People", _several, Filled.people, several_people, "@person"),
           ), "Who takes part…", MeetingAct.ATTEND, "Attendance of", "Keep"),
    Action("chair", by_ref(meetings.hand_over), "say who chairs it", "has another chair.",
           (Person(Field.PERSON, "Chair"),), "Another chair…", MeetingAct.CHAIR, "Chair of", "Keep"),
    Action("decide", by_ref(meetings.decide), "a decision: it becomes an action", "has one more decision.", (
               Ask(Field.TITLE, "What is to be done", lambda _, value: kit.text_input(value or "", most=TITLE_MOST),
                   Filled.text),
               Day(Field.DUE_ON, "Due on"),
               Person(Field.OTHER, "Owner", "A decision has one person who carries it out"),
           ), "Decide…", MeetingAct.DECIDE, "Decide in", "Decide", usage="@person day what", parse=_decided,
           looks_up=_zone, tells=promises.tells),
    *(one for one in STANDARD if one.verb in ("link", "unlink", "note")),
    Action("close", by_ref(meetings.close), "it is over: its minutes are frozen", "is closed.",
           label="Close it", step=MeetingStep.CLOSE),
    Action("cancel", by_ref(meetings.cancel), "it will not be held", "is cancelled.",
           (Words(Field.COMMENT, "Reason", "Why it is not held; it stays on record", "reason"),),
           "Cancel…", MeetingStep.CANCEL, "Cancel", "Cancel it"),
)  # fmt: skip
