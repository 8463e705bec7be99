"""Where the card of a configuration item stands."""

from collections.abc import Iterable

from bot.rules.record.notices import Notice, NoticeKind


def cards(items: Iterable[str], beside: str, lane: str) -> list[Notice]:
    """In the thread of the first record's card that names them: nobody is disturbed."""
    return [Notice(NoticeKind.CI_CARD, lane, one, "", {"beside": beside}) for one in items]
