"""`/change calendar`: looking, the picture, and the feed's address."""

from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import change_calendar, change_calendar_feed, change_calendar_pictures
from bot.desk.policy import in_force
from bot.rules.change_calendar import Look
from bot.rules.change_calendar_page import Page
from bot.rules.change_calendar_refusals import NoAddress
from bot.rules.change_calendar_words import read
from bot.rules.policy import ChannelKey
from bot.rules.wall_clock import ImpossibleHours, zone_of
from handlers import answers
from handlers.commands import Asked, Listener, Verb
from handlers.ids import Action
from handlers.turn import Turn
from handlers.views import change_calendar as views
from handlers.views.kit import Message
from storage import people
from storage.tables import Person

WORD = "calendar"
SUBSCRIBE = "subscribe"


async def show(asked: Asked) -> None:
    """Any words behind “calendar” are read; those that mean nothing are answered with what is possible."""
    typed = asked.text[len(WORD) :].strip()
    async with asked.turn.read() as tx:
        zone = _zone(await people.get(tx, asked.turn.person))
        look = read(typed, (await in_force(tx)).policy, asked.turn.now.astimezone(zone).date())
        page = await change_calendar.page(tx, look, zone, by=asked.turn.person, now=asked.turn.now)
    await answers.say(asked.ack, views.agenda(page))


async def subscribe(asked: Asked) -> None:
    turn = asked.turn
    _address(turn, "")
    async with turn.begin() as tx:
        since = await change_calendar_feed.made_at(tx, turn.person)
        token = await change_calendar_feed.make(tx, by=turn.person, now=turn.now) if since is None else ""
    message = views.subscribed_before(since) if since else views.subscribed(_address(turn, token))
    await answers.say(asked.ack, message)


async def looked_on(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    respond: AsyncRespond,
    turn: Turn,
) -> None:
    """Another week, month or service, where the last one stood."""
    chosen = action.get("selected_option") or action
    page = await _page(turn, Look.parse(chosen["value"]))
    await ack()
    if body.get("view", {}).get("type") == "modal":
        await client.views_update(view_id=body["view"]["id"], view=views.agenda_view(page))
    else:
        message = views.agenda(page)
        await respond(text=message.text, blocks=message.blocks, replace_original=True)


async def opened(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """From App Home and from the picture."""
    page = await _page(turn, Look.parse(action["value"]))
    await client.views_open(trigger_id=body["trigger_id"], view=views.agenda_view(page))
    await ack()


async def post_clicked(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    respond: AsyncRespond,
    turn: Turn,
) -> None:
    async with turn.begin() as tx:
        anew = await change_calendar_pictures.post(tx, Look.parse(action["value"]), by=turn.person, now=turn.now)
        room = (await in_force(tx)).policy.channel(ChannelKey.CHANGES)
    await ack()
    if body.get("view", {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=views.posted_view(room, anew=anew))
    else:
        await respond(text=views.posted(room, anew=anew), response_type="ephemeral", replace_original=False)


async def renew_clicked(ack: AsyncAck, respond: AsyncRespond, turn: Turn) -> None:
    _address(turn, "")
    async with turn.begin() as tx:
        token = await change_calendar_feed.make(tx, by=turn.person, now=turn.now)
    await ack()
    await _replace(respond, views.subscribed(_address(turn, token)))


async def end_clicked(ack: AsyncAck, respond: AsyncRespond, turn: Turn) -> None:
    async with turn.begin() as tx:
        await change_calendar_feed.end(tx, by=turn.person, now=turn.now)
    await ack()
    await _replace(respond, views.unsubscribed())


async def _replace(respond: AsyncRespond, message: Message) -> None:
    await respond(text=message.text, blocks=message.blocks, replace_original=True)


def _address(turn: Turn, token: str) -> str:
    """Raises NoAddress where the operator has not said where we can be reached."""
    if not turn.public_url:
        raise NoAddress()
    return f"{turn.public_url}/{WORD}/{token}.ics"


async def _page(turn: Turn, look: Look) -> Page:
    async with turn.read() as tx:
        zone = _zone(await people.get(tx, turn.person))
        return await change_calendar.page(tx, look, zone, by=turn.person, now=turn.now)


def _zone(person: Person | None) -> ZoneInfo:
    """By the clocks of who reads. Slack may name a zone that this machine does not know yet."""
    try:
        return zone_of(person.tz if person else "UTC")
    except ImpossibleHours:
        return ZoneInfo("UTC")


def _is_subscribe(typed: str) -> bool:
    return typed.lower().split() == [WORD, SUBSCRIBE]


VERBS = (
    Verb("calendar subscribe", "an address that your calendar program can read", subscribe, _is_subscribe),
    Verb(
        "calendar [week|month] [service NAME] [next|2026-11-23]",
        "what is planned, with freezes and collisions",
        show,
        answers.begins(WORD),
    ),
)
ACTIONS: dict[str, Listener] = {
    Action.OPEN_CALENDAR: opened,
    Action.CALENDAR_BACK: looked_on,
    Action.CALENDAR_ON: looked_on,
    Action.CALENDAR_TURN: looked_on,
    Action.CALENDAR_SERVICE: looked_on,
    Action.POST_CALENDAR: post_clicked,
    Action.RENEW_FEED: renew_clicked,
    Action.END_FEED: end_clicked,
}
