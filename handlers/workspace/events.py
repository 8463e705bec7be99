"""What Slack tells of people, groups and channels, so that the directory is right between two readings."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.rules.policy.policy import Policy
from bot.usecases.major_incident import slack_tasks as major_incident_slack_tasks
from bot.usecases.policy import in_force
from handlers.ids import Event
from handlers.records.commands import Listener
from handlers.records.registration import Registration
from handlers.request.context import RequestContext
from handlers.workspace import directory


async def person_changed(ack: AsyncAck, event: dict[str, Any], context: AsyncBoltContext, turn: RequestContext) -> None:
    home = context.authorize_result.team_id if context.authorize_result else None
    policy = await _policy(turn)
    await directory.person_changed(turn.reads, turn.database, policy, event["user"], home or "", turn.now)
    await ack()


async def user_group_changed(ack: AsyncAck, turn: RequestContext) -> None:
    await directory.user_group_changed(turn.reads, turn.database, await _policy(turn), turn.now)
    await ack()


async def members_changed(ack: AsyncAck, event: dict[str, Any], turn: RequestContext) -> None:
    policy = await _policy(turn)
    await directory.channel_members_changed(turn.reads, turn.database, policy, event["channel"], turn.now)
    await ack()


async def channel_archived(ack: AsyncAck, event: dict[str, Any], turn: RequestContext) -> None:
    await directory.channel_archived(turn.database, event["channel"])
    async with turn.database.begin() as tx:
        await major_incident_slack_tasks.channel_archived(tx, event["channel"], turn.now)
    await ack()


async def channel_renamed(ack: AsyncAck, event: dict[str, Any], turn: RequestContext) -> None:
    policy, channel = await _policy(turn), event["channel"]
    await directory.channel_renamed(turn.reads, turn.database, policy, channel["id"], channel["name"])
    await ack()


async def channel_unarchived(ack: AsyncAck, event: dict[str, Any], turn: RequestContext) -> None:
    """What waited for the channel can be posted: the relay tries its lane again at the next heartbeat."""
    await directory.channel_opened_again(turn.database, event["channel"])
    await directory.refresh_channels(turn.reads, turn.database, await _policy(turn))
    await ack()


async def _policy(turn: RequestContext) -> Policy:
    async with turn.database.read() as tx:
        return (await in_force(tx)).policy


EVENTS: dict[str, Listener] = {
    Event.USER_CHANGE: person_changed,
    Event.SUBTEAM_MEMBERS_CHANGED: user_group_changed,
    Event.MEMBER_JOINED_CHANNEL: members_changed,
    Event.MEMBER_LEFT_CHANNEL: members_changed,
    Event.CHANNEL_ARCHIVE: channel_archived,
    Event.CHANNEL_RENAME: channel_renamed,
    Event.CHANNEL_UNARCHIVE: channel_unarchived,
}
REGISTRATION = Registration(events=EVENTS)
