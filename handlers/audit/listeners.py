"""Audits and findings in Slack: planning, looking at them, and the tables of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.audit.flow import AuditState, FindingState
from bot.rules.audit.list_filter import is_nothing_else
from bot.rules.record.list_filter import as_words
from bot.rules.record.refs import Noun, Ref
from bot.usecases import people
from bot.usecases.audit import access, audits
from bot.usecases.audit.audits import Plan
from bot.usecases.policy import in_force
from bot.usecases.records import lists
from handlers.audit.actions import AUDITS, FINDINGS
from handlers.audit.messages import RENDERERS, card_of, finding_card_of
from handlers.audit.views import card as views
from handlers.blocks.kit import Message
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.records import kinds, listeners, paging, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked, Listener, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from storage.tables import AuditFinding

LISTED = 15


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadAuditList."""
    found = await lists.page(tx, query.noun, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    policy, here = (await in_force(tx)).policy, await people.here(tx, turn.person, turn.now)
    return views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, policy, here)


async def plan_typed(asked: Asked) -> None:
    """`/audit plan Incident process, first half`."""
    async with asked.turn.read() as tx:
        await access.require_manager(tx, asked.turn.person, audits.PLAN)
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
        typed = as_words(asked.text)
        async with asked.turn.read() as tx:
            message = (await listing(tx, Query(noun, typed), asked.turn)).message()
        await replies.say(asked.ack, message)

    return run


async def _told(_turn: RequestContext, action: Action, ref: Ref, done: Any) -> Message:
    """Of a check that came to a finding, its number too."""
    if isinstance(done, AuditFinding) and ref.noun is Noun.AUDIT:
        return replies.done(ref, f"has what you found, as {done.ref}.")
    return replies.done(ref, action.done)


AUDIT = Kind(
    noun=Noun.AUDIT,
    actions=AUDITS,
    title=views.title,
    card=kinds.card(card_of),
    may=kinds.may(access.may),
    can=kinds.can(access.can),
    told=_told,
    stands=kinds.state(AuditState),
    timeline=Id.AUDIT_TIMELINE,
    says=views.say,
    waits=views.waits,
    staff_only=lambda _: True,
)
FINDING = Kind(
    noun=Noun.FINDING,
    actions=FINDINGS,
    title=views.title,
    card=kinds.card(finding_card_of),
    may=kinds.may(access.finding_may),
    can=kinds.can(access.can_finding),
    told=_told,
    stands=kinds.state(FindingState),
    timeline=Id.FINDING_TIMELINE,
    says=views.say,
    waits=views.waits,
    staff_only=lambda _: True,
)
AUDIT_COMMANDS = Table(
    command=Command.AUDIT,
    about="Internal audits: planned, held by somebody independent, reported",
    noun=Noun.AUDIT,
    staff=access.may_work,
    own=[
        Verb("plan [title]", "plan an audit", plan_typed, replies.begins("plan"), staff=True),
        Verb("list [mine|late|8.6.3|…]", "the audits", paging.shown(Noun.AUDIT, listing), replies.begins("list")),
        verbs.shown(AUDIT),
        *verbs.verbs(AUDIT),
        Verb("[words]", "audits with these words", _look_up(Noun.AUDIT), anything),
    ],
    lists_by=is_nothing_else,
    own_words="No, look for it",
    finds=paging.has_words(Noun.AUDIT, listing),
)
FINDING_COMMANDS = Table(
    command=Command.FINDING,
    about="Findings of audits: answered, acted on, closed once they took effect",
    noun=Noun.FINDING,
    staff=access.may_work,
    own=[
        Verb(
            "list [mine|late|major|8.6.3|…]",
            "what is owed",
            paging.shown(Noun.FINDING, listing),
            replies.begins("list"),
        ),
        verbs.shown(FINDING),
        *verbs.verbs(FINDING),
        Verb("[words]", "findings with these words", _look_up(Noun.FINDING), anything),
    ],
    lists_by=is_nothing_else,
    own_words="No, look for it",
    finds=paging.has_words(Noun.FINDING, listing),
)
AUDIT_ACTIONS: dict[str, Listener] = {
    **listeners.buttons(AUDIT),
}
FINDING_ACTIONS: dict[str, Listener] = {
    **listeners.buttons(FINDING),
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
