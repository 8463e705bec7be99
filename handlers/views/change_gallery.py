"""Sample changes, drawn every way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.desk.approvals import Poll
from bot.desk.change_sheet import Sheet
from bot.desk.stand_ins import Waiting
from bot.rules.approval import Question, Stage, Vote
from bot.rules.change_flow import ChangeState, ChangeStep, ChangeType, Result, Review
from bot.rules.change_reminders import ReminderKind
from bot.rules.change_scope import Difference
from bot.rules.change_templates import TemplateState
from bot.rules.incident_flow import IncidentState
from bot.rules.policy import Policy
from bot.rules.risk import assess
from handlers.views import (
    approvals,
    change_forms,
    change_links,
    change_reminders,
    change_steps,
    change_templates,
    changes,
    incident_gallery,
    kit,
)
from handlers.views.samples import AGENT, APPROVER, AT, REQUESTER, Drawn, said
from storage.tables import Approval, ApprovalStage, Change, ChangeQuestion, Template


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    sheets = {state: sheet(sample(state, policy, words), policy, words) for state in ChangeState}
    waiting, scheduled = sheets[ChangeState.AUTHORISE], sheets[ChangeState.SCHEDULED]
    voted = replace(waiting, poll=_poll([APPROVER, AGENT], Vote.CONDITION, words))
    return {
        **{f"change card, {state}": said(changes.card(one)) for state, one in sheets.items()},
        "change card, some voted": said(changes.card(voted)),
        "change revised": said(changes.revised(waiting, "")),
        "change postponed": said(changes.revised(waiting, words.get("comment", "The supplier is late."))),
        **_reminders(sheets),
        **_links(sheets, policy, words),
        "change decided": said(changes.decided(sheets[ChangeState.DRAFT].change)),
        "change approved": said(changes.decided(scheduled.change)),
        "change moved": said(changes.moved(sheets[ChangeState.REVIEW].change)),
        "change list": said(changes.listing([waiting.change, scheduled.change] * 7, 2, policy)),
        "change list, empty": said(changes.listing([], 0, policy)),
        **_requests(policy, words, waiting, voted),
        **_forms(policy, words),
        **_templates(policy, words),
    }


def _links(sheets: Mapping[ChangeState, Sheet], policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    incident = incident_gallery.sample(IncidentState.NEW, policy, words)
    at_work = [sheets[state].change for state in (ChangeState.IMPLEMENTING, ChangeState.REVIEW, ChangeState.CLOSED)]
    undone = at_work[1].model_copy(update={"result": Result.BACKED_OUT})
    card = kit.Message("INC-12", [])
    return {
        "incident asked about changes": said(change_links.with_questions(card, incident, at_work, policy)),
        "change linked": said(change_links.caused(at_work[1], incident)),
        **{f"backout offer, {one.state}": said(change_links.backout_offer(one, incident)) for one in at_work},
        "backout offer, taken": said(change_links.backout_offer(undone, incident)),
    }


def _reminders(sheets: Mapping[ChangeState, Sheet]) -> dict[str, Drawn]:
    return {
        f"change reminder, {kind}, {state}": said(
            change_reminders.reminder(
                sheets[state].change, kind, waited_for=[APPROVER, AGENT], asked_by=list(Review), alone=True
            )
        )
        for kind in ReminderKind
        for state in (ChangeState.SCHEDULED, ChangeState.IMPLEMENTING, ChangeState.REVIEW)
    }


def _requests(policy: Policy, words: Mapping[str, str], waiting: Sheet, voted: Sheet) -> dict[str, Drawn]:
    question = _question(words)
    answered = question.model_copy(update={"answer": None, "answered_by": None})
    return {
        "approval request": said(approvals.request(waiting, APPROVER, 2, 1)),
        "approval request, revised": said(approvals.request(waiting, APPROVER, 1, 1)),
        "approval request, voted": said(approvals.request(voted, APPROVER, 2, 1)),
        "approval reminder": said(approvals.reminder(waiting)),
        "approval overdue": said(approvals.overdue(waiting.change)),
        "approval question": said(approvals.question(waiting.change, answered)),
        "approval question, answered": said(approvals.question(waiting.change, question)),
        "approval answer": said(approvals.answer(waiting, question)),
        "approvals": said(approvals.waiting([Waiting(waiting.change), Waiting(waiting.change, AGENT)] * 7, policy)),
        "approvals, none": said(approvals.waiting([], policy)),
        "rejection form": approvals.rejection_form(waiting.change),
        "condition form": approvals.condition_form(waiting.change),
        "question form": approvals.question_form(waiting.change),
        "answer form": approvals.answer_form(waiting.change, question),
        "delegation form": approvals.delegation_form(AT),
    }


def _forms(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    draft, begun = sample(ChangeState.DRAFT, policy, words), sample(ChangeState.IMPLEMENTING, policy, words)
    typed = words.get("title", "Upgrade the VPN gateway")
    return {
        "change form": change_forms.request_form(policy, AT, REQUESTER, typed),
        "change form, draft": change_forms.edit_form(policy, draft),
        "change form, edited": change_forms.edit_form(policy, sample(ChangeState.SCHEDULED, policy, words)),
        "change details form": change_forms.details_form(policy, draft),
        "change risk form": change_forms.risk_form(policy.risk, draft, {"backout": 3}, "high"),
        "change kept": kit.note_view("CHG-7 is kept", "`/change CHG-7` goes on with it."),
        "break-glass form": change_forms.break_glass_form(policy, AT, REQUESTER, typed),
        "change report form": change_steps.report_form(begun, AT),
        "change closure form": change_steps.closure_form(begun, list(Review)),
        "change closure form, no review": change_steps.closure_form(begun, []),
        "change cancellation form": change_steps.cancellation_form(draft),
        "change backout form": change_steps.backout_form(begun, AT),
        "change form, the way back": change_forms.way_back_form(policy, begun, AT, REQUESTER),
        "change postponement form": change_steps.postponement_form(begun, AT),
    }


def _templates(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: _template(state, policy, words) for state in TemplateState}
    active = known[TemplateState.ACTIVE]
    standard = sample(ChangeState.SCHEDULED, policy, words)
    return {
        **{f"template, {state}": said(change_templates.proposal(one, policy)) for state, one in known.items()},
        "template list": said(change_templates.listing(list(known.values()) * 5, {}, policy)),
        "template list, in debt": said(change_templates.listing([active], {active.service: standard}, policy)),
        "template list, empty": said(change_templates.listing([], {}, policy)),
        "template form": change_templates.use_form(active, policy, AT, REQUESTER),
        "standard change form": change_templates.reschedule_form(standard),
        "template suggestion": said(change_templates.suggestion(standard, 3)),
        "template suspended": said(change_templates.suspended(active, "CHG-9")),
    }


def sheet(change: Change, policy: Policy, words: Mapping[str, str]) -> Sheet:
    now = words.get("plan", "Upgrade the standby, then the other.")
    return Sheet(
        change=change,
        poll=_poll([APPROVER] * 12, None, words),
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
    rejected, decided = state is ChangeState.DRAFT, state not in {ChangeState.AUTHORISE, ChangeState.SUBMITTED}
    done = state in {ChangeState.REVIEW, ChangeState.CLOSED}
    return Change(
        number=7,
        state=state,
        revision=2,
        stage=1,
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
        approvers="normal",
        requester=REQUESTER,
        implementer=AGENT,
        requested_at=AT,
        due_at=AT + timedelta(days=7),
        decision=(ChangeStep.REJECT if rejected else ChangeStep.APPROVE) if decided else None,
        decided_at=AT + timedelta(hours=1) if decided else None,
        decided_by=APPROVER if decided else None,
        comment=words.get("comment", "Not on a Monday.") if rejected else None,
        started_at=AT + timedelta(days=1) if done else None,
        finished_at=AT + timedelta(days=1, hours=1) if done else None,
        result=Result.SUCCESS if done else None,
        result_note=words.get("comment", "All went well.") if done else None,
        review=words.get("comment", "Do it earlier in the day.") if state is ChangeState.CLOSED else None,
        policy_version=1,
    )


def _poll(seats: list[str], vote: Vote | None, words: Mapping[str, str]) -> Poll:
    stages = [
        ApprovalStage(change=7, revision=2, number=1, title="Change approvers", needs=2),
        ApprovalStage(change=7, revision=2, number=2, title="Change advisory board", needs=2),
    ]
    asked = [Approval(change=7, revision=2, stage=1, approver=one, asked_at=AT) for one in seats]
    if vote:
        comment = words.get("comment", "Only after six.")
        given = {"vote": vote, "voted_by": REQUESTER, "voted_at": AT, "comment": comment}
        asked[0] = asked[0].model_copy(update=given)
    question = Question(2, REQUESTER, AGENT, tuple(Stage(one.title, tuple(seats), 1) for one in stages))
    return Poll(stages, asked, question, [])


def _question(words: Mapping[str, str]) -> ChangeQuestion:
    return ChangeQuestion(
        id=3,
        change=7,
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
