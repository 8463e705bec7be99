"""Reports that come by themselves: made once a period, late rather than never, corrected by another version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import SYSTEM, Datum
from bot.rules.record.refs import Noun, Ref
from bot.rules.report import issue, notices
from bot.rules.report.figures import by_group, figure
from bot.rules.report.flow import FLOW, ReportStep
from bot.rules.report.issue import Content
from bot.rules.report.measures.measure import Group
from bot.rules.report.measures.measures import MEASURES, group_of
from bot.rules.report.periods import Every, Period, after, before, first_day, period_of
from bot.rules.report.policy import ReportRule
from bot.rules.report.records import Records, of_service
from bot.usecases.policy import in_force
from bot.usecases.records import steps
from bot.usecases.records.declared import Deed
from bot.usecases.records.long_timers import Long
from bot.usecases.records.record import record, required
from bot.usecases.report import figures, issued_access, service_levels
from storage import record_numbers, records, timers
from storage.delivery import outbox
from storage.incident import incidents
from storage.incident.incidents import Viewer
from storage.report import issued
from storage.tables import IssuedReport, Timer

EVERYBODY = Viewer("")
"""A channel's eyes: what is private is not in a report."""


async def set_up(tx: AsyncSession, now: datetime) -> None:
    """A timer for the period that is due next, of each report of the policy. Those that are due already stay."""
    for key, rule in (await in_force(tx)).policy.reports.items():
        await _schedule(tx, key, rule, first_day(rule.every, now - rule.after, ZoneInfo(rule.zone)))


class Found(NamedTuple):
    """What a report shows, before it is frozen."""

    figures: list[Content]
    levels: Content | None
    """The service level review, where the policy wants it."""


async def is_long(tx: AsyncSession, ref: Ref, by: str) -> bool:
    """Whether much is read to correct it. Raises NotYourReport, NoSuchRecord."""
    report = await issued_access.shown_to(tx, ref, by)
    await issued_access.way(tx, report, step=ReportStep.CORRECT, by=by)
    span = Span.of(report)
    earlier = before(Every(span.every), span.period, ZoneInfo(span.zone))
    return not await incidents.are_few(tx, earlier.start)


async def known_now(tx: AsyncSession, ref: Ref, by: str, now: datetime) -> Found:
    """What its last version shows, as it is known now: read before `correct` writes anything.

    Raises NoSuchRecord.
    """
    report = await issued_access.shown_to(tx, ref, by)
    old = await content_of(tx, report, report.revision)
    names = [one["measure"] for one in old["figures"]]
    return Found(await _figures(tx, Span.of(report), names, now), await _levels(tx, report, old, now))


async def correct(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime, found: Found) -> IssuedReport:
    """Another version, of what is `known_now`; the message shows it, and the thread what differs.

    Raises NotYourReport, NoSuchRecord, FormRefused.
    """
    why = required("comment", "The reason", why)
    report = await issued_access.shown_to(tx, ref, by)
    may = partial(issued_access.way, tx, step=ReportStep.CORRECT, by=by)
    taken = await steps.step(tx, report, may, revision=IssuedReport.revision + 1)
    report = taken.record
    data = await _freeze(tx, report, found, Deed(by, now))
    await record(tx, report, FLOW.facts[ReportStep.CORRECT], Deed(by, now), data, {"comment": why})
    await outbox.put_all(tx, notices.posted(str(ref), report.room, report.revision), now)
    return report


async def _levels(tx: AsyncSession, report: IssuedReport, old: Content, now: datetime) -> Content | None:
    """Anew, where it had them; of a customer that the policy has no more, as they were."""
    was: Content | None = old.get("levels")
    if was is None or (was["customer"] and was["customer"] not in (await in_force(tx)).policy.customers):
        return was
    period = Period(report.starts_at, report.ends_at)
    return await service_levels.issued(tx, service_levels.Of(period, report.zone, report.service, was["customer"]), now)


async def content_of(tx: AsyncSession, report: IssuedReport, version: int) -> Content:
    """As it was shown. Raises KeyError for a version that there is not."""
    kept = await issued.version(tx, report.number, version)
    if kept is None:
        raise KeyError(version)
    found: Content = json.loads(kept.content)
    return found


async def is_sound(tx: AsyncSession, report: IssuedReport) -> bool:
    """Whether what is kept of its last version still has its hash."""
    kept = await issued.version(tx, report.number, report.revision)
    return kept is not None and issue.digest(kept.content) == kept.digest


async def _read_due(tx: AsyncSession, occurrence: str, now: datetime) -> Found | None:
    """The figures of the report that is due; None where none is to be made."""
    key, every, zone, first = occurrence.split(" ")
    rule = (await in_force(tx)).policy.reports.get(key)
    if rule is None or (rule.every, rule.zone) != (every, zone) or await issued.there(tx, key, every, first):
        return None
    period = period_of(rule.every, date.fromisoformat(first), ZoneInfo(zone))
    span = Span(every, zone, period, rule.service)
    of = service_levels.Of(period, zone, rule.service, rule.customer)
    levels = await service_levels.issued(tx, of, now) if rule.service_levels else None
    return Found(await _figures(tx, span, rule.measures, now), levels)


async def _due(tx: AsyncSession, timer: Timer, now: datetime, found: Found | None) -> None:
    """Makes one, and sets the next one's timer; where the policy has it no more or otherwise, nothing."""
    key, every, zone, first = timer.occurrence.split(" ")
    rule = (await in_force(tx)).policy.reports.get(key)
    if rule is None or (rule.every, rule.zone) != (every, zone):
        return
    day = date.fromisoformat(first)
    if found is not None and not await issued.there(tx, key, every, first):
        await _issue(tx, key, rule, day, found, now)
    await _schedule(tx, key, rule, after(rule.every, day))


async def _schedule(tx: AsyncSession, key: str, rule: ReportRule, day: date) -> None:
    occurrence = f"{key} {rule.every} {rule.zone} {day.isoformat()}"
    due = period_of(rule.every, day, ZoneInfo(rule.zone)).end + rule.after
    await timers.schedule(tx, notices.SUBJECT, notices.DUE, occurrence, due)


async def _issue(tx: AsyncSession, key: str, rule: ReportRule, day: date, found: Found, now: datetime) -> None:
    desk, zone = await in_force(tx), ZoneInfo(rule.zone)
    period = period_of(rule.every, day, zone)
    due = period.end + rule.after
    report = IssuedReport(
        number=await record_numbers.next_number(tx, Noun.REPORT),
        state=FLOW.begins,
        report=key,
        every=rule.every,
        first_day=day.isoformat(),
        title=rule.title,
        zone=rule.zone,
        starts_at=period.start,
        ends_at=period.end,
        service=rule.service,
        room=desk.policy.channel(rule.channel),
        due_at=due,
        made_at=now,
        late=now - due > rule.late_after,
    )
    await records.add(tx, report)
    data = await _freeze(tx, report, found, Deed(SYSTEM, now))
    data |= {"report": key, "every": str(rule.every), "first_day": report.first_day, "late": report.late}
    await record(tx, report, FLOW.opened, Deed(SYSTEM, now), data)
    await outbox.put_all(tx, notices.posted(str(report.ref), report.room, 1), now)


async def _freeze(tx: AsyncSession, report: IssuedReport, found: Found, deed: Deed) -> dict[str, Datum]:
    """Keeps what was found as this version; returns what the fact says of it."""
    period = Period(report.starts_at, report.ends_at)
    shown = issue.content(report.report, period, report.zone, deed.now, found.figures)
    text, digest = issue.frozen(shown | ({"levels": found.levels} if found.levels is not None else {}))
    await issued.keep(tx, report.number, report.revision, text, digest, deed.by, deed.now)
    return {"version": report.revision, "digest": digest}


@dataclass(frozen=True)
class Span:
    """Of what a report has figures."""

    every: str
    zone: str
    period: Period
    service: str | None

    @classmethod
    def of(cls, report: IssuedReport) -> Self:
        return cls(report.every, report.zone, Period(report.starts_at, report.ends_at), report.service)


async def _figures(tx: AsyncSession, span: Span, names: Sequence[str], now: datetime) -> list[Content]:
    """As they are known now. Of many records it takes seconds."""
    earlier = before(Every(span.every), span.period, ZoneInfo(span.zone))
    lately, past = await _read(tx, span.period, span.service), await _read(tx, earlier, span.service)
    found = []
    for measure in (MEASURES[name] for name in names if name in MEASURES):
        parts = {} if span.service else by_group(measure, lately, span.period, now, group_of(Group.SERVICE))
        shown, was = figure(measure, lately, span.period, now), figure(measure, past, earlier, now)
        found.append(issue.figure_content(measure, shown, was, parts))
    return found


async def _read(tx: AsyncSession, period: Period, service: str | None) -> Records:
    found = await figures.read(tx, period, EVERYBODY, complaints=False)
    return of_service(found, service) if service else found


LONG: Mapping[str, Long] = {notices.DUE: Long(_read_due, _due, timedelta(days=184))}
