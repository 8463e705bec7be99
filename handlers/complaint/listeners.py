"""Complaints in Slack: complaining, looking at one, and the table of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.complaint.flow import ComplaintState
from bot.rules.complaint.list_filter import is_nothing_else
from bot.rules.record.refs import Noun
from bot.rules.record.refusals import FormRefused, UnknownReference
from bot.usecases.complaint import access, complaints
from bot.usecases.complaint import why as promised
from bot.usecases.complaint.complaints import Draft
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.complaint.actions import ACTIONS as OF_COMPLAINTS
from handlers.complaint.messages import RENDERERS, card_of
from handlers.complaint.views import card as views
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import kinds, listeners, paging, replies, verbs
from handlers.records.commands import Asked, Listener, Reply, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.records.typed_values import reference
from handlers.request.context import RequestContext
from handlers.sla import why

LISTED = 15
NOUN = Noun.COMPLAINT


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadComplaintList."""
    found = await lists.page(tx, NOUN, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    return views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, turn.now)


async def answers(tx: AsyncSession, person: str) -> bool:
    return bool(await access.works(tx, person))


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
    """*Complain…* after a low rating; its value is the record, or nothing where that would say whose the rating is."""
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
    await client.views_open(trigger_id=body["trigger_id"], view=views.form(policy, "", action.get("value", "")))
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


KIND = Kind(
    noun=NOUN,
    actions=OF_COMPLAINTS,
    title=views.title,
    card=kinds.card(card_of),
    may=kinds.may(access.may),
    can=kinds.can(access.can),
    stands=kinds.state(ComplaintState),
    timeline=Id.COMPLAINT_TIMELINE,
    says=views.say,
    waits=views.waits,
    row=views.opened,
    staff_only=lambda action: action.step in access.OF_WORKERS,
)
COMMANDS = Table(
    command=Command.COMPLAINT,
    about="Complaints about services: acknowledged, answered, escalated where they are not",
    noun=NOUN,
    first=("[what",),
    staff=answers,
    own=[
        Verb(
            "list [mine|late|answered|“words”|…]", "what is open", paging.shown(NOUN, listing), replies.begins("list")
        ),
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        why.verb(NOUN, promised.why),
        Verb("[what is wrong]", "complain: a form opens", complain_typed, anything),
    ],
    lists_by=is_nothing_else,
    own_words="No, complain",
    opens=True,
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
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
