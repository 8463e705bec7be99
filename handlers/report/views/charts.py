"""Figures as Slack's own charts (Slack: “Data visualization block”): a value that is not known is not drawn as 0."""

from collections.abc import Iterator, Mapping, Sequence

from bot.rules.record.text import shorten
from bot.rules.report import wording
from bot.rules.report.figures import Figure
from bot.usecases.report.figures import Answer
from handlers.blocks.kit import Block

LABEL_MOST = 20
TITLE_MOST = 50
NAMES = {
    "response-kept": "Responses kept",
    "resolution-kept": "Resolutions kept",
    "first-time-fix": "First-time fix",
    "change-success": "Changes as planned",
    "requests-in-time": "Requests in time",
}
"""Shares of which higher is better, by what a chart calls them."""
HUNDRED = 100


def charts(answers: Sequence[Answer], earlier: Mapping[str, Figure]) -> Iterator[Block]:
    """None, where nothing is known."""
    figures = {one.measure.name: one.figure for one in answers}
    yield from _shares(figures, earlier)
    backlog = next((one.figure for one in answers if one.measure.name == "backlog" and one.figure.n), None)
    if backlog is not None:
        yield bars("Open incidents by age", {"Open": dict(wording.ages(backlog))}, "incidents")


def _shares(figures: Mapping[str, Figure], earlier: Mapping[str, Figure]) -> Iterator[Block]:
    """This time beside the time before, where both are known of all that is drawn; else this time alone."""
    now = {name: one.value for key, name in NAMES.items() if (one := figures.get(key)) and one.value is not None}
    before = {NAMES[key]: one.value for key, one in earlier.items() if key in NAMES and one.value is not None}
    if not now:
        return
    series = {"This time": _percent(now)}
    if now.keys() <= before.keys():
        series["Before"] = _percent({name: before[name] for name in now})
    yield bars("What went as promised, in per cent", series, "per cent")


def bars(title: str, series: Mapping[str, Mapping[str, float]], y_label: str) -> Block:
    """All series have the same labels."""
    labels = list(next(iter(series.values())))
    data = [
        {"name": shorten(name, LABEL_MOST), "data": [{"label": one, "value": values[one]} for one in labels]}
        for name, values in series.items()
    ]
    axes = {"categories": labels, "y_label": y_label}
    chart = {"type": "bar", "series": data, "axis_config": axes}
    return {"type": "data_visualization", "title": shorten(title, TITLE_MOST), "chart": chart}


def _percent(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value * HUNDRED, 1) for name, value in values.items()}
