"""A file that somebody shared with a channel of the policy: planned as at the command line, applied by a button."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item import notices
from bot.usecases import people
from bot.usecases.configuration_item import imports
from bot.usecases.configuration_item.imports import Drawn
from bot.usecases.policy import in_force
from storage.configuration_item import plans
from storage.delivery import outbox
from storage.tables import CiPlan
from storage.workspace import channels

ENDINGS = ("csv", "tsv", "json", "yaml", "yml", "xlsx")
"""Of files that are meant to be imported. A picture in the same channel is none; Excel is told to save as CSV."""


class Shared(NamedTuple):
    """Where a file was shared, and as what."""

    file: str
    """Its id in Slack."""
    room: str
    thread_ts: str


async def source_of(tx: AsyncSession, channel: str) -> tuple[str, str] | None:
    """The source whose files are shared with this channel (by Slack id), and the policy's name of the channel."""
    for key, source in (await in_force(tx)).policy.ci_sources.items():
        if source.channel is not None and await channels.channel_of(tx, source.channel) == channel:
            return key, source.channel
    return None


async def begin(tx: AsyncSession, source: str, *, by: str, now: datetime) -> None:
    """Raises NoSuchSource, GuestsMayNot."""
    await people.member(tx, by)
    await imports.bring_up(tx, source, now)


async def keep(tx: AsyncSession, plan: Drawn, shared: Shared, *, by: str, now: datetime) -> None:
    """The plan is kept, and shown beneath the file."""
    kept = await imports.keep_drawn(tx, plan, by=by, now=now)
    await outbox.put(tx, notices.planned(kept, shared.room, shared.file, shared.thread_ts), now)


async def shown(tx: AsyncSession, plan_id: str) -> CiPlan | None:
    """None of one that newer plans have displaced."""
    return await plans.get(tx, plan_id)
