"""Every view that Deskbell draws, with samples in it: `deskbell preview` prints them, tests hold them to the limits."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.desk.home import Home
from bot.rules.approval import Vote
from bot.rules.change_flow import ChangeState, ChangeType
from bot.rules.incident_flow import IncidentState
from bot.rules.policy import Policy
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.sla import ClockKind, ClockState
from handlers.views import changes, help_screen, home, incidents, kit
from handlers.views.kit import HomeView, Message
from storage.tables import Approval, Change, Clock, Incident

_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_REPORTER, _AGENT, _APPROVER = "U0REQUESTER", "U0AGENT", "U0APPROVER"

Drawn = Mapping[str, Any]


def gallery(policy: Policy, tables: list[help_screen.CommandTable], **words: str) -> dict[str, Drawn]:
    """By name. `words` fill the records' texts: the tests make them long and hostile."""
    new, taken, done = (_incident(state, policy, words) for state in IncidentState)
    waiting, approved, rejected = (_change(state, policy, words) for state in ChangeState)
    clocks = _clocks(breached=False)
    votes = [Approval(change=1, revision=1, approver=_APPROVER, asked_at=_AT)]
    voted = [votes[0].model_copy(update={"vote": Vote.REJECT, "voted_at": _AT})]
    crowd = Home(policy, [waiting] * 11, [new, taken] * 6, True, [done] * 11, [approved] * 11)
    return {
        "incident card, new": _said(incidents.card(new, clocks, policy)),
        "incident card, acknowledged": _said(incidents.card(taken, clocks, policy)),
        "incident card, resolved": _said(incidents.card(done, _clocks(breached=True), policy)),
        "incident receipt": _said(incidents.receipt(new, clocks, policy)),
        "incident resolved": _said(incidents.resolved(done)),
        "incident list": _said(incidents.listing([new, taken] * 7, 3, policy)),
        "incident list, empty": _said(incidents.listing([], 0, policy)),
        "promise at risk": _said(incidents.promise_at_risk(new, clocks[0], policy)),
        "promise breached": _said(incidents.promise_at_risk(taken, _clocks(breached=True)[0], policy)),
        "incident form": incidents.report_form(policy, words.get("summary", "VPN is down")),
        "resolution form": incidents.resolution_form(taken),
        "change card, waiting": _said(changes.card(waiting, votes * 12, policy)),
        "change card, approved": _said(changes.card(approved, voted, policy)),
        "change card, rejected": _said(changes.card(rejected, voted, policy)),
        "approval request": _said(changes.approval_request(waiting, votes, policy)),
        "approval request, decided": _said(changes.approval_request(rejected, voted, policy)),
        "change decided": _said(changes.decided(rejected)),
        "change list": _said(changes.listing([waiting, approved] * 7, 2, policy)),
        "change list, empty": _said(changes.listing([], 0, policy)),
        "change form": changes.request_form(policy, _AT, words.get("title", "Upgrade the VPN gateway")),
        "rejection form": changes.rejection_form(waiting),
        "home": _shown(home.home(crowd)),
        "home, empty": _shown(home.home(Home(policy, [], [], False, [], []))),
        "help": _said(help_screen.of(tables)),
        "note": kit.note_view("Not done", "INC-1 was already resolved by agent."),
    }


def _said(message: Message) -> Drawn:
    return {"text": message.text, "blocks": message.blocks}


def _shown(seen: HomeView) -> Drawn:
    return seen.view


def _incident(state: IncidentState, policy: Policy, words: Mapping[str, str]) -> Incident:
    taken = state is not IncidentState.NEW
    done = state is IncidentState.RESOLVED
    return Incident(
        number=12,
        state=state,
        summary=words.get("summary", "VPN is down"),
        description=words.get("description", "Since nine, for everyone at home. A restart did not help."),
        service=next(iter(policy.services)),
        impact=Impact.HIGH,
        urgency=Urgency.HIGH,
        priority=Priority.P1,
        reporter=_REPORTER,
        opened_at=_AT,
        assignee=_AGENT if taken else None,
        acknowledged_by=_AGENT if taken else None,
        acknowledged_at=_AT + timedelta(minutes=5) if taken else None,
        resolved_by=_AGENT if done else None,
        resolved_at=_AT + timedelta(hours=2) if done else None,
        resolution=words.get("resolution", "The certificate had expired; it renews itself now.") if done else None,
        policy_version=1,
    )


def _change(state: ChangeState, policy: Policy, words: Mapping[str, str]) -> Change:
    decided = state is not ChangeState.AUTHORISE
    return Change(
        number=7,
        state=state,
        title=words.get("title", "Upgrade the VPN gateway"),
        type=ChangeType.NORMAL,
        service=next(iter(policy.services)),
        why=words.get("why", "The present release is out of support."),
        plan=words.get("plan", "Drain, upgrade the standby, switch over, upgrade the other."),
        backout=words.get("backout", "Switch back to the standby, which keeps the present release for a week."),
        starts_at=_AT + timedelta(days=1),
        ends_at=_AT + timedelta(days=1, hours=2),
        approvers="change-approvers",
        requester=_REPORTER,
        requested_at=_AT,
        decided_at=_AT + timedelta(hours=1) if decided else None,
        decided_by=_APPROVER if decided else None,
        comment=words.get("comment", "Not on a Monday.") if state is ChangeState.REJECTED else None,
        policy_version=1,
    )


def _clocks(*, breached: bool) -> list[Clock]:
    return [
        Clock(
            subject="INC-12",
            kind=kind,
            state=ClockState.BREACHED if breached else ClockState.RUNNING,
            started_at=_AT,
            target_seconds=900,
            due_at=_AT + timedelta(minutes=15),
            breached_at=_AT + timedelta(minutes=15) if breached else None,
            policy_version=1,
        )
        for kind in ClockKind
    ]
