"""Sample changes, drawn every way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta

from bot.rules.approval.voting import CaseState, Decision, Question, Stage, Vote
from bot.rules.change.flow import ChangeState, ChangeType, Result, Review
from bot.rules.change.reminders import ReminderKind
from bot.rules.change.revision_diff import Difference
from bot.rules.change.risk import assess
from bot.rules.change.standard_changes import TemplateState
from bot.rules.incident.flow import IncidentState
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.record.waiting import Waits
from bot.usecases.approval.asking import Poll
from bot.usecases.change.approval import WaitingChange
from bot.usecases.change.details import ChangeDetails
from bot.usecases.change.overdue_approvals import Owed
from bot.usecases.change.waiting import Why
from handlers.approval.views import messages as approval_messages
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.blocks.samples import AGENT, APPROVER, AT, REQUESTER, Drawn, said
from handlers.change import listeners
from handlers.change.actions import ACTIONS, STANDARD
from handlers.change.views import card as change_card
from handlers.change.views import cause, reminders, request_form, standard_changes, texts, updates
from handlers.change.views import waiting as waiting_views
from handlers.incident.views import samples as incident_samples
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Query
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Reading
from handlers.records.typed_values import Shown
from storage.tables import Approval, ApprovalCase, ApprovalQuestion, ApprovalStage, Change, Template


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    sheets = {state: sheet(sample(state, policy, words), policy, words) for state in ChangeState}
    waiting, scheduled = sheets[ChangeState.AUTHORISE], sheets[ChangeState.SCHEDULED]
    voted = replace(waiting, poll=_poll(ChangeState.AUTHORISE, [APPROVER, AGENT], Vote.CONDITION, words))
    return {
        **{f"change card, {state}": said(change_card.card(one)) for state, one in sheets.items()},
        "change card, some voted": said(change_card.card(voted)),
        "change card, of many steps": said(change_card.card(_many_steps(waiting))),
        "change revised": said(change_card.revised(waiting, "")),
        "change postponed": said(change_card.revised(waiting, words.get("comment", "The supplier is late."))),
        **_reminders(sheets),
        **_links(sheets, policy, words),
        "change decided": said(change_card.decided(sheets[ChangeState.DRAFT].change, sheets[ChangeState.DRAFT].poll)),
        "change approved": said(
            change_card.decided(scheduled.change, _remarked(ChangeState.SCHEDULED, Vote.CONDITION, words))
        ),
        "change moved": said(change_card.moved(sheets[ChangeState.REVIEW].change, None)),
        **_news(scheduled.change, words),
        "change list": said(_listed([waiting.change, scheduled.change] * 5, policy)),
        "change list, empty": said(_listed([], policy)),
        **_requests(policy, words, waiting, voted),
        **_forms(policy, words),
        **_templates(policy, words),
    }


def _news(change: Change, words: Mapping[str, str]) -> dict[str, Drawn]:
    typed = {"comment": words.get("comment", "The part has arrived.")}
    told = Fact(FactKind.CHANGE_UPDATED, "CHG-7", AGENT, AT, 1, {"revision": 1}, typed)
    shared = Fact(FactKind.CHANGE_SHARED, "CHG-7", AGENT, AT, 1, {"person": APPROVER})
    return {f"change {name}": said(updates.news(change, fact)) for name, fact in (("told", told), ("shared", shared))}


def _links(sheets: Mapping[ChangeState, ChangeDetails], policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    incident = incident_samples.sample(IncidentState.NEW, policy, words)
    at_work = [sheets[state].change for state in (ChangeState.IMPLEMENTING, ChangeState.REVIEW, ChangeState.CLOSED)]
    undone = at_work[1].model_copy(update={"result": Result.BACKED_OUT})
    card = kit.Message("INC-12", [])
    return {
        "incident asked about changes": said(cause.with_questions(card, incident, at_work, policy)),
        "change linked": said(cause.caused(at_work[1], incident)),
        **{f"backout offer, {one.state}": said(cause.backout_offer(one, incident)) for one in at_work},
        "backout offer, taken": said(cause.backout_offer(undone, incident)),
    }


def waits(policy: Policy, words: Mapping[str, str]) -> list[Waits]:
    """Each thing that a change waits for."""
    states = {Why.OPEN: ChangeState.SCHEDULED, Why.UNDER_WAY: ChangeState.IMPLEMENTING, Why.REVIEW: ChangeState.REVIEW}
    plain = [Waits(sample(state, policy, words), why) for why, state in states.items()]
    draft, asked = sample(ChangeState.DRAFT, policy, words), sample(ChangeState.AUTHORISE, policy, words)
    back = Waits(draft, Why.DRAFT, None, case(ChangeState.DRAFT, words))
    question = Waits(asked, Why.QUESTION, None, _question(words))
    vote = Waits(asked, Why.VOTE, None, wait(sheet(asked, policy, words), AGENT, words))
    return [vote, question, *plain, Waits(missed(policy, words), Why.MISSED), Waits(draft, Why.DRAFT), back]


def _listed(changes: Sequence[Change], policy: Policy) -> Message:
    return change_card.listing(Query(Noun.CHANGE), changes, {}, 4 * len(changes), 10, policy).message()


def _reminders(sheets: Mapping[ChangeState, ChangeDetails]) -> dict[str, Drawn]:
    return {
        f"change reminder, {kind}, {state}": said(
            reminders.reminder(sheets[state].change, kind, poll=sheets[state].poll, asked_by=list(Review), alone=True)
        )
        for kind in ReminderKind
        for state in (ChangeState.SCHEDULED, ChangeState.IMPLEMENTING, ChangeState.REVIEW)
    }


def _votes(policy: Policy, words: Mapping[str, str], waiting: ChangeDetails) -> Iterator[Block]:
    for owner in (None, AGENT):
        yield waiting_views.row(Waits(waiting.change, Why.VOTE, None, wait(waiting, owner, words)), policy)


def _requests(
    policy: Policy, words: Mapping[str, str], waiting: ChangeDetails, voted: ChangeDetails
) -> dict[str, Drawn]:
    question = _question(words)
    answered = question.model_copy(update={"answer": None, "answered_by": None})
    return {
        "approval request": said(approval_messages.request(waiting, APPROVER, 2, 1)),
        "approval request, revised": said(approval_messages.request(waiting, APPROVER, 1, 1)),
        "approval request, voted": said(approval_messages.request(voted, APPROVER, 2, 1)),
        "approval reminder": said(approval_messages.reminder(waiting, APPROVER)),
        "approval reminder, over": said(
            ended(approval_messages.reminded_before(waiting.change, AT), approval_messages.end_of(waiting, 1))
        ),
        **{
            f"approval remark, {vote}": said(
                approval_messages.remark(waiting, _remarked(ChangeState.AUTHORISE, vote, words).seats[0])
            )
            for vote in (Vote.CONDITION, Vote.REJECT)
        },
        "approval unreachable": said(approval_messages.unreachable(waiting, 1)),
        "change unstaffed": said(reminders.unstaffed(waiting.change, AGENT)),
        "change orphaned": said(reminders.orphaned(waiting.change, AGENT, cancels=True)),
        "approval overdue": said(approval_messages.overdue(waiting.change, case(ChangeState.AUTHORISE, words))),
        "approval question": said(approval_messages.question(waiting.change, answered)),
        "approval question, answered": said(approval_messages.question(waiting.change, question)),
        "approval answer": said(approval_messages.answer(waiting, question)),
        "approvals": said(approval_messages.waiting([*_votes(policy, words, waiting)] * 21)),
        "approvals, none": said(approval_messages.waiting([])),
        "delegation form": approval_messages.delegation_form(AT),
        **{
            f"delegation, {name}": said(
                approval_messages.delegated(
                    {"owner": APPROVER, "to": to, "from": AT.isoformat(), "until": AT.isoformat()}, reader
                )
            )
            for name, to, reader in (
                ("for who stands in", AGENT, AGENT),
                ("for who has them", AGENT, APPROVER),
                ("for who did before", AGENT, REQUESTER),
                ("taken back", APPROVER, AGENT),
                ("taken back, for who did", APPROVER, APPROVER),
            )
        },
    }


def _forms(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    draft, begun = sample(ChangeState.DRAFT, policy, words), sample(ChangeState.IMPLEMENTING, policy, words)
    typed = words.get("title", "Upgrade the VPN gateway")
    return {
        "change form": request_form.request_form(policy, AT, REQUESTER, typed),
        "change form, draft": request_form.edit_form(policy, draft, {}),
        "change form, edited": request_form.edit_form(policy, sample(ChangeState.SCHEDULED, policy, words), {}),
        "change details form": request_form.details_form(policy, draft),
        "change risk form": request_form.risk_form(policy.risk, draft, {"backout": 3}, "high"),
        "change kept": kit.note_view("CHG-7 is kept", "`/change CHG-7` goes on with it."),
        "break-glass form": request_form.break_glass_form(policy, AT, REQUESTER, typed),
        **_actions(begun, policy, words),
        "change form, the way back": request_form.way_back_form(policy, begun, AT, REQUESTER),
    }


def _actions(begun: Change, policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    """Each with what it looks up: the question, what asks for a review."""
    seen = sheet(sample(ChangeState.AUTHORISE, policy, words), policy, words)
    more = {"answer": _question(words), "close": list(Review), "review": seen, "approve-if": seen, "postpone": UTC}
    shown = {verb: Shown(begun, policy, AGENT, AT, more.get(verb)) for verb in ACTIONS}
    return {**listeners.KIND.previews(shown, begun)}


def _templates(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: _template(state, policy, words) for state in TemplateState}
    active, listed = known[TemplateState.ACTIVE], Query(Noun.STANDARD)
    standard = sample(ChangeState.SCHEDULED, policy, words)
    return {
        **{f"template, {state}": said(standard_changes.proposal(one, policy)) for state, one in known.items()},
        "template list": said(
            standard_changes.listing(listed, list(known.values()) * 5, {}, policy, manages=True).message()
        ),
        "template review": actions.form(
            STANDARD["review"], Shown(active, policy, AGENT, AT), RecordVersion.of(active), active.name
        ),
        "change, read whole": reading.view(RecordVersion.of(standard), _reading(policy, words)),
        "change, a page of many": reading.view(RecordVersion.of(standard), _reading(policy, words, 300), 1),
        "template list, in debt": said(
            standard_changes.listing(listed, [active], {active.service: Owed(standard, AT)}, policy).message()
        ),
        "template list, empty": said(standard_changes.listing(listed, [], {}, policy).message()),
        "template form": standard_changes.use_form(active, policy, AT, REQUESTER),
        "standard change form": standard_changes.reschedule_form(standard),
        "template suggestion": said(standard_changes.suggestion(standard, 3)),
        "template suspended": said(standard_changes.suspended(active, "CHG-9")),
    }


def _many_steps(shown: ChangeDetails) -> ChangeDetails:
    steps = "\n".join(f"{n}. Step" for n in range(1, 50))
    return replace(shown, change=shown.change.model_copy(update={"plan": steps}))


def _reading(policy: Policy, words: Mapping[str, str], times: int = 1) -> Reading:
    whole = texts.reading_of(sheet(sample(ChangeState.AUTHORISE, policy, words), policy, words))
    return replace(whole, passages=[*whole.passages] * times)


def sheet(change: Change, policy: Policy, words: Mapping[str, str]) -> ChangeDetails:
    now = words.get("plan", "Upgrade the standby, then the other.")
    return ChangeDetails(
        change=change,
        poll=_poll(ChangeState(change.state), [APPROVER] * 12, None, words),
        assessment=assess(policy.risk, {"backout": 3}, "high"),
        questions=[_question(words)] * 2,
        revised=[
            Difference("plan", words.get("plan", "Upgrade the standby.")[::-1], now),
            Difference("starts_at", AT.isoformat(), (AT + timedelta(days=1)).isoformat()),
            Difference("implementer", REQUESTER, AGENT),
            Difference("service", "vpn", "email"),
            Difference("answers", "{}", '{"backout": 3}'),
        ],
        policy=policy,
    )


def sample(state: ChangeState, policy: Policy, words: Mapping[str, str]) -> Change:
    done = state in {ChangeState.REVIEW, ChangeState.CLOSED}
    return Change(
        number=7,
        state=state,
        revision=2,
        title=words.get("title", "Upgrade the VPN gateway"),
        type=ChangeType.NORMAL,
        service=next(iter(policy.services)),
        touches=" ".join(list(policy.services)[1:3]),
        why=words.get("why", "The present release is out of support."),
        plan=words.get("plan", "Drain, upgrade the standby, switch over, upgrade the other."),
        test_plan=words.get("plan", "Sign in from outside with three accounts."),
        backout=words.get("backout", "Switch back to the standby, which keeps the present release for a week."),
        communication=words.get("why", "The desk is told an hour before."),
        starts_at=AT + timedelta(days=1),
        ends_at=AT + timedelta(days=1, hours=2),
        requester=REQUESTER,
        implementer=AGENT,
        requested_at=AT,
        cancel_reason=words.get("comment", "It is not needed.") if state is ChangeState.CANCELLED else None,
        started_at=AT + timedelta(days=1) if done else None,
        finished_at=AT + timedelta(days=1, hours=1) if done else None,
        result=Result.SUCCESS if done else None,
        result_note=words.get("comment", "All went well.") if done else None,
        review=words.get("comment", "Do it earlier in the day.") if state is ChangeState.CLOSED else None,
        policy_version=1,
    )


def missed(policy: Policy, words: Mapping[str, str]) -> Change:
    """Approved, and never started in its window."""
    return sample(ChangeState.SCHEDULED, policy, words).model_copy(update={"missed_at": AT})


def case(state: ChangeState, words: Mapping[str, str]) -> ApprovalCase:
    soon, late, waits = AT + timedelta(days=1), AT + timedelta(days=7), CaseState.OPEN
    asked = ApprovalCase(
        subject="CHG-7", revision=2, policy="normal", state=waits, asked_at=AT, needed_at=soon, due_at=late
    )
    if state in {ChangeState.AUTHORISE, ChangeState.SUBMITTED}:
        return asked
    said = {"state": CaseState.DECIDED, "decided_at": AT + timedelta(hours=1), "decided_by": APPROVER}
    if state is ChangeState.DRAFT:
        no = {"decision": Decision.REJECTED, "comment": words.get("comment", "Not on a Monday.")}
        return asked.model_copy(update=said | no)
    return asked.model_copy(update=said | {"decision": Decision.APPROVED})


def wait(waiting: ChangeDetails, instead_of: str | None, words: Mapping[str, str]) -> WaitingChange:
    return WaitingChange(waiting.change, case(ChangeState.AUTHORISE, words), instead_of)


def _poll(state: ChangeState, seats: list[str], vote: Vote | None, words: Mapping[str, str]) -> Poll:
    titles = enumerate(("Change approvers", "Change advisory board"), 1)
    stages = [ApprovalStage(subject="CHG-7", revision=2, number=n, title=title, needs=2) for n, title in titles]
    asked = [Approval(subject="CHG-7", revision=2, stage=1, approver=one, asked_at=AT) for one in seats]
    if vote:
        comment = words.get("comment", "Only after six.")
        given = {"vote": vote, "voted_by": REQUESTER, "voted_at": AT, "comment": comment}
        asked[0] = asked[0].model_copy(update=given)
    question = Question(2, {}, tuple(Stage(one.title, tuple(seats), 1) for one in stages))
    return Poll(case(state, words), stages, asked, question, [])


def _remarked(state: ChangeState, vote: Vote, words: Mapping[str, str]) -> Poll:
    return _poll(state, [APPROVER, AGENT], vote, words)


def _question(words: Mapping[str, str]) -> ApprovalQuestion:
    return ApprovalQuestion(
        id=3,
        subject="CHG-7",
        asked_by=APPROVER,
        asked_at=AT,
        question=words.get("comment", "Who stands by?"),
        answered_by=REQUESTER,
        answered_at=AT,
        answer=words.get("comment", "Two of us, until eight."),
    )


def _template(state: TemplateState, policy: Policy, words: Mapping[str, str]) -> Template:
    return Template(
        number=4,
        state=state,
        version=2,
        name=words.get("title", "Renew the website's certificate"),
        service=next(iter(policy.services)),
        plan=words.get("plan", "Issue, install, reload."),
        test_plan=words.get("plan", "Look at the date."),
        backout=words.get("backout", "Install the old one."),
        proposed_by=REQUESTER,
        proposed_at=AT,
        proposed_from=7,
        settled_by=APPROVER if state is not TemplateState.PROPOSED else None,
        settled_at=AT,
        policy_version=1,
    )
