"""The picture of an impact, painted. Imports Pillow only where one is asked for."""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.rules.configuration_item.diagram import Arrow, Box, Diagram, Look
from bot.rules.record.text import shorten

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

WIDE, HIGH, GAP_X, GAP_Y, EDGE, HEAD = 250, 64, 110, 26, 30, 64
PAPER, INK, SOFT, LINE, BADGE = "#ffffff", "#1d1c1d", "#616061", "#b8bcc2", "#1264a3"
COLOUR = {
    Look.FAILED: ("#7a0d2b", "#f7d9e1"),
    Look.DOWN: ("#c62828", "#fdeaea"),
    Look.DEGRADED: ("#b26a00", "#fff3dc"),
    Look.SAFE: ("#0b7a4b", "#e2f5eb"),
}
"""Of the frame and mark, and of the paper."""


def png(drawn: Diagram) -> bytes:
    from PIL import Image, ImageDraw

    width = 2 * EDGE + drawn.columns * WIDE + (drawn.columns - 1) * GAP_X
    height = HEAD + 2 * EDGE + drawn.rows * (HIGH + GAP_Y)
    image = Image.new("RGB", (max(width, 760), height), PAPER)
    pen = ImageDraw.Draw(image)
    _legend(pen)
    for arrow in sorted(drawn.arrows, key=lambda one: one.bold):
        _arrow(pen, *_way(drawn, arrow), bold=arrow.bold)
    for arrow in drawn.arrows:
        _note(pen, _way(drawn, arrow)[0][-2], arrow)
    for box in drawn.boxes:
        _box(pen, box)
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _corner(box: Box) -> tuple[int, int]:
    return EDGE + box.column * (WIDE + GAP_X), HEAD + EDGE + box.row * (HIGH + GAP_Y)


def _box(pen: "ImageDraw", box: Box) -> None:
    """A service has a frame twice as thick; what is folded, a second one behind it."""
    left, top = _corner(box)
    ink, paper = COLOUR[box.look]
    if box.below == "folded":
        pen.rounded_rectangle(
            (left + 6, top + 6, left + WIDE + 6, top + HIGH + 6), 10, fill=PAPER, outline=LINE, width=2
        )
    width = 5 if box.is_service else 2
    pen.rounded_rectangle((left, top, left + WIDE, top + HIGH), 10, fill=paper, outline=ink, width=width)
    _mark(pen, left + 26, top + HIGH // 2, box.look)
    room = 15 if box.badge else 19
    pen.text((left + 48, top + 21), shorten(box.label, room), font=_font(19), fill=INK, anchor="lm")
    pen.text((left + 48, top + 45), shorten(box.below, 24), font=_font(15), fill=SOFT, anchor="lm")
    if box.badge:
        pen.rounded_rectangle((left + WIDE - 78, top + 8, left + WIDE - 8, top + 32), 8, fill=BADGE)
        pen.text((left + WIDE - 43, top + 20), shorten(box.badge, 8), font=_font(13), fill=PAPER, anchor="mm")


def _mark(pen: "ImageDraw", x: int, y: int, look: Look) -> None:
    """A cross, a square, a triangle, a circle: for who does not see the colours."""
    ink, size = COLOUR[look][0], 11
    if look is Look.FAILED:
        for end in (1, -1):
            pen.line([(x - size, y - size * end), (x + size, y + size * end)], fill=ink, width=6)
    elif look is Look.DOWN:
        pen.rectangle((x - size, y - size, x + size, y + size), fill=ink)
    elif look is Look.DEGRADED:
        pen.polygon([(x - size, y + size), (x + size, y + size), (x, y - size)], fill=ink)
    else:
        pen.ellipse((x - size, y - size, x + size, y + size), fill=ink)


def _way(drawn: Diagram, arrow: Arrow) -> tuple[list[tuple[int, int]], int]:
    """From the right of one box to the left of the other, and to which side it points.

    What lies between two columns is passed below its boxes; within a column, or back, it goes around the outside.
    """
    start, end = drawn.boxes[arrow.start], drawn.boxes[arrow.end]
    (left, top), (to, under) = _corner(start), _corner(end)
    a, b = (left + WIDE, top + HIGH // 2), (to, under + HIGH // 2)
    if end.column <= start.column:
        b = (to + WIDE, under + HIGH // 2)
        return [a, (a[0] + GAP_X // 4, a[1]), (b[0] + GAP_X // 4, b[1]), b], 1
    turn, back = a[0] + GAP_X // 3, b[0] - GAP_X // 3
    if end.column == start.column + 1:
        return [a, (turn, a[1]), (back, b[1]), b], -1
    lane = under + HIGH + GAP_Y // 2
    return [a, (turn, lane), (back, lane), (back, b[1]), b], -1


def _arrow(pen: "ImageDraw", points: list[tuple[int, int]], side: int, *, bold: bool) -> None:
    colour, width, (x, y) = (INK, 5, points[-1]) if bold else (LINE, 2, points[-1])
    pen.line(points, fill=colour, width=width, joint="curve")
    pen.polygon([(x, y), (x + side * 14, y - 8), (x + side * 14, y + 8)], fill=colour)


def _note(pen: "ImageDraw", at: tuple[int, int], arrow: Arrow) -> None:
    if arrow.note:
        x, y = at
        pen.rounded_rectangle(
            (x - 18, y - 11, x + 18, y + 11), 6, fill=PAPER, outline=INK if arrow.bold else LINE, width=2
        )
        pen.text((x, y), arrow.note, font=_font(14), fill=INK, anchor="mm")


def _legend(pen: "ImageDraw") -> None:
    x = EDGE
    for look in Look:
        _mark(pen, x + 11, EDGE + 8, look)
        pen.text((x + 32, EDGE + 8), look, font=_font(17), fill=INK, anchor="lm")
        x += 56 + int(pen.textlength(look, font=_font(17)))
    pen.text((x + 6, EDGE + 8), "1/2: one of two is needed", font=_font(17), fill=SOFT, anchor="lm")


@lru_cache(maxsize=8)
def _font(size: int) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont

    return ImageFont.load_default(size)
