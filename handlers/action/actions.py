"""All that can be done to an action that is there. The order is that of help and menu."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionAct, ActionStep
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases import people
from bot.usecases.action import actions, owners
from bot.usecases.records import assignment
from handlers.blocks import holder
from handlers.ids import Field
from handlers.records.actions import Action, of
from handlers.records.days import Day
from handlers.records.fields import Group, Person, Words
from handlers.records.standard_actions.standard import STANDARD
from handlers.records.typed_values import assignee
from storage.tables import ActionItem


async def _zone(tx: AsyncSession, _action: ActionItem, _seen: RecordVersion, by: str) -> Any:
    """In which a day that is typed is meant."""
    return await people.zone(tx, by)


def _words(label: str, hint: str, usage: str = "words") -> Words:  # type: ignore[valid-type]
    return Words(Field.COMMENT, label, hint, usage)


ACTIONS = of(
    Noun.ACTION, "action",
    Action("start", actions.start, "you begin to do it", "is being done.", label="Start", step=ActionStep.START),
    Action("done", actions.finish, "it is done; somebody else verifies it", "is done. Somebody else verifies it now.",
           (_words("What was done", "Who verifies it reads this", "what was done"),),
           "Done…", ActionStep.FINISH, "Finish", "Done"),
    Action("verify", actions.verify, "you have seen that it holds", "is verified.",
           (_words("How it was verified", "What you looked at, and what you saw", "how"),),
           "Verify…", ActionStep.VERIFY, "Verify", "Verify"),
    Action("send-back", actions.send_back, "it does not hold", "is with its owner again.",
           (_words("Reason", "What is missing; the owner reads this", "reason"),),
           "Send back…", ActionStep.SEND_BACK, "Send back", "Send back"),
    Action("extend", owners.extend, "put it off to a later day", "is put off; that is counted.", (
               Day(Field.DUE_ON, "Due on", "A later day than now"),
               _words("Reason", "Why it takes longer; it stays on record", "reason"),
           ), "Put off…", ActionAct.EXTEND, "Put off", "Put off", looks_up=_zone),
    Action("assign", assignment.assign, "give it to somebody", "is given.", (
               Person(Field.PERSON, "Person", first=lambda shown: shown.row.owner, optional=True),
               Group(Field.GROUP, "Or a group", optional=True),
           ), "Assign…", ActionAct.ASSIGN, "Assign", "Assign", usage="me|@person|group", parse=assignee,
           tells=holder.given("owner", "owner_group")),
    Action("drop", actions.drop, "it will not be done", "is dropped.",
           (_words("Reason", "Why it is not needed any more; it stays on record", "reason"),),
           "Drop…", ActionStep.DROP, "Drop", "Drop it"),
    *(one for one in STANDARD if one.verb in ("note", "link")),
)  # fmt: skip
