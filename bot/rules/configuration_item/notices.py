"""Where the card of an item stands, and the plan of a file that was shared."""

from collections.abc import Iterable

from bot.rules.record.notices import Notice, NoticeKind, channel

PLAN = "ci_plan:"


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
