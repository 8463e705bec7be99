"""From an outbox row to what is said: records are read and drawn at the moment of sending (law 10)."""

import json
from collections.abc import Mapping
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.usecases import home, people
from bot.usecases.approvables import is_asked
from handlers import home_view
from handlers.blocks.kit import HomeView, Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.nouns import NOUNS, lines, waiting_rows
from handlers.records.ended import ended
from handlers.request.linked import Workspace
from storage.tables import Outbox


def renderer(workspace: Workspace) -> Renderer:
    """Draws a row as it is to be sent to this workspace; None when there is nothing left to say."""

    async def render(tx: AsyncSession, row: Outbox) -> Rendered:
        if row.lane.startswith("@") and await people.has_left(tx, row.lane[1:]):
            return None
        drawn = await _whoever_lost_their_say(tx, row, await _draws(row)(tx, row))
        return await workspace.sent(tx, row, drawn) if isinstance(drawn, Message | HomeView) else drawn

    return render


def _draws(row: Outbox) -> Renderer:
    kind, noun = NoticeKind(row.kind), row.about.partition("-")[0]
    return OF_APPROVALS.get((noun, kind)) or RENDERERS[kind]


async def _whoever_lost_their_say(tx: AsyncSession, row: Outbox, drawn: Rendered) -> Rendered:
    """Who has left the group of a stage is asked no more: what they were sent says so, of every noun."""
    if row.kind not in ASKING or not isinstance(drawn, Message):
        return drawn
    stage, now = int(json.loads(row.data).get("stage", 0)), row.last_attempt_at or row.created_at
    if await is_asked(tx, row.about, stage, row.lane.removeprefix("@"), now):
        return drawn
    return ended(drawn, "You have no vote on it any more.")


async def _home(tx: AsyncSession, row: Outbox) -> Rendered:
    return home_view.home(
        await home.of(tx, row.lane.removeprefix("@"), row.last_attempt_at or row.created_at), waiting_rows(), lines()
    )


ASKING = frozenset({NoticeKind.APPROVAL_REQUEST, NoticeKind.APPROVAL_REMINDER})
RENDERERS: Mapping[NoticeKind, Renderer] = MappingProxyType(
    {**{kind: draw for noun in NOUNS for kind, draw in noun.renderers.items()}, NoticeKind.HOME: _home}
)
OF_APPROVALS: Mapping[tuple[str, NoticeKind], Renderer] = MappingProxyType(
    {(str(one.records.noun), kind): draw for one in NOUNS if one.records for kind, draw in one.of_approvals.items()}
)
"""By the noun of the record that is to be approved."""
