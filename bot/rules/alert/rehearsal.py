"""Deliveries played one after another with nothing but memory: what each alert would lead to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.rules.alert.alerts import Alert, AlertState
from bot.rules.alert.decision import Decision, Does, Known, KnownAlert, KnownGroup, Standing, after, decide
from bot.rules.alert.formats import read
from bot.rules.alert.policy import Source

_OPENS = frozenset({Does.OPEN, Does.STORM, Does.POST})


@dataclass(frozen=True)
class Explained:
    alert: Alert
    decision: Decision
    flapping: bool


@dataclass
class Rehearsal:
    """Stands in for the desk's tables. Incidents are numbered as they are opened: “incident 1”."""

    source: Source
    alerts: dict[str, KnownAlert] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    groups: dict[str, KnownGroup] = field(default_factory=dict)
    opened: list[datetime] = field(default_factory=list)
    storm: str = ""
    incidents: int = 0
    muted_by: str = ""

    def play(self, content: bytes, now: datetime, made: str = "") -> tuple[tuple[str, ...], list[Explained]]:
        """The delivery's faults, and its alerts explained."""
        reading = read(self.source, content, made)
        return reading.faults, [self.hear(one, now) for one in reading.alerts]

    def hear(self, alert: Alert, now: datetime) -> Explained:
        known = self._known(alert, now)
        decision = decide(alert, self.source, known, now)
        then = after(alert, self.source, known.alert, now)
        if then is not None:
            self.alerts[alert.key] = then
        self._keep(alert, decision, now)
        named = self.groups.get(alert.group, KnownGroup(0, 0)).incident
        return Explained(alert, decision._replace(incident=named), then is not None and then.flapping)

    def firing(self, group: str) -> Iterator[str]:
        for key in self.members.get(group, ()):
            if key in self.alerts and self.alerts[key].state is not AlertState.RESOLVED:
                yield key

    def _known(self, alert: Alert, now: datetime) -> Known:
        members = self.members.setdefault(alert.group, set())
        members.add(alert.key)
        group = self.groups.get(alert.group)
        if group is not None:
            others = sum(key != alert.key for key in self.firing(alert.group))
            group = replace(group, firing=others, total=len(members))
        recent = sum(now - at < self.source.storm.within for at in self.opened)
        return Known(self.alerts.get(alert.key), group, recent, self.storm if recent else "", self.muted_by)

    def _keep(self, alert: Alert, decision: Decision, now: datetime) -> None:
        group = self.groups.get(alert.group, KnownGroup(0, 1))
        does = decision.does
        if does in _OPENS:
            self.opened.append(now)
        if does in (Does.OPEN, Does.STORM):
            self.incidents += 1
            name = f"incident {self.incidents}"
            group = replace(group, incident=name, standing=Standing.OPEN, told=True, storm=does is Does.STORM)
            self.storm = name if does is Does.STORM else self.storm
        elif does is Does.ATTACH:
            group = replace(group, incident=decision.incident, standing=Standing.OPEN, told=True, storm=True)
        elif does is Does.REOPEN:
            group = replace(group, standing=Standing.OPEN, told=True)
        elif does in (Does.LINE, Does.POST):
            group = replace(group, told=alert.state is not AlertState.RESOLVED or any(self.firing(alert.group)))
        elif does is Does.RESOLVE:
            group = replace(group, standing=Standing.RESOLVED, told=False)
        if alert.state is AlertState.RESOLVED and not any(self.firing(alert.group)):
            group = replace(group, quiet_since=now)
        self.groups[alert.group] = group
