"""What an approval says to its voters and to whoever asked, drawn when it is sent: the same words for each noun."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.record.notices import NoticeKind
from bot.usecases.approval import delegation
from bot.usecases.approval.asking import Poll
from handlers.approval.views import of_records as views
from handlers.approval.views.of_records import Asked
from handlers.blocks import facts, holder, kit
from handlers.blocks.facts import Titled
from handlers.blocks.renderer import Rendered, Renderer
from storage.tables import Outbox


class HasPoll(Protocol):
    @property
    def poll(self) -> Poll: ...


S = TypeVar("S", bound=HasPoll)


def renderers(
    sheet_of: Callable[[AsyncSession, Outbox], Awaitable[S]],
    asked_of: Callable[[S], Asked],
    record: Callable[[S], Titled],
) -> Mapping[NoticeKind, Renderer]:
    """Of one noun: how all that its messages show is read, what it says of its vote, and its record."""

    async def asked(tx: AsyncSession, row: Outbox) -> Rendered:
        sheet, reader = await sheet_of(tx, row), row.lane.removeprefix("@")
        if _too_late(row, sheet):
            return None
        owner = await delegation.votes_for(tx, row.about, reader, row.last_attempt_at or row.created_at)
        return views.vote(asked_of(sheet), reader, json.loads(row.data)["stage"], owner)

    async def reminded(tx: AsyncSession, row: Outbox) -> Rendered:
        sheet = await sheet_of(tx, row)
        return None if _too_late(row, sheet) else views.reminder(asked_of(sheet), row.lane.removeprefix("@"))

    async def remarked(tx: AsyncSession, row: Outbox) -> Rendered:
        sheet, data = await sheet_of(tx, row), json.loads(row.data)
        seats = [one for one in sheet.poll.seats if (one.stage, one.approver) == (data["stage"], data["seat"])]
        found = next((one for one in seats if one.vote not in (None, Vote.APPROVE)), None)
        if found is None:
            return None if row.verb == "post" else facts.told(record(sheet), "a vote was taken back.")
        said = "approved it under a condition" if found.vote == Vote.CONDITION else "voted against it"
        return facts.told(record(sheet), f"{holder.voter(found)} {said}:\n{kit.quote(found.comment or '', 600)}")

    async def unreachable(tx: AsyncSession, row: Outbox) -> Rendered:
        said = "too few are left who may approve it. Who joins the group is asked at once."
        return facts.told(record(await sheet_of(tx, row)), said)

    return {
        NoticeKind.APPROVAL_REQUEST: asked,
        NoticeKind.APPROVAL_REMINDER: reminded,
        NoticeKind.APPROVAL_REMARK: remarked,
        NoticeKind.APPROVAL_UNREACHABLE: unreachable,
    }


def _too_late(row: Outbox, sheet: HasPoll) -> bool:
    """Nobody is asked anew for what is decided; what was posted already is drawn again without its buttons."""
    return row.verb == "post" and not sheet.poll.is_open
