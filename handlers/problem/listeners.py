"""Problems and known errors in Slack: looking at them, proposing one, and the table of all that is done to them."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.form.additional_fields import FieldsOf
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.problem.flow import ProblemAct, ProblemState
from bot.rules.problem.list_filter import is_filter, is_nothing_else
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.text import SUMMARY_MOST, headed
from bot.usecases.policy import in_force
from bot.usecases.problem import access, causes, fixes, known_errors, problems
from bot.usecases.records import fields, lists
from handlers.blocks import kit
from handlers.blocks.kit import Message, View
from handlers.blocks.services import service_menu
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.problem.actions import ACTIONS as OF_PROBLEMS
from handlers.problem.actions import KNOWN_ERRORS as OF_KNOWN_ERRORS
from handlers.problem.messages import RENDERERS, card_of
from handlers.problem.views import card as views
from handlers.problem.views import known_errors as known_error_views
from handlers.records import additional_fields, kinds, listeners, paging, replies, verbs
from handlers.records.actions import Action
from handlers.records.commands import Asked, Listener, Reply, Verb, anything
from handlers.records.fields import Ask, Choice, Words
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.paging import Listing, Query
from handlers.records.registration import Registration
from handlers.records.standard_actions.reading import Reading, additional
from handlers.records.tables import Table
from handlers.records.typed_values import Shown
from handlers.request.context import RequestContext
from storage.tables import KnownError, Problem

LISTED = 15
ASKS = (
    Ask(Field.TITLE, "What goes wrong", lambda shown, _: kit.text_input(shown.row or "", most=SUMMARY_MOST),
        Filled.text, hint="Again and again, or for a reason that nobody knows"),
    Words(Field.SUMMARY, "What is known of it", "Since when, how often, what was tried", optional=True),
    Ask(Field.SERVICE, "Service", lambda shown, _: service_menu(shown.policy), Filled.choice),
    Choice(Field.IMPACT, "Impact", Impact, what="impact", labels=lambda one: one.label,
           first=lambda _: Impact.MEDIUM),
    Choice(Field.URGENCY, "Urgency", Urgency, what="urgency", labels=lambda one: one.label,
           first=lambda _: Urgency.MEDIUM),
)  # fmt: skip


def is_list(text: str) -> bool:
    """“list”, and “list mine P1”; “list of printers is empty” is a title."""
    first, _, rest = text.partition(" ")
    return first.lower() == "list" and is_filter(rest)


async def listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    """Raises BadProblemList."""
    found = await lists.page(tx, Noun.PROBLEM, query.text, query.page, by=turn.person, now=turn.now, size=LISTED)
    policy = (await in_force(tx)).policy
    drawn = views.listing(replace(query, page=found.number), found.shown, found.total, LISTED, policy)
    return replace(drawn, left_out=found.left_out)


async def known_error_listing(tx: AsyncSession, query: Query, turn: RequestContext) -> Listing:
    found = await known_errors.published(tx, query.text, turn.person, query.page, LISTED)
    return known_error_views.listing(replace(query, page=found.number), found.shown, found.total, LISTED)


async def known_errors_clicked(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        found = await known_error_listing(tx, Query(Noun.KNOWN_ERROR), turn)
    await replies.show_view(client, body, found.view())
    await ack()


async def show_causes(asked: Asked) -> None:
    ref, _ = asked.about(Noun.PROBLEM, "causes")
    async with asked.turn.read() as tx:
        problem, found = await causes.of(tx, ref, asked.turn.person)
        policy = (await in_force(tx)).policy
    await replies.say(asked.ack, views.causes_message(problem, found, policy))


async def causes_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    ref = RecordVersion.parse(action["value"], Noun.PROBLEM).ref
    async with turn.read() as tx:
        problem, found = await causes.of(tx, ref, turn.person)
        policy = (await in_force(tx)).policy
    blocks = views.causes_blocks(problem, found, policy)
    await replies.show_view(client, body, kit.list_view(f"Causes of {ref}", blocks))
    await ack()


async def propose_typed(asked: Asked) -> None:
    if asked.mistaken is not None:
        raise asked.mistaken
    async with asked.turn.read() as tx:
        title, rest = headed(asked.text)
        shown = Shown(title, (await in_force(tx)).policy, asked.turn.person, asked.turn.now, typed=rest)
    await asked.opens(form(shown))


def form(shown: Shown) -> View:
    asked = [*(ask.drawn(shown) for ask in ASKS), *additional_fields.drawn(shown.policy, FieldsOf.PROBLEM, {})]
    return kit.form(Form.PROBLEM_RAISE, "Propose a problem", "Propose", asked)


async def proposed(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    said = problems.Statement(*(ask.read(Filled(view), ask.field) for ask in ASKS))
    async with turn.begin() as tx:
        policy = (await in_force(tx)).policy
        additional_fields.require_fit(view, policy, FieldsOf.PROBLEM)
        said = replace(said, fields=additional_fields.read(view, policy, FieldsOf.PROBLEM))
        problem = await problems.propose(tx, said, by=turn.person, now=turn.now)
    await reply(replies.raised(problem.ref, "is proposed", problem.title, views.next_step(problem, policy)))
    await ack()


async def _told(turn: RequestContext, action: Action, ref: Ref, done: Any) -> Message:
    """Of a known error that was written down, its card: it has a number now. Of a cause, all of them, with what adds
    the next: few problems have one alone."""
    if isinstance(done, KnownError) and ref.noun is Noun.PROBLEM:
        return known_error_views.card(done, overdue=False)
    about = done.ref if isinstance(done, Problem) and action.verb == "merge" else ref
    said = replies.done(about, action.done)
    if action.step is not ProblemAct.CAUSE:
        return said
    async with turn.read() as tx:
        problem, found = await causes.of(tx, ref, turn.person)
        policy = (await in_force(tx)).policy
    return replace(said, blocks=[*said.blocks, *views.causes_blocks(problem, found, policy)])


async def reading(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    read = views.reading_of(await access.shown_to(tx, ref, by))
    return replace(read, passages=[*read.passages, *additional(await fields.of(tx, ref))])


async def known_error_reading(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    return known_error_views.reading_of(await access.known_error_shown_to(tx, ref, by))


async def _known_error_card(tx: AsyncSession, ref: Ref, turn: RequestContext) -> Message:
    known = await access.known_error_shown_to(tx, ref, turn.person)
    overdue = await known_errors.is_overdue(tx, known, turn.person, turn.now)
    return known_error_views.card(known, overdue=overdue)


KIND = Kind(
    noun=Noun.PROBLEM,
    actions=OF_PROBLEMS,
    title=views.title,
    card=kinds.card(card_of),
    may=kinds.may(access.may),
    can=kinds.can(fixes.can),
    any_revision=True,
    told=_told,
    stands=kinds.state(ProblemState),
    beside=lambda problem, _: [kit.button(Id.PROBLEM_CAUSES, "Causes", RecordVersion.of(problem))],
    timeline=Id.PROBLEM_TIMELINE,
    says=views.say,
    waits=views.waits,
    row=lambda problem, policy, _: views.row(problem, policy),
    staff_only=lambda action: action.step not in access.OF_ANYBODY,
)
KNOWN_ERROR = Kind(
    noun=Noun.KNOWN_ERROR,
    actions=OF_KNOWN_ERRORS,
    title=known_error_views.title,
    card=_known_error_card,
    may=kinds.may(access.may_known_error),
    any_revision=True,
    told=_told,
    says=known_error_views.say,
    staff_only=lambda _: True,
)
COMMANDS = Table(
    command=Command.PROBLEM,
    about="Problems: why it happens, and what helps meanwhile",
    noun=Noun.PROBLEM,
    staff=access.may_work,
    own=[
        Verb("list [mine|group|P1|service:vpn|watched|…]", "what is open, the most pressing first",
             paging.shown(Noun.PROBLEM, listing), is_list, verbs.by_services(is_filter)),
        Verb("known-errors [words]", "what is known, and what helps; with words, those that have them",
             paging.shown(Noun.KNOWN_ERROR, known_error_listing), replies.begins("known-errors")),
        verbs.shown(KIND),
        verbs.shown(KNOWN_ERROR, "one known error"),
        Verb("causes PRB-n", "five whys, by category, and what is confirmed", show_causes,
             replies.verb("causes", Noun.PROBLEM)),
        *verbs.verbs(KIND),
        *verbs.verbs(KNOWN_ERROR),
        Verb("[title]", "propose one: a form opens with your words in it", propose_typed, anything),
    ],
    lists_by=is_nothing_else,
    own_words="No, propose it",
    opens=True,
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    **listeners.buttons(KNOWN_ERROR),
    Id.PROBLEM_CAUSES: causes_clicked,
    Id.PROBLEM_KNOWN_ERRORS: known_errors_clicked,
}
SUBMISSIONS: dict[str, Listener] = {
    **listeners.submissions(KIND),
    **listeners.submissions(KNOWN_ERROR),
    Form.PROBLEM_RAISE: proposed,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    beside=[KNOWN_ERROR],
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    renderers=RENDERERS,
    reads={Noun.PROBLEM: reading, Noun.KNOWN_ERROR: known_error_reading},
    lists={Noun.PROBLEM: listing, Noun.KNOWN_ERROR: known_error_listing},
)
