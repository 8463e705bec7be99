"""The rules of the desk in Slack: what is in force, and the table of all that is done to a proposed change."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.form.evaluation import begun, evaluate
from bot.rules.form.questions import field_of
from bot.rules.policy.common_changes import COMMON, Common
from bot.rules.policy_format.hints import hint
from bot.rules.policy_proposal.flow import ProposalAct, ProposalState
from bot.rules.policy_proposal.refusals import NoSuchSection
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused
from bot.rules.record.text import shorten
from bot.rules.request.policy import known
from bot.usecases import policy as desk_policy
from bot.usecases.policy import in_force
from bot.usecases.policy_proposal import access, approval, proposals
from bot.usecases.policy_proposal.proposals import Proposed
from handlers.blocks import kit, questions
from handlers.blocks.kit import Message
from handlers.ids import Action as Id
from handlers.ids import Command, Field, Form
from handlers.policy_proposal.actions import ACTIONS as OF_PROPOSALS
from handlers.policy_proposal.messages import OF_APPROVALS, RENDERERS, sheet_of
from handlers.policy_proposal.views import card as views
from handlers.policy_proposal.views import policy as policy_views
from handlers.records import kinds, listeners, replies, verbs
from handlers.records.commands import Asked, Listener, Reply, Verb, anything
from handlers.records.form_values import Filled
from handlers.records.kinds import Kind
from handlers.records.registration import Registration
from handlers.records.standard_actions.reading import Reading
from handlers.records.tables import Table
from handlers.request import sent_files
from handlers.request.context import RequestContext
from storage.policy_proposal import proposals as stored
from storage.tables import PolicyProposal


async def show_policy(asked: Asked) -> None:
    """`/desk policy` by section; `/desk policy targets` one of them; `/desk policy propose`."""
    word = asked.text.partition(" ")[2].strip().lower()
    if word == "propose":
        async with asked.turn.read() as tx:
            await access.require_proposes(tx, asked.turn.person)
            policy = (await in_force(tx)).policy
        await asked.opens(policy_views.choices(policy), kit.button(Id.POLICY_PROPOSE, "Propose a change…"))
        return
    async with asked.turn.read() as tx:
        desk = await in_force(tx)
        from_file, newest = await desk_policy.is_kept_in_a_file(tx), await stored.newest(tx, 5)
    if not word:
        await replies.say(asked.ack, policy_views.overview(desk.version, desk.since, desk.policy, from_file, newest))
        return
    name = word.replace("-", "_")
    if name not in policy_views.sections(desk.policy):
        known = policy_views.sections(desk.policy)
        raise NoSuchSection(typed=word, hint=hint(name, known), known=", ".join(known))
    await asked.opens(policy_views.section(name, desk.policy))


async def section_chosen(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
    name = str((action.get("selected_option") or {}).get("value") or "")
    if name in policy_views.sections(policy):
        await replies.show_view(client, body, policy_views.section(name, policy))
    await ack()


async def propose_clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """Raises NotFromSlack, NotYourPolicy."""
    async with turn.read() as tx:
        await access.require_proposes(tx, turn.person)
        policy = (await in_force(tx)).policy
    await replies.show_view(client, body, policy_views.choices(policy))
    await ack()


async def form_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    async with turn.read() as tx:
        await access.require_proposes(tx, turn.person)
        policy = (await in_force(tx)).policy
    form = COMMON.get(str(action["value"]))
    view = policy_views.common(form, policy, {}) if form else policy_views.text()
    await client.views_update(view_id=body["view"]["id"], view=view)
    await ack()


async def answered(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """A question that decides was answered: the form asks what follows from it."""
    view = body["view"]
    form = COMMON[view["private_metadata"]]
    async with turn.read() as tx:
        policy = (await in_force(tx)).policy
    redrawn = policy_views.common(form, policy, questions.read(view, form.questions(policy)))
    await client.views_update(view_id=view["id"], view=redrawn)
    await ack()


async def form_sent(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    form = COMMON[view["private_metadata"]]
    async with turn.begin() as tx:
        proposal = await approval.propose(tx, await _of_form(tx, form, view), by=turn.person, now=turn.now)
        committed = await desk_policy.is_kept_in_a_file(tx)
    await reply(_proposed(proposal, committed=committed))
    await ack()


async def _of_form(tx: AsyncSession, form: Common, view: dict[str, Any]) -> Proposed:
    """What the answers say as TOML; its faults are told by the first input. Raises FormRefused."""
    policy = (await in_force(tx)).policy
    asked = form.questions(policy)
    given = begun(asked, questions.read(view, asked))
    filled = evaluate(asked, given, known(policy.services))
    if filled.faults:
        raise FormRefused({field_of(one): fault for one, fault in filled.faults.items()})
    title = shorten(form.titled(filled.answers, policy), approval.TITLE_MOST)
    return Proposed(title, Filled(view).text(Field.WHY), form.text(filled.answers, policy), asked=field_of(asked[0].id))


async def text_sent(
    ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, reply: Reply, turn: RequestContext
) -> None:
    """A file counts where there is one; else what was typed."""
    filled = Filled(view)
    sent = await sent_files.text_of(client, view, Field.FILE)
    typed, asked = (filled.text(Field.TEXT), Field.TEXT) if sent is None else (sent, Field.FILE)
    if not typed.strip():
        raise FormRefused({Field.TEXT: "Write what is to be different, or choose a file."})
    whole = filled.choice(Field.TYPE) == policy_views.WHOLE
    said = Proposed(filled.text(Field.TITLE), filled.text(Field.WHY), typed, whole, asked)
    async with turn.begin() as tx:
        proposal = await approval.propose(tx, said, by=turn.person, now=turn.now)
        committed = await desk_policy.is_kept_in_a_file(tx)
    await reply(_proposed(proposal, committed=committed))
    await ack()


def _proposed(proposal: PolicyProposal, *, committed: bool) -> Message:
    said = "It is in force once it is approved; you hear of it."
    if committed:
        said = (
            "Once it is approved it is handed over as a file; a start that reads it puts it in force. You hear of both."
        )
    return replies.raised(proposal.ref, "waits for approval", proposal.title, said)


async def texts(tx: AsyncSession, ref: Ref, by: str) -> Reading:
    proposal = await access.shown_to(tx, ref, by)
    return views.reading_of(proposal, await proposals.changes_of(tx, proposal))


async def _card(tx: AsyncSession, ref: Ref, turn: RequestContext) -> Message:
    return views.card(await sheet_of(tx, await access.shown_to(tx, ref, turn.person), turn.person))


KIND = Kind(
    noun=Noun.POLICY,
    actions=OF_PROPOSALS,
    title=views.title,
    card=_card,
    may=kinds.may_vote(approval.POLICY, ProposalAct.VOTE, kinds.may(access.may)),
    can=kinds.can(access.can),
    stands=kinds.state(ProposalState),
    timeline=Id.POLICY_TIMELINE,
    says=views.say,
    waits=views.waits,
    row=lambda proposal, _policy, _now: views.row(proposal),
    shortened=kinds.unread,
)
COMMANDS = Table(
    command=Command.DESK,
    about="What you need first, and the rules of the desk",
    noun=Noun.POLICY,
    own=[
        Verb("policy [section|propose]", "the rules in force, and changing them", show_policy,
             replies.begins("policy")),
        verbs.shown(KIND, "one change of the rules"),
        *verbs.verbs(KIND),
        Verb("", "every command on one screen", show_policy, anything),
    ],
)  # fmt: skip
ACTIONS: dict[str, Listener] = {
    **listeners.buttons(KIND),
    Id.POLICY_SECTION: section_chosen,
    Id.POLICY_PROPOSE: propose_clicked,
    Id.POLICY_FORM: form_clicked,
}
SUBMISSIONS: dict[str, Listener] = {
    **listeners.submissions(KIND),
    Form.POLICY_FORM: form_sent,
    Form.POLICY_TEXT: text_sent,
}
REGISTRATION = Registration(
    commands=COMMANDS,
    records=KIND,
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    renderers=RENDERERS,
    reads={Noun.POLICY: texts},
    of_approvals=OF_APPROVALS,
)
