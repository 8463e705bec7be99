"""Which services stand on which: what a policy's `depends_on` says, all the way down."""

import difflib
from collections.abc import Collection, Iterator, Mapping

from bot.rules.policy_faults import listed
from bot.rules.policy_text import Path

Needs = Mapping[str, Collection[str]]
"""What each service depends on itself, by key."""


def below(needs: Needs, service: str) -> frozenset[str]:
    """All that a service depends on, directly or through others."""
    found: set[str] = set()
    ahead = list(needs.get(service, ()))
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += needs.get(one, ())
    return frozenset(found)


def in_sense(data: Mapping[str, object]) -> Iterator[tuple[list[Path], str]]:
    """Names that lead nowhere, and services that in the end depend on themselves."""
    services = data.get("services")
    entries = services if isinstance(services, Mapping) else {}
    needs = {str(key): _named(entry) for key, entry in entries.items()}
    for key, names in needs.items():
        where: Path = ("services", key, "depends_on")
        for name in names:
            if name not in needs:
                close = difflib.get_close_matches(name, list(needs), n=1)
                hint = f"; did you mean “{close[0]}”?" if close else "."
                said = f"there is no service “{name}”{hint} Services are {listed(needs)}"
                yield [where, ("services", name)], said
        if key in below(needs, key):
            yield [where], f"“{key}” would depend on itself, directly or through others"


def _named(entry: object) -> list[str]:
    named = entry.get("depends_on") if isinstance(entry, Mapping) else None
    return [one for one in named if isinstance(one, str)] if isinstance(named, list | tuple) else []
