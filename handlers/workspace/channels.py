"""The policy's channels in Slack: found by name, created when missing, joined; what cannot be is said, not raised."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Channel
from handlers.workspace import roster
from handlers.workspace.roster import Found
from storage.workspace import channels

log = logging.getLogger(__name__)

ARCHIVED = "it is archived; unarchive it, or name another channel in the policy"

PUBLIC = "it is public, so anyone could read it; name another channel in the policy, or make this one private"

_BECAUSE = {
    "name_taken": "a channel of that name exists that Deskbell cannot see; invite Deskbell to it (/invite @Deskbell)",
    "restricted_action": "this workspace lets no app create channels; create it, and restart Deskbell",
    "cannot_create_channel": "this workspace lets no app create channels; create it, and restart Deskbell",
    "channel_is_limited_access": "not everyone may join it; invite Deskbell to it (/invite @Deskbell)",
    "method_not_supported_for_channel_type": "Deskbell cannot join it by itself; invite it (/invite @Deskbell)",
    "too_many_members": "it has as many members as Slack allows",
    "is_archived": ARCHIVED,
}


@dataclass(frozen=True)
class Places:
    """Where the policy's channels are, all by the name that the policy has."""

    ids: dict[str, str] = field(default_factory=dict)
    archived: dict[str, str] = field(default_factory=dict)
    """Ids of those that were archived."""
    unreachable: dict[str, str] = field(default_factory=dict)
    """Why a channel cannot be posted to."""
    renamed: dict[str, str] = field(default_factory=dict)
    """What Slack calls a channel now that was found before under the policy's name."""


def look(wanted: Iterable[Channel], seen: Iterable[Found], known: Mapping[str, str]) -> dict[str, Found | None]:
    """Each wanted channel as it stands; `known` are ids from before, which outlive a renaming."""
    seen = list(seen)
    by_name, by_id = {place.name: place for place in seen}, {place.id: place for place in seen}
    names = dict.fromkeys(channel.name for channel in wanted)
    return {name: by_name.get(name) or by_id.get(known.get(name, "")) for name in names}


async def make_ready(
    client: AsyncWebClient, wanted: Iterable[Channel], seen: Iterable[Found], known: Mapping[str, str]
) -> Places:
    """Create and join what the policy names. Raises SlackApiError only where Slack fails, not where it refuses."""
    ready = Places()
    wanted = list(wanted)
    as_wanted = {channel.name: channel for channel in wanted}
    for name, found in look(wanted, seen, known).items():
        if found is not None and found.is_archived:
            ready.archived[name], ready.unreachable[name] = found.id, ARCHIVED
            continue
        if found is not None and as_wanted[name].private and not found.is_private:
            ready.unreachable[name] = PUBLIC
            continue
        try:
            ready.ids[name] = await _joined(client, found) if found else await _created(client, as_wanted[name])
        except SlackApiError as error:
            ready.unreachable[name] = because(error)
        if found is not None and found.name != name:
            ready.renamed[name] = found.name
    return ready


def because(error: SlackApiError) -> str:
    """Why Slack refused, in words. Raises the error again where Slack did not answer with a reason."""
    code = error.response.get("error")
    if error.response.status_code != 200 or not code:
        raise error
    return _BECAUSE.get(code, f"Slack says “{code}”")


async def _joined(client: AsyncWebClient, found: Found) -> str:
    if not found.is_member:
        await client.conversations_join(channel=found.id)
    return found.id


async def _created(client: AsyncWebClient, wanted: Channel) -> str:
    name, purpose = wanted.name, wanted.purpose
    try:
        channel = str((await client.conversations_create(name=name, is_private=wanted.private))["channel"]["id"])
    except SlackApiError as error:
        # Another replica that started at the same moment may have been first.
        again = {place.name: place for place in await roster.channels(client)}
        if error.response.get("error") != "name_taken" or name not in again:
            raise
        return await _joined(client, again[name])
    log.info("created #%s", name)
    if purpose:
        await client.conversations_setPurpose(channel=channel, purpose=purpose)
    return channel


async def known(tx: AsyncSession, names: Iterable[str]) -> dict[str, str]:
    """Ids of those channels that were found before, archived or not."""
    found = {name: await channels.get(tx, name) for name in names}
    return {name: place.channel for name, place in found.items() if place is not None}


async def keep(tx: AsyncSession, ready: Places) -> None:
    for name, channel in ready.ids.items():
        await channels.set(tx, name, channel)
    for name, channel in ready.archived.items():
        if await channels.channel_of(tx, name) != channel:
            await channels.set(tx, name, channel)
        await channels.archived(tx, channel)
