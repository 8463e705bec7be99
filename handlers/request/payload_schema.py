"""The shape of what Slack sends. Anything else is refused before it is read, signed or not."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from handlers.blocks import slack_json

Check = Callable[[Any], bool]

DEEPEST = 40
"""Levels of lists and objects. Rich text in a message in a payload has about fifteen."""
MOST_PARTS = 50_000
"""Values in one body, lists and objects among them. Slack's largest view, 250 KB, holds some thirty thousand at the
very most."""
_PERSON = re.compile(r"[UW][A-Z0-9]{1,24}", re.ASCII)
_TEAM = re.compile(r"[TE][A-Z0-9]{1,24}", re.ASCII)
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"')
_TOO_DEEP = b"\n" + b" " * (2 * DEEPEST + 1)
"""What a line begins with that is within more lists and objects. No text has it: its own line breaks are escaped."""
_NUL = rb"\u0000"
_UNSPEAKABLE = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""What no text of Slack's holds, no database keeps and no answer can carry, as JSON has it; not the backslash, u and
noughts that somebody typed. The same goes for halves of characters."""


def as_slack_sends(body: object) -> bool:
    """Whether it is one kind of request and has what that kind always has, each of its type."""
    if not isinstance(body, dict) or not _is_plain(body):
        return False
    match [kind for kind in ("command", "event", "type") if kind in body]:
        case ["command"]:
            return _COMMAND(body)
        case ["event", "type"] if body["type"] == "event_callback":
            return _EVENT(body) and _EVENTS.get(body["event"]["type"], _anything)(body["event"])
        case ["type"]:
            return isinstance(body["type"], str) and _INTERACTIONS.get(body["type"], _OTHER)(body)
    return False


def _is_plain(body: object) -> bool:
    """Neither too deep nor too much, and every text one that can be kept and sent.

    Asked of the body as JSON, in C: to walk through a form's parts took longer than all else that is checked.
    """
    try:
        # Half a character makes no UTF-8.
        written = slack_json.utf8(body)
        # A value takes two signs at the least.
        if len(written) > 2 * MOST_PARTS and _parts(_TEXT.sub(b"", written)) > MOST_PARTS:
            return False
        too_deep = _TOO_DEEP in slack_json.by_lines(body)
    except ValueError:
        return False
    # A NUL is the one sign that is written with these.
    return not too_deep and (_NUL not in written or _UNSPEAKABLE.search(written) is None)


def _parts(without_texts: bytes) -> int:
    return sum(map(without_texts.count, (b",", b"[", b"{")))


def _anything(_: object) -> bool:
    return True


def _text(value: object) -> bool:
    return isinstance(value, str)


def _like(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _may(check: Check) -> Check:
    """Absent or null, or else as `check` has it."""
    return lambda value: value is None or check(value)


def _each(check: Check, least: int = 0) -> Check:
    return lambda value: isinstance(value, list) and len(value) >= least and all(map(check, value))


def _every(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _has(*checks: Mapping[str, Check], **more: Check) -> Check:
    """An object with these keys; what else it has does not matter."""
    wanted = tuple({name: check for each in (*checks, more) for name, check in each.items()}.items())

    def has(value: object) -> bool:
        if not isinstance(value, dict):
            return False
        for name, check in wanted:  # noqa: SIM110 - a generator takes as long as what it asks
            if not check(value.get(name)):
                return False
        return True

    return has


_object, _person, _team = _has(), _like(_PERSON), _like(_TEAM)
_OPTION = _has(value=_text)
_ANSWER = _has(
    selected_option=_may(_OPTION), selected_options=_may(_each(_OPTION)), selected_user=_may(_text), value=_may(_text)
)
_VIEW = _has(
    id=_text,
    hash=_may(_text),
    type=_text,
    callback_id=_may(_text),
    private_metadata=_may(_text),
    blocks=_may(_each(_has(type=_text, block_id=_text))),
    state=_may(_has(values=_may(_every(_every(_ANSWER))))),
)
_ACTION = _has(type=_text, action_id=_text, value=_may(_text), selected_option=_may(_OPTION))
_SAID = _has(ts=_may(_text), text=_may(_text), thread_ts=_may(_text))
_PLACE = _has(id=_text, name=_may(_text))
_SENDER: Mapping[str, Check] = {
    "user": _has(id=_person, team_id=_may(_team)),
    "team": _may(_has(id=_team)),
    "trigger_id": _may(_text),
    "response_url": _may(_text),
    "response_urls": _may(_each(_has(response_url=_text))),
    "view": _may(_VIEW),
    "container": _may(_object),
    "message": _may(_object),
    "channel": _may(_PLACE),
    "enterprise": _may(_object),
    "authorizations": _may(_each(_object)),
}
_COMMAND = _has(
    command=_text,
    user_id=_person,
    team_id=_team,
    trigger_id=_text,
    text=_may(_text),
    channel_id=_may(_text),
    response_url=_may(_text),
)
_EVENT = _has(
    event=_has(type=_text),
    event_id=_text,
    team_id=_team,
    authorizations=_may(_each(_has(user_id=_may(_text), team_id=_may(_team)))),
    is_ext_shared_channel=_may(lambda value: isinstance(value, bool)),
)
_INTERACTIONS: Mapping[str, Check] = {
    "block_actions": _has(_SENDER, actions=_each(_ACTION, least=1), trigger_id=_text),
    "view_submission": _has(_SENDER, view=_VIEW),
    "view_closed": _has(_SENDER, view=_VIEW),
    "shortcut": _has(_SENDER, callback_id=_text, trigger_id=_text),
    "message_action": _has(_SENDER, callback_id=_text, trigger_id=_text, message=_SAID, channel=_PLACE),
    "block_suggestion": _has(_SENDER, action_id=_text, block_id=_text, value=_may(_text)),
    "url_verification": _has(challenge=_text),
}
_OTHER = _has(actions=_may(_each(_object)), **dict.fromkeys(
    ("view", "message", "container", "channel", "user", "team", "enterprise", "event"), _may(_object)
))  # fmt: skip
"""A kind that Slack may add: what answers and logs any request reads these, whatever its kind."""
_TABLE: Check = lambda value: isinstance(value, Mapping)  # noqa: E731
_REACTION = _has(
    user=_person, reaction=_text, item=_has(type=_text, channel=_may(_text), ts=_may(_text)), item_user=_may(_text)
)
_EVENTS: Mapping[str, Check] = {
    "app_home_opened": _has(user=_person, tab=_may(_text)),
    "app_mention": _has(user=_may(_person), channel=_text, ts=_text, text=_may(_text), thread_ts=_may(_text)),
    "message": _has(
        channel=_text, ts=_text, user=_may(_person), text=_may(_text), thread_ts=_may(_text), channel_type=_may(_text)
    ),
    "function_executed": _has(function=_has(callback_id=_text), function_execution_id=_text, inputs=_may(_TABLE)),
    "reaction_added": _REACTION,
    "reaction_removed": _REACTION,
    "member_joined_channel": _has(channel=_text),
    "member_left_channel": _has(channel=_text),
    "channel_archive": _has(channel=_text),
    "channel_unarchive": _has(channel=_text),
    "channel_rename": _has(channel=_has(id=_text, name=_text)),
    "user_change": _has(user=_has(id=_person)),
}
