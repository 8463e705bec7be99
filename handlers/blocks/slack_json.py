"""JSON as it goes to Slack and comes from it: a form is written in a twentieth of what Python's own takes."""

import json
from typing import Any

import orjson

_PLAIN = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
"""What JSON has no word for is refused, as Python's own does it."""
_GROWS_BY = 3
"""A sign of two or four bytes is escaped with six or twelve, and a comma gets a space: no part grows by more."""


def written(value: Any) -> bytes:
    """In UTF-8. Raises TypeError for what JSON cannot say."""
    try:
        return orjson.dumps(value, option=_PLAIN)
    except TypeError:
        # A key that is an enum's, or half a character, which Python writes as an escape.
        return json.dumps(value).encode()


def utf8(value: Any) -> bytes:
    """What was read from JSON, in UTF-8. Raises ValueError for half a character, and an integer above 64 bits."""
    try:
        return orjson.dumps(value)
    except TypeError as fault:
        raise ValueError(str(fault)) from fault


def by_lines(value: Any) -> bytes:
    """As `utf8`, each value on a line of its own: two spaces for each list and object that it is in."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2)
    except TypeError as fault:
        raise ValueError(str(fault)) from fault


def read(text: str | bytes) -> Any:
    """Raises ValueError, also for half a character and for numbers that are none."""
    return orjson.loads(text)


def length(value: Any, *, exact_above: int) -> int:
    """Characters with every sign escaped, as Slack's limits are held; of what is surely below, no fewer than it has."""
    most = _GROWS_BY * len(written(value))
    return most if most <= exact_above else len(json.dumps(value))
