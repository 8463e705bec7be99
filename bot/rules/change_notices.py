"""Who hears what of a change."""

from collections.abc import Iterable

from bot.rules.change_reminders import ReminderKind
from bot.rules.notices import Notice, NoticeKind, channel, home, person, to_each


def drafted(author: str) -> list[Notice]:
    return [home(author)]


def approval_asked(
    about: str, revision: int, stage: int, channel_name: str, requester: str, approvers: list[str]
) -> list[Notice]:
    """The card once; a request to each for every revision and stage."""
    data = {"revision": revision, "stage": stage}
    return [
        Notice(NoticeKind.CHANGE_CARD, channel(channel_name), about),
        *(Notice(NoticeKind.APPROVAL_REQUEST, person(one), about, f"{revision}.{stage}", data) for one in approvers),
        *(home(one) for one in (requester, *approvers)),
    ]


def change_decided(about: str, key: str, requester: str, approvers: list[str]) -> list[Notice]:
    return [
        Notice(NoticeKind.CHANGE_DECIDED, person(requester), about, key),
        *(home(one) for one in (requester, *approvers)),
    ]


def announced(about: str, channel_name: str, requester: str) -> list[Notice]:
    return [Notice(NoticeKind.CHANGE_CARD, channel(channel_name), about), home(requester)]


def revised(about: str, revision: int, key: str, channel_name: str, hear: Iterable[str]) -> list[Notice]:
    """`key` tells apart what was edited more than once within a revision."""
    data = {"revision": revision}
    lanes = [channel(channel_name), *map(person, hear)]
    return [Notice(NoticeKind.CHANGE_REVISED, lane, about, f"{revision}.{key}", data) for lane in lanes]


def withdrawn(about: str, key: str, requester: str, approvers: Iterable[str]) -> list[Notice]:
    return [
        Notice(NoticeKind.CHANGE_MOVED, person(requester), about, key),
        *(home(one) for one in (requester, *approvers)),
    ]


def moved(about: str, key: str, channel_name: str, hear: Iterable[str]) -> list[Notice]:
    """A step of the work: said in the card's thread, and the Home tabs of those concerned."""
    return [Notice(NoticeKind.CHANGE_MOVED, channel(channel_name), about, key), *(home(one) for one in hear)]


def reminded(about: str, key: str, approvers: Iterable[str]) -> list[Notice]:
    return to_each(NoticeKind.APPROVAL_REMINDER, approvers, about, key)


def reminder_lanes(
    kind: ReminderKind, channel_name: str, implementer: str, requester: str, managers: Iterable[str]
) -> list[str]:
    """Who hears of a change's time: its thread, too, but for what is its implementer's alone."""
    if kind in {ReminderKind.OPENS, ReminderKind.ENDS_SOON}:
        return [person(implementer)]
    hear = dict.fromkeys(person(one) for one in (implementer, requester, *managers))
    return [*hear, *([] if kind is ReminderKind.REVIEW else [channel(channel_name)])]


def work_reminder(kind: ReminderKind, about: str, occurrence: str, lanes: Iterable[str]) -> list[Notice]:
    data = {"reminder": kind, "occurrence": occurrence}
    return [Notice(NoticeKind.CHANGE_REMINDER, lane, about, f"{kind}:{occurrence}", data) for lane in lanes]


def overdue(about: str, key: str, channel_name: str, managers: Iterable[str]) -> list[Notice]:
    return [
        Notice(NoticeKind.APPROVAL_OVERDUE, channel(channel_name), about, key),
        *to_each(NoticeKind.APPROVAL_OVERDUE, managers, about, key),
    ]


def caused(about: str, incident: int, channel_name: str) -> Notice:
    return Notice(NoticeKind.CHANGE_CAUSED, channel(channel_name), about, str(incident), {"incident": incident})


def backout_offered(about: str, incident: int, people: Iterable[str]) -> list[Notice]:
    data = {"incident": incident}
    return [Notice(NoticeKind.BACKOUT_OFFER, person(one), about, str(incident), data) for one in people]


def asked(about: str, question: int, requester: str) -> list[Notice]:
    data = {"question": question}
    return [Notice(NoticeKind.APPROVAL_QUESTION, person(requester), about, str(question), data)]


def answered(about: str, question: int, asker: str) -> list[Notice]:
    data = {"question": question}
    return [Notice(NoticeKind.APPROVAL_ANSWER, person(asker), about, str(question), data)]


def stand_in_asked(about: str, revision: int, stage: int, delegate: str) -> list[Notice]:
    data = {"revision": revision, "stage": stage}
    key = f"{revision}.{stage}"
    return [Notice(NoticeKind.APPROVAL_REQUEST, person(delegate), about, key, data)]


def proposed(about: str, channel_name: str) -> list[Notice]:
    return [Notice(NoticeKind.TEMPLATE_PROPOSAL, channel(channel_name), about)]


def suspended(about: str, because: str, channel_name: str, managers: Iterable[str]) -> list[Notice]:
    """`because` is the change that failed."""
    data = {"because": because}
    lanes = [channel(channel_name), *map(person, managers)]
    return [Notice(NoticeKind.TEMPLATE_SUSPENDED, lane, about, because, data) for lane in lanes]


def suggested(about: str, requester: str, times: int) -> list[Notice]:
    return [Notice(NoticeKind.TEMPLATE_SUGGESTION, person(requester), about, "", {"times": times})]
