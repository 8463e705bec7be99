"""What the facts about one incident say of its past: when it was open, and through how many hands it went.

A row of the table knows only the last resolution, so that both readers take the past from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.rules.incident.flow import IncidentState
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.report.measures.spans import imported_at, instant
from bot.rules.report.records import End, Span

TAKES = frozenset({FactKind.INCIDENT_ACKNOWLEDGED, FactKind.INCIDENT_STARTED, FactKind.INCIDENT_RESOLVED})
"""Whoever does this has seen it, and has it where no person had."""
TELLS_MORE = frozenset({FactKind.INCIDENT_CANCELLED, FactKind.INCIDENT_ASSIGNED, FactKind.INCIDENT_IMPORTED})
"""Those of which the data count."""
STEPS = TAKES | TELLS_MORE | {FactKind.INCIDENT_REOPENED, FactKind.INCIDENT_CLOSED}


@dataclass
class Past:
    """Grows fact by fact: a copy for each would take longer than all the rest of a report."""

    spans: list[Span]
    end: End = End.OPEN
    acknowledged_at: datetime | None = None
    resolved: list[datetime] = field(default_factory=list)
    reopened: list[datetime] = field(default_factory=list)
    closed_at: datetime | None = None
    person: str | None = None
    last_person: str | None = None
    """Who had it last, also while nobody has it."""
    group: str | None = None
    passed_on: int = 0
    called: list[tuple[str, datetime]] = field(default_factory=list)
    """When whoever was on call was given it, by “rota:KEY”."""

    def add(self, fact: Fact) -> None:
        if fact.kind in TAKES:
            self.acknowledged_at = self.acknowledged_at or fact.at
            self.held(self.person or (None if fact.by == SYSTEM else fact.by), self.group)
        match fact.kind:
            case FactKind.INCIDENT_RESOLVED:
                self.resolved.append(fact.at)
                self.stop(End.RESOLVED, fact.at)
            case FactKind.INCIDENT_CANCELLED:
                self.stop(End.MERGED if fact.data.get("duplicate_of") else End.CANCELLED, fact.at)
            case FactKind.INCIDENT_REOPENED:
                self.end, self.closed_at = End.OPEN, None
                if self.resolved:
                    self.reopened.append(fact.at)
                self.spans.append(Span(fact.at, None))
            case FactKind.INCIDENT_CLOSED:
                self.closed_at = fact.at
            case FactKind.INCIDENT_IMPORTED:
                self.moved_in(fact)
            case FactKind.INCIDENT_ASSIGNED:
                if rota := _text(fact.data.get("rota")):
                    self.called.append((rota, fact.at))
                self.held(_text(fact.data.get("assignee")), _text(fact.data.get("group")))

    def moved_in(self, fact: Fact) -> None:
        """It stands as it did in the other tool, since the times that it had there."""
        times = imported_at(fact.data)
        self.spans, self.resolved, self.reopened, self.closed_at = [Span(times[0], None)], [], [], None
        self.end, state = End.OPEN, fact.data.get("state")
        if state in (IncidentState.RESOLVED, IncidentState.CLOSED):
            self.resolved += [at for at in (instant(fact.data, "resolved_at"),) if at]
            self.stop(End.RESOLVED, self.resolved[0] if self.resolved else times[-1])
            self.closed_at = times[-1] if state == IncidentState.CLOSED else None
        elif state == IncidentState.CANCELLED:
            self.stop(End.CANCELLED, times[-1])

    def stop(self, end: End, at: datetime) -> None:
        self.end = end
        if self.spans[-1].end is None:
            self.spans[-1] = Span(self.spans[-1].start, at)

    def held(self, person: str | None, group: str | None) -> None:
        """Counts what goes from one to another; from nobody to somebody is no passing on."""
        other_person = person is not None and self.last_person is not None and person != self.last_person
        other_group = group is not None and group != self.group and (self.group or self.last_person) is not None
        self.passed_on += other_person or other_group
        self.person, self.last_person, self.group = person, person or self.last_person, group


def past(opened_at: datetime, facts: Iterable[Fact]) -> Past:
    """`facts`: of one incident, in the order in which they were recorded; all but `STEPS` are passed over."""
    found = Past([Span(opened_at, None)])
    for fact in facts:
        found.add(fact)
    return found


def _text(value: object) -> str | None:
    return str(value) if value else None
