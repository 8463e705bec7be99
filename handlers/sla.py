"""Promises in Slack: parse, do, acknowledge."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.desk import sla
from bot.desk.policy import in_force
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.sla_refusals import NotHours
from handlers import answers
from handlers.commands import Asked, Listener, Table, Verb, anything
from handlers.forms import Filled
from handlers.ids import Action, Command, Field, Form
from handlers.turn import Turn
from handlers.views import sla as views
from handlers.views import sla_why

_HOURS = re.compile(r"([1-9][0-9]{0,2})\s*h?")


async def show_board(asked: Asked) -> None:
    """`/sla`, `/sla 24`: how far ahead, in hours."""
    typed = _HOURS.fullmatch(asked.text)
    if asked.text and typed is None:
        raise asked.mistaken or NotHours(typed=asked.text[:40])
    async with asked.turn.read() as tx:
        seen = await sla.board(tx, asked.turn.person, asked.turn.now, int(typed[1]) if typed else sla.HOURS)
    await answers.say(asked.ack, views.board(seen))


async def show_service(asked: Asked) -> None:
    name = asked.text.partition(" ")[2]
    async with asked.turn.read() as tx:
        key = await sla.service_named(tx, name)
        seen = await sla.board(tx, asked.turn.person, asked.turn.now, service=key)
    await answers.say(asked.ack, views.service_board(seen, key))


async def open_excuse(asked: Asked) -> None:
    ref = Ref.parse(asked.text.partition(" ")[2], Noun.INCIDENT)
    async with asked.turn.read() as tx:
        incident, broken = await sla.to_excuse(tx, ref, asked.turn.person)
        policy = (await in_force(tx)).policy
    await asked.client.views_open(trigger_id=asked.trigger_id, view=views.excuse_form(incident, broken, policy))
    await asked.ack()


async def excuse_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    ref, chosen, reason = filled.about(Noun.INCIDENT).ref, filled.choice(Field.PROMISE), filled.text(Field.COMMENT)
    async with turn.begin() as tx:
        await sla.excuse(tx, ref, chosen, reason, by=turn.person, now=turn.now)
    await ack()


async def have_it_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    """The messages about it redraw when their notices are sent."""
    seen = Seen.parse(action["value"], Noun.INCIDENT)
    async with turn.begin() as tx:
        await sla.take(tx, seen.ref, by=turn.person, now=turn.now)
    await ack()


async def why(asked: Asked) -> None:
    """`/incident why INC-n`."""
    ref = Ref.parse(asked.text.partition(" ")[2], Noun.INCIDENT)
    async with asked.turn.read() as tx:
        incident, explained = await sla.why(tx, ref, asked.turn.person, asked.turn.now)
        policy = (await in_force(tx)).policy
    await answers.say(asked.ack, sla_why.why(incident, explained, policy))


def begins(verb: str, *, noun: Noun | None = None) -> Any:
    """Whether what was typed is this verb and what it is about: a reference of the noun, or anything."""
    about = rf"{noun}-\S+" if noun else r"\S.*"
    shape = re.compile(rf"{verb}\s+{about}", re.IGNORECASE | re.DOTALL)
    return lambda typed: shape.fullmatch(typed) is not None


COMMANDS = Table(
    Command.SLA,
    "Promises: what is due, what broke, and why",
    noun=Noun.INCIDENT,
    own=[
        Verb("service NAME", "a service's promises and how they were kept", show_service, begins("service")),
        Verb("excuse INC-n", "excuse a breach, with a reason (managers)", open_excuse, begins("excuse")),
        Verb("[hours]", f"what breaks in the next {sla.HOURS} hours, or so many, and what has", show_board, anything),
    ],
)
WHY = Verb("why INC-n", "how its deadlines come about, interval by interval", why, begins("why", noun=Noun.INCIDENT))
ACTIONS: dict[str, Listener] = {Action.HAVE_IT: have_it_clicked}
SUBMISSIONS: dict[str, Listener] = {Form.BREACH_EXCUSE: excuse_given}
