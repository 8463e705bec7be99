"""Figures of a report as bars, painted as they were told. Imports Pillow only where one is asked for.

A file that is painted is shown by every workspace, also by those that do not draw Slack's own charts yet.
"""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.rules.record.text import shorten
from bot.rules.report.issue import Content
from bot.rules.report.measures.measure import Unit

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

SHOWN_MOST = 20
WIDE, LABEL, VALUE, ROW, EDGE, HEAD = 980, 330, 210, 40, 28, 92
PAPER, INK, SOFT, LINE, NOW, BEFORE = "#ffffff", "#1d1c1d", "#616061", "#e6e8eb", "#1264a3", "#b8bcc2"
OF_ALL = (Unit.SHARE, Unit.AVAILABILITY)
"""What has a whole: its bar is as long as its share of that. Another's is as long as its share of the longer one."""


def known(content: Content) -> list[Content]:
    """What can be drawn: a value that is not known is left out, and not drawn as 0."""
    return [one for one in content["figures"] if one["value"] is not None][:SHOWN_MOST]


def words(content: Content) -> str:
    """The same for who hears it."""
    return "; ".join(f"{one['title']}: {one['shown']} (before {one['shown_before']})" for one in known(content))


def png(title: str, content: Content) -> bytes:
    from PIL import Image, ImageDraw

    rows = known(content)
    image = Image.new("RGB", (WIDE, HEAD + EDGE + ROW * max(len(rows), 1)), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((EDGE, 34), shorten(title, 70), font=_font(24), fill=INK, anchor="lm")
    _key(pen)
    for place, one in enumerate(rows):
        _row(pen, HEAD + place * ROW, one)
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _key(pen: "ImageDraw") -> None:
    for x, colour, height, said in ((EDGE, NOW, 14, "this time"), (EDGE + 130, BEFORE, 6, "the time before")):
        pen.rectangle((x, 69 - height // 2, x + 22, 69 + height // 2), fill=colour)
        pen.text((x + 30, 69), said, font=_font(16), fill=SOFT, anchor="lm")


def _row(pen: "ImageDraw", top: int, one: Content) -> None:
    """The bar of this time is thick, that of the time before thin: for who does not see the colours."""
    middle, left, right = top + ROW // 2, EDGE + LABEL, WIDE - EDGE - VALUE
    pen.line((EDGE, top, WIDE - EDGE, top), fill=LINE)
    pen.text((EDGE, middle), shorten(one["title"], 38), font=_font(16), fill=INK, anchor="lm")
    pen.text((right + 16, middle), shorten(one["shown"], 26), font=_font(16), fill=INK, anchor="lm")
    now, before = one["value"], one["before"]
    whole = 1.0 if one["unit"] in OF_ALL else max(now, before or 0.0)
    for value, colour, ends in ((now, NOW, (-11, 3)), (before, BEFORE, (6, 11))):
        if value is not None and whole:
            length = round((right - left) * min(value / whole, 1.0))
            pen.rectangle((left, middle + ends[0], left + max(length, 2), middle + ends[1]), fill=colour)


@lru_cache(maxsize=8)
def _font(size: int) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont

    return ImageFont.load_default(size)
