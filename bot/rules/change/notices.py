"""Who hears what of a change."""

from collections.abc import Collection, Iterable
from functools import partial

from bot.rules.change.reminders import ReminderKind
from bot.rules.record.news import to_lanes
from bot.rules.record.notices import Notice, NoticeKind, channel, home, person


def drafted(author: str) -> list[Notice]:
    return [home(author)]


def decided(about: str, revision: int, key: str, requester: str) -> Notice:
    return Notice(NoticeKind.CHANGE_DECIDED, person(requester), about, f"{revision}.{key}", {"revision": revision})


def withdrawn(about: str, key: str, requester: str) -> Notice:
    return Notice(NoticeKind.CHANGE_MOVED, person(requester), about, key)


def carded(about: str, channel_name: str) -> Notice:
    """The card, once."""
    return Notice(NoticeKind.CHANGE_CARD, channel(channel_name), about)


def announced(about: str, channel_name: str, requester: str) -> list[Notice]:
    return [carded(about, channel_name), home(requester)]


def revised(about: str, revision: int, key: str, channel_name: str, hear: Iterable[str]) -> list[Notice]:
    """`key` tells apart what was edited more than once within a revision."""
    data = {"revision": revision}
    lanes = [channel(channel_name), *map(person, hear)]
    return [Notice(NoticeKind.CHANGE_REVISED, lane, about, f"{revision}.{key}", data) for lane in lanes]


def moved(about: str, key: str, channel_name: str, hear: Iterable[str]) -> list[Notice]:
    """A step of the work: said in the card's thread, and the Home tabs of those concerned."""
    return [Notice(NoticeKind.CHANGE_MOVED, channel(channel_name), about, key), *(home(one) for one in hear)]


news = partial(to_lanes, NoticeKind.CHANGE_NEWS)


def reminder_lanes(
    kind: ReminderKind,
    channel_name: str,
    implementer: str,
    requester: str,
    managers: Iterable[str],
    here: Collection[str],
) -> list[str]:
    """Who hears of a change's time: its thread, too, but for what is its implementer's alone.

    `here` are those who have not left: where the implementer has, the requester and the change managers see to it.
    """
    gone = implementer not in here
    alone = kind in {ReminderKind.OPENS, ReminderKind.ENDS_SOON} and not gone
    others = () if alone else (requester, *(managers if gone or kind is ReminderKind.OVERRUN else ()))
    hear = dict.fromkeys(person(one) for one in (implementer, *others) if one in here)
    return [*hear, *([] if alone or kind is ReminderKind.REVIEW else [channel(channel_name)])]


def work_reminder(kind: ReminderKind, about: str, occurrence: str, lanes: Iterable[str]) -> list[Notice]:
    data = {"reminder": kind, "occurrence": occurrence}
    return [Notice(NoticeKind.CHANGE_REMINDER, lane, about, f"{kind}:{occurrence}", data) for lane in lanes]


def unstaffed(about: str, implementer: str, hear: Iterable[str]) -> list[Notice]:
    """Once of each implementer who has left."""
    data = {"person": implementer}
    return [Notice(NoticeKind.CHANGE_UNSTAFFED, person(one), about, implementer, data) for one in hear]


def orphaned(about: str, requester: str, hear: Iterable[str]) -> list[Notice]:
    """Once of its requester who has left."""
    data = {"person": requester, "role": "requester"}
    key = f"requester:{requester}"
    return [Notice(NoticeKind.CHANGE_UNSTAFFED, person(one), about, key, data) for one in hear]


def caused(about: str, incident: int, channel_name: str) -> Notice:
    return Notice(NoticeKind.CHANGE_CAUSED, channel(channel_name), about, str(incident), {"incident": incident})


def backout_offered(about: str, incident: int, people: Iterable[str]) -> list[Notice]:
    data = {"incident": incident}
    return [Notice(NoticeKind.BACKOUT_OFFER, person(one), about, str(incident), data) for one in people]


def proposed(about: str, channel_name: str, managers: Iterable[str]) -> list[Notice]:
    """In the channel, and to those who can approve it."""
    lanes = (channel(channel_name), *map(person, managers))
    return [Notice(NoticeKind.TEMPLATE_PROPOSAL, lane, about) for lane in lanes]


def suspended(about: str, because: str, channel_name: str, managers: Iterable[str]) -> list[Notice]:
    """`because` is the change that failed."""
    data = {"because": because}
    lanes = [channel(channel_name), *map(person, managers)]
    return [Notice(NoticeKind.TEMPLATE_SUSPENDED, lane, about, because, data) for lane in lanes]


def suggested(about: str, requester: str, times: int) -> list[Notice]:
    return [Notice(NoticeKind.TEMPLATE_SUGGESTION, person(requester), about, "", {"times": times})]
