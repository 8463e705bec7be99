"""Sample figures, drawn every way."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from bot.rules.action.flow import ActionState
from bot.rules.change.flow import ChangeType, Result
from bot.rules.policy.policy import Policy
from bot.rules.report import issue
from bot.rules.report.dashboard import DECISIONS
from bot.rules.report.figures import by_group, figure
from bot.rules.report.flow import ReportState
from bot.rules.report.measures.measure import Group
from bot.rules.report.measures.measures import MEASURES, group_of
from bot.rules.report.periods import Every, last_whole
from bot.rules.report.records import Change, End, Incident, Outcome, Promise, Records, Span
from bot.rules.sla.clocks import ClockKind
from bot.usecases.report import figures
from bot.usecases.report.management_dashboard import Decision, ManagementDashboard
from bot.usecases.report.reports import Asked, Opened, Report
from bot.usecases.report.service_levels import PROMISES, Of, Review, Shortfall, content
from handlers.action.views.samples import sample as action_sample
from handlers.blocks import kit
from handlers.blocks.kit import Message
from handlers.blocks.samples import AGENT, AT, Drawn, said
from handlers.records.typed_values import Shown
from handlers.report import issued as reports
from handlers.report.actions import ACTIONS
from handlers.report.views import issued
from handlers.report.views import report as views
from handlers.report.views import service_levels as service_level_views
from storage.tables import IssuedReport

HOUR = timedelta(hours=1)
ZONE = ZoneInfo("UTC")
WEEK = last_whole(Every.WEEK, AT, ZONE)


def service_levels(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    """With every sort of shortfall, and with none."""
    found, service = _records(next(iter(policy.services)), 150), next(iter(policy.services))
    kept = {name: by_group(MEASURES[name], found, WEEK, AT, group_of(Group.PRIORITY)) for name in PROMISES}
    about = [action_sample(ActionState.OPEN, words)] * 5
    falls = [
        Shortfall("INC-1", ("response", "resolution"), excused=False, actions=[]),
        Shortfall("INC-2", ("resolution",), excused=False, actions=about),
        *[Shortfall(f"INC-{at}", ("response",), excused=True, actions=[]) for at in range(3, 40)],
    ]
    out = figure(MEASURES["availability"], found, WEEK, AT)
    full = Review(Of(WEEK, "UTC", service, "sales"), kept, out, falls)
    none = Review(Of(WEEK, "UTC"), {name: {} for name in PROMISES}, out, [])
    shown = content(full, policy)
    levels = [kit.section(service_level_views.summary(shown, policy)), *service_level_views.blocks(shown, policy)]
    return {
        "service levels": said(service_level_views.review(shown, policy)),
        "service levels, all kept": said(service_level_views.review(content(none, policy), policy)),
        "service levels, issued": said(Message("Service levels", levels)),
    }


def management_dashboard() -> ManagementDashboard:
    """The dashboard, with all that can need a decision."""
    shown = {"title": "Time to restore", "shown": "2 h", "shown_before": "3 h", "value": 2.0, "before": 3.0}
    decisions = [Decision(noun, typed, says, at) for at, (noun, typed, says) in enumerate(DECISIONS, 1)]
    return ManagementDashboard(
        AT, [shown] * 4, [shown | {"better": one} for one in ("lower", "higher", "")] * 3, decisions
    )


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    full, empty = _records(next(iter(policy.services)), 150), Records()
    opened = {name: _opened(policy, name, full) for name in MEASURES}
    return {
        **service_levels(policy, words),
        "figures": said(views.report(_report(policy, full))),
        "figures with charts": said(views.report(_report(policy, full), with_charts=True)),
        "figures, none": said(views.report(_report(policy, empty, next(iter(policy.services))))),
        "figures in words": said(views.words(_report(policy, full))),
        "figure, nothing counts": said(views.figure(_opened(policy, "satisfaction", empty))),
        "figure opened": views.figure_view(opened["time-to-restore"]),
        "figure defined": said(views.definition(MEASURES["time-to-restore"])),
        **_issued(policy, full, words),
        "all figures": said(views.measures()),
        **{f"figure {name}": said(views.figure(one)) for name, one in opened.items()},
    }


def _issued(policy: Policy, found: Records, words: Mapping[str, str]) -> dict[str, Drawn]:
    title, why = words.get("title", "Weekly service report"), words.get("comment", "A breach was excused")
    report = IssuedReport(
        number=3, state=ReportState.CORRECTED, revision=2, report="weekly", every=Every.WEEK, first_day="2026-02-23",
        title=title, zone="UTC", starts_at=WEEK.start, ends_at=WEEK.end, room="service-desk", due_at=WEEK.end,
        made_at=AT, late=True,
    )  # fmt: skip
    group = group_of(Group.SERVICE)
    old, new = (
        issue.content("weekly", WEEK, "UTC", AT, [
            issue.figure_content(one, figure(one, records, WEEK, AT), figure(one, Records(), WEEK, AT),
                                 by_group(one, records, WEEK, AT, group))
            for one in MEASURES.values()
        ])
        for records in (Records(), found)
    )  # fmt: skip
    action = action_sample(ActionState.OPEN, words)
    shown = {verb: Shown(report, policy, AGENT, AT, UTC) for verb in ACTIONS}
    return {
        "report issued": said(issued.card(issued.Sheet(report, new, policy, [action] * 3))),
        "report issued, not sound": said(issued.card(issued.Sheet(report, old, policy, sound=False))),
        "report detail": said(issued.detail(report, new, policy, None)),
        "report detail, corrected": said(issued.detail(report, new, policy, old, why)),
        "report list, issued": said(issued.listing([report] * 30)),
        "report list, none issued": said(issued.listing([])),
        **reports.KIND.previews(shown, report),
    }


def _report(policy: Policy, found: Records, service: str | None = None) -> Report:
    answers = figures.every(found, WEEK, AT)
    earlier = {one.measure.name: one.figure for one in figures.every(Records(), WEEK, AT)}
    return Report(policy, Asked(Every.WEEK, service=service), ZONE, WEEK, answers, earlier)


def _opened(policy: Policy, name: str, found: Records) -> Opened:
    return Opened(policy, figures.answer(MEASURES[name], found, WEEK, AT, Group.SERVICE), None, ZONE)


def _records(service: str, count: int) -> Records:
    incidents, promises, changes = [], [], []
    for number in range(1, count + 1):
        ref, start = f"INC-{number}", WEEK.start + number * HOUR
        done = start + 5 * HOUR if number % 3 else None
        end, resolved = (End.RESOLVED, (done,)) if done else (End.OPEN, ())
        key = service if number % 2 else "gone"
        incidents.append(
            Incident(ref, key, "P2", start, end, start + HOUR, (Span(start, done),), resolved, rating=number % 5 + 1)
        )
        outcome = Outcome.KEPT if number % 4 else Outcome.BROKEN
        promises.append(Promise(ref, ClockKind.RESPONSE, 1, key, "P2", outcome, start + HOUR, excused=number % 8 == 0))
        result = Result.SUCCESS if number % 5 else Result.FAILED
        changes.append(Change(f"CHG-{number}", ChangeType.NORMAL, key, start - HOUR, start, result))
    return Records(tuple(incidents), tuple(promises), tuple(changes))
