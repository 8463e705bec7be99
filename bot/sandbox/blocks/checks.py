"""The parts of the validator: each makes a check, and a check yields the faults of one value as text."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
"""A value and its JSON pointer in; its faults out, each a sentence that begins with the pointer."""


def fault(at: str, what: str) -> str:
    """One fault, as Slack words them: a pointer and what must be."""
    return f"[json-pointer:{at}] {what}"


def below(at: str, key: str | int) -> str:
    """The pointer to a member (RFC 6901)."""
    return f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"


def flag(value: Any, at: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield fault(at, "must be true or false")


def text(most: int, *, least: int = 1, pattern: str = "", like: str = "") -> Check:
    """A string between two lengths, in characters; `like` says in words what the pattern wants."""
    compiled = re.compile(pattern)

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault(at, "must be a string")
        elif len(value) < least:
            yield fault(at, f"must be more than {least - 1} characters")
        elif len(value) > most:
            yield fault(at, f"must be less than {most + 1} characters")
        elif pattern and not compiled.fullmatch(value):
            yield fault(at, f"must be {like}")

    return check


def whole(least: int, most: int) -> Check:
    """An integer between two bounds."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield fault(at, "must be an integer")
        elif not least <= value <= most:
            yield fault(at, f"must be between {least} and {most}")

    return check


def number(value: Any, at: str) -> Iterator[str]:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield fault(at, "must be a number")


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(at, f"must be one of: {', '.join(allowed)}")

    return check


def listing(item: Check, most: int, *, least: int = 1) -> Check:
    """An array between two lengths, each member checked."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault(at, "must be an array")
            return
        if len(value) < least:
            yield fault(at, f"no fewer than {least} items allowed")
        if len(value) > most:
            yield fault(at, f"no more than {most} items allowed")
        for n, member in enumerate(value[: most + 1]):
            yield from item(member, below(at, n))

    return check


def record(needed: Mapping[str, Check], may: Mapping[str, Check], *rules: Check) -> Check:
    """An object with some keys needed, others allowed and none besides; `rules` judge it once its fields are sound."""
    known = {**needed, **may}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault(at, "must be an object")
            return
        faults = [fault(at, f"missing required field: {key}") for key in needed if key not in value]
        for key, member in value.items():
            faults.extend(
                known[key](member, below(at, key))
                if key in known
                else [fault(at, f"invalid additional property: {key}")]
            )
        yield from faults
        if not faults:
            for rule in rules:
                yield from rule(value, at)

    return check


def typed(checks: Mapping[str, Check], what: str = "type") -> Check:
    """An object whose `type` says which check it must pass."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault(at, "must be an object")
        elif not isinstance(value.get("type"), str):
            yield fault(at, "missing required field: type")
        elif value["type"] not in checks:
            yield fault(below(at, "type"), f"unsupported {what}: {value['type']}")
        else:
            yield from checks[value["type"]](value, at)

    return check


def exactly_one(*keys: str) -> Check:
    """A rule: one of these keys, and only one."""

    def check(value: Any, at: str) -> Iterator[str]:
        if sum(key in value for key in keys) != 1:
            yield fault(at, f"must have exactly one of: {', '.join(keys)}")

    return check


def no_repeats(value: Any, at: str) -> Iterator[str]:
    """A rule: an array holds nothing twice."""
    for n, member in enumerate(value):
        if member in value[:n]:
            yield fault(below(at, n), "must not repeat an earlier item")
