"""The directory: what the desk knows of the workspace's people, groups and channels, read at start and kept by events.

Slack is asked first and the answers are written in one transaction afterwards (law 1).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from bot.usecases import departures
from bot.usecases.policy import in_force
from handlers.workspace import channels as workspace_channels
from handlers.workspace import private_channels, roster
from handlers.workspace.channels import Places
from handlers.workspace.roster import Found, Membership, Roster
from storage.db.database import Database
from storage.journal import journal
from storage.workspace import channels as stored_places
from storage.workspace import people

log = logging.getLogger(__name__)

BATCH = 200
"""People written in one transaction."""


@dataclass(frozen=True)
class Report:
    """What a refresh found that somebody should mend; nothing in it stops the desk."""

    fallen: Mapping[str, str] = field(default_factory=dict)
    """Group keys that fell to the owners and admins, and why."""
    unreachable: Mapping[str, str] = field(default_factory=dict)
    """Channels of the policy, by name in Slack, that cannot be posted to, and why."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Channels of the policy that Slack now has under another name."""

    @property
    def sentences(self) -> list[str]:
        return [
            *(f"Group “{key}” falls to the workspace's owners and admins: {why}." for key, why in self.fallen.items()),
            *(f"#{name} cannot be posted to: {why}." for name, why in self.unreachable.items()),
            *(
                f"#{name} is called #{now} in Slack; it is still used, but the policy should say so."
                for name, now in self.renamed.items()
            ),
        ]


async def refresh(client: AsyncWebClient, database: Database, policy: Policy, now: datetime) -> Report:
    """Read it all and make the policy's channels be there. Raises SlackApiError where Slack will not answer."""
    everyone = await roster.roster(client, await roster.home_team(client), now)
    seen = await roster.channels(client)
    ready = await _ready(client, database, policy, seen)
    found = await roster.memberships(client, policy.groups.values(), everyone, seen)
    await _keep_people(database, everyone)
    async with database.begin() as tx:
        await workspace_channels.keep(tx, ready)
        await _keep_groups(tx, found, _group_channels(policy, seen), now)
        await departures.settle(tx, now)
    await private_channels.let_in(client, database, policy, found)
    return _reported(ready, found)


async def refresh_groups(client: AsyncWebClient, database: Database, policy: Policy, now: datetime) -> Report:
    """Who is there and in which group, when an event said that this may have changed. Raises SlackApiError."""
    everyone = await roster.roster(client, await roster.home_team(client), now)
    seen = await roster.channels(client) if any(group.channel for group in policy.groups.values()) else []
    found = await roster.memberships(client, policy.groups.values(), everyone, seen)
    await _keep_people(database, everyone)
    async with database.begin() as tx:
        await _keep_groups(tx, found, _group_channels(policy, seen), now)
        await departures.settle(tx, now)
    await private_channels.let_in(client, database, policy, found)
    return _reported(Places(), found)


async def refresh_channels(client: AsyncWebClient, database: Database, policy: Policy) -> Report:
    """Where the policy's channels are, when an event said that this may have changed. Raises SlackApiError."""
    ready = await _ready(client, database, policy, await roster.channels(client))
    async with database.begin() as tx:
        await workspace_channels.keep(tx, ready)
    return _reported(ready, {})


async def person_changed(
    client: AsyncWebClient, database: Database, policy: Policy, user: Mapping[str, Any], team: str, now: datetime
) -> None:
    """Event user_change, `team` being the app's own. Who may hold a role no more, or anew, changes the groups."""
    if not roster.is_of(user, team):
        return
    person = roster.person(user, now)
    async with database.begin() as tx:
        before = await people.get(tx, person.id)
        was = before and (roster.is_able(before), before.is_admin)
        await people.upsert(tx, person)
    if was != (roster.is_able(person), person.is_admin):
        await refresh_groups(client, database, policy, now)


async def user_group_changed(client: AsyncWebClient, database: Database, policy: Policy, now: datetime) -> None:
    """Event subteam_members_changed: it tells an id where the policy has a handle, so all are read again."""
    if any(group.usergroup for group in policy.groups.values()):
        await refresh_groups(client, database, policy, now)


async def channel_members_changed(
    client: AsyncWebClient, database: Database, policy: Policy, channel: str, now: datetime
) -> None:
    """Events member_joined_channel and member_left_channel, of a channel's Slack id."""
    names = {group.channel for group in policy.groups.values() if group.channel}
    async with database.read() as tx:
        known = await workspace_channels.known(tx, names)
    # A private channel that Deskbell was invited to this moment is not known yet.
    unknown = names - known.keys()
    if channel in known.values() or (unknown and await _name(client, channel) in unknown):
        await refresh_groups(client, database, policy, now)


async def channel_archived(database: Database, channel: str) -> None:
    """Event channel_archive, of a channel's Slack id. What is addressed to it waits until it is opened again."""
    async with database.begin() as tx:
        name = await stored_places.archived(tx, channel)
    if name is not None:
        log.warning("#%s was archived; what is to be said there waits until somebody unarchives it", name)


async def channel_opened_again(database: Database, channel: str) -> None:
    """Event channel_unarchive, of a channel's Slack id."""
    async with database.begin() as tx:
        await stored_places.archived(tx, channel, archived=False)


async def channel_renamed(client: AsyncWebClient, database: Database, policy: Policy, channel: str, name: str) -> None:
    """Event channel_rename, of a channel's Slack id and its new name."""
    async with database.read() as tx:
        known = await workspace_channels.known(tx, policy.channel_names)
    if channel in known.values() or name in policy.channel_names:
        await refresh_channels(client, database, policy)


async def _name(client: AsyncWebClient, channel: str) -> str:
    return str((await client.conversations_info(channel=channel))["channel"]["name"])


async def _ready(client: AsyncWebClient, database: Database, policy: Policy, seen: list[Found]) -> Places:
    async with database.read() as tx:
        known = await workspace_channels.known(tx, policy.channel_names)
    return await workspace_channels.make_ready(client, policy.channels.values(), seen, known)


def _group_channels(policy: Policy, seen: list[Found]) -> dict[str, str]:
    """Ids of the private channels whose members are a group: events tell of them by id."""
    names = {group.channel for group in policy.groups.values()}
    return {place.name: place.id for place in seen if place.name in names and place.is_private}


async def _keep_people(database: Database, everyone: Roster) -> None:
    """A batch at a time: in a large workspace one transaction would hold up those who wait to write."""
    known = list(everyone.people.values())
    for start in range(0, len(known), BATCH):
        async with database.begin() as tx:
            await people.upsert(tx, *known[start : start + BATCH])


async def _keep_groups(
    tx: AsyncSession, found: Mapping[str, Membership], channels: Mapping[str, str], now: datetime
) -> None:
    for name, channel in channels.items():
        await stored_places.set(tx, name, channel)
    for key, membership in found.items():
        await people.set_members(tx, key, membership.ids)
        await _keep_standing(tx, key, membership, now)


async def _keep_standing(tx: AsyncSession, key: str, membership: Membership, now: datetime) -> None:
    """On record once each time a group falls to the owners and admins, and once when it stands by itself again."""
    subject, fallen = f"group:{key}", membership.fallen_because is not None
    past = await journal.timeline(tx, subject)
    if fallen == (bool(past) and past[-1].data["fallen"]):
        return
    version = (await in_force(tx)).version
    data: dict[str, Datum] = {"group": key, "fallen": fallen, "members": membership.ids}
    await journal.record(tx, Fact(FactKind.GROUP_FELL_BACK, subject, SYSTEM, now, version, data))


def _reported(ready: Places, found: Mapping[str, Membership]) -> Report:
    fallen = {key: one.fallen_because for key, one in found.items() if one.fallen_because is not None}
    report = Report(fallen, ready.unreachable, ready.renamed)
    for sentence in report.sentences:
        log.warning("%s", sentence)
    return report
