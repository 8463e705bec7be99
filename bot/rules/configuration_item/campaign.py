"""Verification campaigns: which items of a scope are asked about, and what came of each.

A sample can be drawn again by anybody who has the seed and the numbers of the items: the smallest hashes are chosen.
"""

import hashlib
import math
import re
from collections.abc import Collection
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.rules.configuration_item.refusals import NotAShare
from bot.rules.record.notices import Notice, NoticeKind, person

SUBJECT = "campaign:"
DUE = "ci_campaign"
"""The kind of the timers that remind."""
MOST = 2000
"""Items that one campaign asks about."""
_SHARE = re.compile(r"([0-9]{1,6})\s*(%|per cent)?", re.ASCII)


class Outcome(StrEnum):
    AS_RECORDED = "as recorded"
    DIFFERS = "differs"
    GONE = "gone"


def size_of(share: str, count: int) -> int:
    """“all”, “10 %”, “25”: how many of so many; at least one, where there is one. Raises NotAShare."""
    typed = share.strip().casefold()
    if typed in ("", "all"):
        return count
    found = _SHARE.fullmatch(typed)
    if found is None or int(found[1]) == 0 or (found[2] and int(found[1]) > 100):
        raise NotAShare(typed=share.strip())
    wanted = math.ceil(count * int(found[1]) / 100) if found[2] else int(found[1])
    return min(wanted, count)


def drawn(seed: str, numbers: Collection[int], size: int) -> list[int]:
    """The sample, by number."""
    ordered = sorted(numbers, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())
    return sorted(ordered[:size])


def due_at(day: str, zone: ZoneInfo) -> datetime:
    """The morning of a day, by the clocks of who began it."""
    return datetime.combine(datetime.fromisoformat(day).date(), time(9), zone)


def subject(number: int) -> str:
    return f"{SUBJECT}{number}"


def number_of(about: str) -> int:
    return int(about.removeprefix(SUBJECT))


def asked(number: int, people: Collection[str], key: str = "") -> list[Notice]:
    return [Notice(NoticeKind.CI_CAMPAIGN_ASKED, person(one), subject(number), key) for one in sorted(people)]


def ended(number: int, who: str) -> Notice:
    return Notice(NoticeKind.CI_CAMPAIGN_ENDED, person(who), subject(number))
