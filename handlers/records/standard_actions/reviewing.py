"""*Ask for a review* of what may have one: an incident, a change."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import RecordVersion
from bot.usecases.review import reviews
from handlers.blocks import holder, kit
from handlers.ids import Field
from handlers.records.actions import Action
from handlers.records.fields import Words
from storage.tables import Review


async def ask(tx: AsyncSession, about: Any, because: str, *, by: str, now: datetime) -> Review:
    ref = about.ref if isinstance(about, RecordVersion) else about
    return await reviews.ask(tx, ref, because, by=by, now=now)


ASK_REVIEW = Action(
    "ask-review", ask, "ask for its review", "has a review now: `/review list` shows it.",
    (Words(Field.COMMENT, "Why", "What is to be learned from it; it stands in the review", "why"),),
    "Ask for a review…", RecordAct.REVIEW, "Review of", "Ask for it",
    tells=lambda one, policy: (
        f"has a review: *{one.ref}*, {holder.with_whom(one.facilitator, one.owner_group, policy)}, "
        f"due {kit.day(one.due_on)}."
    ),
)  # fmt: skip
"""Of any record that has ended, or will (`standard_actions/standard.py`)."""
