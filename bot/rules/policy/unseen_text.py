"""Finds invisible characters in texts of a policy that people will read."""

import unicodedata
from collections.abc import Iterator, Mapping

from bot.rules.policy_format.document import Path
from bot.rules.policy_format.faults import Sensed
from bot.rules.record.text import clean


def unseen_texts(value: object, path: Path = ()) -> Iterator[Sensed]:
    """Each text that shows nothing, or holds a character that shows nothing and may hide what the rest says."""
    if isinstance(value, str):
        yield from _of_text(value, path)
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from unseen_texts(entry, (*path, key))
    elif isinstance(value, list):
        for place, entry in enumerate(value):
            yield from unseen_texts(entry, (*path, place))


def _of_text(text: str, path: Path) -> Iterator[Sensed]:
    kept = clean(text)
    if text.strip() and not kept:
        yield Sensed(path, "shows nothing; write a text that people can see")
    elif lost := [one for one in text.strip() if one not in kept]:
        name = unicodedata.name(lost[0], "a control character").lower()
        yield Sensed(path, f"holds a character that does not show (U+{ord(lost[0]):04X}, {name}); take it out")
