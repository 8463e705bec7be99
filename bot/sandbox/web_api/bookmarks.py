"""bookmarks.*: the links above a channel."""

from bot.sandbox import objects
from bot.sandbox.state import Channel, Json, SlackError
from bot.sandbox.web_api.arguments import Ask, answers

MOST = 100
CHANGEABLE = ("title", "link", "emoji")


def _place(ask: Ask) -> Channel:
    if not ask.text("channel_id"):
        raise SlackError("invalid_arguments", "[ERROR] missing required field: channel_id")
    place = ask.place("channel_id")
    if ask.slack.bot_user.id not in place.members:
        raise SlackError("permission_denied")
    return place


def _bookmark(ask: Ask, place: Channel) -> Json:
    wanted = ask.text("bookmark_id")
    found = next((bookmark for bookmark in place.bookmarks if bookmark["id"] == wanted), None)
    if found is None:
        raise SlackError("not_found")
    return found


def _check_link(ask: Ask) -> None:
    if not ask.text("link").startswith(("http://", "https://", "mailto:")):
        raise SlackError("invalid_link")


@answers("bookmarks.add")
def add(ask: Ask) -> Json:
    place = _place(ask)
    if ask.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    _check_link(ask)
    if len(place.bookmarks) >= MOST:
        raise SlackError("too_many_bookmarks")
    now = objects.seconds(ask.slack.clock.now())
    bookmark: Json = {
        "id": ask.slack.new_id("Bk"),
        "channel_id": place.id,
        "title": ask.text("title"),
        "link": ask.text("link"),
        "emoji": ask.text("emoji"),
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": now,
        "date_updated": 0,
        "rank": str(len(place.bookmarks)),
        "last_updated_by_user_id": ask.slack.bot_user.id,
        "last_updated_by_team_id": ask.slack.team_id,
        "shortcut_id": None,
        "app_id": ask.slack.app_id,
    }
    place.bookmarks.append(bookmark)
    return {"bookmark": dict(bookmark)}


@answers("bookmarks.edit")
def edit(ask: Ask) -> Json:
    bookmark = _bookmark(ask, _place(ask))
    if "link" in ask.args:
        _check_link(ask)
    bookmark |= {name: ask.text(name) for name in CHANGEABLE if name in ask.args}
    bookmark["date_updated"] = objects.seconds(ask.slack.clock.now())
    return {"bookmark": dict(bookmark)}


@answers("bookmarks.list")
def list_bookmarks(ask: Ask) -> Json:
    if not ask.text("channel_id"):
        raise SlackError("invalid_arguments", "[ERROR] missing required field: channel_id")
    return {"bookmarks": [dict(bookmark) for bookmark in ask.place("channel_id").bookmarks]}


@answers("bookmarks.remove")
def remove(ask: Ask) -> Json:
    place = _place(ask)
    place.bookmarks.remove(_bookmark(ask, place))
    return {}
