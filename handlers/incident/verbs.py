"""Incidents as the engine of actions meets them; and verbs without a number in an incident's own channel."""

from dataclasses import replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.action_phrases import IncidentAct, by_anybody
from bot.rules.incident.flow import IncidentStep
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Noun, RecordVersion, Ref, of_subject
from bot.rules.record.refusals import OtherCommand, VerbElsewhere
from bot.usecases.incident import permissions
from bot.usecases.incident.visibility import shown_to
from bot.usecases.records import fields
from handlers.blocks.kit import Message, View
from handlers.ids import Action as Id
from handlers.incident.actions import ACTIONS
from handlers.incident.messages import card_of, led_as_major
from handlers.incident.views import card as views
from handlers.incident.views import updates, waiting
from handlers.records import kinds, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked
from handlers.records.kinds import Kind
from handlers.records.standard_actions.reading import Reading, additional
from handlers.request.context import RequestContext
from storage.major_incident import major_incidents
from storage.tables import Incident


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> Incident:
    step = action.step
    if not isinstance(step, IncidentStep | IncidentAct | RecordAct):
        raise TypeError(f"{action.verb} is no step of an incident")
    return await permissions.may(tx, step, seen.ref, turn.person, turn.now)


async def reading(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    """Raises NoSuchRecord, also to those who may not see it."""
    incident = await shown_to(tx, ref, by)
    return Reading(incident.summary, [*views.passages(incident), *additional(await fields.of(tx, ref))])


async def told(_turn: RequestContext, action: Action, ref: Ref, done: Any) -> Message:
    about = views.ref_of(done) if isinstance(done, Incident) else ref
    return replies.done(about, action.done)


async def menu(tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
    """The timeline is there for everyone who sees the incident."""
    incident = await shown_to(tx, ref, turn.person)
    can = await permissions.can(tx, incident, turn.person)
    return KIND.offers(incident, can, [KIND.timeline_of(incident), *await led_as_major(tx, incident, turn.person)])


KIND = Kind(
    noun=Noun.INCIDENT,
    actions=ACTIONS,
    title=lambda incident: incident.summary,
    card=kinds.card(card_of),
    may=_may,
    any_revision=True,
    told=told,
    hidden=lambda incident: (views.other_word(incident),),
    timeline=Id.TIMELINE,
    says=updates.say,
    own_menu=menu,
    waits=waiting.row,
    staff_only=lambda action: action.step not in by_anybody(),
)


async def run_here(asked: Asked) -> bool:
    """In an incident's own channel a verb needs no number; False elsewhere, where what was typed is a summary."""
    word, _, words = asked.text.partition(" ")
    action = ACTIONS.get(word.lower())
    names_other = isinstance(asked.mistaken, OtherCommand | VerbElsewhere) and word.lower() not in ("link", "merge")
    if action is None or names_other:
        return False
    async with asked.turn.read() as tx:
        subject = await major_incidents.subject_in(tx, asked.channel)
    if subject is None:
        return False
    text = f"{word} {of_subject(subject)} {words}".strip()
    await verbs.verb(KIND, action).run(replace(asked, text=text))
    return True
