"""Many numbers in few words: "3-7", "9"."""

from bisect import bisect_right
from collections.abc import Callable, Iterable


def of(numbers: Iterable[int]) -> list[str]:
    """The spans that hold these numbers and no other, in order."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]


def holding(spans: Iterable[str]) -> Callable[[int], bool]:
    """Whether a number is in one of the spans. What is no span holds nothing."""
    bounds = sorted(filter(None, map(_bounds, spans)))
    firsts = [first for first, _ in bounds]
    reach, furthest = list[int](), 0
    for _, last in bounds:
        furthest = max(furthest, last)
        reach.append(furthest)

    def holds(number: int) -> bool:
        place = bisect_right(firsts, number)
        return place > 0 and number <= reach[place - 1]

    return holds


def _bounds(span: str) -> tuple[int, int] | None:
    first, _, last = span.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        return None
    return int(first), int(last or first)
