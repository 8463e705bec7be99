"""What is said of actions, drawn from the records as they are when it is sent."""

import json
from collections.abc import Mapping
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.action import access, lists
from bot.usecases.policy import in_force
from bot.usecases.records import links
from bot.usecases.records.visibility import as_read, find
from handlers.action.views import card as views
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.records.news import fact_of
from storage.tables import ActionItem, Outbox


async def card_of(tx: AsyncSession, action: ActionItem, reader: str) -> Message:
    shown = await as_read(tx, action, reader)
    return views.card(shown, (await in_force(tx)).policy, await links.of(tx, action, reader))


async def _given(tx: AsyncSession, row: Outbox) -> Rendered:
    """Whose it is no more reads the card without being told that it is theirs; of a private one nothing."""
    action, reader = await _action(tx, row), row.lane.removeprefix("@")
    if not await access.is_for(tx, action, reader):
        return None
    if action.owner != reader:
        return await card_of(tx, action, reader)
    shown = await as_read(tx, action, reader)
    return views.given(shown, (await in_force(tx)).policy, await links.of(tx, action, reader))


async def _news(tx: AsyncSession, row: Outbox) -> Rendered:
    action = await _action(tx, row)
    fact = await fact_of(tx, row, action)
    return views.news(action, fact) if fact and await access.is_for(tx, action, row.lane.removeprefix("@")) else None


async def _digest(tx: AsyncSession, row: Outbox) -> Rendered:
    day = date.fromisoformat(json.loads(row.data)["day"])
    found = await lists.digest(tx, row.lane.removeprefix("@"), day)
    return views.digest(found, (await in_force(tx)).policy)


async def _action(tx: AsyncSession, row: Outbox) -> ActionItem:
    return await find(tx, ActionItem, of_subject(row.about))


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.ACTION_GIVEN: _given,
    NoticeKind.ACTION_NEWS: _news,
    NoticeKind.ACTION_DIGEST: _digest,
}
