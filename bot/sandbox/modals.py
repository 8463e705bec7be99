"""The stack of modals on a person's screen, and App Home (Slack: “Modals”, “App Home”)."""

import json
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from bot.sandbox import pictures
from bot.sandbox.blocks import VIEW_BYTES, check_view
from bot.sandbox.messages import with_ids
from bot.sandbox.state import Json, SlackError, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

STACK = 3


def checked(slack: "Workspace", body: Any, kind: str, *, replacing: View | None = None) -> Json:
    """A view's body with ids filled in. Raises SlackError for one that Slack refuses."""
    if not isinstance(body, dict):
        raise SlackError("invalid_arguments", "[ERROR] must be a view object [json-pointer:/view]")
    if len(json.dumps(body, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    faults = check_view(body)
    if body.get("type") != kind:
        faults = [f"must be of type {kind} [json-pointer:/view/type]", *faults]
    faults = faults or list(pictures.faults(slack, body["blocks"], "/view/blocks"))
    if faults:
        raise SlackError("invalid_arguments", *(f"[ERROR] {fault}" for fault in faults))
    twin = find(slack, external_id=body.get("external_id"))
    if twin is not None and twin is not replacing:
        raise SlackError("duplicate_external_id")
    return {**body, "blocks": with_ids(slack, json.loads(json.dumps(body["blocks"])))}


def find(slack: "Workspace", *, view_id: str | None = None, external_id: str | None = None) -> View | None:
    """A view that is on somebody's screen, by either id."""
    for seen in (*(v for stack in slack.modals.values() for v in stack), *slack.homes.values()):
        if (view_id and seen.id == view_id) or (external_id and seen.external_id == external_id):
            return seen
    return None


def _hash() -> str:
    return token_hex(8)


def show(slack: "Workspace", user: str, body: Json) -> View:
    """Open a modal; whatever modal of this app was open is gone. This and the next three take a checked body."""
    view_id = slack.new_id("V")
    seen = View(view_id, user, body, _hash(), root_id=view_id)
    slack.modals[user] = [seen]
    return _touched(slack, seen)


def push(slack: "Workspace", user: str, body: Json) -> View:
    """Lay a modal on top of the open ones. Raises SlackError when there is none or there are three."""
    stack = slack.modals.get(user, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    seen = View(slack.new_id("V"), user, body, _hash(), root_id=stack[0].id, previous_id=stack[-1].id)
    stack.append(seen)
    return _touched(slack, seen)


def update(slack: "Workspace", seen: View, body: Json) -> View:
    """Draw an open view anew; what was typed stays wherever block_id and action_id stay."""
    seen.body, seen.hash, seen.errors = body, _hash(), {}
    return _touched(slack, seen)


def publish(slack: "Workspace", user: str, body: Json) -> View:
    """Show an App Home; it is the same view from then on, with another hash each time."""
    seen = slack.homes.get(user)
    if seen is not None:
        return update(slack, seen, body)
    view_id = slack.new_id("V")
    seen = slack.homes[user] = View(view_id, user, body, _hash(), root_id=view_id)
    return _touched(slack, seen)


def close(slack: "Workspace", seen: View) -> None:
    """Take one modal off the screen; what lay under it is seen again."""
    stack = slack.modals.get(seen.user, [])
    if seen in stack:
        stack.remove(seen)
    _touched(slack, seen)


def clear(slack: "Workspace", user: str) -> list[View]:
    """Take all modals off the screen, and say which they were, topmost first."""
    gone = slack.modals.pop(user, [])
    slack.changes.touch(people=[slack.users[user].name])
    return gone[::-1]


def _touched(slack: "Workspace", seen: View) -> View:
    slack.changes.touch(people=[slack.users[seen.user].name])
    return seen
