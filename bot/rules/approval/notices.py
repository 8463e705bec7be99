"""Who hears what of an approval, whatever record it is of."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.rules.record.notices import Notice, NoticeKind, channel, home, person, to_each

APPROVALS = "approvals"
"""What a fact, a message or a timer is about that is about no record."""


def asked(about: str, revision: int, stage: int, requester: str, approvers: list[str]) -> list[Notice]:
    """A request to each for every revision and stage."""
    return [
        *(request(about, revision, stage, one) for one in approvers),
        *(home(one) for one in (requester, *approvers)),
    ]


def request(about: str, revision: int, stage: int, approver: str) -> Notice:
    data = {"revision": revision, "stage": stage}
    return Notice(NoticeKind.APPROVAL_REQUEST, person(approver), about, f"{revision}.{stage}", data)


def delegated(owner: str, to: str, starts_at: datetime, ends_at: datetime, at: datetime, hear: str) -> Notice:
    """Who votes for whom from when until when; the owner again where nobody does any more."""
    data: dict[str, str | int] = {"owner": owner, "to": to, "from": starts_at.isoformat(), "until": ends_at.isoformat()}
    return Notice(NoticeKind.APPROVAL_DELEGATED, person(hear), APPROVALS, f"{owner}:{at.isoformat()}", data)


def homes(requester: str, approvers: Iterable[str]) -> list[Notice]:
    """What waits for whom has changed."""
    return [home(one) for one in (requester, *approvers)]


def reminded(about: str, key: str, approvers: Iterable[str], asked: Mapping[str, int]) -> list[Notice]:
    """In the thread of what they were asked in; `asked` has the revision and the stage."""
    return [Notice(NoticeKind.APPROVAL_REMINDER, person(one), about, key, asked) for one in approvers]


def remarked(about: str, revision: int, stage: int, seat: str, key: str, hear: Iterable[str]) -> list[Notice]:
    """A condition, or a vote against, for who asked for it."""
    data: dict[str, str | int] = {"revision": revision, "stage": stage, "seat": seat}
    return [Notice(NoticeKind.APPROVAL_REMARK, person(one), about, f"{revision}.{stage}.{key}", data) for one in hear]


def unreachable(about: str, revision: int, stage: int, left: Iterable[str], hear: Iterable[str]) -> list[Notice]:
    """Once for those who are left: too few to give the votes that are wanted."""
    key, data = f"{revision}.{stage}.{','.join(left)}", {"revision": revision, "stage": stage}
    return [Notice(NoticeKind.APPROVAL_UNREACHABLE, person(one), about, key, data) for one in hear]


def overdue(about: str, key: str, channel_name: str, managers: Iterable[str]) -> list[Notice]:
    return [
        Notice(NoticeKind.APPROVAL_OVERDUE, channel(channel_name), about, key),
        *to_each(NoticeKind.APPROVAL_OVERDUE, managers, about, key),
    ]


def questioned(about: str, question: int, hear: Iterable[str]) -> list[Notice]:
    data = {"question": question}
    return [Notice(NoticeKind.APPROVAL_QUESTION, person(one), about, str(question), data) for one in hear]


def answered(about: str, question: int, asker: str, revision: int) -> Notice:
    data = {"question": question, "revision": revision}
    return Notice(NoticeKind.APPROVAL_ANSWER, person(asker), about, str(question), data)
