"""Makes values of a delivery fit to keep: texts, labels, instants, addresses. Raises nothing."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.rules.record.text import SUMMARY_MOST, WORDS_MOST, clean, one_line, shorten

LABELS_MOST, LABEL_MOST = 100, 500
_EPOCH_YEAR = 1971
"""Sources write the year 1 for “none”."""
_MILLIS = 100_000_000_000
"""A number of seconds that is larger counts milliseconds."""


def table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def text(value: object) -> str:
    """Of a word, a number or a truth; of anything else its JSON; of nothing, nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean(str(value) if isinstance(value, int | float) else json.dumps(value, default=str))


def title(*candidates: object) -> str:
    """The first that says something, as one line."""
    return next((shorten(line, SUMMARY_MOST) for one in candidates if (line := one_line(text(one)))), "")


def body(*candidates: object) -> str:
    return next((shorten(said, WORDS_MOST) for one in candidates if (said := text(one))), "")


def labels(value: object) -> dict[str, str]:
    """Names with their texts; of very many the first in order."""
    found = {shorten(text(name), LABEL_MOST): shorten(text(one), LABEL_MOST) for name, one in table(value).items()}
    return dict(sorted(found.items())[:LABELS_MOST])


def tags(value: object) -> dict[str, str]:
    """“env:prod, team:web”, or a list of such; one without a colon says true."""
    parts = value if isinstance(value, list) else text(value).split(",")
    pairs = (text(one).partition(":") for one in parts)
    return labels({name.strip(): said.strip() or "true" for name, _, said in pairs if name.strip()})


def instant(value: object) -> datetime | None:
    """UTC, of RFC 3339 or of seconds or milliseconds since 1970; None where it is none, or stands for none."""
    try:
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdigit()):
            number = float(value)
            read = datetime.fromtimestamp(number / 1000 if number > _MILLIS else number, UTC)
        else:
            read = datetime.fromisoformat(str(value).strip())
            read = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return read if read.year >= _EPOCH_YEAR else None


def link(*candidates: object) -> str:
    """The first that is an address of the web."""
    return next((one for candidate in candidates if (one := _web(candidate))), "")


def _web(value: object) -> str:
    said = one_line(text(value))
    try:
        parts = urlsplit(said)
    except ValueError:
        return ""
    safe = parts.scheme in ("http", "https") and parts.netloc and not any(c in said for c in "<>|\"' ")
    return said if safe and len(said) <= WORDS_MOST else ""


def others(one: Mapping[str, object], named: Iterable[str]) -> dict[str, object]:
    """What a table says beside the names that are read: kept, never refused."""
    known = set(named)
    return {name: value for name, value in one.items() if name not in known}
