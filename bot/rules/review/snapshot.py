"""What Deskbell draws of a review: frozen with its place in the journal; *Refresh* shows what would change."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Row: TypeAlias = tuple[str, str]
"""A name or an instant, and what is said of it."""
Drawn: TypeAlias = Mapping[str, Sequence[Row]]
"""By automatic section."""


@dataclass(frozen=True)
class Difference:
    """Of one section: the rows that are not there any more, and those that are new."""

    section: str
    gone: Sequence[Row]
    new: Sequence[Row]


def kept(drawn: Drawn) -> str:
    return json.dumps({name: [list(row) for row in rows] for name, rows in drawn.items()}, ensure_ascii=False)


def restored(text: str) -> Drawn:
    found = json.loads(text) if text else {}
    return {name: [(str(one), str(said)) for one, said in rows] for name, rows in found.items()}


def differences(before: Drawn, after: Drawn) -> list[Difference]:
    """In the order of what is drawn now; a section that is the same is left out."""
    found = []
    for name in dict.fromkeys([*after, *before]):
        was, now = list(before.get(name, ())), list(after.get(name, ()))
        gone, new = [row for row in was if row not in now], [row for row in now if row not in was]
        if gone or new:
            found.append(Difference(name, gone, new))
    return found
