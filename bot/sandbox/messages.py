"""Posting, editing and deleting: what everybody in a channel sees, and what the app hears of it."""

from typing import TYPE_CHECKING, Any

from bot.sandbox import objects
from bot.sandbox.person.block_text import controls, mrkdwn_texts, within
from bot.sandbox.state import Channel, Json, Message, Ring, Upload
from bot.sandbox.text import mrkdwn

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

CHANNEL_TYPES = {"channels": "channel", "groups": "group", "im": "im", "mpim": "mpim"}


def post(slack: "Workspace", place: Channel, *, user: str, text: str, **fields: Any) -> Message:
    """Add a message; `fields` are those of Message. Rings whom it rings and tells the app if it is there."""
    said = Message(ts=slack.next_ts(), channel=place.id, user=user, text=mrkdwn.stored(text), **fields)
    said.blocks = with_ids(slack, said.blocks)
    place.messages.append(said)
    _ring(slack, said)
    touched(slack, place, said)
    if said.ephemeral_to is None:
        _tell(slack, place, objects.message(slack, said, metadata=True))
        if f"<@{slack.bot_user.id}>" in said.text and said.user != slack.bot_user.id and not place.is_im:
            _tell_mention(slack, place, said)
    return said


def share(slack: "Workspace", place: Channel, uploads: list[Upload], **said: Any) -> Message:
    """Post files, and tell the app of each where it is there. The app hears of its own ones too."""
    shapes = [objects.file(slack, upload) for upload in uploads]
    posted = post(slack, place, subtype="file_share", fields={"files": shapes}, **said)
    for upload in uploads:
        upload.shares.setdefault(place.id, []).append({"ts": posted.ts})
        if slack.bot_user.id in place.members:
            shared = {"channel_id": place.id, "file_id": upload.id, "user_id": posted.user, "file": {"id": upload.id}}
            slack.emit("file_shared", shared)
    return posted


def edit(slack: "Workspace", place: Channel, said: Message, changed: Json) -> None:
    """Change text, blocks, attachments or metadata of a message, in place."""
    before = objects.message(slack, said)
    for name, value in changed.items():
        setattr(said, name, value)
    said.text, said.blocks = mrkdwn.stored(said.text), with_ids(slack, said.blocks)
    said.edited = {"user": said.user, "ts": slack.next_ts()}
    _ring(slack, said)
    touched(slack, place, said)
    after = {"message": objects.message(slack, said), "previous_message": before}
    _tell(slack, place, {"subtype": "message_changed", "hidden": True, "ts": said.edited["ts"], **after})


def delete(slack: "Workspace", place: Channel, said: Message) -> None:
    """Take a message away; replies to it stay, as in Slack."""
    place.messages.remove(said)
    place.pins = [pin for pin in place.pins if pin["message"]["ts"] != said.ts]
    touched(slack, place, said)
    if said.ephemeral_to is None:
        gone = {"deleted_ts": said.ts, "previous_message": objects.message(slack, said)}
        _tell(slack, place, {"subtype": "message_deleted", "hidden": True, "ts": slack.next_ts(), **gone})


def react(slack: "Workspace", place: Channel, said: Message, user: str, name: str) -> bool:
    """Add a reaction and tell the app; False when this user gave it before."""
    givers = said.reactions.setdefault(name, [])
    if user in givers:
        return False
    givers.append(user)
    _tell_reaction(slack, place, said, "reaction_added", user, name)
    return True


def unreact(slack: "Workspace", place: Channel, said: Message, user: str, name: str) -> bool:
    """Take a reaction back and tell the app; False when this user gave none."""
    if user not in said.reactions.get(name, ()):
        return False
    said.reactions[name].remove(user)
    if not said.reactions[name]:
        del said.reactions[name]
    _tell_reaction(slack, place, said, "reaction_removed", user, name)
    return True


def ring(slack: "Workspace", said: Message, what: str) -> None:
    """Put it on record that a message rang somebody."""
    slack.rings.append(Ring(what, said.channel, said.ts, said.user))


def with_ids(slack: "Workspace", blocks: list[Json]) -> list[Json]:
    """The blocks with a block_id and an action_id wherever the app gave none, as Slack fills them in."""
    named = [_named(slack, block) for block in blocks]
    for _, element in controls(named):
        element.setdefault("action_id", _short_id(slack))
    return named


def _named(slack: "Workspace", block: Json) -> Json:
    """With those that it holds."""
    named = block if block.get("block_id") else {**block, "block_id": _short_id(slack)}
    held = "elements" if block.get("type") == "carousel" else "child_blocks"
    return {**named, held: [_named(slack, one) for one in within(block)]} if within(block) else named


def _short_id(slack: "Workspace") -> str:
    return slack.new_id("b").removeprefix("b0")[-5:]


def touched(slack: "Workspace", place: Channel, said: Message) -> None:
    """Whoever watches this channel, or the one who alone sees this message, has something new."""
    if place.is_im and place.user:
        slack.changes.touch(channels=["DM"], people=[slack.users[place.user].name])
    elif said.ephemeral_to:
        slack.changes.touch(channels=[place.name], people=[slack.users[said.ephemeral_to].name])
    else:
        slack.changes.touch(channels=[place.name])


def _ring(slack: "Workspace", said: Message) -> None:
    for text in (said.text, *mrkdwn_texts(said.blocks)):
        for what in mrkdwn.rings(text):
            ring(slack, said, what)


def _tell(slack: "Workspace", place: Channel, body: Json) -> None:
    if slack.bot_user.id in place.members:
        where = {"channel": place.id, "channel_type": CHANNEL_TYPES[place.kind]}
        slack.emit(f"message.{place.kind}", {**body, **where, "event_ts": body["ts"]})


def _tell_mention(slack: "Workspace", place: Channel, said: Message) -> None:
    if slack.bot_user.id in place.members:
        body = objects.message(slack, said) | {"type": "app_mention", "channel": place.id, "event_ts": said.ts}
        slack.emit("app_mention", body)


def _tell_reaction(slack: "Workspace", place: Channel, said: Message, kind: str, user: str, name: str) -> None:
    touched(slack, place, said)
    if slack.bot_user.id in place.members:
        item = {"type": "message", "channel": place.id, "ts": said.ts}
        slack.emit(kind, {"user": user, "reaction": name, "item": item, "item_user": said.user})
