"""The inputs of a management review, from what is on record. Private records count and are not named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import OPEN as OPEN_ACTIONS
from bot.rules.audit.flow import OWED, FindingKind
from bot.rules.iso import periods
from bot.rules.iso.assessment import Assessment
from bot.rules.iso.criteria import Axis, Status
from bot.rules.management_review.inputs import Topic
from bot.rules.report import wording
from bot.rules.report.figures import Figure
from bot.rules.report.measures.measure import Measure
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.usecases.iso.standing import standing
from bot.usecases.report import sampling
from storage.management_review import meetings as stored
from storage.tables import ActionItem, ControlledDocument


def _named(*names: str) -> Sequence[Measure]:
    return [MEASURES[name] for name in names]


_PERFORMANCE = _named("response-kept", "resolution-kept", "incidents-opened", "availability", "change-success",
                      "change-failure-rate", "unapproved-share")  # fmt: skip
_CUSTOMERS = _named("satisfaction", "survey-satisfaction", "survey-response-rate", "complaints", "complaints-in-time")
_CLAUSES: Mapping[Topic, tuple[str, ...]] = {
    Topic.CONTEXT: ("4.1", "4.2", "4.3"),
    Topic.OBJECTIVES: ("5.2", "6.2", "6.3"),
    Topic.SUPPLIERS: ("8.2.3", "8.3.4"),
    Topic.RISKS: ("6.1", "8.7.2", "8.7.3"),
    Topic.RESOURCES: ("7.1", "7.2", "8.4.1"),
    Topic.CAPACITY: ("8.4.2", "8.4.3", "8.7.1"),
}
"""Whose evidence and documents a topic shows."""


async def draw(tx: AsyncSession, period: Period, now: datetime) -> Mapping[Topic, Sequence[str]]:
    """By topic; one of which nothing is on record is left out."""
    counted = await sampling.counted(tx, period, min(now, period.end))
    assessed = {
        one.clause.number: one for one in (await standing(tx, now, None, period, counted, private=False)).assessed
    }
    found: dict[Topic, list[str]] = {
        topic: [*_clauses(assessed, numbers), *_documents(await stored.documents(tx, numbers), now)]
        for topic, numbers in _CLAUSES.items()
    }
    found[Topic.EARLIER_ACTIONS] = [_action(one) for one in await stored.decisions(tx)]
    found[Topic.PERFORMANCE] = [*_figures(_PERFORMANCE, counted), *_standing(assessed.values())]
    found[Topic.CUSTOMERS] = [*_figures(_CUSTOMERS, counted), *_clauses(assessed, ("8.3.2",))]
    found[Topic.NONCONFORMITIES] = await _findings(tx, period)
    found[Topic.AUDITS] = [
        f"{one.ref} {one.title}, reported on {one.reported_at:%Y-%m-%d}: {one.summary[:300]}"
        for one in await stored.audits(tx, period.start, period.end)
    ] + _clauses(assessed, ("9.2",))
    found[Topic.IMPROVEMENTS] = [_action(one) for one in await stored.open_improvements(tx)]
    return found


def _figures(measures: Iterable[Measure], counted: Mapping[str, Figure]) -> Iterator[str]:
    for one in measures:
        yield wording.sentence(one, counted[one.name])


def _clauses(assessed: Mapping[str, Assessment], numbers: Iterable[str]) -> list[str]:
    told = []
    for number in numbers:
        axes = assessed[number].axes
        told.append(f"Clause {number} {assessed[number].clause.title}: "
                    + ", ".join(f"{axis} {axes[axis]}" for axis in Axis))  # fmt: skip
    return told


def _standing(assessed: Iterable[Assessment]) -> Iterator[str]:
    every = [status for one in assessed for status in one.axes.values()]
    stale, good = every.count(Status.STALE), every.count(Status.CONFORMING)
    yield f"Of {len(every)} axes of all clauses {good} are conforming and {stale} are stale."


def _documents(found: Sequence[ControlledDocument], now: datetime) -> Iterator[str]:
    for one in found:
        late = bool(one.review_on) and one.review_on < now.date().isoformat()
        due = f", its review is overdue since {one.review_on}" if late else ""
        yield f"{one.ref} {one.title}: {one.state}, version {one.version}{due}"


def _action(one: ActionItem) -> str:
    mark = "" if one.state in OPEN_ACTIONS else f" on {one.moved_at:%Y-%m-%d}"
    return f"{one.ref} {one.title}: {one.state}{mark}, due {one.due_on}"


async def _findings(tx: AsyncSession, period: Period) -> list[str]:
    owed, closed = await stored.findings(tx, OWED), await stored.closed_findings(tx, period.start, period.end)
    told = [
        f"{one.ref} {FindingKind(one.kind).label} of clause {one.clause}: {one.title}, {one.state}, due {one.due_on}"
        for one in owed
    ]
    return [*told, f"{len(owed)} are open, {closed} were closed in {periods.shown(period)}."]
