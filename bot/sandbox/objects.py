"""Users, channels, messages, views and user groups as the Web API and the payloads spell them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.sandbox.person import form_state
from bot.sandbox.state import Channel, Json, Message, Upload, User, Usergroup, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def user(slack: "Workspace", who: User) -> Json:
    """A user as users.info has it; the e-mail address only for an app with `users:read.email`."""
    first, _, last = who.real_name.partition(" ")
    profile: Json = {
        "title": who.title,
        "phone": "",
        "skype": "",
        "real_name": who.real_name,
        "real_name_normalized": who.real_name,
        "display_name": who.display_name,
        "display_name_normalized": who.display_name,
        "first_name": first,
        "last_name": last,
        "avatar_hash": f"g{who.id.lower()}",
        "status_text": "",
        "status_text_canonical": "",
        "status_emoji": "",
        "status_expiration": 0,
        "team": slack.team_id,
    }
    if who.is_bot:
        profile |= {"api_app_id": slack.app_id, "bot_id": slack.bot_id, "always_active": True}
    elif who.email and "users:read.email" in slack.manifest.scopes:
        profile["email"] = who.email
    head = {"id": who.id, "team_id": slack.team_id, "name": who.name, "deleted": who.deleted}
    return head | ({} if who.deleted else _standing(slack, who)) | {
        "profile": profile,
        "is_bot": who.is_bot,
        "is_app_user": False,
        "updated": who.updated,
    }  # fmt: skip


def _standing(slack: "Workspace", who: User) -> Json:
    """What Slack leaves out for a deactivated user."""
    offset = slack.clock.now().astimezone(ZoneInfo(who.tz)).utcoffset()
    return {
        "color": who.color,
        "real_name": who.real_name,
        "tz": who.tz,
        "tz_label": who.tz.rpartition("/")[2].replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "is_admin": who.is_admin or who.is_owner or who.is_primary_owner,
        "is_owner": who.is_owner or who.is_primary_owner,
        "is_primary_owner": who.is_primary_owner,
        "is_restricted": who.is_restricted or who.is_ultra_restricted,
        "is_ultra_restricted": who.is_ultra_restricted,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def channel(slack: "Workspace", place: Channel, *, num_members: bool = False) -> Json:
    """A channel as conversations.info has it for the app."""
    if place.is_im:
        return {
            "id": place.id,
            "created": place.created,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": slack.team_id,
            "updated": place.created * 1000,
            "user": place.user,
            "is_user_deleted": slack.users[place.user or ""].deleted,
            "is_open": True,
            "priority": 0,
        }
    shape: Json = {
        "id": place.id,
        "name": place.name,
        "name_normalized": place.name,
        "is_channel": not place.is_private,
        "is_group": place.is_private,
        "is_im": False,
        "is_mpim": place.is_mpim,
        "is_private": place.is_private,
        "created": place.created,
        "is_archived": place.is_archived,
        "is_general": place.is_general,
        "unlinked": 0,
        "is_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": slack.team_id,
        "updated": place.created * 1000,
        "creator": place.creator,
        "is_ext_shared": False,
        "shared_team_ids": [slack.team_id],
        "pending_connected_team_ids": [],
        "is_member": slack.bot_user.id in place.members,
        "topic": dict(place.topic),
        "purpose": dict(place.purpose),
        "previous_names": [],
    }
    return shape | ({"num_members": len(place.members)} if num_members else {})


def bot_profile(slack: "Workspace") -> Json:
    return {
        "id": slack.bot_id,
        "app_id": slack.app_id,
        "user_id": slack.bot_user.id,
        "name": slack.manifest.app_name,
        "icons": {},
        "deleted": False,
        "updated": slack.bot_user.updated,
        "team_id": slack.team_id,
    }


def message(slack: "Workspace", said: Message, *, metadata: bool = False) -> Json:
    """A message as conversations.history has it; its metadata only for whoever asks."""
    shape: Json = {"type": "message", "user": said.user, "text": said.text, "ts": said.ts, "team": slack.team_id}
    shape |= {"subtype": said.subtype, **said.fields} if said.subtype else {}
    if said.bot_id:
        shape |= {"bot_id": said.bot_id, "app_id": said.app_id, "bot_profile": bot_profile(slack)}
    if said.blocks:
        shape["blocks"] = said.blocks
    if said.attachments:
        shape["attachments"] = said.attachments
    if said.edited:
        shape["edited"] = said.edited
    if said.reactions:
        shape["reactions"] = [{"name": n, "users": list(u), "count": len(u)} for n, u in said.reactions.items()]
    if metadata and said.metadata:
        shape["metadata"] = said.metadata
    return shape | _thread(slack, said)


def _thread(slack: "Workspace", said: Message) -> Json:
    if said.is_reply:
        parent = slack.channels[said.channel].message(said.thread_ts or "")
        return {"thread_ts": said.thread_ts, "parent_user_id": parent.user if parent else ""}
    replies = slack.channels[said.channel].replies(said.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": said.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users,
        "is_locked": False,
        "subscribed": False,
    }


def view(slack: "Workspace", seen: View) -> Json:
    """A view as views.open answers and as interactions carry it, with what was typed so far."""
    body = seen.body
    shape: Json = {
        "id": seen.id,
        "team_id": slack.team_id,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": form_state.state(seen.blocks, seen.values)},
        "hash": seen.hash,
        "title": _plain(body.get("title", {"text": "View Title"})),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": _plain(body["close"]) if "close" in body else None,
        "submit": _plain(body["submit"]) if "submit" in body else None,
        "previous_view_id": seen.previous_id,
        "root_view_id": seen.root_id,
        "app_id": slack.app_id,
        "external_id": seen.external_id,
        "app_installed_team_id": slack.team_id,
        "bot_id": slack.bot_id,
    }
    return shape | ({"submit_disabled": False} if body["type"] == "modal" else {})


def _plain(text: Json) -> Json:
    return {"type": "plain_text", "text": text["text"], "emoji": text.get("emoji", True)}


def usergroup(slack: "Workspace", group: Usergroup) -> Json:
    return {
        "id": group.id,
        "team_id": slack.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.date_create,
        "date_update": group.date_update,
        "date_delete": group.date_delete,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": slack.bot_user.id,
        "updated_by": slack.bot_user.id,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.members),
    }


def file(slack: "Workspace", upload: Upload) -> Json:
    """A file as an app that may read files is told of it; where it was shared, only once it was."""
    private, owner = f"{slack.base_url}/files-pri/{upload.id}", upload.user or slack.bot_user.id
    named = f"files/{owner}/{upload.id}/{quote(upload.name)}"
    place = f"docs/{slack.team_id}/{upload.id}" if upload.is_canvas else named
    shares: Json = {}
    for channel, shared in upload.shares.items():
        kind = "private" if slack.channels[channel].is_private else "public"
        shares.setdefault(kind, {})[channel] = shared
    return {
        "id": upload.id,
        "created": seconds(slack.clock.now()),
        "name": upload.name,
        "title": upload.title,
        "filetype": upload.name.rpartition(".")[2],
        "user": owner,
        "size": upload.length,
        "url_private": private,
        "url_private_download": f"{private}/download",
        "mode": "hosted",
        "is_external": False,
        "permalink": f"https://{slack.domain}.slack.com/{place}",
    } | ({"shares": shares} if shares else {})


def seconds(at: datetime) -> int:
    """Unix seconds, as `created` and `event_time` want them."""
    return int(at.astimezone(UTC).timestamp())
