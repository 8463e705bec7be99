"""The data visualization block (Slack: “Data visualization block”), held to the lowest limits that are published."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.blocks.checks import below, fault, listing, number, record, text, typed
from bot.sandbox.blocks.objects import KIND

LABEL_MOST = 20
SERIES_MOST = 6
CATEGORIES_MOST = 20
TITLE_MOST = 50
CHARTS_MOST = 2
"""In one message."""


def _segments(chart: Any, at: str) -> Iterator[str]:
    for n, one in enumerate(chart["segments"]):
        if one["value"] <= 0:
            yield fault(below(below(below(at, "segments"), n), "value"), "must be more than 0")


def _series(chart: Any, at: str) -> Iterator[str]:
    """Each series has one point for each category, and a name of its own."""
    categories = chart["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        yield fault(below(below(at, "axis_config"), "categories"), "must be unique")
    names = [one["name"] for one in chart["series"]]
    for n, one in enumerate(chart["series"]):
        where = below(below(at, "series"), n)
        if sorted(point["label"] for point in one["data"]) != sorted(categories):
            yield fault(below(where, "data"), "must have one point for each category")
        if names.index(one["name"]) != n:
            yield fault(below(where, "name"), "must be unique")


_POINT = record({"label": text(LABEL_MOST), "value": number}, {})
_AXES = {"x_label": text(50), "y_label": text(50)}
_PLOTTED = record(
    {
        "type": KIND,
        "series": listing(
            record({"name": text(LABEL_MOST), "data": listing(_POINT, CATEGORIES_MOST)}, {}), SERIES_MOST
        ),
        "axis_config": record({"categories": listing(text(LABEL_MOST), CATEGORIES_MOST)}, _AXES),
    },
    {},
    _series,
)
_PIE = record({"type": KIND, "segments": listing(_POINT, SERIES_MOST)}, {}, _segments)
CHART = typed({"pie": _PIE, "bar": _PLOTTED, "area": _PLOTTED, "line": _PLOTTED}, "chart in a data_visualization block")


def few_charts(blocks: Any, at: str) -> Iterator[str]:
    """At most two a message."""
    found = [n for n, block in enumerate(blocks) if block["type"] == "data_visualization"]
    yield from (fault(below(at, n), f"no more than {CHARTS_MOST} in a message") for n in found[CHARTS_MOST:])


def lines(block: Any) -> Iterator[str]:
    """What a chart says to who reads it: each value with its label."""
    yield str(block["title"])
    chart = block["chart"]
    if chart["type"] == "pie":
        yield ", ".join(f"{one['label']}: {one['value']:g}" for one in chart["segments"])
    for one in chart.get("series", ()):
        yield f"{one['name']}: " + ", ".join(f"{point['label']}: {point['value']:g}" for point in one["data"])
