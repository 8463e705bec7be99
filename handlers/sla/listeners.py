"""Promises in Slack: parse, do, acknowledge."""

import re
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.sla.refusals import NotHours
from bot.usecases.incident import people
from bot.usecases.people import zone as zone_of
from bot.usecases.policy import in_force
from bot.usecases.sla import board
from handlers.ids import Action, Command, Field, Form
from handlers.records import replies
from handlers.records.commands import Asked, Listener, Verb, anything, finds
from handlers.records.form_values import Filled
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from handlers.sla import messages, why
from handlers.sla.views import board as views

_HOURS = re.compile(r"([1-9][0-9]{0,2})\s*h?")


async def _hours(_tx: AsyncSession, asked: Asked) -> bool:
    return _HOURS.fullmatch(asked.text) is not None


async def show_board(asked: Asked) -> None:
    """`/sla`, `/sla 24`: how far ahead, in hours; `/sla vpn` is about that service."""
    typed = _HOURS.fullmatch(asked.text)
    if asked.text and typed is None:
        if await _is_service(asked):
            await show_service(replace(asked, text=f"service {asked.text}"))
            return
        raise asked.mistaken or NotHours(typed=asked.text)
    async with asked.turn.read(long=True) as tx:
        seen = await board.board(tx, asked.turn.person, asked.turn.now, int(typed[1]) if typed else board.HOURS)
    await replies.say(asked.ack, views.board(seen))


_is_service = finds(lambda tx, asked: board.service_named(tx, asked.text))


async def show_service(asked: Asked) -> None:
    name = asked.text.partition(" ")[2]
    async with asked.turn.read(long=True) as tx:
        key = await board.service_named(tx, name)
        seen = await board.board(tx, asked.turn.person, asked.turn.now, service=key)
    await replies.say(asked.ack, views.service_board(seen, key))


async def open_excuse(asked: Asked) -> None:
    ref, _ = asked.about(Noun.INCIDENT, "excuse")
    async with asked.turn.read() as tx:
        incident, broken = await board.to_excuse(tx, ref, asked.turn.person)
        policy, zone = (await in_force(tx)).policy, await zone_of(tx, asked.turn.person)
    await asked.opens(views.excuse_form(incident, broken, policy, zone))


async def excuse_given(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    ref, chosen, reason = filled.about(Noun.INCIDENT).ref, filled.choice(Field.PROMISE), filled.text(Field.COMMENT)
    async with turn.begin() as tx:
        await board.excuse(tx, ref, chosen, reason, by=turn.person, now=turn.now)
    await ack()


async def have_it_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    """“I'm on it”, on a reminder. The messages about it redraw when their notices are sent."""
    seen = RecordVersion.parse(action["value"], Noun.INCIDENT)
    async with turn.begin() as tx:
        await people.take(tx, seen.ref, by=turn.person, now=turn.now)
    await ack()


def begins(verb: str) -> Any:
    """Whether what was typed is this verb and anything behind it."""
    shape = re.compile(rf"{verb}\s+\S.*", re.IGNORECASE | re.DOTALL)
    return lambda typed: shape.fullmatch(typed) is not None


COMMANDS = Table(
    Command.SLA,
    "Promises: what is due, what broke, and why",
    noun=Noun.INCIDENT,
    staff=board.excuses,
    own=[
        Verb("service NAME", "a service's promises and how they were kept", show_service, begins("service")),
        Verb("excuse INC-n", "excuse a breach, with a reason", open_excuse, begins("excuse"), staff=True),
        Verb("[hours]", f"what breaks in the next {board.HOURS} hours, or so many, and what has", show_board, anything),
    ],
    finds=finds(_hours),
)
WHY = why.verb(Noun.INCIDENT, board.why)
ACTIONS: dict[str, Listener] = {Action.HAVE_IT: have_it_clicked}
SUBMISSIONS: dict[str, Listener] = {Form.BREACH_EXCUSE: excuse_given}
REGISTRATION = Registration(
    commands=COMMANDS,
    verbs={Command.INCIDENT: (WHY,)},
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    renderers=messages.RENDERERS,
)
