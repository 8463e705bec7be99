"""conversations.*: finding, reading, making and changing channels."""

import re

from bot.sandbox import membership, messages, objects
from bot.sandbox.state import Channel, Json, SlackError
from bot.sandbox.web_api.arguments import Ask, answers, missing_scope

KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
NAME = re.compile(r"[^\W_A-Z]|[-_\d]")
MOST_NAME = 80
MOST_TOPIC = 250


def checked_name(ask: Ask, *, keeping: Channel | None = None) -> str:
    """A name for a channel. Raises SlackError with the code for what is wrong with it."""
    name = ask.text("name").removeprefix("#")
    if not name.strip():
        raise SlackError("invalid_name_required")
    if len(name) > MOST_NAME:
        raise SlackError("invalid_name_maxlength")
    if not any(character.isalnum() for character in name):
        raise SlackError("invalid_name_punctuation")
    if not all(NAME.fullmatch(character) for character in name):
        raise SlackError("invalid_name_specials")
    taken = ask.slack.channel_named(name)
    if taken is not None and taken is not keeping:
        raise SlackError("name_taken")
    return name


def of_types(ask: Ask) -> list[Channel]:
    """The channels of the kinds asked for; the app needs a scope for each kind."""
    kinds = ask.listed("types", "public_channel")
    if not kinds or any(kind not in KINDS for kind in kinds):
        raise SlackError("invalid_types")
    wanted = {KINDS[kind] for kind in kinds}
    for kind in wanted:
        ask.needs_scope_for(kind)
    skip_archived = ask.flag("exclude_archived")
    return [p for p in ask.slack.channels.values() if p.kind in wanted and not (skip_archived and p.is_archived)]


@answers("conversations.list")
def list_channels(ask: Ask) -> Json:
    slack = ask.slack
    seen = [p for p in of_types(ask) if not p.is_private or slack.bot_user.id in p.members]
    part, cursor = ask.page(seen)
    channels = [objects.channel(slack, place, num_members=not place.is_im) for place in part]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


@answers("conversations.info")
def info(ask: Ask) -> Json:
    place = ask.place()
    shape = objects.channel(ask.slack, place, num_members=ask.flag("include_num_members"))
    return {"channel": shape | ({"locale": "en-GB"} if ask.flag("include_locale") else {})}


@answers("conversations.members")
def members(ask: Ask) -> Json:
    part, cursor = ask.page(ask.place().members)
    return {"members": part, "response_metadata": {"next_cursor": cursor}}


@answers("conversations.create")
def create(ask: Ask) -> Json:
    is_private = ask.flag("is_private")
    ask.needs_scope_for("groups" if is_private else "channels")
    name = checked_name(ask)
    place = ask.slack.create_channel(name, creator=ask.slack.bot_user.id, is_private=is_private)
    return {"channel": objects.channel(ask.slack, place)}


@answers("conversations.rename")
def rename(ask: Ask) -> Json:
    place = _changeable(ask)
    name = checked_name(ask, keeping=place)
    if ask.slack.bot_user.id != place.creator:
        raise SlackError("not_authorized")
    membership.rename(ask.slack, place, name)
    return {"channel": objects.channel(ask.slack, place)}


def _changeable(ask: Ask, *, active: bool = True) -> Channel:
    """A channel that the app is in and may change."""
    place = ask.place(active=active, member=True)
    if place.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    return place


@answers("conversations.join")
def join(ask: Ask) -> Json:
    slack = ask.slack
    found = slack.channels.get(ask.text("channel"))
    if found is None or (found.is_private and slack.bot_user.id not in found.members):
        raise SlackError("channel_not_found")
    if found.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if found.is_archived:
        raise SlackError("is_archived")
    joined = membership.join(slack, found, slack.bot_user.id)
    answer: Json = {"channel": objects.channel(slack, found)}
    if not joined:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


@answers("conversations.leave")
def leave(ask: Ask) -> Json:
    place = ask.place(active=True)
    if place.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if place.is_general:
        raise SlackError("cant_leave_general")
    if not membership.leave(ask.slack, place, ask.slack.bot_user.id):
        return {"not_in_channel": True}
    return {}


@answers("conversations.invite")
def invite(ask: Ask) -> Json:
    """All or nothing, unless `force` asks for as many as can be."""
    place, slack = _changeable(ask), ask.slack
    faults = {user: fault for user in ask.listed("users") if (fault := _no_guest_of(ask, place, user))}
    good = [user for user in ask.listed("users") if user not in faults]
    if not faults and not good:
        raise SlackError("no_user")
    if faults and not (ask.flag("force") and good):
        errors = [{"user": user, "ok": False, "error": code} for user, code in faults.items()]
        raise SlackError(next(iter(faults.values())), errors=errors)
    for user in good:
        membership.join(slack, place, user, inviter=slack.bot_user.id)
    return {"channel": objects.channel(slack, place)}


def _no_guest_of(ask: Ask, place: Channel, user: str) -> str | None:
    """Why a user cannot be invited."""
    known = ask.slack.users.get(user)
    if known is None:
        return "user_not_found"
    if user == ask.slack.bot_user.id:
        return "cant_invite_self"
    if known.deleted or user == "USLACKBOT":
        return "cant_invite"
    return "already_in_channel" if user in place.members else None


@answers("conversations.kick")
def kick(ask: Ask) -> Json:
    place, user = _changeable(ask, active=False), ask.user()
    if place.is_general:
        raise SlackError("cant_kick_from_general")
    if user is ask.slack.bot_user:
        raise SlackError("cant_kick_self")
    if not membership.leave(ask.slack, place, user.id):
        raise SlackError("not_in_channel")
    return {"errors": {}}


@answers("conversations.archive")
def archive(ask: Ask) -> Json:
    place = ask.place()
    if place.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if place.is_general:
        raise SlackError("cant_archive_general")
    if place.is_archived:
        raise SlackError("already_archived")
    if ask.slack.bot_user.id not in place.members:
        raise SlackError("not_in_channel")
    membership.archive(ask.slack, place, ask.slack.bot_user.id)
    return {}


@answers("conversations.unarchive")
def unarchive(ask: Ask) -> Json:
    place = ask.place()
    if not place.is_archived:
        raise SlackError("not_archived")
    membership.unarchive(ask.slack, place, ask.slack.bot_user.id)
    return {}


@answers("conversations.setTopic")
def set_topic(ask: Ask) -> Json:
    return _describe(ask, "topic")


@answers("conversations.setPurpose")
def set_purpose(ask: Ask) -> Json:
    return _describe(ask, "purpose")


def _describe(ask: Ask, what: str) -> Json:
    place, words, slack = _changeable(ask), ask.text(what), ask.slack
    if len(words) > MOST_TOPIC:
        raise SlackError("too_long")
    now = objects.seconds(slack.clock.now())
    setattr(place, what, {"value": words, "creator": slack.bot_user.id, "last_set": now})
    text = f"set the channel {'topic' if what == 'topic' else 'description'}: {words}"
    messages.post(slack, place, user=slack.bot_user.id, text=text, subtype=f"channel_{what}", fields={what: words})
    return {"channel": objects.channel(slack, place)}


@answers("conversations.open")
def open_direct(ask: Ask) -> Json:
    """The direct message with one person; groups of several are not in this sandbox."""
    if "channel" in ask.args:
        place = ask.place()
        return {"channel": {"id": place.id}, "no_op": True, "already_open": True}
    users = ask.listed("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("too_many_users", "[ERROR] the sandbox opens direct messages with one person only")
    if "im:write" not in ask.slack.manifest.scopes:
        raise missing_scope(ask.slack, ["im:write"])
    return _open_with(ask, users[0])


def _open_with(ask: Ask, user: str) -> Json:
    slack, known = ask.slack, ask.slack.users.get(user)
    if known is None:
        raise SlackError("user_not_found")
    if known.deleted:
        raise SlackError("user_disabled")
    if known.is_bot:
        raise SlackError("invalid_user_combination")
    already = any(place.user == user for place in slack.channels.values())
    place = slack.direct(user)
    shape = objects.channel(slack, place) if ask.flag("return_im") else {"id": place.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if already else {})
