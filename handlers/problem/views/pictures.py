"""The tree of causes drawn to be read on a phone: as a fishbone, as five whys, as contributing factors; and in words.

A picture is as wide as a phone's screen holds at once and as high as it takes: letters stay large enough to read.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bot.rules.problem.causes import Cause, CauseStatus, CausesView, Why, bones, contributing, roots, whys
from bot.rules.record.text import shorten
from handlers.calendar.views.canvas import INK, PAPER, SOFT, Box, Canvas, drawable, fitted, width_of

WIDTH, MARGIN = 1080, 40
TEXT, HEADING, TITLE = 34, 36, 42
ROW, GAP = 46, 22
"""The height of a line of text, and what stands free between two causes."""
BLUE, GREEN, RED, AMBER = "#1264a3", "#1b7f4b", "#b3261e", "#8a6100"
COLOUR = {CauseStatus.CONFIRMED: GREEN, CauseStatus.RULED_OUT: RED, CauseStatus.SUPPOSED: AMBER}
MARK = 30
DEEPEST, STEP = 6, 44
"""Steps to the right that a tree takes, and how far each is."""
MOST = 60
"""Causes of one picture."""
LINES_MOST = 5
WORDS_MOST = 2000
"""Of an image block's alt_text."""


def png(view: CausesView, title: str, causes: Sequence[Cause], categories: Sequence[str]) -> bytes:
    """Takes a while: call it beside the event loop."""
    return drawn(view, title, causes, categories).png()


def drawn(view: CausesView, title: str, causes: Sequence[Cause], categories: Sequence[str]) -> Canvas:
    shown = list(causes)[:MOST]
    if view is CausesView.FISHBONE:
        return _fishbone(title, shown, categories)
    return _whys(title, shown) if view is CausesView.WHYS else _factors(title, shown)


def in_words(view: CausesView, title: str, causes: Sequence[Cause], categories: Sequence[str]) -> str:
    """The same, for who cannot see it."""
    if not causes:
        return shorten(f"{view.label} of {title}: no cause was named yet.", WORDS_MOST)
    said: list[str]
    if view is CausesView.FISHBONE:
        named = bones(causes, categories)
        said = [f"{name}: {'; '.join(map(_said, those))}." for name, those in named.items()]
    elif view is CausesView.WHYS:
        said = [f"{'Why? ' if not one.depth else f'Why {one.depth + 1}? '}{_said(one.cause)}." for one in whys(causes)]
    else:
        said = [f"{name}: {'; '.join(map(_said, those))}." for name, those in _judged(causes).items()]
    return shorten(f"{view.label} of {title}. {' '.join(said)}", WORDS_MOST)


def _said(cause: Cause) -> str:
    seen = "" if cause.evidence else ", without evidence"
    return f"{cause.number}, {cause.statement} ({cause.status}{seen})"


def _fishbone(title: str, causes: Sequence[Cause], categories: Sequence[str]) -> Canvas:
    """The head is at the top; bones leave the spine to the left and to the right in turn."""
    half = WIDTH / 2 - MARGIN - 34
    found = list(bones(causes, categories).items())
    depth = {one.cause.number: one.depth for one in whys(causes)}
    heights = [_bone_height(those, depth, half) for _, those in found]
    rows = [max(heights[n : n + 2]) for n in range(0, len(heights), 2)]
    head, spine = _head_height(title), WIDTH / 2
    canvas = _begun(title, head + sum(rows) + GAP * 3 + (0 if found else ROW * 2), CausesView.FISHBONE)
    top = head + GAP
    if not found:
        canvas.write(MARGIN, top + ROW, "No cause was named yet.", TEXT, SOFT)
        return canvas
    canvas.line((spine, head - 10), (spine, top + sum(rows)), BLUE, 8)
    for n, (name, those) in enumerate(found):
        left = n % 2 == 0
        at = top + sum(rows[: n // 2])
        x = MARGIN if left else spine + 34
        joins = (x + half if left else x, at + ROW)
        canvas.line(joins, (spine, at - 6), BLUE, 6)
        _label(canvas, name, (x, at + GAP, x + half, at + GAP + ROW + 14))
        y = at + GAP + ROW + 14 + GAP
        for one in those:
            y = _cause(canvas, one, x + min(depth.get(one.number, 0), 3) * 20, y, x + half)
    return canvas


def _whys(title: str, causes: Sequence[Cause]) -> Canvas:
    """Each cause below what it explains, a step to the right."""
    found = whys(causes)
    head = _head_height(title)
    height = sum(_boxed_height(one) + GAP for one in found) or ROW * 2
    canvas = _begun(title, head + height + GAP * 2, CausesView.WHYS)
    y = head + GAP
    if not found:
        canvas.write(MARGIN, y + ROW, "No cause was named yet.", TEXT, SOFT)
    ends: dict[int, float] = {0: head - 10}
    for one in found:
        x = _indent(one)
        box = (x, y, WIDTH - MARGIN, y + _boxed_height(one))
        stem = x - STEP / 2
        canvas.line((stem, ends.get(min(one.depth, DEEPEST), head)), (stem, y + ROW / 2 + 8), SOFT, 4)
        canvas.line((stem, y + ROW / 2 + 8), (x, y + ROW / 2 + 8), SOFT, 4)
        _box(canvas, box, COLOUR[CauseStatus(one.cause.status)], dashed=one.is_dashed)
        _cause(canvas, one.cause, x + 14, y + 10, WIDTH - MARGIN - 14)
        ends[min(one.depth, DEEPEST)] = y + ROW / 2 + 8
        ends[min(one.depth + 1, DEEPEST)] = box[3]
        y = box[3] + GAP
    return canvas


def _factors(title: str, causes: Sequence[Cause]) -> Canvas:
    """Roots first, then what contributed, what is supposed, what is ruled out."""
    judged = _judged(causes)
    head, across = _head_height(title), WIDTH - MARGIN
    height = sum(ROW + 14 + GAP + _list_height(those, across - MARGIN) for those in judged.values()) or ROW * 2
    canvas = _begun(title, head + height + GAP * 2, CausesView.FACTORS)
    y = head + GAP
    if not judged:
        canvas.write(MARGIN, y + ROW, "No cause was named yet.", TEXT, SOFT)
    for name, those in judged.items():
        _label(canvas, name, (MARGIN, y, across, y + ROW + 14))
        y += ROW + 14 + GAP
        for one in those:
            y = _cause(canvas, one, MARGIN, y, across)
    return canvas


def _judged(causes: Sequence[Cause]) -> Mapping[str, list[Cause]]:
    found = {
        "Root causes": roots(causes),
        "Contributing": contributing(causes),
        "Supposed": [one for one in causes if one.status == CauseStatus.SUPPOSED],
        "Ruled out": [one for one in causes if one.status == CauseStatus.RULED_OUT],
    }
    return {name: those for name, those in found.items() if those}


def _begun(title: str, height: float, view: CausesView) -> Canvas:
    canvas = Canvas(WIDTH, int(height) + MARGIN)
    lines = _wrapped(title, TITLE, WIDTH - 4 * MARGIN, 3)
    bottom = _head_height(title) - 10
    canvas.bar((MARGIN, MARGIN, WIDTH - MARGIN, bottom), BLUE)
    canvas.write(2 * MARGIN, MARGIN + 34, view.label, TEXT - 4, PAPER)
    for n, line in enumerate(lines):
        canvas.write(2 * MARGIN, MARGIN + 34 + 54 * (n + 1), line, TITLE, PAPER, bold=True)
    return canvas


def _head_height(title: str) -> float:
    return MARGIN + 34.0 + 54 * len(_wrapped(title, TITLE, WIDTH - 4 * MARGIN, 3)) + 54


def _label(canvas: Canvas, name: str, box: Box) -> None:
    canvas.bar(box, "#e8f1f8", BLUE)
    shown = fitted(name, HEADING, box[2] - box[0] - 36)
    canvas.write(box[0] + 18, (box[1] + box[3]) / 2, shown, HEADING, BLUE, bold=True)


def _cause(canvas: Canvas, cause: Cause, x: float, y: float, right: float) -> float:
    """The mark of its status, its number and its words; returns where the next one begins."""
    status = CauseStatus(cause.status)
    _mark(canvas, status, x, y + ROW / 2, dashed=not cause.evidence)
    lines = _lines(cause, right - x)
    for n, line in enumerate(lines):
        ink = SOFT if status is CauseStatus.RULED_OUT else INK
        canvas.write(x + MARK + 14, y + ROW / 2 + ROW * n, line, TEXT, ink, bold=status is CauseStatus.CONFIRMED)
    return y + ROW * len(lines) + GAP


def _mark(canvas: Canvas, status: CauseStatus, x: float, y: float, *, dashed: bool) -> None:
    """A tick, a cross or a question mark, so that it does not take colours to tell them apart."""
    half, colour = MARK / 2, COLOUR[status]
    box = (x, y - half, x + MARK, y + half)
    canvas.draw.ellipse(box, outline=colour, width=4, fill=PAPER if dashed else "#f1f6f3")
    if status is CauseStatus.CONFIRMED:
        canvas.draw.line([(x + 7, y), (x + 13, y + 7), (x + 23, y - 7)], fill=colour, width=5)
    elif status is CauseStatus.RULED_OUT:
        canvas.line((x + 8, y - 7), (x + 22, y + 7), colour, 5)
        canvas.line((x + 8, y + 7), (x + 22, y - 7), colour, 5)
    else:
        canvas.write(x + 8, y, "?", TEXT - 8, colour, bold=True)


def _box(canvas: Canvas, box: Box, colour: str, *, dashed: bool) -> None:
    """Dashed where nothing shows it yet."""
    left, top, right, bottom = box
    if not dashed:
        canvas.bar(box, PAPER, colour)
        return
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    for edge in [(*begin, *end) for begin, end in pairwise(corners)]:
        for begin, end in _dashes(edge):
            canvas.line(begin, end, colour, 4)


def _dashes(edge: Box) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    x, y, to_x, to_y = edge
    length = max(abs(to_x - x), abs(to_y - y)) or 1
    at = 0.0
    while at < length:
        end = min(at + 18, length)
        yield (
            (x + (to_x - x) * at / length, y + (to_y - y) * at / length),
            (x + (to_x - x) * end / length, y + (to_y - y) * end / length),
        )
        at += 32


def _indent(one: Why) -> float:
    return MARGIN + STEP * (min(one.depth, DEEPEST) + 1)


def _boxed_height(one: Why) -> float:
    return ROW * len(_lines(one.cause, WIDTH - MARGIN - 14 - _indent(one) - 14)) + 20


def _bone_height(those: Sequence[Cause], depth: Mapping[int, int], half: float) -> float:
    each = (ROW * len(_lines(one, half - min(depth.get(one.number, 0), 3) * 20)) + GAP for one in those)
    return GAP + ROW + 14 + GAP + sum(each) + GAP


def _list_height(those: Sequence[Cause], width: float) -> float:
    return sum(ROW * len(_lines(one, width)) + GAP for one in those)


def _lines(cause: Cause, width: float) -> list[str]:
    return _wrapped(f"{cause.number}. {cause.statement}", TEXT, width - MARK - 14, LINES_MOST)


def _wrapped(text: str, size: int, width: float, most: int) -> list[str]:
    """In lines that the width holds; what is left out is marked."""
    lines: list[str] = []
    line = ""
    for word in drawable(text).split():
        tried = f"{line} {word}".strip()
        if width_of(tried, size) <= width or not line:
            line = tried
        else:
            lines.append(line)
            line = word
    lines += [line] if line else []
    cut = lines[:most]
    if len(lines) > most:
        cut[-1] += " …"
    return [fitted(each, size, width) for each in cut] or ["-"]
