"""Time zones that every machine knows, by the list of the `tzdata` package."""

from collections.abc import Iterator
from functools import cache
from importlib import resources

from bot.rules.policy_format.document import Path
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.hints import nearest

_NO_PLACE = frozenset({"Factory"})
"""In the list, and no zone: clocks that nobody has set."""


@cache
def zone_names() -> frozenset[str]:
    listed = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    return frozenset(listed) - _NO_PLACE


def meant(key: str) -> str:
    """What was probably meant, as the end of a sentence; nothing where no zone is like it."""
    names = {name.casefold(): name for name in zone_names()}
    close = names.get(nearest(key.removeprefix("posix/").removeprefix("right/").casefold(), names))
    return f"; did you mean “{close}”?" if close else ""


def known_everywhere(key: str, where: Path) -> Iterator[Sensed]:
    """“localtime” and its like are a machine's own: another replica reads them otherwise, or not at all."""
    if key not in zone_names():
        hint = meant(key) or "; they are named like Europe/London"
        yield Sensed(where, f"“{key}” is not a time zone that every machine knows{hint}")
