"""Figures of a period, from the tables or replayed from the journal; who may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy_format.hints import nearest
from bot.rules.record.facts import FactKind
from bot.rules.report.figures import Figure, by_group, figure
from bot.rules.report.history import replayed
from bot.rules.report.measures.measure import Group, Measure
from bot.rules.report.measures.measures import MEASURES, group_of
from bot.rules.report.periods import Period
from bot.rules.report.records import Records
from bot.rules.report.refusals import NoSuchMeasure, NotDividedBy
from storage.report import records


@dataclass(frozen=True)
class Answer:
    measure: Measure
    figure: Figure
    group: Group | None = None
    parts: Mapping[str, Figure] | None = None
    """By the group's value; None where it was not asked for."""


def measure_named(typed: str) -> Measure:
    """Raises NoSuchMeasure, which names those that there are."""
    name = "-".join(typed.casefold().split())
    if name not in MEASURES:
        close = nearest(name, list(MEASURES))
        hint = f" Did you mean “{close}”?" if close else ""
        raise NoSuchMeasure(name=typed[:40], hint=hint, names=", ".join(MEASURES))
    return MEASURES[name]


def group_named(measure: Measure, typed: str) -> Group:
    """Raises NotDividedBy."""
    found = next((one for one in measure.groups if one == typed.casefold()), None)
    if found is None:
        raise NotDividedBy(name=measure.name, group=f"“{typed[:40]}”", groups=" or ".join(measure.groups))
    return found


def answer(measure: Measure, found: Records, period: Period, as_of: datetime, group: Group | None = None) -> Answer:
    parts = by_group(measure, found, period, as_of, group_of(group)) if group else None
    return Answer(measure, figure(measure, found, period, as_of), group, parts)


async def from_tables(tx: AsyncSession, period: Period) -> Records:
    """All of them, private ones too: for whoever has the database."""
    return await records.read(tx, period)


async def from_journal(tx: AsyncSession) -> Records:
    """The same from facts alone. Whose words were erased may have lost the service that a revision named."""
    return replayed([fact async for fact in records.facts(tx, list(FactKind))])


def every(found: Records, period: Period, as_of: datetime) -> Sequence[Answer]:
    return [answer(one, found, period, as_of) for one in MEASURES.values()]
