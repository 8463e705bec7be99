"""Reviews in Slack: reading and writing them, and the table of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import label
from bot.rules.record.refs import Noun, RecordVersion, Ref, reference
from bot.rules.review.flow import WRITABLE, ReviewAct, ReviewState
from bot.rules.review.list_filter import is_nothing_else
from bot.usecases.approval import approvals
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from bot.usecases.review import access, approval, documents, reviews, sections
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import actions as engine
from handlers.records import listeners, paging, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked, Listener, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.listeners import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions import standard
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
    drawn = views.listing(
        replace(query, page=found.number), found.shown, found.total, LISTED, (await in_force(tx)).policy
    )
    return replace(drawn, left_out=found.left_out)


async def show(asked: Asked) -> None:
    ref, _ = asked.about(Noun.REVIEW)
    async with asked.turn.read() as tx:
        message = await _card_for(tx, ref, asked.turn.person)
    await replies.say(asked.ack, message)


async def look_up(asked: Asked) -> None:
    """`/review INC-1` shows its review; other words list those that have them."""
    about, turn = reference(asked.text.strip()), asked.turn
    if asked.mistaken is not None and about is None:
        raise asked.mistaken
    async with turn.read() as tx:
        review = await stored.about(tx, str(about)) if about else None
        if review is not None and await access.exists(tx, review.ref, turn.person):
            message = await _card_for(tx, review.ref, turn.person)
        elif about is not None:
            message = views.none_of(about)
        else:
            typed = f'"{asked.text.strip()}"' if asked.text.strip() else ""
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


async def sections_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    ref = RecordVersion.parse(action["value"], Noun.REVIEW).ref
    async with turn.read() as tx:
        view = await _sections(tx, await access.may(tx, ReviewAct.WRITE, ref, turn.person))
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


async def _latest(tx: AsyncSession, ref: Ref) -> RecordVersion:
    return views.seen_of(await access.find(tx, ref))


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> Review:
    if action.step is ReviewAct.VOTE:
        await approvals.may_vote(tx, approval.REVIEW, seen, turn.person, turn.now)
    return await access.may(tx, action.step, seen.ref, turn.person)


async def _card(tx: AsyncSession, ref: Ref) -> Message:
    return views.card(await sheet_of(tx, await access.shown_to(tx, ref, SYSTEM)))


async def _card_for(tx: AsyncSession, ref: Ref, reader: str) -> Message:
    return views.card(await sheet_of(tx, await access.shown_to(tx, ref, reader), reader))


async def _told(_turn: RequestContext, action: Action, ref: Ref, _done: Any) -> Message:
    return replies.done(ref, action.done)


async def _unread(_tx: AsyncSession, _ref: Ref) -> bool:
    """No card has what a review says: it is read before it is voted on."""
    return True


async def _menu(tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
    review = await access.shown_to(tx, ref, turn.person)
    can, seen = await access.can(tx, review, turn.person), views.seen_of(review)
    hidden = ("refresh",)
    offered = [one for one in OF_REVIEWS.values() if one.label and one.step in can and one.verb not in hidden]
    return engine.menu(offered, seen, f"*{ref}* {kit.esc(review.title)}\nIt is {label(ReviewState(review.state))}.",
                       beside(seen, writable=review.state in WRITABLE and ReviewAct.WRITE in can))  # fmt: skip


def beside(seen: RecordVersion, *, writable: bool) -> list[dict[str, Any]]:
    """Buttons of the menu that open something to look at."""
    write = [kit.button(Id.REVIEW_SECTIONS, "Write…", seen), kit.button(Id.REVIEW_DIFFERENCE, "Refresh…", seen)]
    read = [kit.button(Id.REVIEW_READ, "Read", seen), kit.button(Id.REVIEW_TIMELINE, "Timeline", seen)]
    return [*(write if writable else []), *read]


async def reading(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    return views.reading_of(await access.shown_to(tx, ref, by))


KIND = Kind(
    Noun.REVIEW,
    OF_REVIEWS,
    lambda seen: seen,
    _latest,
    _may,
    views.title,
    _card,
    _told,
    _menu,
    card_for=_card_for,
    waits=views.waits,
    shortened=_unread,
)
COMMANDS = Table(
    command=Command.REVIEW,
    about="Reviews: what is learned from an incident or a change that failed",
    noun=Noun.REVIEW,
    own=[
        Verb("list [mine|late|…]", "what is owed",
             paging.shown(Noun.REVIEW, listing),
             replies.begins("list")),
        Verb("REV-n", "one review and what can be done", show, replies.names(Noun.REVIEW)),
        standard.timeline_verb(Noun.REVIEW, views.title, views.say),
        *verbs.verbs(KIND),
        Verb("[INC-n|words]", "the review of a record", look_up, anything),
    ],
    exists=access.exists,
    lists_by=is_nothing_else,
    finds=paging.has_words(Noun.REVIEW, listing),
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.REVIEW_TIMELINE: standard.timeline_button(Noun.REVIEW, views.title, views.say),
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
    submissions=SUBMISSIONS,
    lists={Noun.REVIEW: listing},
    renderers=RENDERERS,
    reads={Noun.REVIEW: reading},
    of_approvals=OF_APPROVALS,
)
