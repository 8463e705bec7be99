"""Deeds by command, button and form: parse, do, acknowledge."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import incident_steps
from bot.desk.incident_eyes import require_desk, shown_to, standings
from bot.desk.policy import in_force
from bot.rules.incident_flow import IncidentStep, Standing
from bot.rules.refs import Noun, Ref, Seen
from handlers import answers
from handlers.commands import Asked, Listener, Run, Verb
from handlers.ids import Action
from handlers.incident_deeds import Asking, Deed
from handlers.incident_notices import card_of
from handlers.incident_table import DEEDS
from handlers.turn import Turn
from handlers.views import incident_lists as lists
from handlers.views import kit
from handlers.views.kit import Message, View
from storage import major_incidents
from storage.tables import Incident

_TYPED = re.compile(r"(?P<verb>[a-z]+)\s+(?P<ref>inc-\S+)\s*(?P<words>.*)", re.IGNORECASE | re.DOTALL)


def verbs() -> list[Verb]:
    return [Verb(deed.typed, deed.says, _command(deed), _takes(deed.verb)) for deed in DEEDS]


def _takes(verb: str) -> Callable[[str], bool]:
    """A verb and a reference; “resolve the printer” is a summary."""

    def takes(typed: str) -> bool:
        found = _TYPED.fullmatch(typed)
        return found is not None and found["verb"].lower() == verb

    return takes


def _command(deed: Deed) -> Run:
    async def run(asked: Asked) -> None:
        found = _TYPED.fullmatch(asked.text)
        ref, words = Ref.parse(found["ref"], Noun.INCIDENT) if found else None, found["words"] if found else ""
        if ref is None:
            return
        if not words and deed.form is not None:
            await asked.client.views_open(trigger_id=asked.trigger_id, view=await form_of(asked.turn, deed, ref))
            await asked.ack()
            return
        asking = Asking(ref, words, asked.people, asked.turn.person, asked.turn.now)
        async with asked.turn.begin() as tx:
            done = await deed.do(tx, asking)
        await answers.say(asked.ack, told(done, deed))

    return run


async def run_here(asked: Asked) -> bool:
    """In an incident's own channel a verb needs no number; False elsewhere, where what was typed is a summary."""
    word, _, words = asked.text.partition(" ")
    deed = next((one for one in DEEDS if one.verb == word.lower()), None)
    if deed is None:
        return False
    async with asked.turn.read() as tx:
        subject = await major_incidents.subject_in(tx, asked.channel)
    if subject is None:
        return False
    await _command(deed)(replace(asked, text=f"{word} {subject} {words}".strip()))
    return True


def told(incident: Incident, deed: Deed) -> Message:
    text = f":white_check_mark: *INC-{incident.number}* {deed.done}"
    return Message(text, [kit.section(text)])


async def form_of(turn: Turn, deed: Deed, ref: Ref) -> View:
    """The deed's form; refuses those who could not do it before they have typed anything."""
    async with turn.read() as tx:
        incident = await may(tx, deed, ref, turn)
        policy = (await in_force(tx)).policy
    if deed.form is None:
        raise LookupError(f"{deed.verb} has no form")
    return deed.form(incident, policy)


async def may(tx: AsyncSession, deed: Deed, ref: Ref, turn: Turn) -> Incident:
    if deed.step is not None:
        return await incident_steps.may(tx, deed.step, ref, turn.person, turn.now)
    incident = await shown_to(tx, ref, turn.person)
    await require_desk(tx, await in_force(tx), incident, turn.person, deed.says)
    return incident


def clicked(deed: Deed) -> Listener:
    """The deed's button: in a card, in a direct message, in a menu."""

    async def at_once(
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        respond: AsyncRespond,
        client: AsyncWebClient,
        turn: Turn,
    ) -> None:
        ref = Seen.parse(action["value"], Noun.INCIDENT).ref
        async with turn.begin() as tx:
            incident = await deed.do(tx, Asking(ref, "", (), turn.person, turn.now))
            message = await card_of(tx, incident)
            view = await menu_of(tx, incident, turn)
        await ack()
        if "view" in body:
            await client.views_update(view_id=body["view"]["id"], view=view)
        await answers.redraw_own(body, respond, message)

    async def with_form(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
    ) -> None:
        ref = Seen.parse(action["value"], Noun.INCIDENT).ref
        await show_view(client, body, await form_of(turn, deed, ref))
        await ack()

    return at_once if deed.form is None else with_form


async def show_view(client: AsyncWebClient, body: dict[str, Any], view: View) -> None:
    """On top of the modal that the button stands in, or as a new one."""
    show = client.views_push if body.get("view", {}).get("type") == "modal" else client.views_open
    await show(trigger_id=body["trigger_id"], view=view)


async def menu_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    ref = Seen.parse(action["value"], Noun.INCIDENT).ref
    async with turn.read() as tx:
        view = await menu_of(tx, await shown_to(tx, ref, turn.person), turn)
    await show_view(client, body, view)
    await ack()


async def menu_of(tx: AsyncSession, incident: Incident, turn: Turn) -> View:
    held = await standings(tx, incident, turn.person)
    steps = await incident_steps.legal_for(tx, incident, turn.person)
    return lists.menu(incident, offered(incident, steps, held))


def offered(
    incident: Incident, steps: Collection[IncidentStep], held: Collection[Standing]
) -> list[tuple[Action, str]]:
    """The buttons of a menu; the timeline is there for everyone who sees the incident."""
    mine = [
        (deed.action, deed.label) for deed in DEEDS if deed.action is not None and deed.offered(incident, steps, held)
    ]
    return [*mine, (Action.TIMELINE, "Timeline")]


ACTIONS: dict[str, Listener] = {
    **{deed.action: clicked(deed) for deed in DEEDS if deed.action not in (None, Action.ME_TOO)},
    Action.MORE: menu_clicked,
}
