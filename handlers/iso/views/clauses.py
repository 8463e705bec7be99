"""Clauses as people see them: the picture of all with the worst gaps, and one with its evidence."""

from collections.abc import Iterator, Sequence

from bot.rules.iso.assessment import Assessment
from bot.rules.iso.clauses import SOURCE
from bot.rules.iso.criteria import Axis, Status
from bot.rules.iso.findings import Finding
from bot.rules.iso.trend import Trend
from bot.rules.iso.wording import MARK
from bot.rules.record.text import per_cent
from bot.usecases.iso.preparation import Preparation
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.ids import Action

HEADINGS = ("Clause", *(axis.capitalize() for axis in Axis), "n", "Complete")
TITLE = "Preparing for ISO/IEC 20000-1"
PAGE = 50
LINES = 15
MOVED_MOST = 6
NAMED = 5
"""References that a piece of evidence names."""


def picture(found: Preparation) -> Message:
    """All clauses by three axes, as a table, which some workspaces do not draw yet: `words` is for those."""
    return Message(_in_words(found), [*_above(found), _table(found), *_beneath(found)])


def words(found: Preparation) -> Message:
    """The same without a table."""
    lines = [kit.esc(_line(one)) for one in found.assessed]
    said = [kit.section("\n".join(lines[at : at + LINES])) for at in range(0, len(lines), LINES)]
    return Message(_in_words(found), [*_above(found), *said, *_beneath(found)])


def several(found: Sequence[Assessment]) -> Message:
    """One clause with its evidence, or those below a number in a line each."""
    if len(found) == 1:
        return clause(found[0])
    text = "\n".join(kit.esc(_line(one)) for one in found)
    return Message(text, [kit.header(TITLE), kit.section(text), kit.context(kit.esc(SOURCE))])


def clause(one: Assessment) -> Message:
    title = f"{one.clause.number} {one.clause.title}"
    share = "nothing to count" if one.completeness is None else f"{per_cent(one.completeness)} complete"
    blocks = [kit.header(title), kit.section(f"_{kit.esc(one.clause.asks)}_")]
    for axis in Axis:
        blocks += _axis(one, axis)
    blocks.append(kit.context(f"Evidence that it is done: {one.n:,} ({share}). {kit.esc(SOURCE)}"))
    return Message(f"{title}: {_axes(one)}", blocks)


def _axis(one: Assessment, axis: Axis) -> Iterator[Block]:
    said = [f"{MARK[one.axes[axis]]} *{axis.capitalize()}*: {one.axes[axis]}"]
    said += [_evidence(finding) for finding in one.of(axis)]
    block = kit.section("\n".join(said))
    if one.axes[axis] is not Status.CONFORMING:
        block["accessory"] = _mend(one.clause.number, axis)
    yield block


def _evidence(one: Finding) -> str:
    refs = f" {', '.join(one.refs[:NAMED])}{' …' if len(one.refs) > NAMED else ''}" if one.refs else ""
    said = kit.finding(one.says)
    return f"• {kit.esc(one.criterion.says)}\n   {said}{refs}\n   `{kit.esc(one.criterion.query)}`"


def _above(found: Preparation) -> Iterator[Block]:
    step = found.path.step
    yield kit.header(TITLE)
    yield kit.section(f"*Step {int(step)} of 7: {step.title}.* {kit.esc(found.path.says)}")
    yield kit.context(f"{kit.esc(_counts(found.assessed))} As known {kit.when(found.as_of)}.")
    if found.trend:
        yield kit.section(kit.finding(_moved(found.trend)))


def _moved(trend: Trend) -> str:
    """What fell back first: that is to be mended."""
    lines = [f"↓ {one.says}" for one in trend.worse] + [f"↑ {one.says}" for one in trend.better]
    more = [f"… and {len(lines) - MOVED_MOST} more"] if len(lines) > MOVED_MOST else []
    return "\n".join([trend.says, *lines[:MOVED_MOST], *more])


def _beneath(found: Preparation) -> Iterator[Block]:
    if found.gaps:
        yield kit.section("*The worst gaps*")
    for gap in found.gaps:
        said = f"{MARK[gap.status]} *{gap.clause} {gap.axis}*: {gap.status}. {kit.esc(gap.mend)}"
        yield kit.section(said) | {"accessory": _mend(gap.clause, gap.axis)}
    yield kit.actions(kit.button(Action.CLAUSE_WALK, "Go through the clauses"))
    if found.outside:
        told = "; ".join(f"{name} ({why})" for name, why in found.outside.items())
        yield kit.context(kit.esc(f"Out of scope, so that its records are no evidence here: {told}"))
    yield kit.context(f"`/iso 8.6.3` shows a clause with its evidence. {kit.esc(SOURCE)}")


def _mend(number: str, axis: Axis) -> Block:
    """Says what it mends: a screen reader reads the button alone."""
    return kit.button(Action.CLAUSE_MEND, f"Mend {number} {axis}", f"{number} {axis}")


def _table(found: Preparation) -> Block:
    """Slack: “Data table block”. The first row is the header."""
    rows = [HEADINGS, *(_row(one, found.trend) for one in found.assessed)]
    drawn = [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]
    return {"type": "data_table", "caption": "Clauses by three axes", "rows": drawn, "page_size": PAGE}


def _row(one: Assessment, trend: Trend | None) -> Sequence[str]:
    moved = {axis: trend.of(one.clause.number, axis) if trend else "" for axis in Axis}
    axes = [f"{MARK[one.axes[axis]]} {one.axes[axis]} {moved[axis]}".rstrip() for axis in Axis]
    share = "–" if one.completeness is None else per_cent(one.completeness)
    return (f"{one.clause.number} {one.clause.title}", *axes, f"{one.n:,}", share)


def _line(one: Assessment) -> str:
    return f"{''.join(MARK[one.axes[axis]] for axis in Axis)} {one.clause.number} {one.clause.title}"


def _axes(one: Assessment) -> str:
    return ", ".join(f"{axis} {one.axes[axis]}" for axis in Axis)


def _counts(assessed: Sequence[Assessment]) -> str:
    """“12 of 135 axes conforming, 3 stale, …”: of each status that there is."""
    every = [status for one in assessed for status in one.axes.values()]
    found = [(status, every.count(status)) for status in Status]
    first = f"{every.count(Status.CONFORMING)} of {len(every)} axes conforming"
    return (
        ", ".join(
            [first, *(f"{count} {status}" for status, count in found if count and status is not Status.CONFORMING)]
        )
        + "."
    )


def _in_words(found: Preparation) -> str:
    gaps = "\n".join(f"{one.clause} {one.axis}: {one.status}. {one.mend}" for one in found.gaps)
    return kit.esc(
        f"{TITLE}. Step {int(found.path.step)} of 7: {found.path.step.title}.\n{_counts(found.assessed)}\n{gaps}"
    )
