"""Titles of a section by which people tell its entries apart."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.rules.policy_format.faults import Sensed


def no_title_twice(section: str) -> Callable[[Any], Iterator[Sensed]]:
    """A check of the whole policy: each entry's title is its own, however it is written."""

    def check(policy: Any) -> Iterator[Sensed]:
        seen: dict[str, str] = {}
        for key, one in getattr(policy, section).items():
            first = seen.setdefault(" ".join(one.title.casefold().split()), key)
            if first != key:
                said = f"“{one.title}” is the title of {section}.{first} too; nobody could tell the two apart"
                yield Sensed((section, key, "title"), said)

    return check
