"""A week as a picture: lanes by service, days from left to right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from bot.rules.calendar.calendar import Entry, EntryKind, packed, place
from bot.rules.calendar.page import Page
from handlers.calendar.views import canvas as calendar_canvas
from handlers.calendar.views import drawing
from handlers.calendar.views.canvas import Canvas
from handlers.calendar.views.drawing import BAR, BODY, COLUMN, DAYS, HEAD, LEGEND, MARGIN, SMALL, WIDTH

LANE, ROW = 44, 48
LEAST = 14
"""The least width of a bar: an hour of a week must be seen."""
ROWS_MOST = 24


@dataclass(frozen=True)
class _Lane:
    """A service's entries, with the row of each."""

    service: str
    """Its key; "" for what concerns all."""
    entries: Sequence[Entry]
    rows: Sequence[int]

    @property
    def height(self) -> int:
        return LANE + ROW * (max(self.rows, default=0) + 1) + 12


def week(page: Page) -> Canvas:
    lanes = [_lane(page, key) for key in _services(page)]
    body = sum(one.height for one in lanes) or 3 * ROW
    bottom = HEAD + DAYS + body
    canvas = Canvas(WIDTH, bottom + LEGEND)
    tops = list(accumulate((one.height for one in lanes), initial=HEAD + DAYS))
    for lane, top in zip(lanes, tops, strict=False):
        _windows(canvas, page, lane.service, (top, top + lane.height))
    _days(canvas, page, bottom)
    _now(canvas, page, bottom)
    for lane, top in zip(lanes, tops, strict=False):
        _draw(canvas, page, lane, top)
    if not lanes:
        canvas.write(MARGIN + 18, bottom - body / 2, "Nothing is planned.", BODY, calendar_canvas.SOFT)
    drawing.frame(canvas, page, bottom)
    return canvas


def _draw(canvas: Canvas, page: Page, lane: _Lane, top: int) -> None:
    name = page.services.get(lane.service, lane.service) if lane.service else "All services"
    canvas.write(
        MARGIN + 8,
        top + LANE / 2,
        calendar_canvas.fitted(name, SMALL, WIDTH / 2),
        SMALL,
        calendar_canvas.SOFT,
        bold=True,
    )
    for entry, row in zip(lane.entries, lane.rows, strict=True):
        _stroke(canvas, page, entry, top + LANE + ROW * row)
    canvas.line((MARGIN, top + lane.height), (WIDTH - MARGIN, top + lane.height))


def _services(page: Page) -> list[str]:
    """Those with something in them, in the policy's order; what concerns all comes first."""
    used = {_service_of(page, one) for one in page.entries}
    known = ["", *page.services]
    return [key for key in known if key in used] + sorted(used.difference(known))


def _service_of(page: Page, entry: Entry) -> str:
    """The lane that it is drawn in."""
    if page.look.service in entry.services:
        return page.look.service or ""
    return entry.services[0] if entry.services else ""


def _lane(page: Page, service: str) -> _Lane:
    found = [(*_extent(page, one), one) for one in page.entries if _service_of(page, one) == service]
    found.sort(key=lambda one: one[:2])
    rows = packed((begin, end + 10) for begin, end, _ in found)
    kept = [(one, row) for (_, _, one), row in zip(found, rows, strict=True) if row < ROWS_MOST]
    return _Lane(service, [one for one, _ in kept], [row for _, row in kept])


def _x(page: Page, at: datetime) -> float:
    return MARGIN + COLUMN * place(at, page.midnights)


def _ends(page: Page, entry: Entry) -> tuple[float, float]:
    left, right = _x(page, entry.starts_at), _x(page, entry.ends_at)
    left = min(left, WIDTH - MARGIN - LEAST)
    return left, max(right, left + LEAST)


def _label(entry: Entry) -> str:
    return calendar_canvas.fitted(drawing.label(entry), BODY, 3 * COLUMN)


def _warned(page: Page, entry: Entry) -> int:
    return BODY + 8 if page.collides(entry) else 0


def _extent(page: Page, entry: Entry) -> tuple[float, float]:
    """From where to where it takes room: its words stand within the bar, behind it, or before it."""
    left, right = _ends(page, entry)
    words = calendar_canvas.width_of(_label(entry), BODY) + _warned(page, entry) + 24
    if words <= right - left:
        return left, right
    return (left, right + words) if right + words <= WIDTH - MARGIN else (left - words, right)


def _stroke(canvas: Canvas, page: Page, entry: Entry, top: float) -> None:
    left, right = _ends(page, entry)
    begin, end = _extent(page, entry)
    box = (left, top, right, top + BAR)
    inside = (begin, end) == (left, right)
    drawing.bar(canvas, entry, box)
    x = left + 12 if inside else right + 10 if end > right else begin + 6
    middle = top + BAR / 2
    if warned := _warned(page, entry):
        canvas.warn(x, middle, BODY)
    on_dark = inside and entry.kind is not EntryKind.FREEZE
    canvas.write(x + warned, middle, _label(entry), BODY, calendar_canvas.PAPER if on_dark else calendar_canvas.INK)


def _windows(canvas: Canvas, page: Page, lane: str, across: tuple[float, float]) -> None:
    """What freezes or maintenance lie behind a lane."""
    for kind, draw in _BEHIND.items():
        for one in page.entries:
            if one.kind is kind and (not one.services or lane in one.services):
                left, right = _ends(page, one)
                draw(canvas, (left, across[0], right, across[1]))


def _tint(canvas: Canvas, box: calendar_canvas.Box) -> None:
    canvas.fill(box, calendar_canvas.MAINTENANCE_PAPER)


_BEHIND: Mapping[EntryKind, Callable[[Canvas, calendar_canvas.Box], None]] = {
    EntryKind.MAINTENANCE: _tint,
    EntryKind.FREEZE: drawing.hatch,
}


def _days(canvas: Canvas, page: Page, bottom: float) -> None:
    """The week's days above their columns; today stands out."""
    for n, day in enumerate(page.look.days):
        left = MARGIN + COLUMN * n
        canvas.line((left, HEAD), (left, bottom))
        drawing.day(canvas, page, day, f"{day:%a} {day.day}", left, HEAD + DAYS / 2, BODY)
    canvas.line((WIDTH - MARGIN, HEAD), (WIDTH - MARGIN, bottom))
    canvas.line((MARGIN, HEAD + DAYS), (WIDTH - MARGIN, HEAD + DAYS))


def _now(canvas: Canvas, page: Page, bottom: float) -> None:
    if page.midnights[0] <= page.now < page.midnights[-1]:
        x = _x(page, page.now)
        canvas.line((x, HEAD + DAYS), (x, bottom), calendar_canvas.NOW, 4)
        canvas.draw.ellipse((x - 8, HEAD + DAYS - 8, x + 8, HEAD + DAYS + 8), fill=calendar_canvas.NOW)
