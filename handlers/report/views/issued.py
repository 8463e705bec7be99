"""An issued report, drawn from what was frozen: the message in its channel, the detail in the thread, the list."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import RecordVersion
from bot.rules.report.issue import Content, days_of, differences, name_of
from bot.rules.report.periods import Every, Period
from handlers.blocks import facts, kit
from handlers.blocks.kit import Block, Message
from handlers.records import actions
from handlers.report.actions import ACTIONS
from handlers.report.views import service_levels
from storage.tables import ActionItem, IssuedReport

FIRST = 8
"""Figures that the channel's message has; all are in its thread."""
LINES = 10
SAID = {
    FactKind.REPORT_ISSUED: "made it",
    FactKind.REPORT_CORRECTED: "corrected it",
}


@dataclass(frozen=True)
class Sheet:
    report: IssuedReport
    content: Content
    policy: Policy
    actions: Sequence[ActionItem] = ()
    """What is done about it."""
    sound: bool = True
    """Whether what was kept has its hash still."""


def say(fact: Fact) -> str:
    return facts.said(fact, SAID)


def title(report: IssuedReport) -> str:
    return f"{report.title}: {name_of(Every(report.every), report.first_day)}"


def card(sheet: Sheet) -> Message:
    report, figures = sheet.report, sheet.content["figures"]
    lines = [kit.esc(line(one)) for one in figures[:FIRST]]
    more = f"The thread has all {len(figures)}, with the services." if len(figures) > FIRST else "The thread has more."
    seen = RecordVersion.of(report)
    blocks = [
        kit.header(title(report)),
        kit.context(*_covers(sheet)),
        kit.section("\n".join(lines) or "It has no figure."),
        *_levels(sheet),
        *facts.done_about_it(sheet.actions),
        kit.context(f"*{report.ref}* · {more} What do we do about it?"),
        kit.actions(actions.button(ACTIONS["action"], seen), actions.more_button(seen)),
    ]
    return Message(f"{report.ref} {kit.esc(title(report))}", blocks)


def detail(report: IssuedReport, content: Content, policy: Policy, old: Content | None, why: str = "") -> Message:
    """In the thread: all figures; of a correction what differs, and why."""
    version = "All figures" if old is None else "Corrected"
    head = f"{version} of {kit.esc(title(report))}"
    lines = [kit.esc(line(one)) for one in content["figures"]]
    blocks = [kit.section(f"*{head}*")]
    if old is not None:
        changed = differences(old, content)
        said = "\n".join(f"• {kit.esc(one)}" for one in changed) or "No figure differs."
        blocks += [kit.section(kit.quote(why, 600)), kit.section(said)] if why else [kit.section(said)]
    blocks += [kit.section("\n".join(lines[at : at + LINES])) for at in range(0, len(lines), LINES)]
    blocks += [kit.section("\n".join(some)) for some in _by_service(content, policy)]
    if levels := content.get("levels"):
        blocks += service_levels.blocks(levels, policy)
    return Message(head, blocks)


def listing(found: Sequence[IssuedReport]) -> Message:
    if not found:
        nothing = "No report was issued yet. The policy's `[reports.…]` say which come by themselves."
        return Message(nothing, [kit.section(nothing)])
    lines = [f"*{one.ref}* {kit.esc(title(one))}{_standing(one)}" for one in found]
    return Message("Reports", [kit.header("Reports"), kit.section("\n".join(lines))])


def file(content: Content) -> tuple[str, str]:
    """The figures as CSV (RFC 4180), with the name that it has."""
    out = io.StringIO(newline="")
    write = csv.writer(out)
    write.writerow(("figure", "service", "value", "unit", "n", "mean", "median", "p90", "before", "left_out"))
    for one in content["figures"]:
        left = "; ".join(f"{count} {reason}" for reason, count in one["left_out"].items())
        spread = (one["mean"], one["median"], one["p90"], one["before"], left)
        write.writerow((one["measure"], "", one["value"], one["unit"], one["n"], *spread))
        for key, part in one["by_service"].items():
            write.writerow((one["measure"], key, part["value"], one["unit"], part["n"], "", "", "", "", ""))
    return f"{content['report']}-{content['from'][:10]}", out.getvalue()


def line(one: Content) -> str:
    """“Time to restore: 2 h (before 3 h), n = 12. Left out: 1 open again”."""
    left = ", ".join(f"{count} {reason}" for reason, count in one["left_out"].items())
    said = f"{one['title']}: {one['shown']} (before {one['shown_before']}), n = {one['n']}"
    return f"{said}. Left out: {left}." if left else f"{said}."


def _covers(sheet: Sheet) -> Iterator[str]:
    report = sheet.report
    first, last = days_of(Period(report.starts_at, report.ends_at), ZoneInfo(report.zone))
    of = kit.esc(sheet.policy.service_name(report.service)) if report.service else "all services"
    days = f"{kit.day(str(first))} to {kit.day(str(last))}"
    yield f"Of {of}, {days} by the clocks of {kit.esc(report.zone)}. Private records are not in it."
    as_of = f"As known {kit.when(report.made_at)}."
    if report.late:
        as_of += f" :warning: *Late*: it was due {kit.when(report.due_at)}."
    if report.revision > 1:
        as_of += f" Corrected: this is version {report.revision}; the thread has what differs."
    yield as_of
    if not sheet.sound:
        yield ":rotating_light: What was kept of it does not have its hash any more: do not rely on it."


def _levels(sheet: Sheet) -> Iterator[Block]:
    if levels := sheet.content.get("levels"):
        yield kit.section(service_levels.summary(levels, sheet.policy))


def _by_service(content: Content, policy: Policy) -> Iterator[list[str]]:
    parts: dict[str, list[str]] = {}
    for one in content["figures"]:
        for key, part in one["by_service"].items():
            if part["value"] is not None:
                parts.setdefault(key, []).append(f"{one['title']}: {part['shown']} (n = {part['n']})")
    for key in sorted(parts):
        yield [f"*{kit.esc(policy.service_name(key))}*", *map(kit.esc, parts[key])]


def _standing(report: IssuedReport) -> str:
    late = ", late" if report.late else ""
    return f", version {report.revision}{late}" if report.revision > 1 else late
