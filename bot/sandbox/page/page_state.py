"""What the page draws: the workspace's frame, and one person's view of one channel."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.sandbox import objects
from bot.sandbox.page import files
from bot.sandbox.person import form_state
from bot.sandbox.person.block_text import clock_time
from bot.sandbox.person.people import Person
from bot.sandbox.state import Channel, Execution, Json, Message, Usergroup

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def workspace(slack: "Workspace") -> Json:
    """People, channels, commands and shortcuts, and the time."""
    people = [
        {"handle": u.name, "name": u.real_name, "initials": u.initials, "color": f"#{u.color}", "title": u.title}
        for u in slack.people
        if not u.deleted
    ]
    places = [p for p in slack.channels.values() if not p.is_im and not p.is_archived]
    commands = [
        {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
        for c in slack.manifest.commands.values()
    ]
    shortcuts = [{"name": s.name, "type": s.type, "callback_id": s.callback_id} for s in slack.manifest.shortcuts]
    return {
        "name": slack.name,
        "now": slack.clock.now().isoformat(),
        "busy": slack.busy,
        "people": people,
        "channels": [{"name": p.name, "is_private": p.is_private} for p in places],
        "commands": commands,
        "shortcuts": shortcuts,
        "steps": [_step(callback, declared) for callback, declared in slack.manifest.functions.items()],
        "app": {"name": slack.manifest.app_name},
    }


def view(person: Person, channel: str) -> Json:
    """A channel, "DM" or "home" as this person sees it, with their modal, private channels and what is unread."""
    slack = person.slack
    home = slack.homes.get(person.id)
    place = None if channel == "home" else person.place(channel)
    return {
        "channel": _channel(person, place) if place else {"name": "home", "topic": "", "members": 0, "is_member": True},
        "messages": _messages(person, place) if place else [],
        "home": objects.view(slack, home) if home else None,
        "modal": _modal(person),
        "private": [p.name for p in slack.channels.values() if p.is_private and not p.is_im and person.id in p.members],
        "unread": _unread(person),
        "names": _names(slack),
        "tz": person.user.tz,
        "groups": [_group(slack, one) for one in slack.usergroups.values() if not one.date_delete],
        "executions": [_execution(slack, one) for one in reversed(slack.executions.values())],
    }


def _group(slack: "Workspace", group: Usergroup) -> Json:
    return {"handle": group.handle, "members": [slack.users[one].real_name for one in group.members]}


def _step(callback: str, declared: Mapping[str, Any]) -> Json:
    """A step of Workflow Builder, with what it takes in the order of the manifest."""
    wanted = declared["input_parameters"]
    needed = wanted.get("required", ())
    inputs = [{**one, "name": name, "required": name in needed} for name, one in wanted["properties"].items()]
    return {"id": callback, "title": declared["title"], "inputs": inputs}


def _execution(slack: "Workspace", one: Execution) -> Json:
    title = slack.manifest.functions[one.callback_id]["title"]
    return {"title": title, "state": one.state, "outputs": one.outputs, "error": one.error}


def _channel(person: Person, place: Channel) -> Json:
    return {
        "name": place.name,
        "topic": place.topic["value"],
        "members": len(place.members),
        "is_member": person.id in place.members,
        "is_private": place.is_private,
        "is_archived": place.is_archived,
        "is_read_only": place.is_im and person.slack.manifest.messages_tab_read_only,
    }


def _messages(person: Person, place: Channel) -> list[Json]:
    if place.is_private and person.id not in place.members:
        return []
    return [_message(person, place, said) for said in place.seen_by(person.id)]


def _message(person: Person, place: Channel, said: Message) -> Json:
    author = person.slack.users[said.user]
    return {
        "ts": said.ts,
        "author": author.real_name,
        "initials": author.initials,
        "color": f"#{author.color}",
        "is_app": said.bot_id is not None,
        "is_ephemeral": said.ephemeral_to is not None,
        "edited": said.edited is not None and not said.blocks,  # Slack marks no message that has blocks
        "thread_ts": said.thread_ts,
        "broadcast": said.broadcast,
        "reply_count": len(place.replies(said.ts)),
        "subtype": said.subtype,
        "text": said.text,
        "blocks": said.blocks,
        "files": files.of_message(person.slack, said),
        "selected": form_state.state(said.blocks, said.selected.get(person.id, {})),
        "time": clock_time(said.ts, person.user.tz),
        "reactions": [{"name": name, "count": len(users)} for name, users in said.reactions.items()],
    }


def _modal(person: Person) -> Json | None:
    seen = person.top()
    if seen is None:
        return None
    depth = len(person.slack.modals[person.id])
    raw = objects.view(person.slack, seen)
    return {**raw, "values": raw["state"]["values"], "errors": seen.errors, "depth": depth}


def _unread(person: Person) -> dict[str, int]:
    mine = [p.name for p in person.slack.channels.values() if not p.is_im and person.id in p.members]
    counts = {name: person.unread(name) for name in [*mine, "DM"]}
    return {name: count for name, count in counts.items() if count}


def _names(slack: "Workspace") -> dict[str, str]:
    """What references stand for: handles, channels and groups by id."""
    names = {user.id: user.name for user in slack.users.values()}
    names |= {place.id: place.name for place in slack.channels.values() if not place.is_im}
    return names | {group.id: group.handle for group in slack.usergroups.values()}
