"""The dashboard on App Home of who leads: today, this week against last, and what needs a decision."""

from collections.abc import Iterator

from bot.rules.report.dashboard import Trend, trend
from bot.rules.report.issue import Content
from bot.usecases.report.management_dashboard import Decision, ManagementDashboard
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.ids import Action
from handlers.records.paging import Query

MARK = {Trend.BETTER: "▲ better", Trend.WORSE: "▼ worse", Trend.SAME: ""}


def on_home(dashboard: ManagementDashboard | None) -> Iterator[Block]:
    """Nothing for who does not lead."""
    if dashboard is None:
        return
    yield kit.divider()
    yield kit.header("How the desk is doing")
    if dashboard.as_of is None:
        yield kit.context("The figures are being counted. They are here in a moment.")
    else:
        today = " · ".join(f"{kit.esc(one['title'])} *{one['shown']}*" for one in dashboard.today)
        yield kit.section(f"*Today so far* {today}")
        lines = [_line(one) for one in dashboard.week]
        yield kit.section("\n".join(["*This week so far*, and the same days of last week", *lines]))
        yield kit.context(
            f"As of {kit.when(dashboard.as_of)}, without private records. `/report this week` has all figures."
        )
    yield kit.section("*Needs a decision*" if dashboard.decisions else "*Needs a decision*\nNothing does.")
    for one in dashboard.decisions:
        yield kit.section(_decision(one)) | {
            "accessory": kit.button(Action.LIST_ALL, "Show", Query(one.noun, one.typed))
        }


def _line(one: Content) -> str:
    mark = MARK[trend(one["value"], one["before"], one["better"])]
    return f"• {kit.esc(one['title'])}: *{one['shown']}*, before {one['shown_before']} {mark}".rstrip()


def _decision(one: Decision) -> str:
    """“3 actions are late”, “1 action is late”."""
    if one.total != 1:
        return f"*{one.total}* {one.says}"
    noun, _, rest = one.says.partition(" ")
    for many, single in (("are ", "is "), ("have ", "has "), ("wait ", "waits "), ("their ", "its ")):
        rest = rest.replace(many, single, 1)
    return f"*1* {noun.removesuffix('s')} {rest}"
