"""What a new action is asked for: by its own command, and by *Add an action* on any record that may have them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import ActionKind
from bot.rules.action.intervals import Repeat
from bot.rules.action.refusals import ActionWordsMissing
from bot.rules.policy.policy import Policy
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import RecordVersion
from bot.usecases import people
from bot.usecases.action import actions
from bot.usecases.action.actions import TITLE_MOST, Promise
from handlers.blocks import holder, kit
from handlers.ids import Field
from handlers.records.actions import Action
from handlers.records.days import Day, day_said
from handlers.records.fields import Ask, Choice, Group, Person, Words
from handlers.records.form_values import Filled
from handlers.records.typed_values import Said, Shown, leading
from storage.tables import ActionItem

RULE_MOST = 200


def _title(shown: Shown) -> str:
    return shown.row if isinstance(shown.row, str) else ""


ASKS = (
    Ask(Field.TITLE, "What is to be done",
        lambda _, value: kit.text_input(value or "", most=TITLE_MOST), Filled.text, first=_title),
    Day(Field.DUE_ON, "Due on"),
    Person(Field.PERSON, "Owner", "One person; without one the group sees to it", optional=True),
    Group(Field.GROUP, "Group", optional=True),
    Choice(Field.KIND, "What it is for", ActionKind, what="kind", labels=lambda one: one.label,
           first=lambda _: ActionKind.CORRECT),
    Words(Field.VERIFICATION, "How it will be verified", "What somebody else will look at, once it is done",
          optional=True),
    Choice(Field.REPEAT, "Again?", Repeat, what="interval", labels=lambda one: one.label, first=lambda _: Repeat.NEVER),
    Ask(Field.RRULE, "Or by a rule", lambda _, value: kit.text_input(value or "", most=RULE_MOST), Filled.text,
        hint="An RRULE, as in FREQ=MONTHLY;BYDAY=-1FR, instead of the menu above", optional=True),
)  # fmt: skip
"""In the order of the form, and of `promised`."""


def promised(
    title: str, due_on: Any, person: str | None, group: str | None, kind: ActionKind, verification: str,
    repeat: Repeat, rrule: str,
) -> Promise:  # fmt: skip
    return Promise(title, due_on, kind, verification, person, group, repeat, rrule)


async def add(tx: AsyncSession, about: Any, *values: Any, by: str, now: datetime) -> ActionItem:
    """To a record, by its reference or as it was seen."""
    ref = about.ref if isinstance(about, RecordVersion) else about
    return await actions.add(tx, promised(*values), ref, by=by, now=now)


async def zone(tx: AsyncSession, _row: Any, _seen: RecordVersion, by: str) -> Any:
    """In which a day that is typed is meant."""
    return await people.zone(tx, by)


def said(typed: Said) -> Sequence[Any]:
    """“@person friday Restart it nightly”; without a person it is who types. Raises ActionWordsMissing and others."""
    owner, behind = leading(typed)
    due_on, title = day_said(replace(behind, words=re.sub(r"^me\s+", "", behind.words)))
    if not title:
        raise ActionWordsMissing(usage=typed.usage)
    return title, due_on, owner or typed.shown.by, None, ActionKind.CORRECT, "", Repeat.NEVER, ""


def promise(action: ActionItem, policy: Policy) -> str:
    """By when it is to be done, and by whom."""
    return f"Due {kit.day(action.due_on)}, {holder.with_whom(action.owner, action.owner_group, policy)}."


def tells(action: ActionItem, policy: Policy) -> str:
    """What whoever promised it is told, behind the record that it comes of."""
    return f"has *{action.ref}* now: {kit.esc(action.title)}\n{promise(action, policy)}"


ADD_ACTION = Action(
    "action", add, "promise something that comes of it", "has an action now.", ASKS,
    "Add an action…", RecordAct.ACT, "Action of", "Add", usage="[@person] day what", parse=said, looks_up=zone,
    tells=tells,
)  # fmt: skip
"""Of any record that may have actions (`standard_actions/standard.py`)."""
