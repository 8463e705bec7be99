"""Registers in Slack: entering something, looking at it, and the table of all that is done to entries."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.form.evaluation import begun
from bot.rules.record.list_filter import as_words
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.register.flow import EntryAct
from bot.rules.register.list_filter import is_nothing_else
from bot.rules.register.policy import Register
from bot.rules.register.refusals import RegisterGone, WrongPrefix
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from bot.usecases.records.visibility import as_read
from bot.usecases.register import access, approval, entries
from bot.usecases.register.entries import Entered
from handlers.blocks import kit, questions
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import kinds, listeners, paging, replies, verbs
from handlers.records.commands import Asked, Listener, Verb, anything, finds
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.records.typed_values import next_word
from handlers.register.actions import ACTIONS as OF_ENTRIES
from handlers.register.messages import OF_APPROVALS, RENDERERS, sheet_of
from handlers.register.views import card as views
from handlers.register.views.card import Draft
from handlers.request.context import RequestContext
from storage.register import entries as stored
from storage.tables import RegisterEntry

LISTED = 15
NUMBER_MOST = 9
"""Digits of a record's number."""


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadEntryList."""
    found = await lists.page(tx, Noun.ENTRY, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    policy, here = (await in_force(tx)).policy, await people.here(tx, turn.person, turn.now)
    return views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, policy, here)


async def add_typed(asked: Asked) -> None:
    """`/register add risk The gateway has no spare`."""
    key, title = next_word(asked.text.partition(" ")[2])
    async with asked.turn.read() as tx:
        register = await access.register_named(tx, key)
        await access.require_enters(tx, register, asked.turn.person)
        view = await _form(tx, register, Draft(register.key), {}, title)
    await asked.opens(view)


async def _found(tx: AsyncSession, asked: Asked) -> bool:
    """Whether it is a register, an entry or words of one."""
    typed = asked.text.strip()
    if typed in (await in_force(tx)).policy.registers or await _by_prefix(tx, typed):
        return True
    return bool(typed and (await listing(tx, Query(Noun.ENTRY, as_words(typed)), asked.turn)).total)


async def entry_form(tx: AsyncSession, register: Register) -> View:
    """Of a new entry, which has nothing yet."""
    return await _form(tx, register, Draft(register.key), {}, "")


async def look_up(asked: Asked) -> None:
    """Which registers there are; the words of one list its entries, and others search in all."""
    typed = asked.text.strip()
    async with asked.turn.read() as tx:
        known = (await in_force(tx)).policy.registers
        entry = await _by_prefix(tx, typed)
        if entry is not None:
            message = await _card(tx, entry, asked.turn)
        elif not typed:
            message = views.registers(known, await stored.by_register(tx))
        else:
            if asked.mistaken is not None and typed not in known:
                raise asked.mistaken
            query = Query(Noun.ENTRY, typed if typed in known else as_words(typed))
            message = (await listing(tx, query, asked.turn)).message()
    await replies.say(asked.ack, message)


async def _by_prefix(tx: AsyncSession, typed: str) -> Ref | None:
    """“RSK-3” is REG-3, where that is an entry of the register with this prefix. Raises NoSuchRecord, WrongPrefix."""
    prefix, _, number = typed.upper().partition("-")
    known = {one.prefix: one for one in (await in_force(tx)).policy.registers.values() if one.prefix}
    if prefix not in known or not number.isdecimal() or len(number) > NUMBER_MOST:
        return None
    ref = Ref(Noun.ENTRY, int(number))
    if (await access.find(tx, ref)).register_key != known[prefix].key:
        raise WrongPrefix(ref=ref, register=known[prefix].title)
    return ref


async def may_change(tx: AsyncSession, value: str, turn: RequestContext) -> RegisterEntry:
    return await access.may(tx, EntryAct.CHANGE, RecordVersion.parse(value, Noun.ENTRY).ref, turn.person)


async def change_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        entry = await may_change(tx, action["value"], turn)
        register = await access.register_of(tx, entry)
        if register is None:
            raise RegisterGone(register=entry.register_key, ref=entry.ref)
        shown = await as_read(tx, entry, turn.person)
        given = {one["id"]: _answer(one["answer"]) for one in entries.answered(shown)}
        view = await _form(tx, register, Draft(register.key, str(RecordVersion.of(entry))), given, entry.title)
    await replies.show_view(client, body, view)
    await ack()


async def answered(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """A question that decides was answered: the form asks what follows from it."""
    shown = body["view"]
    if shown.get("callback_id") != Form.REGISTER_ENTRY:
        await ack()
        return
    draft = Draft.parse(shown["private_metadata"])
    async with turn.read() as tx:
        register = await access.register_named(tx, draft.register)
        given = questions.read(shown, register.questions)
        view = await _form(tx, register, draft, given, Filled(shown).text(Field.TITLE))
    await ack()
    await client.views_update(view_id=shown["id"], hash=shown["hash"], view=view)


async def entered(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    draft, title = Draft.parse(view["private_metadata"]), Filled(view).text(Field.TITLE)
    async with turn.begin() as tx:
        register = await access.register_named(tx, draft.register)
        typed, seen = Entered(title, questions.read(view, register.questions)), draft.seen
        if seen is None:
            await entries.enter(tx, register, typed, by=turn.person, now=turn.now)
        else:
            await entries.change(tx, seen.ref, typed, seen.revision, by=turn.person, now=turn.now)
    await ack(response_action="clear")


async def _form(tx: AsyncSession, register: Register, draft: Draft, given: Any, title: str) -> View:
    filled = await entries.evaluated(tx, register, given)
    begins = begun(register.questions, given)
    return views.form(register, draft, filled, begins, (await in_force(tx)).policy, title)


def _answer(kept: Any) -> Any:
    return tuple(kept) if isinstance(kept, list) else kept


async def _card(tx: AsyncSession, ref: Ref, turn: RequestContext) -> Message:
    return views.card(await sheet_of(tx, await access.shown_to(tx, ref, turn.person), turn.person))


def _beside(entry: RegisterEntry, can: Collection[StrEnum]) -> list[Block]:
    return views.beside(RecordVersion.of(entry), changes=EntryAct.CHANGE in can)


KIND = Kind(
    noun=Noun.ENTRY,
    actions=OF_ENTRIES,
    title=views.title,
    card=_card,
    may=kinds.may_vote(approval.ENTRY, EntryAct.VOTE, kinds.may(access.may)),
    can=kinds.can(access.can),
    stands=lambda entry: f"It is {kit.esc(entry.stage)}",
    beside=_beside,
    timeline=Id.REGISTER_TIMELINE,
    says=views.say,
    waits=views.waits,
    shortened=kinds.unread,
    staff_only=lambda action: action.step not in access.OF_ANYBODY,
)
COMMANDS = Table(
    command=Command.REGISTER,
    about="Registers: risks, suppliers, improvements and what else the policy declares",
    noun=Noun.ENTRY,
    staff=access.may_work,
    own=[
        Verb("add register [title]", "enter something", add_typed, replies.begins("add"), staff=True),
        Verb("list [register|mine|late|…]", "entries, the highest score first",
             paging.shown(Noun.ENTRY, listing), replies.begins("list")),
        verbs.shown(KIND),
        *verbs.verbs(KIND),
        Verb("[register|words]", "which registers there are, or entries", look_up, anything),
    ],
    lists_by=is_nothing_else,
    own_words="No, look for it",
    finds=finds(_found),
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.REGISTER_CHANGE: change_clicked,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    pressed_by={Id.REGISTER_CHANGE: may_change},
    renderers=RENDERERS,
    of_approvals=OF_APPROVALS,
    submissions={**listeners.submissions(KIND), Form.REGISTER_ENTRY: entered},
    lists={Noun.ENTRY: listing},
)
