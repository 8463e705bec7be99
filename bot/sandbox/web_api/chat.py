"""chat.*: what the app says."""

from typing import Any

from bot.sandbox import messages, objects, pictures
from bot.sandbox.blocks import MESSAGE_TEXT, check_message, text_of
from bot.sandbox.state import Channel, Json, Message, SlackError
from bot.sandbox.web_api.arguments import Ask, RateLimited, answers, missing_scope

MOST_TEXT = 40_000
MOST_UPDATED_TEXT = 4_000
MOST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100
MOST_METADATA_BYTES = 8_000


def destination(ask: Ask, name: str = "channel") -> Channel:
    """Where to post: a channel by id or name, or a person by id for their direct message."""
    slack, wanted = ask.slack, ask.text(name)
    if wanted in slack.users:
        user = slack.users[wanted]
        if user.is_bot or user.deleted or user.id == "USLACKBOT":
            raise SlackError("channel_not_found")
        return slack.direct(user.id)
    found = slack.channels.get(wanted) or slack.channel_named(wanted)
    if found is None or (found.is_private and slack.bot_user.id not in found.members):
        raise SlackError("channel_not_found")
    return found


def _may_post(ask: Ask, place: Channel) -> None:
    slack = ask.slack
    if place.is_archived:
        raise SlackError("is_archived")
    if place.is_im and not slack.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    if slack.bot_user.id not in place.members and "chat:write.public" not in slack.manifest.scopes:
        raise SlackError("not_in_channel")
    dressed_up = [name for name in ("username", "icon_emoji", "icon_url") if name in ask.args]
    if dressed_up and "chat:write.customize" not in slack.manifest.scopes:
        raise missing_scope(slack, ["chat:write.customize"])


def content(ask: Ask, most_text: int = MOST_TEXT) -> Json:
    """Text, blocks and attachments, as far as they are given and good."""
    said: Json = {}
    if "markdown_text" in ask.args:
        if "text" in ask.args or "blocks" in ask.args:
            raise SlackError("markdown_text_conflict")
        said["text"] = _fits(ask.text("markdown_text"), MOST_MARKDOWN)
    if "text" in ask.args:
        said["text"] = _fits(ask.text("text"), most_text)
    if "blocks" in ask.args:
        said["blocks"] = _blocks(ask)
    if "attachments" in ask.args:
        said["attachments"] = _attachments(ask)
    return said


def _fits(text: str, most: int) -> str:
    if len(text) > most:
        raise SlackError("msg_too_long")
    return text


def _blocks(ask: Ask) -> list[Json]:
    blocks: list[Json] = ask.parsed("blocks", "invalid_blocks_format")
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if sum(map(len, text_of(blocks))) > MESSAGE_TEXT:
        raise SlackError("msg_blocks_too_long")
    if faults := check_message(blocks) or list(pictures.faults(ask.slack, blocks, "/blocks")):
        raise SlackError("invalid_blocks", *(f"[ERROR] {fault}" for fault in faults))
    return blocks


def _attachments(ask: Ask) -> list[Json]:
    attachments: list[Json] = ask.parsed("attachments", "invalid_attachments")
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return attachments


def _metadata(ask: Ask) -> Json | None:
    metadata: Any = ask.parsed("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    if len(str(metadata).encode()) > MOST_METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}


def _thread(ask: Ask, place: Channel) -> str | None:
    """The message that is answered; it must be there and be no answer itself."""
    ts = ask.text("thread_ts") or None
    if ts is not None and ((parent := place.message(ts)) is None or parent.is_reply):
        raise SlackError("cannot_reply_to_message")
    return ts


def _own(ask: Ask) -> Json:
    slack = ask.slack
    return {"user": slack.bot_user.id, "bot_id": slack.bot_id, "app_id": slack.app_id}


@answers("chat.postMessage")
def post_message(ask: Ask) -> Json:
    place = destination(ask)
    _may_post(ask, place)
    said = content(ask)
    if not (said.get("text") or said.get("blocks") or said.get("attachments")):
        raise SlackError("no_text")
    said.setdefault("text", "")
    thread, metadata = _thread(ask, place), _metadata(ask)
    seconds = ask.slack.limits.post(place.id)
    if seconds is not None:
        raise RateLimited(seconds)
    broadcast = ask.flag("reply_broadcast")
    posted = messages.post(
        ask.slack, place, **_own(ask), **said, thread_ts=thread, metadata=metadata, broadcast=broadcast
    )
    _ring_by_name(ask, posted)
    return {"channel": place.id, "ts": posted.ts, "message": objects.message(ask.slack, posted, metadata=True)}


def _ring_by_name(ask: Ask, posted: Message) -> None:
    """With link_names or parse=full a bare @channel rings too."""
    if ask.flag("link_names") or ask.text("parse") == "full":
        for word in ("channel", "here", "everyone"):
            if f"@{word}" in posted.text:
                messages.ring(ask.slack, posted, word)


@answers("chat.postEphemeral")
def post_ephemeral(ask: Ask) -> Json:
    place = destination(ask)
    _may_post(ask, place)
    if ask.text("user") not in place.members:
        raise SlackError("user_not_in_channel")
    said = content(ask)
    if not (said.get("text") or said.get("blocks") or said.get("attachments")):
        raise SlackError("no_text")
    said.setdefault("text", "")
    posted = messages.post(
        ask.slack, place, **_own(ask), **said, thread_ts=_thread(ask, place), ephemeral_to=ask.text("user")
    )
    return {"message_ts": posted.ts}


def _own_message(ask: Ask, code: str) -> tuple[Channel, Message]:
    found = ask.slack.channels.get(ask.text("channel"))
    if found is None or (found.is_private and ask.slack.bot_user.id not in found.members):
        raise SlackError("channel_not_found")
    said = ask.message(found, "ts")
    if said.bot_id != ask.slack.bot_id or said.subtype is not None:
        raise SlackError(code)
    return found, said


@answers("chat.update")
def update(ask: Ask) -> Json:
    """Fields that are left out stay as they are; an empty list takes blocks or attachments away."""
    place, said = _own_message(ask, "cant_update_message")
    if place.is_archived:
        raise SlackError("is_inactive")
    changed = content(ask, MOST_UPDATED_TEXT)
    if "metadata" in ask.args:
        changed["metadata"] = _metadata(ask)
    if not changed:
        raise SlackError("no_text")
    after = {"text": said.text, "blocks": said.blocks, "attachments": said.attachments} | changed
    if not (after["text"] or after["blocks"] or after["attachments"]):
        raise SlackError("no_text")
    messages.edit(ask.slack, place, said, changed)
    message = objects.message(ask.slack, said, metadata=True)
    return {"channel": place.id, "ts": said.ts, "text": said.text, "message": message}


@answers("chat.delete")
def delete(ask: Ask) -> Json:
    place, said = _own_message(ask, "cant_delete_message")
    messages.delete(ask.slack, place, said)
    return {"channel": place.id, "ts": said.ts}


@answers("chat.getPermalink")
def permalink(ask: Ask) -> Json:
    found = ask.slack.channels.get(ask.text("channel"))
    if found is None or (found.is_private and ask.slack.bot_user.id not in found.members):
        raise SlackError("channel_not_found")
    said = ask.message(found, "message_ts")
    url = f"https://{ask.slack.domain}.slack.com/archives/{found.id}/p{said.ts.replace('.', '')}"
    return {"channel": found.id, "permalink": url}
