"""Who hears what of freeze and maintenance windows."""

from collections.abc import Iterable

from bot.rules.record.notices import Notice, NoticeKind, channel, home, person


def made(about: str, channel_name: str) -> list[Notice]:
    return [Notice(NoticeKind.WINDOW_CARD, channel(channel_name), about)]


def held(about: str, window: int, instead_of: int, hear: Iterable[str]) -> list[Notice]:
    """A change that a freeze holds or wants another approval of; `instead_of` the one that was lifted, or 0."""
    data = {"window": window, "instead_of": instead_of}
    return [
        notice
        for one in hear
        for notice in (Notice(NoticeKind.CHANGE_HELD, person(one), about, f"{window}.{instead_of}", data), home(one))
    ]


def released(about: str, window: int, hear: Iterable[str]) -> list[Notice]:
    data = {"window": window}
    return [
        notice
        for one in hear
        for notice in (Notice(NoticeKind.CHANGE_RELEASED, person(one), about, str(window), data), home(one))
    ]
