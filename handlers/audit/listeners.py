"""Audits and findings in Slack: planning, looking at them, and the tables of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.audit.flow import AuditState, FindingState
from bot.rules.audit.list_filter import is_nothing_else
from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import label
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.audit import access, audits
from bot.usecases.audit.audits import Plan
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.audit.actions import AUDITS, FINDINGS
from handlers.audit.messages import RENDERERS, card_of, finding_card_of
from handlers.audit.views import card as views
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
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from storage.tables import AuditFinding, InternalAudit

LISTED = 15


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadAuditList."""
    found = await lists.page(tx, query.noun, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    return views.listing(
        replace(query, page=found.number), found.shown, found.total, LISTED, (await in_force(tx)).policy
    )


async def show(asked: Asked) -> None:
    ref, _ = asked.about(Noun.AUDIT)
    async with asked.turn.read() as tx:
        message = await _card_for(tx, ref, asked.turn.person)
    await replies.say(asked.ack, message)


async def show_finding(asked: Asked) -> None:
    ref, _ = asked.about(Noun.FINDING)
    async with asked.turn.read() as tx:
        message = await _finding_card_for(tx, ref, asked.turn.person)
    await replies.say(asked.ack, message)


async def plan_typed(asked: Asked) -> None:
    """`/audit plan Incident process, first half`."""
    await asked.opens(views.plan_form(" ".join(asked.text.split()[1:])))


async def planned(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    plan = Plan(
        filled.text(Field.TITLE), filled.text(Field.CLAUSES), filled.person(Field.PERSON), filled.day(Field.DUE_ON),
        filled.text(Field.COMMENT),
    )  # fmt: skip
    async with turn.begin() as tx:
        await audits.plan(tx, plan, by=turn.person, now=turn.now)
    await ack()


def _look_up(noun: Noun) -> Any:
    async def run(asked: Asked) -> None:
        """Words that are no verb list the records that have them."""
        if asked.mistaken is not None:
            raise asked.mistaken
        typed = f'"{asked.text.strip()}"' if asked.text.strip() else ""
        async with asked.turn.read() as tx:
            message = (await listing(tx, Query(noun, typed), asked.turn)).message()
        await replies.say(asked.ack, message)

    return run


async def _latest(tx: AsyncSession, ref: Ref) -> RecordVersion:
    return views.seen_of(await (access.find(tx, ref) if ref.noun is Noun.AUDIT else access.find_finding(tx, ref)))


async def _may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> InternalAudit:
    return await access.may(tx, action.step, seen.ref, turn.person)


async def _finding_may(tx: AsyncSession, action: Action, seen: RecordVersion, turn: RequestContext) -> AuditFinding:
    return await access.finding_may(tx, action.step, seen.ref, turn.person)


async def _card(tx: AsyncSession, ref: Ref) -> Message:
    return await card_of(tx, await access.shown_to(tx, ref, SYSTEM))


async def _card_for(tx: AsyncSession, ref: Ref, reader: str) -> Message:
    return await card_of(tx, await access.shown_to(tx, ref, reader), reader)


async def _finding_card(tx: AsyncSession, ref: Ref) -> Message:
    return await finding_card_of(tx, await access.finding_shown_to(tx, ref, SYSTEM))


async def _finding_card_for(tx: AsyncSession, ref: Ref, reader: str) -> Message:
    return await finding_card_of(tx, await access.finding_shown_to(tx, ref, reader), reader)


async def _told(_turn: RequestContext, action: Action, ref: Ref, done: Any) -> Message:
    """Of a check that came to a finding, its number too."""
    if isinstance(done, AuditFinding) and ref.noun is Noun.AUDIT:
        return replies.done(ref, f"has what you found, as {done.ref}.")
    return replies.done(ref, action.done)


async def _menu(tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
    audit = await access.shown_to(tx, ref, turn.person)
    can, seen = await access.can(tx, audit, turn.person), views.seen_of(audit)
    offered = [one for one in AUDITS.values() if one.label and one.step in can]
    lead = f"*{ref}* {kit.esc(audit.title)}\nIt is {label(AuditState(audit.state))}."
    return engine.menu(offered, seen, lead, [kit.button(Id.AUDIT_TIMELINE, "Timeline", seen)])


async def _finding_menu(tx: AsyncSession, ref: Ref, turn: RequestContext) -> View:
    finding = await access.finding_shown_to(tx, ref, turn.person)
    can, seen = await access.can_finding(tx, finding, turn.person), views.seen_of(finding)
    offered = [one for one in FINDINGS.values() if one.label and one.step in can]
    lead = f"*{ref}* {kit.esc(finding.title)}\nIt is {label(FindingState(finding.state))}."
    return engine.menu(offered, seen, lead, [kit.button(Id.FINDING_TIMELINE, "Timeline", seen)])


AUDIT = Kind(
    Noun.AUDIT, AUDITS, lambda seen: seen, _latest, _may, views.title, _card, _told, _menu, card_for=_card_for,
    waits=views.waits,
)  # fmt: skip
FINDING = Kind(
    Noun.FINDING, FINDINGS, lambda seen: seen, _latest, _finding_may, views.title, _finding_card, _told, _finding_menu,
    card_for=_finding_card_for, waits=views.waits,
)  # fmt: skip
AUDIT_COMMANDS = Table(
    command=Command.AUDIT,
    about="Internal audits: planned, held by somebody independent, reported",
    noun=Noun.AUDIT,
    own=[
        Verb("plan [title]", "plan an audit", plan_typed, replies.begins("plan")),
        Verb("list [mine|late|8.6.3|…]", "the audits", paging.shown(Noun.AUDIT, listing), replies.begins("list")),
        Verb("AUD-n", "one audit and what can be done", show, replies.names(Noun.AUDIT)),
        standard.timeline_verb(Noun.AUDIT, views.title, views.say),
        *verbs.verbs(AUDIT),
        Verb("[words]", "audits with these words", _look_up(Noun.AUDIT), anything),
    ],
    exists=access.exists,
    lists_by=is_nothing_else,
    own_words="No, look for it",
    finds=paging.has_words(Noun.AUDIT, listing),
)
FINDING_COMMANDS = Table(
    command=Command.FINDING,
    about="Findings of audits: answered, acted on, closed once they took effect",
    noun=Noun.FINDING,
    own=[
        Verb("list [mine|late|8.6.3|…]", "what is owed", paging.shown(Noun.FINDING, listing), replies.begins("list")),
        Verb("FND-n", "one finding and what can be done", show_finding, replies.names(Noun.FINDING)),
        standard.timeline_verb(Noun.FINDING, views.title, views.say),
        *verbs.verbs(FINDING),
        Verb("[words]", "findings with these words", _look_up(Noun.FINDING), anything),
    ],
    exists=access.exists,
    lists_by=is_nothing_else,
    own_words="No, look for it",
    finds=paging.has_words(Noun.FINDING, listing),
)
AUDIT_ACTIONS: dict[str, Listener] = {
    **listeners.buttons(AUDIT),
    Id.AUDIT_TIMELINE: standard.timeline_button(Noun.AUDIT, views.title, views.say),
}
FINDING_ACTIONS: dict[str, Listener] = {
    **listeners.buttons(FINDING),
    Id.FINDING_TIMELINE: standard.timeline_button(Noun.FINDING, views.title, views.say),
}
OF_AUDITS = Registration(
    commands=AUDIT_COMMANDS,
    records=AUDIT,
    actions=AUDIT_ACTIONS,
    submissions={**listeners.submissions(AUDIT), Form.AUDIT_PLAN: planned},
    lists={Noun.AUDIT: listing},
    renderers=RENDERERS,
)
OF_FINDINGS = Registration(
    commands=FINDING_COMMANDS,
    records=FINDING,
    actions=FINDING_ACTIONS,
    submissions=listeners.submissions(FINDING),
    lists={Noun.FINDING: listing},
)
