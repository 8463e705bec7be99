"""conversations.history and conversations.replies: reading back what was said."""

from bot.sandbox import objects
from bot.sandbox.state import Channel, Json, Message, SlackError
from bot.sandbox.web_api.arguments import Ask, answers


def _bounded(ask: Ask, said: list[Message]) -> list[Message]:
    """The messages between `oldest` and `latest`; the bounds themselves only if `inclusive`."""
    oldest, latest = _ts(ask, "oldest"), _ts(ask, "latest")
    if ask.flag("inclusive"):
        return [m for m in said if oldest <= float(m.ts) and (not latest or float(m.ts) <= latest)]
    return [m for m in said if oldest < float(m.ts) and (not latest or float(m.ts) < latest)]


def _ts(ask: Ask, name: str) -> float:
    try:
        return float(ask.text(name) or 0)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


@answers("conversations.history")
def history(ask: Ask) -> Json:
    """Newest first; replies only if they were broadcast, ephemeral messages never."""
    place = ask.place(member=True)
    said = [m for m in place.messages if m.ephemeral_to is None and (not m.is_reply or m.broadcast)]
    return _part(ask, place, _bounded(ask, said)[::-1])


@answers("conversations.replies")
def replies(ask: Ask) -> Json:
    """A thread, oldest first, its parent at the head."""
    place = ask.place(member=True)
    parent = place.message(ask.text("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    top = place.message(parent.thread_ts or "") if parent.is_reply else parent
    thread = [top or parent, *_bounded(ask, place.replies((top or parent).ts))]
    return _part(ask, place, thread)


def _part(ask: Ask, place: Channel, said: list[Message]) -> Json:
    part, cursor = ask.page(said, most=999)
    metadata = ask.flag("include_all_metadata")
    answer: Json = {
        "messages": [objects.message(ask.slack, message, metadata=metadata) for message in part],
        "has_more": bool(cursor),
    }
    if ask.method.name == "conversations.history":
        answer |= {"pin_count": len(place.pins), "channel_actions_ts": None, "channel_actions_count": 0}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})
