"""What fails with an item as a picture: asked for, uploaded, and shown to who asked in a direct message."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item import picture_notices
from bot.rules.configuration_item.diagram import Diagram
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.slack_task_results import Outcome, Standing
from bot.usecases import people
from bot.usecases.configuration_item import access, impacts
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from storage.configuration_item import service_states
from storage.delivery import outbox
from storage.tables import ConfigurationItem, Outbox

BADGES_MOST = 500
"""Items of which it is asked whether something is open on them."""


async def draw(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> ConfigurationItem:
    """Any member. Raises NoSuchRecord, GuestsMayNot."""
    await people.member(tx, by)
    item = await access.shown_to(tx, ref, by)
    await outbox.put(tx, picture_notices.drawing(str(ref), by, now), now)
    return item


async def drawn(tx: AsyncSession, ref: Ref, reader: str) -> tuple[ConfigurationItem, Diagram] | None:
    """As this person may see it; None where the item is for them no more."""
    item, viewer = await visibility.find(tx, ConfigurationItem, ref), await access.viewer_of(tx, reader)
    if not viewer.see(item):
        return None
    answer = await impacts.of_items(tx, [ref.number], (await in_force(tx)).policy, viewer)
    named, _ = answer.shown(answer.impact.reached)
    return item, answer.diagram(await _badges(tx, named[:BADGES_MOST]))


async def landed(tx: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """The file is in Slack: now a message can show it."""
    if row.kind == NoticeKind.CI_DRAWING and outcome.standing is Standing.DONE:
        about, reader = of_subject(row.about), str(json.loads(row.data)["for"])
        await outbox.put(tx, picture_notices.picture(str(about), reader, outcome.found["file"]), now)


async def _badges(tx: AsyncSession, items: list[int]) -> Mapping[int, str]:
    """“INC-3”, or “2 INC”: open incidents that all may see, and changes that are to come."""
    found = await service_states.open_on(tx, items)
    return {item: refs[0] if len(refs) == 1 else f"{len(refs)} open" for item, refs in found.items()}
