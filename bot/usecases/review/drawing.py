"""What Deskbell draws of a review by itself, out of the journal and of the records beside what is reviewed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.major_incident.flow import MajorState
from bot.rules.major_incident.history_text import Teller, is_told, said_clock
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.text import one_line, shorten, spell
from bot.rules.review.milestones import Milestone, Set
from bot.rules.review.policy import Automatic
from bot.rules.review.snapshot import Drawn, Row
from bot.usecases.policy import in_force
from bot.usecases.review import access
from storage import record_links, record_people
from storage.journal import journal
from storage.major_incident import major_incidents, timeline
from storage.record_people import Part
from storage.review import reviews as stored
from storage.sla import clocks
from storage.tables import Change, Clock, Incident, Review

_NOT_TOLD = frozenset(
    {
        FactKind.INCIDENT_NOTED,
        FactKind.INCIDENT_NOTE_IMPORTED,
        FactKind.NOTE_IMPORTED,
        FactKind.CHANGE_NOTED,
        FactKind.INCIDENT_RATED,
    }
)
LINE_MOST = 400


def instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


async def draw(tx: AsyncSession, review: Review) -> Drawn:
    """By automatic section, as things stand now."""
    policy, one = (await in_force(tx)).policy, await access.reviewed(tx, review)
    facts = await journal.timeline(tx, review.about)
    return {
        Automatic.SUMMARY: _summary(one, policy),
        Automatic.IMPACT: await _impact(tx, one, facts),
        Automatic.TIMELINE: await _timeline(tx, review, policy, facts),
        Automatic.CHANGES: await _changes(tx, review, one, policy),
        Automatic.SERVICES: _services(one, policy),
        Automatic.ROLES: _roles(one, policy, facts),
    }


async def milestones(tx: AsyncSession, review: Review) -> list[Set]:
    """Those that the records tell by themselves."""
    one = await access.reviewed(tx, review)
    found = list(_of_change(one) if isinstance(one, Change) else _of_incident(one))
    major = await major_incidents.get(tx, one.number) if isinstance(one, Incident) else None
    if major is not None and major.state != MajorState.STOOD_DOWN:
        found.append(_found(Milestone.DECLARED, major.declared_at, f"{one.ref} was declared a major incident"))
        told = [fact for fact in await journal.timeline(tx, review.about) if fact.kind is FactKind.MAJOR_UPDATED]
        monitored = next((one.at for one in told if one.data.get("state") == MajorState.MONITORING), None)
        if monitored is not None:
            found.append(_found(Milestone.MITIGATED, monitored, "A status update said “Monitoring”"))
    return found


def _of_incident(incident: Incident) -> Iterable[Set]:
    yield _found(Milestone.DETECTED, incident.opened_at, f"{incident.ref} was reported")
    if incident.resolved_at is not None:
        yield _found(Milestone.RESOLVED, incident.resolved_at, f"{incident.ref} was resolved")


def _of_change(change: Change) -> Iterable[Set]:
    if change.started_at is not None:
        yield _found(Milestone.STARTED, change.started_at, f"{change.ref} was started")
    if change.finished_at is not None:
        yield _found(Milestone.RESOLVED, change.finished_at, f"{change.ref} was finished: {change.result}")


def _found(name: Milestone, at: datetime, evidence: str) -> Set:
    return Set(name, at, "Deskbell", evidence)


def _summary(one: Any, policy: Policy) -> list[Row]:
    found = [("What", one.summary if isinstance(one, Incident) else one.title)]
    found.append(("Service", policy.service_name(one.service)))
    if isinstance(one, Incident):
        found.append(("Priority", f"{one.priority} (impact {one.impact}, urgency {one.urgency})"))
        if one.resolution:
            code = f" ({one.resolution_code})" if one.resolution_code else ""
            found.append(("Resolution", one_line(one.resolution) + code))
    else:
        found += [("Type and risk", f"{one.type}, {one.risk or 'risk not assessed'}"), ("Result", str(one.result))]
        found += [("What happened", one_line(one.result_note))] if one.result_note else []
    return found


async def _impact(tx: AsyncSession, one: Any, facts: Sequence[Fact]) -> list[Row]:
    start = one.opened_at if isinstance(one, Incident) else one.started_at
    end = one.resolved_at if isinstance(one, Incident) else one.finished_at
    lasted = spell(end - start) if start and end and end - start >= timedelta(seconds=1) else "unknown"
    found = [("Lasted", lasted)]
    late = [clock for clock in await clocks.of(tx, str(one.ref)) if clock.breached_at is not None]
    found += [("Broken promise", _broken(clock)) for clock in late] or [("Broken promises", "none")]
    if isinstance(one, Incident):
        joined = sum(fact.kind is FactKind.INCIDENT_JOINED for fact in facts)
        affected = await record_people.of(tx, str(one.ref), Part.AFFECTED)
        found.append(("People known to be affected", f"{len({one.reporter, *affected})}; how many more is unknown"))
        found.append(("Reports merged into it", str(joined)))
    elif one.caused:
        found.append(("It caused", one.caused))
    return found


def _broken(clock: Clock) -> str:
    by = f", done {instant(clock.ended_at)}" if clock.ended_at else ", not done yet"
    excused = ", excused" if clock.excused_at else ""
    return f"{said_clock(clock.name)}: due {instant(clock.due_at)}{by}{excused}"


async def _timeline(tx: AsyncSession, review: Review, policy: Policy, facts: Sequence[Fact]) -> list[Row]:
    def role(key: str) -> str:
        known = policy.major.roles.get(key)
        return known.title if known else key

    teller = Teller(lambda person: f"<@{person}>", role, lambda text: shorten(one_line(text), LINE_MOST))
    told = [(one.at, teller.line(one)) for one in facts if is_told(one) and one.kind not in _NOT_TOLD]
    entries = [one for one in await timeline.of(tx, review.about) if one.text]
    told += [(one.at, f"<@{one.author}>: {shorten(one_line(one.text or ''), LINE_MOST)}") for one in entries]
    return [(instant(at), line) for at, line in sorted(told, key=lambda one: one[0])]


async def _changes(tx: AsyncSession, review: Review, one: Any, policy: Policy) -> list[Row]:
    start = one.opened_at if isinstance(one, Incident) else one.started_at
    end = (one.resolved_at if isinstance(one, Incident) else one.finished_at) or start
    if start is None:
        return []
    services = [one.service, *policy.needs.get(one.service, ())]
    since = start - policy.changes.suspect_within
    near = [each for each in await stored.changes_near(tx, services, since, end) if str(each.ref) != review.about]
    linked = set(await record_links.of(tx, review.about))
    return [
        (
            str(each.ref),
            f"{each.title}: started {instant(each.started_at or start)}, {each.result or 'not finished'}"
            + (", linked" if str(each.ref) in linked else ""),
        )
        for each in near
    ]


def _services(one: Any, policy: Policy) -> list[Row]:
    keys = one.services if isinstance(one, Change) else (one.service,)
    found = []
    for key in keys:
        service = policy.services.get(key)
        needs = f"; it depends on {policy.service_names(service.depends_on)}" if service and service.depends_on else ""
        found.append((policy.service_name(key), f"criticality {service.criticality if service else 'unknown'}{needs}"))
    return found


def _roles(one: Any, policy: Policy, facts: Sequence[Fact]) -> list[Row]:
    """Each holder of each role, in order."""
    if isinstance(one, Change):
        found = [("Requester", f"<@{one.requester}>")]
        return found + ([("Implementer", f"<@{one.implementer}>")] if one.implementer else [])
    found = [("Reporter", f"<@{one.reporter}>")]
    for fact in facts:
        if fact.kind is FactKind.MAJOR_ROLE_TAKEN:
            known = policy.major.roles.get(str(fact.data.get("role")))
            title = known.title if known else str(fact.data.get("role"))
            found.append((title, f"<@{fact.data.get('holder')}> from {instant(fact.at)}"))
    found += [("Assignee", f"<@{one.assignee}>")] if one.assignee else []
    return list(dict.fromkeys(found))
