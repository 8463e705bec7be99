"""Reviews in Slack: reading and writing them, and the table of all that is done to them."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.list_filter import as_words
from bot.rules.record.refs import Noun, RecordVersion, Ref, reference
from bot.rules.review.flow import WRITABLE, ReviewAct, ReviewState
from bot.rules.review.list_filter import is_nothing_else
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import lists, visibility
from bot.usecases.review import access, approval, documents, reviews, sections
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import kinds, listeners, paging, replies, verbs
from handlers.records.commands import Asked, Listener, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from handlers.review.actions import ACTIONS as OF_REVIEWS
from handlers.review.messages import OF_APPROVALS, RENDERERS, sheet_of
from handlers.review.views import card as views
from handlers.review.views import writing
from handlers.review.views.writing import Draft
from storage.review import reviews as stored
from storage.tables import Review

LISTED = 15


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadReviewList."""
    found = await lists.page(tx, Noun.REVIEW, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    policy, here = (await in_force(tx)).policy, await people.here(tx, turn.person, turn.now)
    drawn = views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, policy, here)
    return replace(drawn, left_out=found.left_out)


async def look_up(asked: Asked) -> None:
    """`/review INC-1` shows its review; other words list those that have them."""
    about, turn = reference(asked.text.strip()), asked.turn
    if asked.mistaken is not None and about is None:
        raise asked.mistaken
    async with turn.read() as tx:
        review = await stored.about(tx, str(about)) if about else None
        if review is not None and await visibility.sees(tx, review.ref, turn.person):
            message = await _card(tx, review.ref, turn)
        elif about is not None:
            message = views.none_of(about)
        else:
            typed = as_words(asked.text)
            message = (await listing(tx, Query(Noun.REVIEW, typed), turn)).message()
    await replies.say(asked.ack, message)


async def read_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """Inside of the workspace, with names."""
    ref = RecordVersion.parse(action["value"], Noun.REVIEW).ref
    async with turn.read() as tx:
        review = await access.shown_to(tx, ref, turn.person)
        found = await documents.for_readers(tx, review, await documents.of(tx, review), named=True)
    await replies.show_view(client, body, writing.whole(found))
    await ack()


async def may_write(tx: AsyncSession, value: str, turn: RequestContext) -> Review:
    return await access.may(tx, ReviewAct.WRITE, RecordVersion.parse(value, Noun.REVIEW).ref, turn.person)


async def sections_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        view = await _sections(tx, await may_write(tx, action["value"], turn))
    await replies.show_view(client, body, view)
    await ack()


async def section_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    draft = Draft.parse(action["value"])
    async with turn.read() as tx:
        review = await access.may(tx, ReviewAct.WRITE, draft.ref, turn.person)
        one = await sections.section(tx, review, draft.section)
        row = (await sections.of(tx, review)).get(one.id)
    await replies.show_view(client, body, writing.section(review, one, row))
    await ack()


async def section_written(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """Who comes second keeps what they typed, and sees what the first wrote."""
    draft, typed = Draft.parse(view["private_metadata"]), Filled(view).text(Field.COMMENT)
    async with turn.read() as tx:
        review = await access.shown_to(tx, draft.ref, turn.person)
        one, row = await sections.section(tx, review, draft.section), (await sections.of(tx, review)).get(draft.section)
    if row is not None and row.revision != draft.seen and row.text != typed:
        await ack(response_action="update", view=writing.section(review, one, row, typed))
        return
    async with turn.begin() as tx:
        review = await sections.write(tx, draft.ref, draft.section, typed, draft.seen, by=turn.person, now=turn.now)
        beneath = await _sections(tx, review)
    await ack()
    if view.get("previous_view_id"):
        await client.views_update(view_id=view["previous_view_id"], view=beneath)


async def refresh_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    ref = RecordVersion.parse(action["value"], Noun.REVIEW).ref
    async with turn.read() as tx:
        review, found = await reviews.changes_since(tx, ref, by=turn.person)
        found = await reviews.named(tx, found)
        titles = {one.automatic or one.id: one.title for one in await sections.template(tx, review)}
    await replies.show_view(client, body, views.difference(review, found, titles))
    await ack()


async def _sections(tx: AsyncSession, review: Review) -> View:
    return writing.sections(review, await sections.template(tx, review), await sections.of(tx, review))


async def reading(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    return views.reading_of(await access.shown_to(tx, ref, by))


async def _card(tx: AsyncSession, ref: Ref, turn: RequestContext) -> Message:
    return views.card(await sheet_of(tx, await access.shown_to(tx, ref, turn.person), turn.person))


def _beside(review: Review, can: Collection[StrEnum]) -> list[Block]:
    """Buttons of the menu that open something to look at."""
    return views.beside(RecordVersion.of(review), writable=review.state in WRITABLE and ReviewAct.WRITE in can)


KIND = Kind(
    noun=Noun.REVIEW,
    actions=OF_REVIEWS,
    title=views.title,
    card=_card,
    may=kinds.may_vote(approval.REVIEW, ReviewAct.VOTE, kinds.may(access.may)),
    can=kinds.can(access.can),
    stands=kinds.state(ReviewState),
    hidden=lambda _: ("refresh",),
    beside=_beside,
    timeline=Id.REVIEW_TIMELINE,
    says=views.say,
    waits=views.waits,
    shortened=kinds.unread,
    staff_only=lambda action: action.step not in access.OF_ANYBODY,
)
COMMANDS = Table(
    command=Command.REVIEW,
    about="Reviews: what is learned from an incident or a change that failed",
    noun=Noun.REVIEW,
    looks_at_others=True,
    staff=access.may_work,
    own=[
        Verb("list [mine|late|…]", "what is owed",
             paging.shown(Noun.REVIEW, listing),
             replies.begins("list")),
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        Verb("[INC-n|words]", "the review of a record", look_up, anything),
    ],
    lists_by=is_nothing_else,
    finds=paging.has_words(Noun.REVIEW, listing),
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.REVIEW_READ: read_clicked,
    Id.REVIEW_SECTIONS: sections_clicked,
    Id.REVIEW_SECTION: section_clicked,
    Id.REVIEW_DIFFERENCE: refresh_clicked,
}
SUBMISSIONS: dict[str, Listener] = {**listeners.submissions(KIND), Form.REVIEW_SECTION: section_written}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    pressed_by=dict.fromkeys((Id.REVIEW_SECTIONS, Id.REVIEW_DIFFERENCE), may_write),
    submissions=SUBMISSIONS,
    lists={Noun.REVIEW: listing},
    renderers=RENDERERS,
    reads={Noun.REVIEW: reading},
    of_approvals=OF_APPROVALS,
)
