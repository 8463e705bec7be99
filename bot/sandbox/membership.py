"""Coming into channels and leaving them, with the messages and events that Slack makes of it."""

from typing import TYPE_CHECKING

from bot.sandbox import messages, objects
from bot.sandbox.state import Channel, Usergroup

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def join(slack: "Workspace", place: Channel, user: str, *, inviter: str | None = None, quietly: bool = False) -> bool:
    """Put a user into a channel; False when they were there. `quietly`: part of the scenery, nobody is told."""
    if user in place.members:
        return False
    place.members.append(user)
    if quietly:
        return True
    subtype = "group_join" if place.is_private else "channel_join"
    text = f"<@{user}> has joined the {'group' if place.is_private else 'channel'}"
    fields = {"inviter": inviter} if inviter else {}
    messages.post(slack, place, user=user, text=text, subtype=subtype, fields=fields)
    if slack.bot_user.id in place.members:
        slack.emit("member_joined_channel", {**_who_where(slack, place, user), **fields})
    return True


def leave(slack: "Workspace", place: Channel, user: str) -> bool:
    """Take a user out of a channel; False when they were not there."""
    if user not in place.members:
        return False
    heard = slack.bot_user.id in place.members
    place.members.remove(user)
    messages.post(slack, place, user=user, text=f"<@{user}> has left the channel", subtype="channel_leave")
    if heard:
        slack.emit("member_left_channel", _who_where(slack, place, user))
    return True


def _who_where(slack: "Workspace", place: Channel, user: str) -> dict[str, str]:
    kind = "G" if place.is_private else "C"
    return {"user": user, "channel": place.id, "channel_type": kind, "team": slack.team_id}


def archive(slack: "Workspace", place: Channel, user: str) -> None:
    """Archive a channel and tell the app."""
    place.is_archived = True
    slack.emit("channel_archive", {"channel": place.id, "user": user, "is_moved": 0})
    slack.changes.touch(channels=[place.name])


def unarchive(slack: "Workspace", place: Channel, user: str) -> None:
    place.is_archived = False
    slack.emit("channel_unarchive", {"channel": place.id, "user": user})
    slack.changes.touch(channels=[place.name])


def rename(slack: "Workspace", place: Channel, name: str) -> None:
    """Give a channel another name and tell the app."""
    slack.changes.touch(channels=[place.name, name])
    place.name = name
    told = {"id": place.id, "is_channel": True, "is_mpim": False, "name": name, "name_normalized": name}
    slack.emit("channel_rename", {"channel": told | {"created": place.created}})


def tell_group_changed(slack: "Workspace", group: Usergroup, before: list[str], earlier: int) -> None:
    added = [user for user in group.members if user not in before]
    removed = [user for user in before if user not in group.members]
    slack.emit(
        "subteam_members_changed",
        {
            "subteam_id": group.id,
            "team_id": slack.team_id,
            "date_previous_update": earlier,
            "date_update": objects.seconds(slack.clock.now()),
            "added_users": added,
            "added_users_count": len(added),
            "removed_users": removed,
            "removed_users_count": len(removed),
        },
    )
