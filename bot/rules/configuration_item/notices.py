"""Where the card of an item stands, the plan of a file that was shared, and how services are now."""

from collections.abc import Iterable
from datetime import timedelta

from bot.rules.record.notices import Notice, NoticeKind, channel

PLAN = "ci_plan:"
SERVICES = "services"
LOOK = "services_look"
"""The timer after which it is asked whether services are as the message says."""
EVERY = timedelta(minutes=1)


def cards(items: Iterable[str], beside: str, lane: str) -> list[Notice]:
    """In the thread of the first record's card that names them: nobody is disturbed."""
    return [Notice(NoticeKind.CI_CARD, lane, one, "", {"beside": beside}) for one in items]


def about_plan(plan: str) -> str:
    return f"{PLAN}{plan}"


def plan_of(about: str) -> str:
    return about.removeprefix(PLAN)


def planned(plan: str, room: str, file: str, thread_ts: str) -> Notice:
    """Beneath the file, and kept true until it is applied. One that is shared again (another `file`) is shown again."""
    return Notice(NoticeKind.CI_PLAN, channel(room), about_plan(plan), file, {"thread_ts": thread_ts})


def about_services(number: int) -> str:
    return f"{SERVICES}-{number}"


def services_post_of(about: str) -> int:
    return int(about.removeprefix(f"{SERVICES}-"))


def services(number: int, room: str) -> Notice:
    return Notice(NoticeKind.SERVICES_NOW, channel(room), about_services(number))
