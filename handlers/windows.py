"""Freeze and maintenance windows in Slack: made, listed, lifted."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import windows
from bot.desk.policy import in_force
from bot.rules.freeze import Repeat, WindowSort
from bot.rules.refs import Noun, Seen
from handlers import answers
from handlers.commands import Asked, Listener, Verb, word
from handlers.forms import Filled
from handlers.ids import Action, Field, Form
from handlers.turn import Turn
from handlers.views import windows as views
from storage import windows as stored


async def freeze_typed(asked: Asked) -> None:
    await _open(asked.client, asked.trigger_id, asked.turn)
    await asked.ack()


async def make_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    await _open(client, body["trigger_id"], turn)
    await ack()


async def show_list(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        shown = await windows.listed(tx, asked.turn.now)
        message = views.listing(shown, manages=await windows.manages(tx, asked.turn.person))
    await answers.say(asked.ack, message)


async def lift_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    async with turn.read() as tx:
        row = await windows.may_lift(tx, Seen.parse(action["value"], Noun.WINDOW).ref, turn.person)
    await client.views_open(trigger_id=body["trigger_id"], view=views.lifting_form(row, stored.value(row)))
    await ack()


async def made(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    wanted = windows.Wanted(
        title=filled.text(Field.TITLE),
        window_sort=filled.one_of(Field.WINDOW_SORT, WindowSort),
        services=filled.choices(Field.SERVICES),
        starts_at=filled.instant(Field.STARTS_AT),
        ends_at=filled.instant(Field.ENDS_AT),
        repeat=filled.one_of(Field.REPEAT, Repeat),
        rrule=filled.text(Field.RRULE),
        why=filled.text(Field.WHY),
    )
    async with turn.begin() as tx:
        await windows.make(tx, wanted, by=turn.person, now=turn.now)
    await ack()


async def lifted(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    async with turn.begin() as tx:
        seen, why = filled.about(Noun.WINDOW), filled.text(Field.COMMENT)
        await windows.lift(tx, seen, why, by=turn.person, now=turn.now)
    await ack()


async def _open(client: AsyncWebClient, trigger_id: str, turn: Turn) -> None:
    async with turn.read() as tx:
        zone = await windows.may(tx, turn.person)
        view = views.window_form((await in_force(tx)).policy, turn.now, zone)
    await client.views_open(trigger_id=trigger_id, view=view)


VERBS = [
    Verb("freeze", "freeze services, or keep a window for maintenance", freeze_typed, word("freeze")),
    Verb("windows", "what is frozen, and when maintenance is", show_list, word("windows")),
]
ACTIONS: dict[str, Listener] = {Action.MAKE_WINDOW: make_clicked, Action.LIFT_WINDOW: lift_clicked}
SUBMISSIONS: dict[str, Listener] = {Form.CHANGE_WINDOW: made, Form.WINDOW_LIFTING: lifted}
