"""Which items of the catalogue somebody seems to ask for who reports an incident."""

import re
from collections.abc import Iterable, Sequence

from bot.rules.request.policy import Item

OFFERED = 2
_WORD = re.compile(r"[^\W_]{3,}")
_COMMON = frozenset({"the", "and", "for", "new", "some", "somebody", "with"})


def read_like(typed: str, items: Iterable[Item]) -> Sequence[Item]:
    """Those of whose title every word that says something stands in what is typed."""
    words = _words(typed)
    return [one for one in items if (title := _words(one.title)) and title <= words][:OFFERED]


def _words(text: str) -> set[str]:
    """Plurals are their singular."""
    return {word.rstrip("s") for word in _WORD.findall(text.casefold())} - _COMMON
