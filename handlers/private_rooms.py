"""The private channels, of incidents and of the journal: whoever is in the group that works there is invited."""

import logging
from collections.abc import Mapping

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.policy import Policy
from handlers import workspace
from handlers.places import because
from handlers.workspace import Membership
from storage import places
from storage.database import Database

log = logging.getLogger(__name__)


async def let_in(client: AsyncWebClient, database: Database, policy: Policy, found: Mapping[str, Membership]) -> None:
    """Invite those of the group who are not there. Nobody is put out: a person of the channel does that."""
    for private in (policy.incidents.private, policy.audit):
        await _let_in(client, database, policy.channel(private.channel), private.group, found)


async def _let_in(
    client: AsyncWebClient, database: Database, name: str, group: str, found: Mapping[str, Membership]
) -> None:
    async with database.read() as tx:
        channel = await places.channel_of(tx, name)
    if channel is None or group not in found:
        return
    try:
        missing = sorted(set(found[group].ids) - set(await workspace.members(client, channel)))
        if missing:
            await client.conversations_invite(channel=channel, users=",".join(missing))
    except SlackApiError as error:
        log.warning("not everyone of the group %s could be invited to #%s: %s", group, name, because(error))
