"""Sample incidents, drawn every way."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.incident_flow import IncidentState
from bot.rules.policy import Policy
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.sla import ClockKind, ClockState
from handlers.views import incidents
from handlers.views.samples import AGENT, AT, REQUESTER, Drawn, said
from storage.tables import Clock, Incident


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    new, taken, done = (sample(state, policy, words) for state in (IncidentState.NEW, IncidentState.ACKNOWLEDGED, IncidentState.RESOLVED))
    clocks, broken = _clocks(breached=False), _clocks(breached=True)
    return {
        "incident card, new": said(incidents.card(new, clocks, policy)),
        "incident card, acknowledged": said(incidents.card(taken, clocks, policy)),
        "incident card, resolved": said(incidents.card(done, broken, policy)),
        "incident receipt": said(incidents.receipt(new, clocks, policy)),
        "incident resolved": said(incidents.resolved(done)),
        "incident list": said(incidents.listing([new, taken] * 7, 3, policy)),
        "incident list, empty": said(incidents.listing([], 0, policy)),
        "promise at risk": said(incidents.promise_at_risk(new, clocks[0], policy)),
        "promise breached": said(incidents.promise_at_risk(taken, broken[0], policy)),
        "incident form": incidents.report_form(policy, words.get("summary", "VPN is down")),
        "resolution form": incidents.resolution_form(taken),
    }


def sample(state: IncidentState, policy: Policy, words: Mapping[str, str]) -> Incident:
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
        reporter=REQUESTER,
        opened_at=AT,
        assignee=AGENT if taken else None,
        acknowledged_by=AGENT if taken else None,
        acknowledged_at=AT + timedelta(minutes=5) if taken else None,
        resolved_by=AGENT if done else None,
        resolved_at=AT + timedelta(hours=2) if done else None,
        resolution=words.get("resolution", "The certificate had expired; it renews itself now.") if done else None,
        policy_version=1,
    )


def _clocks(*, breached: bool) -> list[Clock]:
    return [
        Clock(
            subject="INC-12",
            kind=kind,
            state=ClockState.BREACHED if breached else ClockState.RUNNING,
            started_at=AT,
            target_seconds=900,
            due_at=AT + timedelta(minutes=15),
            breached_at=AT + timedelta(minutes=15) if breached else None,
            policy_version=1,
        )
        for kind in ClockKind
    ]
