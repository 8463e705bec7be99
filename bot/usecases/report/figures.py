"""Figures of a period, from the tables or replayed from the journal; who may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy_format.hints import nearest
from bot.rules.record.facts import FactKind
from bot.rules.report.figures import Figure, by_group, figure
from bot.rules.report.history import replayed
from bot.rules.report.measures.measure import Group, Measure
from bot.rules.report.measures.measures import MEASURES, group_of
from bot.rules.report.periods import Period
from bot.rules.report.records import Records, ServiceHours
from bot.rules.report.refusals import NoSuchMeasure, NotDividedBy
from bot.rules.time.business_hours import Calendar
from bot.rules.workspace.rota_names import PREFIX
from bot.usecases.policy import in_force
from storage import policy_versions
from storage.incident.incidents import Viewer
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


async def read(tx: AsyncSession, period: Period, viewer: Viewer | None = None, *, complaints: bool = True) -> Records:
    """From the tables, as `storage/report/records.py` has them, with what is agreed for the services now."""
    return await agreed(tx, await records.read(tx, period, viewer, complaints=complaints))


async def agreed(tx: AsyncSession, found: Records) -> Records:
    """With the hours and zones of the policy in force."""
    try:
        policy = (await in_force(tx)).policy
    except LookupError:
        return found
    calendars = {key: one.calendar for key, one in policy.calendars.items()}
    hours = {
        key: calendars[one.hours] if one.hours else Calendar.always() for key, one in sorted(policy.services.items())
    }
    zones = {f"{PREFIX}{key}": ZoneInfo(one.zone) for key, one in policy.rotas.items()}
    since = await policy_versions.first_since(tx)
    services = tuple(ServiceHours(key, one, since) for key, one in hours.items())
    return replace(found, services=services, zones=zones)


async def from_tables(tx: AsyncSession, period: Period) -> Records:
    """All of them, private ones too: for whoever has the database."""
    return await read(tx, period)


async def from_journal(tx: AsyncSession) -> Records:
    """The same from facts alone. Whose words were erased may have lost the service that a revision named."""
    return await agreed(tx, replayed([fact async for fact in records.facts(tx, list(FactKind))]))


def every(found: Records, period: Period, as_of: datetime) -> Sequence[Answer]:
    return [answer(one, found, period, as_of) for one in MEASURES.values()]
