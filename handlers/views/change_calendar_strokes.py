"""The strokes that the week's and the month's picture share: bars, days, the frame with its legend."""

from collections.abc import Mapping
from datetime import date

from bot.rules.change_calendar import Entry, EntryKind
from bot.rules.change_calendar_page import Page
from bot.rules.change_flow import ChangeState
from handlers.views import change_calendar_paint as paint
from handlers.views.change_calendar_paint import Box, Canvas

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
    ("maintenance", paint.MAINTENANCE),
    ("major incident", paint.WARNING),
)


def colour(entry: Entry) -> str:
    match entry.kind:
        case EntryKind.CHANGE:
            return COLOURS[entry.state]
        case EntryKind.FREEZE:
            return paint.FREEZE
        case EntryKind.MAINTENANCE:
            return paint.MAINTENANCE
        case EntryKind.MAJOR:
            return paint.WARNING


def label(entry: Entry) -> str:
    """What stands on or beside its bar."""
    if entry.kind is EntryKind.FREEZE:
        return f"{entry.name} ({'hard' if entry.hard else 'soft'} freeze)"
    return f"Held: {entry.name}" if entry.held else entry.name


def bar(canvas: Canvas, entry: Entry, box: Box) -> None:
    if entry.kind is EntryKind.FREEZE:
        canvas.fill(box, paint.FREEZE_PAPER)
        canvas.frame(box, paint.FREEZE)
        left, top, _, bottom = box
        canvas.fill((left, top, left + 8, bottom), paint.FREEZE)
    else:
        canvas.bar(box, colour(entry), paint.WARNING if entry.held else None)


def hatch(canvas: Canvas, box: Box) -> None:
    canvas.hatched(box, paint.PAPER, paint.HATCHING)


def day(canvas: Canvas, page: Page, day: date, text: str, left: float, middle: float, size: int) -> None:
    is_today = day == page.today
    if is_today:
        width = paint.width_of(text, size)
        canvas.bar((left + 6, middle - size * 0.7, left + 30 + width, middle + size * 0.7), paint.TODAY)
    canvas.write(left + 18, middle, text, size, paint.PAPER if is_today else paint.INK, bold=is_today)


def frame(canvas: Canvas, page: Page, bottom: float) -> None:
    """Title, zone and legend."""
    name = page.look.name().removeprefix("the week of ")
    canvas.write(MARGIN, 44, f"Changes, {name}", TITLE, bold=True)
    service = f"{page.services.get(page.look.service, page.look.service)} only, " if page.look.service else ""
    drawn = page.now.astimezone(page.zone)
    told = f"{service}times in {page.zone.key}, as of {drawn:%a} {drawn.day} {drawn:%B, %H:%M}"
    canvas.write(MARGIN, 98, paint.fitted(told, SMALL, WIDTH - 2 * MARGIN), SMALL, paint.SOFT)
    x, middle = float(MARGIN), bottom + LEGEND / 2
    for text, fill in _LEGEND:
        canvas.bar((x, middle - 12, x + 24, middle + 12), fill)
        x = _named(canvas, text, x + 32, middle)
    canvas.hatched((x, middle - 12, x + 24, middle + 12), paint.FREEZE_PAPER, paint.FREEZE)
    x = _named(canvas, "freeze", x + 32, middle)
    canvas.warn(x, middle, 24)
    _named(canvas, "collides", x + 32, middle)


def _named(canvas: Canvas, text: str, x: float, middle: float) -> float:
    canvas.write(x, middle, text, SMALL - 4, paint.SOFT)
    return x + paint.width_of(text, SMALL - 4) + 22
