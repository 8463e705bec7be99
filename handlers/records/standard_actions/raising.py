"""*Raise a problem* out of any record that has a service: what is broken, and what came of a change."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import SUMMARY_MOST
from bot.usecases.problem import problems
from handlers.blocks import holder, kit
from handlers.ids import Field
from handlers.records.actions import Action
from handlers.records.fields import Ask, Words
from handlers.records.form_values import Filled
from handlers.records.typed_values import Said, Shown
from storage.tables import Problem


async def raise_problem(tx: AsyncSession, about: Any, title: str, summary: str, *, by: str, now: datetime) -> Problem:
    ref = about.ref if isinstance(about, RecordVersion) else about
    return await problems.raise_from(tx, ref, title, summary, by=by, now=now)


def _title(shown: Shown) -> str:
    return getattr(shown.row, "summary", "") or getattr(shown.row, "title", "")


def _said(said: Said) -> tuple[str, str]:
    return said.words, ""


RAISE_PROBLEM = Action(
    "problem", raise_problem, "ask why it happens: raise a problem", "has a problem now.", (
        Ask(Field.TITLE, "What goes wrong, again or for a reason unknown",
            lambda _, value: kit.text_input(value or "", most=SUMMARY_MOST), Filled.text,
            lambda said: (said.words, ""), "title", first=_title),
        Words(Field.SUMMARY, "What is known of it", "Since when, how often, what was tried", "", optional=True),
    ), "Raise a problem…", RecordAct.PROBLEM, "Problem of", "Raise", parse=_said,
    tells=lambda one, policy: (
        f"has *{one.ref}* now: {kit.esc(one.title)}\n"
        f"It is {holder.with_whom(one.assignee, one.owner_group, policy)}."
    ),
)  # fmt: skip
"""Of any record that has a service (`standard_actions/standard.py`)."""
