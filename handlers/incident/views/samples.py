"""Sample incidents, drawn every way."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.incident.flow import IncidentState, IncidentStep, PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.rules.sla.clocks import PROMISED, ClockKind, ClockState
from bot.usecases.home import Listed as HomeListed
from bot.usecases.incident.lists import Due
from bot.usecases.incident.waiting import Why
from handlers.blocks import kit, timeline
from handlers.blocks.samples import AGENT, AT, REQUESTER, Drawn, said
from handlers.incident import verbs
from handlers.incident.actions import ACTIONS
from handlers.incident.views import card as incident_card
from handlers.incident.views import lists, report_form, updates
from handlers.incident.views.card import CardExtras
from handlers.incident.views.lists import Listed
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from storage.tables import Clock, Incident


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    return {**_cards(policy, words), **_told(policy, words), **_lists(policy, words), **_forms(policy, words)}


def _cards(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    clocks, broken = _clocks(breached=False), _clocks(breached=True)
    beside = CardExtras(12, [f"INC-{number}" for number in range(30, 60)])
    shown = {state: incident_card.card(sample(state, policy, words), clocks, policy, beside) for state in IncidentState}
    new = sample(IncidentState.NEW, policy, words)
    return {
        **{f"incident card, {state}": said(card) for state, card in shown.items()},
        "incident card, breached": said(
            incident_card.card(sample(IncidentState.RESOLVED, policy, words), broken, policy)
        ),
        **{
            f"incident card, {state}, for others": said(
                incident_card.card_for_others(
                    sample(state, policy, words), clocks, policy, incident_card.CardExtras(), set(IncidentStep)
                )
            )
            for state in (IncidentState.NEW, IncidentState.RESOLVED)
        },
        "incident receipt": said(incident_card.receipt(new, clocks, policy)),
        "incident followed": said(incident_card.followed(new, clocks, policy)),
    }


def _told(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    done, closed = sample(IncidentState.RESOLVED, policy, words), sample(IncidentState.CLOSED, policy, words)
    rated = closed.model_copy(update={"rating": 5})
    fixed, asked = _fact(FactKind.INCIDENT_RESOLVED, words), sample(IncidentState.PENDING, policy, words)
    updated = _fact(FactKind.INCIDENT_UPDATED, words)
    return {
        "incident resolved": said(updates.resolved(done, fixed, asked=True, last=True)),
        "incident resolved, for the affected": said(updates.resolved(closed, fixed, asked=False, last=True)),
        "incident resolved, and confirmed": said(
            updates.resolved(closed.model_copy(update={"moved_by": REQUESTER}), fixed, asked=True, last=True)
        ),
        "incident resolved, and reopened": said(updates.resolved(done, fixed, asked=True, last=False)),
        "incidents of who has left": said(updates.left(AGENT, [done, closed])),
        "incident question": said(updates.question(asked, _fact(FactKind.INCIDENT_PENDED, words), None)),
        "incident question, answered": said(
            updates.question(asked, _fact(FactKind.INCIDENT_PENDED, words), _fact(FactKind.INCIDENT_RESUMED, words))
        ),
        "incident information": said(updates.news(done, _fact(FactKind.INCIDENT_INFORMED, words))),
        "incident taken": said(updates.news(done, _fact(FactKind.INCIDENT_ACKNOWLEDGED, words))),
        "incident unconfirmed": said(updates.unconfirmed(done)),
        "incident confirmed": said(updates.unconfirmed(closed)),
        "incident rating": said(updates.rating(closed)),
        "incident rated": said(updates.rating(rated)),
        "incident rated low": said(updates.rating(closed.model_copy(update={"rating": 1}))),
        "incident update": said(updates.news(done, updated)),
        "incident reopened": said(updates.news(done, _fact(FactKind.INCIDENT_REOPENED, words))),
        "incident assigned": said(updates.assigned(done, _fact(FactKind.INCIDENT_ASSIGNED, words), policy)),
        "incident answered": said(updates.answered(done, [], "C0000000001")),
        "incident logged here": said(updates.logged_here(done, "1.0")),
        "incident offered in a thread": said(
            kit.Message("Log an incident?", updates.log_here(words.get("summary", "VPN is down"), "{}"))
        ),
    }


def _lists(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    new, waiting = sample(IncidentState.NEW, policy, words), sample(IncidentState.PENDING, policy, words)
    page = Listed(
        Query(Noun.INCIDENT, "mine", 1), [new, waiting] * 5, 42, {12: Due(AT, ClockKind.RESPONSE, passed=True)}
    )
    facts = [_fact(kind, words) for kind in FactKind] * 2
    return {
        "incident list": said(lists.listing(page, policy).message()),
        "incident list, empty": said(lists.listing(Listed(Query(Noun.INCIDENT), [], 0, {}), policy).message()),
        "incident list, from App Home": lists.listing(page, policy).view(),
        "incident timeline": said(timeline.drawn(incident_card.ref_of(new), new.summary, facts, updates.say)),
    }


def _forms(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    taken = sample(IncidentState.PENDING, policy, words)
    shown = dict.fromkeys(ACTIONS, Shown(taken, policy, AGENT, AT))
    draft = report_form.drafted(policy, words.get("summary", "VPN is down"))
    return {
        **verbs.KIND.previews(shown, taken),
        "incident form": report_form.report_form(policy, draft),
        "incident form, with similar ones": report_form.report_form(policy, draft, [taken] * 3),
        "incident joined": report_form.joined(taken),
    }


def on_home(policy: Policy, words: Mapping[str, str]) -> HomeListed:
    """A full list of App Home."""
    due = {12: Due(AT, ClockKind.RESOLUTION, passed=False)}
    return HomeListed([sample(IncidentState.NEW, policy, words)] * 5, 37, due)


def waits(policy: Policy, words: Mapping[str, str]) -> list[Waits]:
    """Each thing that an incident waits for."""
    due = Due(AT, ClockKind.RESPONSE, passed=True)
    shown = {Why.ANSWER: IncidentState.PENDING, Why.CONFIRM: IncidentState.RESOLVED, Why.ASSIGNED: IncidentState.NEW}
    return [Waits(sample(state, policy, words), why, AT, due) for why, state in shown.items()]


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
