"""Documents in Slack: beginning, reading and writing them, and the table of all that is done to them."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document.flow import DocumentAct, DocumentState
from bot.rules.document.list_filter import is_nothing_else
from bot.rules.iso.criteria import Document
from bot.rules.record.list_filter import as_words
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases import people
from bot.usecases.document import access, approval, documents, reading
from bot.usecases.document.documents import Begun
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.blocks.kit import Block, Message, View
from handlers.document.actions import ACTIONS as OF_DOCUMENTS
from handlers.document.messages import OF_APPROVALS, RENDERERS, sheet_of
from handlers.document.views import card as views
from handlers.document.views import writing
from handlers.document.views.writing import Place
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import kinds, listeners, paging, replies, verbs
from handlers.records.commands import Asked, Listener, Reply, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from storage.document import documents as stored
from storage.tables import ControlledDocument

LISTED = 15


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadDocumentList."""
    found = await lists.page(tx, Noun.DOCUMENT, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    policy, here = (await in_force(tx)).policy, await people.here(tx, turn.person, turn.now)
    return views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, policy, here)


async def begin_typed(asked: Asked) -> None:
    """`/document new Incident process`."""
    async with asked.turn.read() as tx:
        await access.require_begins(tx, asked.turn.person)
    await asked.opens(writing.begin(" ".join(asked.text.split()[1:])))


async def look_up(asked: Asked) -> None:
    """Words that are no verb list the documents that have them."""
    if asked.mistaken is not None:
        raise asked.mistaken
    typed = as_words(asked.text)
    async with asked.turn.read() as tx:
        message = (await listing(tx, Query(Noun.DOCUMENT, typed), asked.turn)).message()
    await replies.say(asked.ack, message)


async def begun(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    filled = Filled(view)
    sort, person = filled.one_of(Field.TYPE, Document), filled.person(Field.PERSON) or None
    new = Begun(filled.text(Field.TITLE), sort, filled.text(Field.CLAUSES), person=person)
    async with turn.begin() as tx:
        document = await documents.begin(tx, new, by=turn.person, now=turn.now)
    await reply(replies.raised(document.ref, "is a draft now", document.title))
    await ack()


async def read_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """The version in force; in review the draft, since that is what is voted on."""
    about, _, page = action["value"].partition(" ")
    ref = RecordVersion.parse(about, Noun.DOCUMENT).ref
    async with turn.read() as tx:
        document = await access.shown_to(tx, ref, turn.person)
        draft = document.state in (DocumentState.IN_REVIEW, DocumentState.APPROVED) or not access.is_in_force(document)
        text = document.text if draft else await reading.shown(tx, document)
        rows = [] if draft else await stored.readings(tx, ref.number, document.version)
    asked = any(one.person == turn.person and one.read_at is None for one in rows)
    called = "the draft" if draft else f"version {document.version}"
    view = writing.whole(document, text, called, int(page) if page.isdecimal() else 0, asked=asked)
    if page and body.get("view"):
        await client.views_update(view_id=body["view"]["id"], view=view)
    else:
        await replies.show_view(client, body, view)
    await ack()


async def may_write(tx: AsyncSession, value: str, turn: RequestContext) -> ControlledDocument:
    return await access.may(tx, DocumentAct.WRITE, RecordVersion.parse(value, Noun.DOCUMENT).ref, turn.person)


async def parts_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        view = writing.headings(await may_write(tx, action["value"], turn))
    await replies.show_view(client, body, view)
    await ack()


async def part_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    place = Place.parse(action["value"])
    async with turn.read() as tx:
        view = writing.heading(await access.may(tx, DocumentAct.WRITE, place.ref, turn.person), place.index)
    await replies.show_view(client, body, view)
    await ack()


async def part_written(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    place, typed = Place.parse(view["private_metadata"]), Filled(view).text(Field.COMMENT)
    async with turn.begin() as tx:
        about = (place.ref, place.index, typed, place.seen)
        document = await documents.write_part(tx, *about, by=turn.person, now=turn.now)
        beneath = writing.headings(document)
    await ack()
    if view.get("previous_view_id"):
        await client.views_update(view_id=view["previous_view_id"], view=beneath)


async def difference_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    ref = RecordVersion.parse(action["value"], Noun.DOCUMENT).ref
    async with turn.read() as tx:
        view = await _difference(tx, await access.shown_to(tx, ref, turn.person))
    await replies.show_view(client, body, view)
    await ack()


async def readers_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    ref = RecordVersion.parse(action["value"], Noun.DOCUMENT).ref
    async with turn.read() as tx:
        document = await access.shown_to(tx, ref, turn.person)
        rows = await stored.readings(tx, ref.number, document.version)
    await replies.show_view(client, body, writing.readers(document, rows))
    await ack()


async def _difference(tx: AsyncSession, document: ControlledDocument) -> View:
    """Of the draft from the version in force; of what is in force from the version before it."""
    drafted = document.state in (DocumentState.DRAFT, DocumentState.IN_REVIEW, DocumentState.APPROVED)
    after = None if drafted else document.version
    lines = await reading.differences(tx, document, after=after)
    before = document.version if drafted else document.version - 1
    to = "the draft" if drafted else f"version {document.version}"
    return writing.difference(document, lines, f"from {f'version {before}' if before else 'nothing'} to {to}")


async def texts(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    return views.reading_of(await access.shown_to(tx, ref, by))


async def _card(tx: AsyncSession, ref: Ref, turn: RequestContext) -> Message:
    return views.card(await sheet_of(tx, await access.shown_to(tx, ref, turn.person), turn.person))


def _beside(document: ControlledDocument, can: Collection[StrEnum]) -> list[Block]:
    held = access.is_in_force(document)
    writes = DocumentAct.WRITE in can
    return writing.beside(RecordVersion.of(document), writes=writes, compared=document.version > 0, held=held)


KIND = Kind(
    noun=Noun.DOCUMENT,
    actions=OF_DOCUMENTS,
    title=views.title,
    card=_card,
    may=kinds.may_vote(approval.DOCUMENT, DocumentAct.VOTE, kinds.may(access.may)),
    can=kinds.can(access.can),
    stands=kinds.state(DocumentState),
    beside=_beside,
    timeline=Id.DOCUMENT_TIMELINE,
    says=views.say,
    waits=views.waits,
    shortened=kinds.unread,
    staff_only=lambda action: action.step not in access.OF_ANYBODY,
)
COMMANDS = Table(
    command=Command.DOCUMENT,
    about="Documents: written, approved, in force, read and looked through",
    noun=Noun.DOCUMENT,
    staff=access.may_work,
    own=[
        Verb("new [title]", "begin one with a template", begin_typed, replies.begins("new"), staff=True),
        Verb("list [mine|late|unread|8.6.3|…]", "the documents",
             paging.shown(Noun.DOCUMENT, listing),
             replies.begins("list")),
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        Verb("[words]", "documents with these words", look_up, anything),
    ],
    lists_by=is_nothing_else,
    own_words="No, look for it",
    finds=paging.has_words(Noun.DOCUMENT, listing),
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.DOCUMENT_READ: read_clicked,
    Id.DOCUMENT_READ_ON: read_clicked,
    Id.DOCUMENT_PARTS: parts_clicked,
    Id.DOCUMENT_PART: part_clicked,
    Id.DOCUMENT_DIFFERENCE: difference_clicked,
    Id.DOCUMENT_READERS: readers_clicked,
}
SUBMISSIONS: dict[str, Listener] = {
    **listeners.submissions(KIND),
    Form.DOCUMENT_NEW: begun,
    Form.DOCUMENT_PART: part_written,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    pressed_by={Id.DOCUMENT_PARTS: may_write},
    submissions=SUBMISSIONS,
    lists={Noun.DOCUMENT: listing},
    renderers=RENDERERS,
    reads={Noun.DOCUMENT: texts},
    of_approvals=OF_APPROVALS,
)
