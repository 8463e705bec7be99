"""A picture of an impact, as values: columns by distance, at most so many boxes, the rest folded by type."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.rules.configuration_item.impact import Impact, Stands
from bot.rules.configuration_item.policy import SERVICE

BOXES_MOST = 40
COLUMN_MOST = 8
COLUMNS_MOST = 8
"""Of a longer way several steps share a column, so that the picture can be read."""
FEW = 12
"""Boxes of which every arrow is drawn; of more only those to the next column, which can be followed."""


class Look(StrEnum):
    """How an item stands; each has a colour and a shape of its own."""

    FAILED = "fails first"
    DOWN = "down"
    DEGRADED = "degraded"
    SAFE = "safe"


@dataclass(frozen=True)
class Node:
    """What is known of an item."""

    number: int
    type: str
    name: str
    badge: str = ""
    """Of open incidents and changes: “INC-1”."""
    is_hidden: bool = False
    """Counted, and not named: it is not for who looks."""


@dataclass(frozen=True)
class Box:
    column: int
    row: int
    label: str
    below: str
    """Its type; how many of what, where several are folded into it."""
    look: Look
    is_service: bool = False
    badge: str = ""


class Arrow(NamedTuple):
    start: int
    """The place of a box in the list."""
    end: int
    note: str
    """“1/2” where one of two will do."""
    bold: bool
    """Whether it is on the way to a service that is down."""


@dataclass(frozen=True)
class Diagram:
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    alternative: str
    """The same in words."""

    @property
    def columns(self) -> int:
        return 1 + max((box.column for box in self.boxes), default=0)

    @property
    def rows(self) -> int:
        return 1 + max((box.row for box in self.boxes), default=0)


def diagram(found: Impact[int], stands: Collection[Stands[int]], nodes: Mapping[int, Node]) -> Diagram:
    """What fails stands on the left, and what stands on it to its right."""
    columns = _columns(found)
    shown = _shown(found, columns, nodes)
    places: dict[int, int] = {}
    boxes: list[Box] = []
    for column in sorted(set(columns.values())):
        here = [one for one, at in columns.items() if at == column]
        kept = _ordered([one for one in here if one in shown], found, nodes, places)
        for row, number in enumerate(kept):
            node = nodes[number]
            places[number] = len(boxes)
            boxes.append(_box(column, row, node, _look(found, number)))
        row = len(kept)
        for (type_, look), folded in _folded([one for one in here if one not in shown], found, nodes).items():
            places |= dict.fromkeys(folded, len(boxes))
            alone = len(folded) == 1
            box = (
                _box(column, row, nodes[folded[0]], look)
                if alone
                else Box(column, row, f"+{len(folded)} {type_}", "folded", look)
            )
            boxes.append(box)
            row += 1
    arrows = [one for one in _arrows(found, stands, nodes, places) if boxes[one.start].column < boxes[one.end].column]
    if len(boxes) > FEW:
        arrows = [one for one in arrows if one.bold or boxes[one.end].column == boxes[one.start].column + 1]
    return Diagram(boxes, arrows, alternative(found, nodes))


def _columns(found: Impact[int]) -> dict[int, int]:
    """By distance from what fails; several steps in one column, where there are too many."""
    steps = {number: len(path) - 1 for number, path in found.why.items()}
    furthest = max(steps.values(), default=0)
    if furthest < COLUMNS_MOST:
        return steps
    return {number: -(-step * (COLUMNS_MOST - 1) // furthest) for number, step in steps.items()}


def _box(column: int, row: int, node: Node, look: Look) -> Box:
    return Box(column, row, node.name, node.type, look, node.type == SERVICE, node.badge)


def _shown(found: Impact[int], columns: Mapping[int, int], nodes: Mapping[int, Node]) -> set[int]:
    """What has failed, services, what is on the way to them, and what is nearest; so many in all and in a column."""
    services = sorted((one for one in found.why if nodes[one].type == SERVICE), key=columns.__getitem__)
    ways = [one for service in services for one in found.why[service]]
    first = [one for one, column in columns.items() if column == 0]
    order = dict.fromkeys(
        [*first, *services, *ways, *sorted(columns, key=lambda one: (columns[one], nodes[one].name, one))]
    )
    shown: set[int] = set()
    filled: dict[int, int] = {}
    for number in order:
        # Room is left for what is folded: a box for each type and look of a column, at worst.
        if len(shown) < BOXES_MOST - 2 * len(set(columns.values())) and filled.get(columns[number], 0) < COLUMN_MOST:
            shown.add(number)
            filled[columns[number]] = filled.get(columns[number], 0) + 1
    return shown


def _ordered(
    here: Sequence[int], found: Impact[int], nodes: Mapping[int, Node], places: Mapping[int, int]
) -> list[int]:
    """Beside what they stand on, so that arrows cross little; services first among equals."""

    def key(number: int) -> tuple[int, bool, str, int]:
        path = found.why[number]
        before = places.get(path[-2], 0) if len(path) > 1 else 0
        return before, nodes[number].type != SERVICE, nodes[number].name, number

    return sorted(here, key=key)


def _folded(here: Sequence[int], found: Impact[int], nodes: Mapping[int, Node]) -> Mapping[tuple[str, Look], list[int]]:
    """By type and look; where that are many kinds, all that look alike in one."""
    by: dict[tuple[str, Look], list[int]] = {}
    for number in here:
        by.setdefault((nodes[number].type, _look(found, number)), []).append(number)
    if len(by) <= 2:
        return by
    alike: dict[tuple[str, Look], list[int]] = {}
    for (_, look), numbers in by.items():
        alike.setdefault(("more", look), []).extend(numbers)
    return alike


def _arrows(
    found: Impact[int], stands: Collection[Stands[int]], nodes: Mapping[int, Node], places: Mapping[int, int]
) -> list[Arrow]:
    services = [one for one in found.down if nodes[one].type == SERVICE]
    ends = services or list(found.down)
    bold = {(found.why[one][at], found.why[one][at + 1]) for one in ends for at in range(len(found.why[one]) - 1)}
    arrows: dict[tuple[int, int], Arrow] = {}
    for group in stands:
        note = f"{group.needs}/{len(group.on)}" if group.needs is not None else ""
        for member in group.on:
            if member not in places or group.item not in places:
                continue
            start, end = places[member], places[group.item]
            if start != end:
                is_bold = (member, group.item) in bold
                known = arrows.get((start, end))
                arrows[start, end] = Arrow(start, end, note or (known.note if known else ""),
                                           is_bold or bool(known and known.bold))  # fmt: skip
    return list(arrows.values())


def _look(found: Impact[int], number: int) -> Look:
    if found.rounds.get(number) == 0:
        return Look.FAILED
    if number in found.down:
        return Look.DOWN
    return Look.DEGRADED if number in found.degraded else Look.SAFE


def alternative(found: Impact[int], nodes: Mapping[int, Node]) -> str:
    """What the picture shows, for who hears it."""
    first = [one for one, step in found.rounds.items() if step == 0]
    parts = [f"Where {_named(first, nodes)} fails"]
    for word, numbers in (("down", found.down - set(first)), ("degraded", found.degraded), ("safe", found.safe)):
        parts.append(f"{len(numbers)} {word}{f': {_named(numbers, nodes)}' if numbers else ''}")
    return "; ".join(parts) + "."


UNNAMED = "a private item"
"""Said instead of a name, to whom it is not for."""


def private_items(count: int) -> str:
    """“2 private items”."""
    return f"{count} private {'item' if count == 1 else 'items'}"


def _named(numbers: Collection[int], nodes: Mapping[int, Node], most: int = 8) -> str:
    named = [one for one in numbers if not nodes[one].is_hidden]
    ordered = sorted(named, key=lambda one: (nodes[one].type != SERVICE, nodes[one].name))
    more = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    if private := len(numbers) - len(named):
        more += f"{' and ' if named else ''}{private_items(private)}"
    told = [
        f"{nodes[one].name} ({nodes[one].badge})" if nodes[one].badge else nodes[one].name for one in ordered[:most]
    ]
    return ", ".join(told) + more
