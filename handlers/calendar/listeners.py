"""`/change calendar`: looking, the picture, and the feed's address."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.calendar.calendar import CalendarQuery
from bot.rules.calendar.page import Page
from bot.rules.calendar.query import read
from bot.rules.calendar.refusals import NoAddress
from bot.rules.policy.policy import ChannelKey
from bot.usecases import people
from bot.usecases.calendar import calendar, feed, pictures
from bot.usecases.policy import in_force
from handlers.blocks.kit import Message
from handlers.calendar import messages
from handlers.calendar.views import agenda as views
from handlers.ids import Action, Command
from handlers.records import menus, replies
from handlers.records.commands import Asked, Listener, Verb
from handlers.records.registration import Registration
from handlers.request.context import RequestContext

WORD = "calendar"
SUBSCRIBE = "subscribe"


async def show(asked: Asked) -> None:
    """Any words behind “calendar” are read; those that mean nothing are answered with what is possible."""
    typed = asked.text[len(WORD) :].strip()
    async with asked.turn.read(long=True) as tx:
        zone = await people.zone(tx, asked.turn.person)
        look = read(typed, (await in_force(tx)).policy, asked.turn.now.astimezone(zone).date())
        page = await calendar.page(tx, look, zone, by=asked.turn.person, now=asked.turn.now)
    await replies.say(asked.ack, views.agenda(page))


async def subscribe(asked: Asked) -> None:
    turn = asked.turn
    _address(turn, "")
    async with turn.begin() as tx:
        since = await feed.made_at(tx, turn.person)
        token = await feed.make(tx, by=turn.person, now=turn.now) if since is None else ""
    message = views.subscribed_before(since) if since else views.subscribed(_address(turn, token))
    await replies.say(asked.ack, message)


async def looked_on(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    respond: AsyncRespond,
    turn: RequestContext,
) -> None:
    """Another week, month or service, where the last one stood."""
    chosen = action.get("selected_option") or action
    page = await _page(turn, CalendarQuery.parse(chosen["value"]))
    await ack()
    if body.get("view", {}).get("type") == "modal":
        await client.views_update(view_id=body["view"]["id"], view=views.agenda_view(page))
    else:
        message = views.agenda(page)
        await respond(text=message.text, blocks=message.blocks, replace_original=True)


async def opened(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """From App Home and from the picture."""
    page = await _page(turn, CalendarQuery.parse(action["value"]))
    await client.views_open(trigger_id=body["trigger_id"], view=views.agenda_view(page))
    await ack()


async def post_clicked(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    respond: AsyncRespond,
    turn: RequestContext,
) -> None:
    async with turn.begin() as tx:
        anew = await pictures.post(tx, CalendarQuery.parse(action["value"]), by=turn.person, now=turn.now)
        room = (await in_force(tx)).policy.channel(ChannelKey.CHANGES)
    await ack()
    if body.get("view", {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=views.posted_view(room, anew=anew))
    else:
        await respond(text=views.posted(room, anew=anew), response_type="ephemeral", replace_original=False)


async def renew_clicked(ack: AsyncAck, respond: AsyncRespond, turn: RequestContext) -> None:
    _address(turn, "")
    async with turn.begin() as tx:
        token = await feed.make(tx, by=turn.person, now=turn.now)
    await ack()
    await _replace(respond, views.subscribed(_address(turn, token)))


async def end_clicked(ack: AsyncAck, respond: AsyncRespond, turn: RequestContext) -> None:
    async with turn.begin() as tx:
        await feed.end(tx, by=turn.person, now=turn.now)
    await ack()
    await _replace(respond, views.unsubscribed())


async def services_asked(ack: AsyncAck, payload: Mapping[str, Any], turn: RequestContext) -> None:
    """Services to look at alone, where there are more than a menu holds."""
    look = CalendarQuery.parse(payload["block_id"])
    async with turn.read() as tx:
        services = (await in_force(tx)).policy.services
    choices = views.service_choices({key: one.name for key, one in services.items()}, look)
    await ack(options=menus.matching(choices, str(payload.get("value") or "")))


async def _replace(respond: AsyncRespond, message: Message) -> None:
    await respond(text=message.text, blocks=message.blocks, replace_original=True)


def _address(turn: RequestContext, token: str) -> str:
    """Raises NoAddress where the operator has not said where we can be reached."""
    if not turn.public_url:
        raise NoAddress()
    return f"{turn.public_url}/{WORD}/{token}.ics"


async def _page(turn: RequestContext, look: CalendarQuery) -> Page:
    async with turn.read(long=True) as tx:
        zone = await people.zone(tx, turn.person)
        return await calendar.page(tx, look, zone, by=turn.person, now=turn.now)


def _is_subscribe(typed: str) -> bool:
    return typed.lower().split() == [WORD, SUBSCRIBE]


VERBS = (
    Verb("calendar subscribe", "an address that your calendar program can read", subscribe, _is_subscribe),
    Verb(
        "calendar [week|month] [service NAME] [next|2026-11-23]",
        "what is planned, with freezes and collisions",
        show,
        replies.begins(WORD),
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
OPTIONS: dict[str, Listener] = {Action.CALENDAR_SERVICE: services_asked}
REGISTRATION = Registration(
    verbs={Command.CHANGE: VERBS}, actions=ACTIONS, options=OPTIONS, renderers=messages.RENDERERS
)
