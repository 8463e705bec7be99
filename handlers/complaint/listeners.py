"""Complaints in Slack: complaining, looking at one, and the table of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.complaint.flow import ComplaintState
from bot.rules.record.flow import label
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import FormRefused, UnknownReference
from bot.usecases.complaint import access, complaints
from bot.usecases.complaint.complaints import Draft
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.complaint.actions import ACTIONS as OF_COMPLAINTS
from handlers.complaint.messages import RENDERERS, card_of
from handlers.complaint.views import card as views
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import actions as engine
from handlers.records import listeners, paging, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked, Listener, Reply, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.listeners import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions import standard
from handlers.records.tables import Table
from handlers.records.typed_values import reference
from handlers.request.context import RequestContext
from storage.tables import Complaint

LISTED = 15
NOUN = Noun.COMPLAINT


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadComplaintList."""
    found = await lists.page(tx, NOUN, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    return views.listing(replace(query, page=found.number), found.shown, found.total, LISTED)


async def show(asked: Asked) -> None:
    ref, _ = asked.about(NOUN)
    async with asked.turn.read() as tx:
        message = await _card_for(tx, ref, asked.turn.person)
    await replies.say(asked.ack, message)


async def complain_typed(asked: Asked) -> None:
    """`/complaint Nobody answers the phone`."""
    if asked.mistaken is not None:
        raise asked.mistaken
    async with asked.turn.read() as tx:
        policy = (await in_force(tx)).policy
    await asked.opens(views.form(policy, asked.text.strip()))


async def complain_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """*Complain…* after a low rating; its value is the record."""
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
    await client.views_open(trigger_id=body["trigger_id"], view=views.form(policy, "", action["value"]))
    await ack()


async def received(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    filled = Filled(view)
    typed = filled.text(Field.OTHER)
    try:
        about = reference(typed, None) if typed.strip() else None
    except UnknownReference as refused:
        raise FormRefused({Field.OTHER: refused.sentence}) from None
    draft = Draft(filled.text(Field.TITLE), filled.text(Field.COMMENT), about, filled.choice(Field.SERVICE) or None)
    async with turn.begin() as tx:
        complaint = await complaints.receive(tx, draft, by=turn.person, now=turn.now)
    await reply(replies.raised(complaint.ref, "is received; you hear what comes of it", complaint.title))
    await ack()


async def _latest(tx: AsyncSession, ref: Ref) -> RecordVersion:
    return views.seen_of(await access.find(tx, ref))


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> Complaint:
    return await access.may(tx, action.step, seen.ref, turn.person)


async def _card(tx: AsyncSession, ref: Ref) -> Message:
    return views.card(await access.find(tx, ref))


async def _card_for(tx: AsyncSession, ref: Ref, reader: str) -> Message:
    return await card_of(tx, await access.shown_to(tx, ref, reader), reader)


async def _told(_turn: RequestContext, action: Action, ref: Ref, _done: Any) -> Message:
    return replies.done(ref, action.done)


async def _menu(tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
    complaint = await access.shown_to(tx, ref, turn.person)
    can, seen = await access.can(tx, complaint, turn.person), views.seen_of(complaint)
    offered = [one for one in OF_COMPLAINTS.values() if one.label and one.step in can]
    lead = f"*{ref}* {kit.esc(complaint.title)}\nIt is {label(ComplaintState(complaint.state))}."
    return engine.menu(offered, seen, lead, [kit.button(Id.COMPLAINT_TIMELINE, "Timeline", seen)])


KIND = Kind(
    NOUN, OF_COMPLAINTS, lambda seen: seen, _latest, _may, views.title, _card, _told, _menu, card_for=_card_for,
    waits=views.waits, row=views.opened,
)  # fmt: skip
COMMANDS = Table(
    command=Command.COMPLAINT,
    about="Complaints about services: acknowledged, answered, escalated where they are not",
    noun=NOUN,
    own=[
        Verb("list [mine|late|answered|…]", "what is open", paging.shown(NOUN, listing), replies.begins("list")),
        Verb("CMP-n", "one complaint and what can be done", show, replies.names(NOUN)),
        standard.timeline_verb(NOUN, views.title, views.say),
        *verbs.verbs(KIND),
        Verb("[what is wrong]", "complain: a form opens", complain_typed, anything),
    ],
    exists=access.exists,
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.COMPLAINT_TIMELINE: standard.timeline_button(NOUN, views.title, views.say),
    Id.COMPLAIN: complain_clicked,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    submissions={**listeners.submissions(KIND), Form.COMPLAINT: received},
    lists={NOUN: listing},
    renderers=RENDERERS,
)
