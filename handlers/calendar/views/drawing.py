"""What the week's and the month's picture share: bars, days, the frame with its legend."""

from collections.abc import Mapping
from datetime import date

from bot.rules.calendar.calendar import Entry, EntryKind
from bot.rules.calendar.page import Page
from bot.rules.change.flow import ChangeState
from handlers.calendar.views import canvas as calendar_canvas
from handlers.calendar.views.canvas import Box, Canvas

WIDTH, MARGIN = 1600, 32
"""Pixels. Slack shows a picture some 500 wide, so letters are made three times as large as they will be."""
COLUMN = (WIDTH - 2 * MARGIN) / 7
TITLE, BODY, SMALL = 46, 30, 26
HEAD, DAYS, LEGEND = 128, 56, 76
BAR = 36

COLOURS: Mapping[str, str] = {
    **dict.fromkeys((ChangeState.DRAFT, ChangeState.CLOSED, ChangeState.CANCELLED), "#8a94a0"),
    **dict.fromkeys((ChangeState.SUBMITTED, ChangeState.ASSESS, ChangeState.AUTHORISE), "#b7791f"),
    ChangeState.SCHEDULED: "#2a7d4f",
    ChangeState.IMPLEMENTING: "#2563c9",
    ChangeState.REVIEW: "#7d4bc8",
}
_LEGEND = (
    ("to be approved", COLOURS[ChangeState.AUTHORISE]),
    ("scheduled", COLOURS[ChangeState.SCHEDULED]),
    ("under way", COLOURS[ChangeState.IMPLEMENTING]),
    ("in review", COLOURS[ChangeState.REVIEW]),
    ("closed", COLOURS[ChangeState.CLOSED]),
    ("maintenance", calendar_canvas.MAINTENANCE),
    ("major incident", calendar_canvas.WARNING),
)


def colour(entry: Entry) -> str:
    match entry.kind:
        case EntryKind.CHANGE:
            return COLOURS[entry.state]
        case EntryKind.FREEZE:
            return calendar_canvas.FREEZE
        case EntryKind.MAINTENANCE:
            return calendar_canvas.MAINTENANCE
        case EntryKind.MAJOR:
            return calendar_canvas.WARNING


def label(entry: Entry) -> str:
    """What stands on or beside its bar."""
    if entry.kind is EntryKind.FREEZE:
        return f"{entry.name} ({'hard' if entry.hard else 'soft'} freeze)"
    stands = " (missed)" if entry.missed else " (held)" if entry.held else ""
    return f"{entry.ref}{stands} {entry.title}".strip()


def bar(canvas: Canvas, entry: Entry, box: Box) -> None:
    if entry.kind is EntryKind.FREEZE:
        canvas.fill(box, calendar_canvas.FREEZE_PAPER)
        canvas.frame(box, calendar_canvas.FREEZE)
        left, top, _, bottom = box
        canvas.fill((left, top, left + 8, bottom), calendar_canvas.FREEZE)
    else:
        canvas.bar(box, colour(entry), calendar_canvas.WARNING if entry.held or entry.missed else None)


def hatch(canvas: Canvas, box: Box) -> None:
    canvas.hatched(box, calendar_canvas.PAPER, calendar_canvas.HATCHING)


def day(canvas: Canvas, page: Page, day: date, text: str, left: float, middle: float, size: int) -> None:
    is_today = day == page.today
    if is_today:
        width = calendar_canvas.width_of(text, size)
        canvas.bar((left + 6, middle - size * 0.7, left + 30 + width, middle + size * 0.7), calendar_canvas.TODAY)
    canvas.write(
        left + 18, middle, text, size, calendar_canvas.PAPER if is_today else calendar_canvas.INK, bold=is_today
    )


def frame(canvas: Canvas, page: Page, bottom: float) -> None:
    """Title, zone and legend."""
    name = page.look.name().removeprefix("the week of ")
    canvas.write(MARGIN, 44, f"Changes, {name}", TITLE, bold=True)
    service = f"{page.services.get(page.look.service, page.look.service)} only, " if page.look.service else ""
    drawn = page.now.astimezone(page.zone)
    told = f"{service}times in {page.zone.key}, as of {drawn:%a} {drawn.day} {drawn:%B, %H:%M}"
    canvas.write(MARGIN, 98, calendar_canvas.fitted(told, SMALL, WIDTH - 2 * MARGIN), SMALL, calendar_canvas.SOFT)
    x, middle = float(MARGIN), bottom + LEGEND / 2
    for text, fill in _LEGEND:
        canvas.bar((x, middle - 12, x + 24, middle + 12), fill)
        x = _named(canvas, text, x + 32, middle)
    canvas.hatched((x, middle - 12, x + 24, middle + 12), calendar_canvas.FREEZE_PAPER, calendar_canvas.FREEZE)
    x = _named(canvas, "freeze", x + 32, middle)
    canvas.warn(x, middle, 24)
    _named(canvas, "collides", x + 32, middle)


def _named(canvas: Canvas, text: str, x: float, middle: float) -> float:
    canvas.write(x, middle, text, SMALL - 4, calendar_canvas.SOFT)
    return x + calendar_canvas.width_of(text, SMALL - 4) + 22
