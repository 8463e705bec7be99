"""The card of an item, in the thread of the record that named it first, its picture, and how services are now.

All of it is drawn as things are when it is sent.
"""

import json
from collections.abc import Mapping
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.notices import services_post_of
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import of_subject
from bot.usecases.configuration_item import catalogue, lists, pictures, services_posts
from bot.usecases.policy import in_force
from bot.usecases.records.visibility import find
from handlers.blocks.kit import Message
from handlers.blocks.renderer import Rendered, Renderer
from handlers.configuration_item import picture
from handlers.configuration_item.views import card as views
from handlers.configuration_item.views import impact as impact_views
from handlers.configuration_item.views import services_now as services_views
from handlers.delivery.slack_tasks import UploadPicture
from storage.delivery import posts
from storage.tables import ConfigurationItem, Outbox


async def card_of(tx: AsyncSession, item: ConfigurationItem, reader: str | None) -> Message:
    """As one reader may see it, or all in a channel."""
    return views.card(await lists.sheet(tx, item, reader), (await in_force(tx)).policy)


async def _card(tx: AsyncSession, row: Outbox) -> Rendered:
    """Nowhere where the record's own card is gone."""
    beside = str(json.loads(row.data)["beside"])
    heads = [one for one in await posts.leading_to(tx, [beside], "") if one.lane == row.lane]
    if not heads:
        return None
    item = await find(tx, ConfigurationItem, of_subject(row.about))
    card = views.withheld(item) if item.private else await card_of(tx, item, None)
    return Message(card.text, card.blocks, thread_ts=heads[0].ts)


async def _drawing(tx: AsyncSession, row: Outbox) -> Rendered:
    ref = of_subject(row.about)
    found = await pictures.drawn(tx, ref, str(json.loads(row.data)["for"]))
    if found is None:
        return None
    _, drawn = found
    # The picture is painted beside the loop, when this transaction is over.
    return UploadPicture(
        f"{ref}-impact.png".lower(), f"Impact of {ref}", drawn.alternative, partial(picture.png, drawn)
    )


async def _picture(tx: AsyncSession, row: Outbox) -> Rendered:
    found = await pictures.drawn(tx, of_subject(row.about), row.lane.removeprefix("@"))
    if found is None:
        return None
    item, drawn = found
    return impact_views.picture(item, json.loads(row.data)["file"], drawn.alternative)


async def _services(tx: AsyncSession, row: Outbox) -> Rendered:
    newest = await services_posts.newest(tx)
    if newest is not None and newest.id != services_post_of(row.about):
        return services_views.replaced(newest.room)
    now = row.last_attempt_at or row.created_at
    return services_views.now(await catalogue.bearings(tx, None, now), (await in_force(tx)).policy, now)


RENDERERS: Mapping[NoticeKind, Renderer] = {
    NoticeKind.CI_CARD: _card,
    NoticeKind.CI_DRAWING: _drawing,
    NoticeKind.CI_PICTURE: _picture,
    NoticeKind.SERVICES_NOW: _services,
}
