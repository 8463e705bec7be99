"""Why a text is no JSON, in words."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any


class NoJson(ValueError):
    """Python reads it, and JSON does not know it."""


def doubled(pairs: Sequence[tuple[str, Any]]) -> str | None:
    """The first key of an object that stands there twice: which of its values is meant, nobody can say."""
    if len(dict(pairs)) == len(pairs):
        return None
    counted = Counter(key for key, _ in pairs)
    return next(key[:40] for key, _ in pairs if counted[key] > 1)


def why_no_json(fault: ValueError | RecursionError) -> str:
    """Of what `json` raised; completes “it …” or stands alone."""
    if isinstance(fault, RecursionError):
        return "it is nested too deeply"
    if isinstance(fault, json.JSONDecodeError):
        return f"{fault.msg[:1].lower()}{fault.msg[1:]}"
    return str(fault) if isinstance(fault, NoJson) else "it has a number that is too long to be read"
