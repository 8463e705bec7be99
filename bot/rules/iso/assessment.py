"""How a clause stands: its three axes as functions of evidence.

What is too old is stale, and stale is never conforming.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.rules.iso.criteria import (
    READINGS,
    Asked,
    Axis,
    Clause,
    Criterion,
    InForce,
    Judged,
    Measured,
    Planned,
    Records,
    Result,
    Rules,
    Sealed,
    Status,
)
from bot.rules.iso.evidence import Counted, Evidence, Said, Task
from bot.rules.iso.findings import Finding
from bot.rules.iso.sampling import moved_in
from bot.rules.record.text import instant
from bot.rules.report import wording
from bot.rules.report.measures.measures import MEASURES

COMPLETE = 0.95
"""So large a part of the records must be complete, at least."""

SEVERITY: Mapping[Status, int] = MappingProxyType(
    {
        Status.NOT_ADDRESSED: 5,
        Status.STALE: 4,
        Status.INCONSISTENT: 3,
        Status.UNKNOWN: 2,
        Status.STARTED: 1,
        Status.CONFORMING: 0,
    }
)


@dataclass(frozen=True)
class Assessment:
    """One clause as it stands at an instant."""

    clause: Clause
    axes: Mapping[Axis, Status]
    findings: Sequence[Finding]

    @property
    def n(self) -> int:
        """Pieces of evidence that it is done: records, tasks that were kept, a person's word."""
        return sum(one.n for one in self._done)

    @property
    def completeness(self) -> float | None:
        """The share of them that is complete; None where there are none."""
        return sum(one.complete for one in self._done) / self.n if self.n else None

    @property
    def stale(self) -> bool:
        return Status.STALE in self.axes.values()

    @property
    def severity(self) -> int:
        return sum(SEVERITY[status] for status in self.axes.values())

    def of(self, axis: Axis) -> Sequence[Finding]:
        return [one for one in self.findings if one.axis is axis]

    @property
    def _done(self) -> Iterable[Finding]:
        """A part of a population that is counted as a whole already is not counted again."""
        parts = [one for one in self.of(Axis.DONE) if not (isinstance(one.criterion, Records) and one.criterion.only)]
        return parts or self.of(Axis.DONE)


def assess(clause: Clause, found: Evidence, now: datetime) -> Assessment:
    findings = [JUDGES[type(one)](one, clause, axis, found, now) for axis in Axis for one in clause.criteria(axis)]
    findings += _objections(clause, found, now, findings)
    axes = {axis: together([one.status for one in findings if one.axis is axis and one.counts]) for axis in Axis}
    return Assessment(clause, axes, tuple(findings))


def together(statuses: Sequence[Status]) -> Status:
    """The status of an axis: never better than its worst part, never conforming while a part is stale or unknown."""
    found = set(statuses)
    if len(found) == 1:
        return found.pop()
    for worst in (Status.STALE, Status.INCONSISTENT):
        if worst in found:
            return worst
    if found & {Status.CONFORMING, Status.STARTED}:
        return Status.STARTED
    return Status.NOT_ADDRESSED if found else Status.UNKNOWN


def worst(assessed: Iterable[Assessment], most: int = 10) -> Sequence[Finding]:
    """The gaps that are worst, one a clause and axis: clauses that stand worst first, in the order of the standard."""
    ranked = sorted(assessed, key=lambda one: (-one.severity, one.clause.order))
    gaps = [gap for one in ranked for axis in Axis if (gap := _gap(one, axis)) is not None]
    return sorted(gaps, key=lambda one: -SEVERITY[one.status])[:most]


def _gap(one: Assessment, axis: Axis) -> Finding | None:
    bad = [finding for finding in one.of(axis) if finding.counts and finding.status is not Status.CONFORMING]
    return max(bad, key=lambda finding: SEVERITY[finding.status], default=None)


def _records(one: Records, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding:
    counted = found.records.get(one, Counted())
    told = _of_this_desk(one, counted, clause, axis, now)
    return replace(told, says=f"{told.says} {moved_in(counted.moved_in)}") if counted.moved_in else told


def _of_this_desk(one: Records, counted: Counted, clause: Clause, axis: Axis, now: datetime) -> Finding:
    told = Finding(clause.number, axis, one, Status.CONFORMING, n=counted.n, complete=counted.complete,
                   refs=counted.refs, since=counted.newest, lacking=counted.lacking)  # fmt: skip
    if not counted.n:
        if one.may_be_none:
            return told.judged(Status.UNKNOWN, "There was none in the period, which is no gap.", counts=False)
        if counted.newest is None:
            return told.judged(Status.NOT_ADDRESSED, "There is none.")
        return told.judged(Status.STALE, f"The last began on {counted.newest:%Y-%m-%d}, before the period.")
    some = f"{counted.n:,} in the period, {counted.complete:,} complete"
    if counted.newest is not None and now - counted.newest > one.fresh:
        old = f"the newest began on {counted.newest:%Y-%m-%d}, more than {one.fresh.days} days ago"
        return told.judged(Status.STALE, f"{some}; {old}.")
    if counted.past:
        named = f" ({', '.join(counted.outdated)})" if counted.outdated else ""
        said = f"of {counted.past:,}{named} it is not so that {one.holds[0].says}"
        return told.judged(Status.STALE, f"{some}; {said}.")
    if counted.complete < COMPLETE * counted.n:
        lacking = "; ".join(f"{ref} lacks {', '.join(parts)}" for ref, parts in counted.lacking[:3])
        return told.judged(Status.INCONSISTENT, f"{some}{f': {lacking}' if lacking else ''}.")
    return told.judged(Status.CONFORMING, f"{some}.")


def _rules(one: Rules, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding:
    there = [section for section in one.sections if found.sections.get(section)]
    told = Finding(clause.number, axis, one, Status.NOT_ADDRESSED, since=found.policy_since)
    missing = ", ".join(f"[{section}]" for section in one.sections if section not in there)
    if found.policy_version is None or found.policy_since is None:
        return told.judged(Status.NOT_ADDRESSED, "No policy is in force yet.")
    version = f"Policy version {found.policy_version}, in force since {found.policy_since:%Y-%m-%d}"
    if not there:
        return told.judged(Status.NOT_ADDRESSED, f"{version}, says nothing of it: {missing}.")
    if missing:
        return told.judged(Status.STARTED, f"{version}, says nothing in {missing}.")
    said = _standing(found.said.get((clause.number, axis)), now)
    if now - found.policy_since > one.fresh and said is None:
        return told.judged(Status.STALE, f"{version}, was not looked through for more than {one.fresh.days} days.")
    return told.judged(Status.CONFORMING, f"{version}, says it.")


def _in_force(one: InForce, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding:
    held = found.documents.get((clause.number, one.document))
    if held is None:
        return _said(one, clause, axis, found, now, Status.NOT_ADDRESSED, "No such document is in force.")
    told = Finding(clause.number, axis, one, Status.CONFORMING, n=1, complete=1, refs=(held.ref,), since=held.since)
    named = f"{held.ref} version {held.version}, in force since {held.since:%Y-%m-%d}"
    if held.review_on < now.date():
        return told.judged(Status.STALE, f"{named}, was to be reviewed by {held.review_on}.")
    return told.judged(Status.CONFORMING, f"{named}, to be reviewed by {held.review_on}.")


def _planned(one: Planned, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding:
    tasks = [task for task in found.tasks.get(clause.number, ()) if not task.given_up]
    if not tasks and (kept := _kept_by(one, clause, axis, found, now)) is not None:
        return kept
    if not tasks:
        return _said(one, clause, axis, found, now, Status.NOT_ADDRESSED, "Nothing repeats for it.", one.every)
    told = Finding(clause.number, axis, one, Status.CONFORMING, n=len(tasks),
                   complete=sum(_kept(task, one.every, now) for task in tasks),
                   refs=tuple(task.ref for task in tasks),
                   since=max((task.kept_at for task in tasks if task.kept_at), default=None))  # fmt: skip
    late = [task for task in tasks if task.due_on < now.date()]
    if late:
        return told.judged(Status.STALE, f"{late[0].ref} was due on {late[0].due_on} and is not done.")
    if told.since is None:
        return told.judged(Status.STARTED, f"{tasks[0].ref} is due on {tasks[0].due_on} for the first time.")
    if now - told.since > one.every:
        return told.judged(Status.STALE, f"It was last done on {told.since:%Y-%m-%d}.")
    return told.judged(Status.CONFORMING, f"It was last done on {told.since:%Y-%m-%d}.")


def _kept_by(one: Planned, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding | None:
    """What is such a task by itself; None where there is nothing of it."""
    if one.kept_by != READINGS:
        return _held(one, clause, axis, found, now)
    sorts = [each.document for each in clause.designed if isinstance(each, InForce)]
    asked = [held for sort in sorts if (held := found.documents.get((clause.number, sort))) and held.asked]
    if not asked:
        return None
    held = asked[0]
    told = Finding(clause.number, axis, one, Status.CONFORMING, n=held.asked, complete=held.read,
                   refs=(held.ref,), since=held.since)  # fmt: skip
    said = f"{held.read:,} of {held.asked:,} who were asked have read {held.ref} version {held.version}"
    if held.review_on < now.date():
        return told.judged(Status.STALE, f"{said}; it was to be reviewed by {held.review_on}.")
    return told.judged(Status.CONFORMING if held.read >= COMPLETE * held.asked else Status.STARTED, f"{said}.")


def _held(one: Planned, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding | None:
    """Records that are held at intervals; None where there are none."""
    kept = found.kept.get(one.kept_by or f"registers of {clause.number}")
    if kept is None or (kept.newest is None and not kept.next):
        return None
    told = Finding(clause.number, axis, one, Status.STARTED, n=kept.n, complete=kept.n, refs=kept.refs,
                   since=kept.newest)  # fmt: skip
    if kept.newest is None:
        return told.judged(Status.STARTED, f"None was held to its end yet; {kept.next}.")
    if kept.late:
        return told.judged(Status.STALE, f"Entries in its register: {kept.n:,}, past their review: {kept.late:,}.")
    if not one.kept_by:
        old = now - kept.newest > one.every
        says = f"Entries in its register: {kept.n:,}, the last entered or reviewed on {kept.newest:%Y-%m-%d}."
        return told.judged(Status.STALE if old else Status.CONFORMING, says)
    said = f"The last was ended on {kept.newest:%Y-%m-%d}{f'; {kept.next}' if kept.next else ''}."
    return told.judged(Status.STALE if now - kept.newest > one.every else Status.CONFORMING, said)


def _kept(task: Task, every: timedelta, now: datetime) -> bool:
    return task.kept_at is not None and now - task.kept_at <= every and task.due_on >= now.date()


def _result(one: Result, clause: Clause, axis: Axis, found: Evidence, _now: datetime) -> Finding:
    told = Finding(clause.number, axis, one, Status.UNKNOWN)
    figures = {name: figure for name in one.measures if (figure := found.figures.get(name)) is not None and figure.n}
    known = {name: (figure.value, figure.n) for name, figure in figures.items() if figure.value is not None}
    if not known:
        return told.judged(Status.UNKNOWN, "Nothing counts in the period, so that there is no figure.")
    each = [_in_words(name, value, n) for name, (value, n) in known.items()]
    reached = all(one.reached_by(value) for value, _ in known.values())
    return told.judged(
        Status.CONFORMING if reached else Status.INCONSISTENT, f"{', '.join(each)}; target: {one.target}."
    )


def _in_words(name: str, value: float, n: int) -> str:
    """“Resolution promises kept: 92 % (n = 12)”."""
    return f"{MEASURES[name].title}: {wording.amount(MEASURES[name].unit, value)} (n = {n:,})"


def _measured(one: Measured, clause: Clause, axis: Axis, found: Evidence, _now: datetime) -> Finding:
    known = sorted(name for name, figure in found.figures.items() if figure.n and figure.value is not None)
    told = Finding(clause.number, axis, one, Status.CONFORMING, n=len(known), complete=len(known))
    says = f"{len(known)} figures have a value: {', '.join(known) or 'none'}."
    if not known:
        return told.judged(Status.NOT_ADDRESSED, says)
    return told.judged(Status.CONFORMING if len(known) >= one.least else Status.STARTED, says)


def _sealed(one: Sealed, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding:
    sealing = found.sealing
    told = Finding(clause.number, axis, one, Status.UNKNOWN, since=sealing.checkpoint_at)
    if not sealing.facts:
        return told.judged(Status.UNKNOWN, "The journal holds nothing yet.")
    if not sealing.fits:
        return told.judged(Status.INCONSISTENT, "The journal is not the one that its newest checkpoint was made of.")
    waiting = sealing.waiting_since
    if waiting is not None and now - waiting > one.fresh:
        return told.judged(Status.STALE, f"Facts wait for a checkpoint since {instant(waiting)}.")
    if sealing.checkpoint_at is None:
        return told.judged(Status.STARTED, "There is no checkpoint yet.")
    return told.judged(Status.CONFORMING, f"{sealing.facts:,} facts; checkpoint of {sealing.checkpoint_at:%Y-%m-%d}.")


def _judged(one: Judged, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding:
    return _said(one, clause, axis, found, now, Status.UNKNOWN, "Nobody has judged it.", one.lapses)


def _answered(one: Asked, clause: Clause, axis: Axis, found: Evidence, now: datetime) -> Finding:
    nobody = "Nobody has answered it."
    return _said(one, clause, axis, found, now, Status.UNKNOWN, nobody, one.lapses, about=one.key)


def _said(
    one: Any, clause: Clause, axis: Axis, found: Evidence, now: datetime, none: Status, nothing: str,
    lapses: timedelta | None = None, about: str = "",
) -> Finding:  # fmt: skip
    said = found.said.get((clause.number, about or axis))
    told = Finding(clause.number, axis, one, none)
    if said is None:
        return told.judged(none, nothing)
    told = Finding(clause.number, axis, one, said.status, n=1, complete=int(said.status is Status.CONFORMING),
                   refs=(said.subject,) if said.subject else (), since=said.at, by=said.by)  # fmt: skip
    if said.until < now.date() or (lapses is not None and now - said.at > lapses):
        return told.judged(Status.STALE, f"The judgement of {said.at:%Y-%m-%d} has lapsed: {said.reason}")
    return told.judged(said.status, f"Judged on {said.at:%Y-%m-%d}, until {said.until}: {said.reason}")


def _standing(said: Said | None, now: datetime) -> Said | None:
    return said if said is not None and said.until >= now.date() and said.status is Status.CONFORMING else None


def _objections(clause: Clause, found: Evidence, now: datetime, so_far: Sequence[Finding]) -> Iterable[Finding]:
    """A person may judge worse than records do, never better."""
    for axis in Axis:
        said = found.said.get((clause.number, axis))
        heard = any(one.axis is axis and one.by and not isinstance(one.criterion, Asked) for one in so_far)
        if said is None or heard or said.status is Status.CONFORMING or said.until < now.date():
            continue
        yield Finding(clause.number, axis, Judged("A person's objection."), said.status, since=said.at, by=said.by,
                      says=f"Judged on {said.at:%Y-%m-%d}, until {said.until}: {said.reason}")  # fmt: skip


JUDGES: Mapping[type[Criterion], Callable[[Any, Clause, Axis, Evidence, datetime], Finding]] = MappingProxyType(
    {
        Records: _records,
        Rules: _rules,
        InForce: _in_force,
        Planned: _planned,
        Result: _result,
        Measured: _measured,
        Sealed: _sealed,
        Judged: _judged,
        Asked: _answered,
    }
)
"""A new sort of evidence is one line more."""
