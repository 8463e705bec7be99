"""Management reviews in Slack: planning, reading, and the table of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.management_review.flow import MeetingState
from bot.rules.management_review.list_filter import is_nothing_else
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases.management_review import access, meetings
from bot.usecases.management_review.meetings import Plan
from bot.usecases.records import lists
from handlers.blocks import kit
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.management_review.actions import ACTIONS as OF_MEETINGS
from handlers.management_review.messages import RENDERERS, card_of
from handlers.management_review.views import card as views
from handlers.records import kinds, listeners, paging, replies, verbs
from handlers.records.commands import Asked, Listener, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.request.context import RequestContext

LISTED = 15
NOUN = Noun.MANAGEMENT_REVIEW


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadMeetingList."""
    found = await lists.page(tx, NOUN, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    return views.listing(replace(query, page=found.number), found.shown, found.total, LISTED)


async def plan_typed(asked: Asked) -> None:
    """`/management-review plan Spring`."""
    async with asked.turn.read() as tx:
        await access.require_manager(tx, asked.turn.person, "plan a management review")
    await asked.opens(views.plan_form(" ".join(asked.text.split()[1:])))


async def planned(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    plan = Plan(
        filled.text(Field.TITLE), filled.text(Field.OTHER), filled.day(Field.DUE_ON), filled.person(Field.PERSON)
    )
    async with turn.begin() as tx:
        await meetings.plan(tx, plan, by=turn.person, now=turn.now)
    await ack()


async def look_up(asked: Asked) -> None:
    """Without words, the list."""
    if asked.mistaken is not None:
        raise asked.mistaken
    async with asked.turn.read() as tx:
        message = (await listing(tx, Query(NOUN, asked.text.strip()), asked.turn)).message()
    await replies.say(asked.ack, message)


async def read_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    about, _, page = action["value"].partition(" ")
    ref = RecordVersion.parse(about, NOUN).ref
    async with turn.read() as tx:
        review = await access.shown_to(tx, ref, turn.person)
        text = await meetings.minutes_of(tx, review)
    view = views.whole(review, text, int(page) if page.isdecimal() else 0)
    if page and body.get("view"):
        await client.views_update(view_id=body["view"]["id"], view=view)
    else:
        await replies.show_view(client, body, view)
    await ack()


KIND = Kind(
    noun=NOUN,
    actions=OF_MEETINGS,
    title=views.title,
    card=kinds.card(lambda tx, review, _: card_of(tx, review)),
    may=kinds.may(access.may),
    can=kinds.can(access.can),
    stands=kinds.state(MeetingState),
    beside=lambda review, _: [kit.button(Id.MANAGEMENT_REVIEW_READ, "Read", RecordVersion.of(review))],
    timeline=Id.MANAGEMENT_REVIEW_TIMELINE,
    says=views.say,
    waits=views.waits,
    staff_only=lambda action: action.step not in access.OF_ANYBODY,
)
COMMANDS = Table(
    command=Command.MANAGEMENT_REVIEW,
    about="Management reviews: inputs from records, decisions that become actions, minutes",
    noun=NOUN,
    staff=access.may_work,
    own=[
        Verb("plan [title]", "plan one", plan_typed, replies.begins("plan"), staff=True),
        Verb("list [mine|planned|held|closed|…]", "the reviews", paging.shown(NOUN, listing), replies.begins("list")),
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        Verb("[state]", "the reviews", look_up, anything),
    ],
    lists_by=is_nothing_else,
    finds=paging.has_words(NOUN, listing),
)
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.MANAGEMENT_REVIEW_READ: read_clicked,
    Id.MANAGEMENT_REVIEW_READ_ON: read_clicked,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    submissions={**listeners.submissions(KIND), Form.MANAGEMENT_REVIEW_PLAN: planned},
    lists={NOUN: listing},
    renderers=RENDERERS,
)
