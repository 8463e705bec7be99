"""The private channels, of incidents and of the journal: whoever is in the group that works there is invited."""

import logging
from collections.abc import Mapping

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.policy.policy import Policy
from handlers.workspace import roster
from handlers.workspace.channels import because
from handlers.workspace.roster import Membership
from storage.db.database import Database
from storage.workspace import channels

log = logging.getLogger(__name__)


async def let_in(client: AsyncWebClient, database: Database, policy: Policy, found: Mapping[str, Membership]) -> None:
    """Invite those of the group who are not there. Nobody is put out: a person of the channel does that."""
    for private in (policy.incidents.private, policy.audit):
        await _let_in(client, database, policy.channel(private.channel), private.group, found)


async def _let_in(
    client: AsyncWebClient, database: Database, name: str, group: str, found: Mapping[str, Membership]
) -> None:
    async with database.read() as tx:
        channel = await channels.channel_of(tx, name)
    if channel is None or group not in found:
        return
    try:
        missing = sorted(set(found[group].ids) - set(await roster.members(client, channel)))
        if missing:
            await client.conversations_invite(channel=channel, users=",".join(missing))
    except SlackApiError as error:
        log.warning("not everyone of the group %s could be invited to #%s: %s", group, name, because(error))
