"""What a major incident's channel is called: any summary, in any script, makes a name that Slack takes."""

import re
import unicodedata

from bot.rules.record.refs import Ref

MOST = 80
"""Characters of a channel's name, by Slack's page on conversations.create."""

TRIES = 20


def name(ref: Ref, summary: str) -> str:
    """“inc-12-vpn-is-down”; of scripts without Latin letters only the number is left."""
    plain = unicodedata.normalize("NFKD", summary).encode("ascii", "ignore").decode().lower()
    # Room is left for the number that a taken name gets.
    return _cut("-".join([str(ref).lower(), *re.findall(r"[a-z0-9_]*[a-z0-9][a-z0-9_]*", plain)]), MOST - 3)


def names(ref: Ref, summary: str) -> tuple[str, ...]:
    """The name, and what to try where it is taken: -2, -3 and so on."""
    first = name(ref, summary)
    return (first, *(f"{first}-{number}" for number in range(2, TRIES + 1)))


def _cut(whole: str, most: int) -> str:
    """At the end of a word where there is one."""
    if len(whole) <= most:
        return whole
    cut = whole[: most + 1].rpartition("-")[0]
    return cut if cut.count("-") > 1 else whole[:most]


def lane(subject: str) -> str:
    """The queue of all that happens in an incident's channel, in order.

    The place behind it is named by the reference, which no channel's name can be: those have no capital letters.
    """
    return f"#{subject}"
