"""A month as a picture: a grid of days, where what lasts runs through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.rules.calendar.calendar import Entry, EntryKind, midnight
from bot.rules.calendar.page import Page
from handlers.calendar.views import canvas as calendar_canvas
from handlers.calendar.views import drawing
from handlers.calendar.views.canvas import Box, Canvas
from handlers.calendar.views.drawing import BAR, COLUMN, DAYS, HEAD, LEGEND, MARGIN, SMALL, WIDTH

CHIPS = 4
"""Rows of entries that a week of the month has room for."""
CHIP, DATE, MORE = 42, 46, 32
"""Heights of a row of entries, of the day's number above them, of “+2 more” below."""


@dataclass(frozen=True)
class _Week:
    """Seven days side by side; what lasts runs through them."""

    days: Sequence[date]
    entries: Sequence[Entry]
    columns: Sequence[tuple[int, int]]
    """Of each entry, from its first day up to the one after its last."""
    rows: Sequence[int]

    def on(self, n: int) -> list[tuple[Entry, int]]:
        """What a day has, with its row."""
        found = zip(self.entries, self.columns, self.rows, strict=True)
        return [(one, row) for one, (begin, end), row in found if begin <= n < end]

    @property
    def height(self) -> int:
        used = max(self.rows, default=0) + 1
        return DATE + CHIP * min(max(used, 2), CHIPS) + (MORE if used > CHIPS else 8)


def month(page: Page) -> Canvas:
    weeks = [_laid(page, days) for days in page.look.weeks]
    bottom = HEAD + DAYS + sum(one.height for one in weeks)
    canvas = Canvas(WIDTH, bottom + LEGEND)
    for n, day in enumerate(weeks[0].days):
        canvas.write(MARGIN + COLUMN * n + 18, HEAD + DAYS / 2, f"{day:%A}", SMALL, calendar_canvas.SOFT)
    top = HEAD + DAYS
    for one in weeks:
        _draw(canvas, page, one, top)
        top += one.height
    drawing.frame(canvas, page, bottom)
    return canvas


def _laid(page: Page, days: Sequence[date]) -> _Week:
    edges = [midnight(day, page.zone) for day in [*days, days[-1] + timedelta(days=1)]]
    here = [one for one in page.entries if one.within(edges[0], edges[-1])]
    here.sort(key=lambda one: (one.kind is EntryKind.CHANGE, _columns(one, edges)))
    columns = [_columns(one, edges) for one in here]
    return _Week(days, here, columns, _rows(columns))


def _draw(canvas: Canvas, page: Page, week: _Week, top: int) -> None:
    for n, day in enumerate(week.days):
        left = MARGIN + COLUMN * n
        here = week.on(n)
        _cell(canvas, page, day, [one for one, _ in here], (left, top, left + COLUMN, top + week.height))
        if hidden := sum(row >= CHIPS for _, row in here):
            canvas.write(left + 18, top + week.height - MORE / 2, f"+{hidden} more", SMALL - 2, calendar_canvas.SOFT)
    for one, columns, row in zip(week.entries, week.columns, week.rows, strict=True):
        if row < CHIPS:
            _chip(canvas, page, one, columns, top + DATE + CHIP * row)


def _rows(spans: Sequence[tuple[int, int]]) -> list[int]:
    """The first row with room in all its columns, in the order given."""
    taken: list[set[int]] = []
    rows = []
    for begin, end in spans:
        row = next((n for n, columns in enumerate(taken) if columns.isdisjoint(range(begin, end))), len(taken))
        if row == len(taken):
            taken.append(set())
        taken[row].update(range(begin, end))
        rows.append(row)
    return rows


def _columns(entry: Entry, edges: Sequence[datetime]) -> tuple[int, int]:
    days = [n for n in range(7) if entry.within(edges[n], edges[n + 1])]
    return (days[0], days[-1] + 1) if days else (0, 0)


def _cell(canvas: Canvas, page: Page, day: date, entries: Sequence[Entry], box: Box) -> None:
    canvas.fill(box, calendar_canvas.PAPER if page.look.first <= day < page.look.until else calendar_canvas.OUTSIDE)
    if any(one.kind is EntryKind.FREEZE for one in entries):
        drawing.hatch(canvas, box)
    canvas.draw.rectangle(box, outline=calendar_canvas.LINE, width=2)
    left, top, _, _ = box
    drawing.day(canvas, page, day, str(day.day), left, top + DATE / 2, SMALL)


def _chip(canvas: Canvas, page: Page, entry: Entry, columns: tuple[int, int], top: float) -> None:
    left, right = MARGIN + COLUMN * columns[0] + 6, MARGIN + COLUMN * columns[1] - 6
    drawing.bar(canvas, entry, (left, top, right, top + BAR))
    warned = SMALL + 6 if page.collides(entry) else 0
    if warned:
        canvas.bar((left, top, left + SMALL + 12, top + BAR), calendar_canvas.PAPER, calendar_canvas.WARNING)
        canvas.warn(left + 6, top + BAR / 2, SMALL - 2)
    label = calendar_canvas.fitted(drawing.label(entry), SMALL, right - left - 24 - warned)
    ink = calendar_canvas.INK if entry.kind is EntryKind.FREEZE else calendar_canvas.PAPER
    canvas.write(left + 14 + warned, top + BAR / 2, label, SMALL, ink)
