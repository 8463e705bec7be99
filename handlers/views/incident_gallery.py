"""Sample incidents, drawn every way."""

from collections.abc import Mapping
from datetime import timedelta

from bot.desk.home import Listed as ShelfListed
from bot.desk.home import Shelf
from bot.desk.incident_lists import Due
from bot.rules.facts import Datum, Fact, FactKind
from bot.rules.incident_flow import IncidentState, PendingOn
from bot.rules.policy import Policy
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.sla import PROMISED, ClockState
from handlers.ids import Action
from handlers.incident_table import DEEDS
from handlers.views import incident_forms, incident_lists, incident_news, incident_report, incidents, kit
from handlers.views.incident_lists import Listed, Query
from handlers.views.incidents import Beside
from handlers.views.samples import AGENT, AT, REQUESTER, Drawn, said
from storage.tables import Clock, Incident


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    return {**_cards(policy, words), **_told(policy, words), **_lists(policy, words), **_forms(policy, words)}


def _cards(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    clocks, broken = _clocks(breached=False), _clocks(breached=True)
    beside = Beside(12, [f"INC-{number}" for number in range(30, 60)])
    shown = {state: incidents.card(sample(state, policy, words), clocks, policy, beside) for state in IncidentState}
    new = sample(IncidentState.NEW, policy, words)
    return {
        **{f"incident card, {state}": said(card) for state, card in shown.items()},
        "incident card, breached": said(incidents.card(sample(IncidentState.RESOLVED, policy, words), broken, policy)),
        "incident receipt": said(incidents.receipt(new, clocks, policy)),
        "incident followed": said(incidents.followed(new, clocks, policy)),
    }


def _told(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    done, closed = sample(IncidentState.RESOLVED, policy, words), sample(IncidentState.CLOSED, policy, words)
    rated = closed.model_copy(update={"rating": 5})
    updated = _fact(FactKind.INCIDENT_UPDATED, words)
    return {
        "incident resolved": said(incident_news.resolved(done, asked=True)),
        "incident resolved, for the affected": said(incident_news.resolved(closed, asked=False)),
        "incident unconfirmed": said(incident_news.unconfirmed(done)),
        "incident confirmed": said(incident_news.unconfirmed(closed)),
        "incident rating": said(incident_news.rating(closed)),
        "incident rated": said(incident_news.rating(rated)),
        "incident update": said(incident_news.news(done, updated)),
        "incident reopened": said(incident_news.news(done, _fact(FactKind.INCIDENT_REOPENED, words))),
        "incident assigned": said(incident_news.assigned(done, _fact(FactKind.INCIDENT_ASSIGNED, words), policy)),
        "incident logged here": said(incident_news.logged_here(done, "1.0")),
        "incident offered in a thread": said(
            kit.Message("Log an incident?", incident_news.log_here(words.get("summary", "VPN is down"), "{}"))
        ),
    }


def _lists(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    new, waiting = sample(IncidentState.NEW, policy, words), sample(IncidentState.PENDING, policy, words)
    page = Listed(Query("mine", 1), [new, waiting] * 5, 42, {12: Due(AT, passed=True)})
    every = [(deed.action, deed.label) for deed in DEEDS if deed.action is not None]
    facts = [_fact(kind, words) for kind in FactKind] * 2
    return {
        "incident list": said(incident_lists.listing(page, policy)),
        "incident list, empty": said(incident_lists.listing(Listed(Query(), [], 0, {}), policy)),
        "incident list, from App Home": incident_lists.list_view(page, policy),
        "incident menu": incident_lists.menu(waiting, [*every, (Action.TIMELINE, "Timeline")]),
        "incident timeline": said(incident_lists.timeline(new, facts, incident_news.say)),
    }


def _forms(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    taken = sample(IncidentState.ACKNOWLEDGED, policy, words)
    draft = incident_report.drafted(policy, words.get("summary", "VPN is down"))
    forms = {f"incident form, {deed.verb}": deed.form(taken, policy) for deed in DEEDS if deed.form is not None}
    return {
        **forms,
        "incident form, rate": incident_forms.rating(taken, policy),
        "incident form": incident_report.report_form(policy, draft),
        "incident form, with similar ones": incident_report.report_form(policy, draft, [taken] * 3),
        "incident joined": incident_report.joined(taken),
    }


def shelves(policy: Policy, words: Mapping[str, str]) -> dict[Shelf, ShelfListed]:
    """A full App Home."""
    incident = sample(IncidentState.NEW, policy, words)
    return {shelf: ShelfListed([incident] * 5, 37, {12: Due(AT, passed=False)}) for shelf in Shelf}


def sample(state: IncidentState, policy: Policy, words: Mapping[str, str]) -> Incident:
    taken = state is not IncidentState.NEW
    done = state in (IncidentState.RESOLVED, IncidentState.CLOSED)
    waiting = state is IncidentState.PENDING
    return Incident(
        number=12,
        state=state,
        summary=words.get("summary", "VPN is down"),
        description=words.get("description", "Since nine, for everyone at home. A restart did not help."),
        service=next(iter(policy.services)),
        impact=Impact.HIGH,
        urgency=Urgency.HIGH,
        priority=Priority.P1,
        overridden=waiting,
        private=waiting,
        reporter=REQUESTER,
        logged_by=AGENT,
        opened_at=AT,
        assignee=AGENT if taken else None,
        moved_by=AGENT if taken else None,
        moved_at=AT + timedelta(minutes=5),
        pending_on=PendingOn.VENDOR if waiting else None,
        pending_note=words.get("comment", "A part is ordered.") if waiting else None,
        duplicate_of=11 if state is IncidentState.CANCELLED else None,
        acknowledged_by=AGENT if taken else None,
        acknowledged_at=AT + timedelta(minutes=5) if taken else None,
        resolved_by=AGENT if done else None,
        resolved_at=AT + timedelta(hours=2) if done else None,
        resolution_code=policy.incidents.codes[0] if done else None,
        resolution=words.get("resolution", "The certificate had expired; it renews itself now.") if done else None,
        policy_version=1,
    )


def _fact(kind: FactKind, words: Mapping[str, str]) -> Fact:
    data: dict[str, Datum] = {
        "revision": 2,
        "on": PendingOn.VENDOR,
        "code": "Fixed",
        "assignee": AGENT,
        "other": "CHG-7",
        "duplicate": "INC-9",
        "person": REQUESTER,
        "rating": 5,
    }
    return Fact(kind, "INC-12", AGENT, AT, 1, data, {"comment": words.get("comment", "A part is on its way.")})


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
        for kind in PROMISED
    ]
