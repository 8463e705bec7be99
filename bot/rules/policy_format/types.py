"""What may stand in a policy file: tables, lengths of time, keys, and the names that Slack allows."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

_DURATION = re.compile(r"(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,8})s)?", re.ASCII)
_LONGEST = timedelta(days=366)
_KEY = "(key)"
"""Where reading puts an entry's name; no bare key of a file can be called this."""


class Rule(BaseModel):
    """A table of the policy, which holds what it names and cannot be changed in passing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Keyed(Rule):
    """An entry that knows its own key; the table that holds it is `Annotated[dict[…], KEYED]`."""

    key: str = Field(exclude=True, validation_alias=_KEY)
    """The name of its table in the file."""


def _keyed(entries: object) -> object:
    if not isinstance(entries, Mapping):
        return entries
    return {key: {**one, _KEY: key} if isinstance(one, Mapping) else one for key, one in entries.items()}


KEYED = BeforeValidator(_keyed)
"""Gives each entry of a table its key."""


def length_of(text: str) -> timedelta:
    """“2h”, “90m”, “1d4h30m”, “45s”; a day is 24 hours. Raises ValueError."""
    found = _DURATION.fullmatch(text)
    if not text or found is None:
        raise ValueError("is not a length of time; write days, hours, minutes and seconds as in “15m” or “1d4h30m”")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    length = length_of(value if isinstance(value, str) else "")
    if not timedelta(0) < length <= _LONGEST:
        raise ValueError("must be more than nothing and no more than 366 days")
    return length


def duration_text(length: timedelta) -> str:
    """“1d4h30m”, as a policy file has it; whole seconds."""
    seconds = int(length.total_seconds())
    parts = ((seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0m"


def _matching(pattern: str, message: str, strip: str = "") -> Callable[[str], str]:
    shape = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        value = value.removeprefix(strip)
        if not shape.fullmatch(value):
            raise ValueError(f"“{value}” {message}")
        return value

    return check


def words(longest: int, shortest: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


Duration = Annotated[
    timedelta, BeforeValidator(_duration), PlainSerializer(duration_text, return_type=str, when_used="json")
]
Key = Annotated[
    str,
    AfterValidator(_matching(r"[a-z0-9][a-z0-9-]{0,39}", "must be lower-case letters, digits and hyphens, 40 at most")),
]
ChannelName = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[a-z0-9_-]{1,80}",
            "is no Slack channel name: lower-case letters, digits, “-” and “_”, 80 at most",
            strip="#",
        )
    ),
]
Handle = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[a-z0-9._-]{1,80}",
            "is no user group's handle: lower-case letters, digits, “.”, “-” and “_”",
            strip="@",
        )
    ),
]
Member = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[UW][A-Z0-9]{1,20}|[a-z0-9._-]{1,80}",
            "is neither a member's id (U012AB3CD: profile, ⋮, Copy member ID) nor a user name",
            strip="@",
        )
    ),
]
