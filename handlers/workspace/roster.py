"""The workspace as Slack tells it: people, channels and groups, read page by page into plain values. Writes nothing."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.policy.policy import Group
from storage.tables import Person

PAGE = 500
"""Entries a page: far enough below Slack's 1,000, and few enough calls for tier 2 in a large workspace."""

NO_USER_GROUPS = frozenset({"plan_upgrade_required", "paid_teams_only"})
"""What usergroups.list answers on a plan that has none."""


@dataclass(frozen=True)
class Found:
    """A channel that the app can see."""

    id: str
    name: str
    is_private: bool
    is_archived: bool
    is_member: bool


@dataclass(frozen=True)
class Roster:
    """Everyone of this workspace by id, and the ids by user name. Strangers of shared channels are not of it."""

    people: Mapping[str, Person]
    by_user_name: Mapping[str, str]

    def able(self, ids: Iterable[str]) -> list[str]:
        """Those of `ids` who may hold a role: neither guest, bot, deactivated nor stranger. In order, each once."""
        known = (self.people.get(one) for one in dict.fromkeys(ids))
        return sorted(one.id for one in known if one and is_able(one))

    def admins(self) -> list[str]:
        return self.able(one.id for one in self.people.values() if one.is_admin)


def is_able(person: Person) -> bool:
    return not (person.is_guest or person.is_bot or person.deleted)


@dataclass(frozen=True)
class Membership:
    ids: list[str]
    fallen_because: str | None
    """Why these are the workspace's owners and admins instead of the group's own; None where they are its own."""


async def home_team(client: AsyncWebClient) -> str:
    """The id of the workspace that the app is installed in."""
    return str((await client.auth_test())["team_id"])


async def roster(client: AsyncWebClient, team: str, now: datetime) -> Roster:
    users = [user async for user in _pages(client, "users_list", "members") if is_of(user, team)]
    people = {user["id"]: person(user, now) for user in users}
    return Roster(people, {user["name"].lower(): user["id"] for user in users if user.get("name")})


def is_of(user: Mapping[str, Any], team: str) -> bool:
    """Whether a user object is one of the workspace's own; on an Enterprise organisation, one who is in it."""
    teams = (user.get("enterprise_user") or {}).get("teams") or []
    return not user.get("is_stranger") and (user.get("team_id", team) == team or team in teams)


def person(user: Mapping[str, Any], now: datetime) -> Person:
    profile = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    return Person(
        id=user["id"],
        name=name or user["id"],
        user_name=str(user["name"]).lower() if user.get("name") else None,
        tz=_zone(user.get("tz")),
        email=str(profile.get("email") or "").casefold() or None,
        is_admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_bot=bool(user.get("is_bot") or user["id"] == "USLACKBOT"),
        deleted=bool(user.get("deleted")),
        seen_at=now,
    )


def _zone(name: object) -> str:
    """The zone if this machine knows it too: every date shown and typed goes through it."""
    try:
        return ZoneInfo(str(name or "UTC")).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


async def channels(client: AsyncWebClient) -> list[Found]:
    """Every public channel, and the private ones that the app was invited to."""
    kinds = "public_channel,private_channel"
    return [
        Found(
            id=channel["id"],
            name=channel["name"],
            is_private=bool(channel.get("is_private")),
            is_archived=bool(channel.get("is_archived")),
            is_member=bool(channel.get("is_member")),
        )
        async for channel in _pages(client, "conversations_list", "channels", types=kinds)
    ]


async def members(client: AsyncWebClient, channel: str) -> list[str]:
    """Ids of everyone in a channel, by its Slack id."""
    return [member async for member in _pages(client, "conversations_members", "members", channel=channel)]


async def user_groups(client: AsyncWebClient) -> dict[str, list[str]] | None:
    """Members' ids by handle; None on a Slack plan without user groups. Raises SlackApiError."""
    try:
        answer = await client.usergroups_list(include_users=True)
    except SlackApiError as error:
        if error.response.get("error") in NO_USER_GROUPS:
            return None
        raise
    return {group["handle"].lower(): list(group.get("users") or []) for group in answer["usergroups"]}


async def group_handles(client: AsyncWebClient) -> dict[str, str]:
    """Handles by id; none on a Slack plan without user groups. Raises SlackApiError."""
    try:
        answer = await client.usergroups_list()
    except SlackApiError as error:
        if error.response.get("error") in NO_USER_GROUPS:
            return {}
        raise
    return {group["id"]: group["handle"] for group in answer["usergroups"]}


async def memberships(
    client: AsyncWebClient, groups: Iterable[Group], everyone: Roster, places: Iterable[Found]
) -> dict[str, Membership]:
    """Who is in each group. One that resolves to nobody falls to the workspace's owners and admins."""
    groups, by_name = list(groups), {place.name: place for place in places}
    handles = await user_groups(client) if any(group.usergroup for group in groups) else None
    found: dict[str, Membership] = {}
    for group in groups:
        if group.usergroup:
            named, why = _by_handle(group.usergroup, handles)
        elif group.channel:
            named, why = await _by_channel(client, group.channel, by_name.get(group.channel))
        else:
            named, why = [everyone.by_user_name.get(one.lower(), one) for one in group.people or ()], ""
        able = everyone.able(named)
        nobody = why or "none of the people it names is a full member of this workspace"
        found[group.key] = Membership(able, None) if able else Membership(everyone.admins(), nobody)
    return found


def _by_handle(handle: str, handles: Mapping[str, list[str]] | None) -> tuple[list[str], str]:
    if handles is None:
        return [], "this workspace's Slack plan has no user groups"
    if handle not in handles:
        return [], f"there is no user group @{handle}"
    return handles[handle], f"the user group @{handle} has no full member of this workspace in it"


async def _by_channel(client: AsyncWebClient, name: str, place: Found | None) -> tuple[list[str], str]:
    if place is None:
        return [], f"there is no private channel #{name} that Deskbell was invited to"
    if not place.is_private:
        return [], f"#{name} is public, so anyone could join it; a group's channel must be private"
    if place.is_archived:
        return [], f"#{name} is archived"
    return await members(client, place.id), f"#{name} has no full member of this workspace in it"


async def _pages(client: AsyncWebClient, method: str, entries: str, **arguments: object) -> AsyncIterator[Any]:
    """Each entry of each page of a cursored method."""
    cursor: str | None = None
    while cursor != "":
        page = await getattr(client, method)(limit=PAGE, cursor=cursor, **arguments)
        for entry in page[entries]:
            yield entry
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
