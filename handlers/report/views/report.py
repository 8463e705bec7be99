"""Figures as people see them: a table of all, and one with its records. The same stands in words beside it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.policy.policy import Policy
from bot.rules.report import wording
from bot.rules.report.figures import Figure
from bot.rules.report.measures.measure import Measure, Unit
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period
from bot.usecases.report.figures import Answer
from bot.usecases.report.reports import Opened, Report
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action
from handlers.report.views.charts import charts

LISTED = 100
"""References that are listed under one heading; the terminal has them all."""
HEADINGS = ("Figure", "This time", "Before", "n", "Left out")
LINES = 10
"""Sentences of a section."""
PAGE = 50
"""Rows of a table that are shown at once: all of them."""


def report(found: Report, *, with_charts: bool = False, painted: bool = False) -> Message:
    """With a table, which some workspaces do not draw yet: `words` is for those. `painted`: instead of charts."""
    rows = [_row(one, found.earlier[one.measure.name]) for one in found.answers]
    drawn = charts(found.answers, found.earlier) if with_charts else ()
    blocks = [kit.header(title(found)), kit.context(_covers(found)), *drawn, _table(title(found), rows)]
    return Message(_in_words(found), [*blocks, *_beneath(found, painted=painted)])


def has_charts(found: Report) -> bool:
    return any(charts(found.answers, found.earlier))


def words(found: Report, *, painted: bool = False) -> Message:
    """The same without a table."""
    lines = [kit.esc(_said(one, found.earlier[one.measure.name])) for one in found.answers]
    said = [kit.section("\n".join(lines[at : at + LINES])) for at in range(0, len(lines), LINES)]
    blocks = [kit.header(title(found)), kit.context(_covers(found)), *said, *_beneath(found, painted=painted)]
    return Message(_in_words(found), blocks)


def figure(found: Opened) -> Message:
    title = _figure_title(found)
    return Message(title, [kit.header(title), *_figure(found)])


def figure_view(found: Opened) -> View:
    return kit.list_view("Figure", [kit.header(_figure_title(found)), *_figure(found)])


def definition(measure: Measure) -> Message:
    said = "\n".join(f"*{heading}*: {kit.esc(text)}" for heading, text in wording.definition(measure))
    name = kit.context(f"`/report figure {measure.name}` shows it.")
    return Message(f"How “{measure.title}” is counted", [kit.header(measure.title), kit.section(said), name])


def measures() -> Message:
    said = "\n".join(f"`{one.name}`: {one.title}" for one in MEASURES.values())
    more = kit.context("`/report define NAME` says how one is counted, `/report figure NAME` shows it.")
    return Message("The figures", [kit.header("Figures"), kit.section(said), more])


def opened_by(value: str) -> tuple[str, Period, str | None]:
    """The name, the period and the service of a menu's option. Raises ValueError."""
    name, begin, end, service = (*value.split(" "), "")[:4]
    start, stop = (datetime.fromtimestamp(int(at), tz=ZoneInfo("UTC")) for at in (begin, end))
    return name, Period(start, stop), service or None


def _option(one: Answer, service: str | None) -> Block:
    period = one.figure.period
    begin, end = (int(at.timestamp()) for at in (period.start, period.end))
    return kit.option(one.measure.title, f"{one.measure.name} {begin} {end} {service or ''}".strip())


def title(found: Report) -> str:
    about = found.policy.service_name(found.asked.service) if found.asked.service else "all services"
    return f"Figures of {about}: {_dates(found.period, found.zone)}"


def _dates(period: Period, zone: ZoneInfo) -> str:
    """The first and the last day, by the reader's clocks."""
    first, last = period.start.astimezone(zone), (period.end - timedelta(microseconds=1)).astimezone(zone)
    return f"{first:%-d %b %Y} to {last:%-d %b %Y}"


def _covers(found: Report) -> str:
    as_of = found.answers[0].figure.as_of
    every = found.asked.every
    which = f"The {'whole' if found.asked.first else 'last whole'} {every}, beside the {every} before"
    if found.asked.runs(as_of, found.zone):
        which = f"This {every} so far, beside as much of the {every} before"
    return (
        f"{which}, by your clocks ({kit.esc(found.zone.key)}). "
        f"As known {kit.when(as_of)}. Private incidents count where you may see them."
    )


def _row(one: Answer, earlier: Figure) -> Sequence[str]:
    measure, now = one.measure, one.figure
    left = wording.left_out(now).removeprefix("Left out: ")
    return (measure.title, _shown(measure, now), _shown(measure, earlier), str(now.n), left or "–")


def _shown(measure: Measure, found: Figure) -> str:
    headline = wording.headline(measure, found)
    if measure.unit is Unit.SECONDS and found.n:
        return f"{headline} (90 %: {wording.amount(Unit.SECONDS, found.p90)})"
    return headline


def _said(one: Answer, earlier: Figure) -> str:
    """“Time to restore: median 2 h, …; before 3 h.”"""
    sentence = wording.sentence(one.measure, one.figure).removesuffix(".")
    return f"{sentence}; before: {wording.headline(one.measure, earlier)}."


def _in_words(found: Report) -> str:
    lines = (kit.esc(_said(one, found.earlier[one.measure.name])) for one in found.answers)
    return "\n".join([kit.esc(title(found)), *lines])


def _table(caption: str, rows: Sequence[Sequence[str]]) -> Block:
    """Slack: “Data table block”. The first row is the header."""
    drawn = [[{"type": "raw_text", "text": cell} for cell in row] for row in (HEADINGS, *rows)]
    return {"type": "data_table", "caption": caption, "rows": drawn, "page_size": PAGE}


def _beneath(found: Report, *, painted: bool) -> Iterator[Block]:
    if painted:
        yield kit.context(":bar_chart: A picture of the figures is on its way to your direct messages with me.")
    menu = kit.select(_option(one, found.asked.service) for one in found.answers)
    yield kit.actions(menu | {"action_id": Action.FIGURE_OPEN, "placeholder": kit.plain("Open the records of…")})
    yield kit.context(
        "A time is the median; behind “90 %” stands what nine of ten took at most. `/report define NAME` says more."
    )


def _figure_title(found: Opened) -> str:
    about = f" of {found.policy.service_name(found.service)}" if found.service else ""
    return f"{found.answer.measure.title}{about}: {_dates(found.answer.figure.period, found.zone)}"


def _figure(found: Opened) -> Iterator[Block]:
    measure, shown = found.answer.measure, found.answer.figure
    yield kit.section(kit.esc(wording.sentence(measure, shown)))
    if measure.unit is Unit.OPEN and shown.n:
        yield kit.section("*By age*: " + ", ".join(f"{count} {name}" for name, count in wording.ages(shown).items()))
    parts = found.answer.parts or {}
    if len(parts) > 1:
        yield kit.section("\n".join(_part(measure, found.policy, key, one) for key, one in parts.items()))
    if measure.unit is Unit.SHARE:
        yield from _records(measure.marks.capitalize(), [(ref, "") for ref in shown.numerator])
        yield from _records("The others", [(ref, "") for ref in shown.others])
    else:
        unit = Unit.SECONDS if measure.unit is Unit.OPEN else measure.unit
        plain = measure.unit in (Unit.NUMBER, Unit.A_WEEK)
        said = [(ref, "" if plain else f" ({wording.amount(unit, value)})") for ref, value in shown.counted]
        yield from _records("Counted", said)
    for reason, refs in shown.left_out.items():
        yield from _records(f"Left out, {reason}", [(ref, "") for ref in refs], measure.leaves_out[reason])
    yield kit.context(f"As known {kit.when(shown.as_of)}. `/report define {measure.name}` says how it is counted.")


def _part(measure: Measure, policy: Policy, service: str, one: Figure) -> str:
    return f"*{kit.esc(policy.service_name(service))}*: {kit.esc(wording.headline(measure, one))} (n = {one.n})"


def _records(heading: str, refs: Sequence[tuple[str, str]], why: str = "") -> Iterator[Block]:
    if not refs:
        return
    more = f" and {len(refs) - LISTED} more" if len(refs) > LISTED else ""
    said = ", ".join(f"{ref}{value}" for ref, value in refs[:LISTED])
    yield kit.section(f"*{heading}* ({len(refs)}): {said}{more}" + (f"\n_{kit.esc(why)}_" if why else ""))
