"""An image to draw the calendar's picture on. Imports Pillow only where a picture is begun."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage
    from PIL.ImageFont import FreeTypeFont, ImageFont

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

PAPER, INK, SOFT, LINE = "#ffffff", "#1d1c1d", "#616061", "#dfe2e6"
OUTSIDE, TODAY, NOW = "#f4f5f7", "#1264a3", "#e01e5a"
FREEZE, FREEZE_PAPER, HATCHING = "#4a6fa5", "#e6edf7", "#c9d8ee"
MAINTENANCE, MAINTENANCE_PAPER = "#0b7a75", "#dff3f1"
WARNING = "#c62828"

RADIUS = 8
HATCH = 16
_PLAIN = str.maketrans({"–": "-", "—": "-", "×": "x", "‑": "-", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l"})


class Canvas:
    """What is drawn so far, and the few strokes that the calendar is made of."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image, ImageDraw

        self.width, self.height = width, height
        self._size, self._new = (width, height), Image.new
        self._pen: Callable[[PILImage], ImageDraw.ImageDraw] = ImageDraw.Draw
        self.image = self._new("RGB", self._size, PAPER)
        self.draw = self._pen(self.image)

    def fill(self, box: Box, colour: str) -> None:
        self.draw.rectangle(_ordered(box), fill=colour)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str = LINE, width: int = 2) -> None:
        self.draw.line([start, end], fill=colour, width=width)

    def bar(self, box: Box, colour: str, outline: str | None = None) -> None:
        self.draw.rounded_rectangle(_ordered(box), radius=RADIUS, fill=colour, outline=outline, width=4)

    def hatched(self, box: Box, paper: str, ink: str, *, width: int = 3) -> None:
        """Slanting lines, which meet those of the boxes beside it."""
        left, top, right, bottom = (int(edge) for edge in _ordered(box))
        mask, lines = self._new("L", self._size, 0), self._new("RGB", self._size, paper)
        self._pen(mask).rectangle((left, top, right, bottom), fill=255)
        pen, height = self._pen(lines), bottom - top
        for start in range(left - height - (left - height + bottom) % HATCH, right + HATCH, HATCH):
            pen.line([(start, bottom), (start + height, top)], fill=ink, width=width)
        self.image.paste(lines, (0, 0), mask)

    def frame(self, box: Box, colour: str) -> None:
        self.draw.rectangle(_ordered(box), outline=colour, width=3)

    def write(self, x: float, y: float, text: str, size: int, colour: str = INK, *, bold: bool = False) -> None:
        """From the left, half above and half below `y`."""
        if colour != PAPER:
            # Paper around the letters keeps them apart from a line or a hatching that they stand on.
            self.draw.text((x, y), text, font=_font(size), fill=PAPER, anchor="lm", stroke_width=4)
        self.draw.text((x, y), text, font=_font(size), fill=colour, anchor="lm", stroke_width=0.7 if bold else 0)

    def warn(self, x: float, y: float, size: float) -> None:
        """A triangle with an exclamation mark, from `x` on and around `y`."""
        half = size / 2
        self.draw.polygon([(x, y + half), (x + size, y + half), (x + half, y - half)], fill=WARNING)
        self.draw.line([(x + half, y - half * 0.2), (x + half, y + half * 0.4)], fill=PAPER, width=3)
        self.draw.ellipse((x + half - 2, y + half * 0.6, x + half + 2, y + half * 0.6 + 4), fill=PAPER)

    def png(self) -> bytes:
        """Not packed as tightly as can be: that takes four times as long, for 3 % of the bytes."""
        written = BytesIO()
        self.image.save(written, "PNG")
        return written.getvalue()


def width_of(text: str, size: int) -> float:
    return float(_font(size).getlength(text))


def fitted(text: str, size: int, most: float) -> str:
    """As much of the text as the font can show and the width can hold."""
    text = drawable(text)
    if width_of(text, size) <= most:
        return text
    while text and width_of(text + "…", size) > most:
        text = text[:-1].rstrip()
    return text + "…" if text else ""


@lru_cache(maxsize=4096)
def drawable(text: str) -> str:
    """What Pillow's own font has letters for: accents are left off, other scripts out."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return " ".join("".join(one for one in plain if _has(one)).split())


@lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    return character == " " or (character.isprintable() and _shape(character) != _shape("\uffff"))


def _shape(character: str) -> bytes:
    return bytes(_font(30).getmask(character))


@lru_cache(maxsize=16)
def _font(size: int) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _ordered(box: Box) -> Box:
    left, top, right, bottom = box
    return left, top, max(left, right), max(top, bottom)
