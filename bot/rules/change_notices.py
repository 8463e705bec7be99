"""Who hears what of a change."""

from bot.rules.notices import Notice, NoticeKind, channel, home, person, to_each


def approval_asked(about: str, revision: int, channel_name: str, requester: str, approvers: list[str]) -> list[Notice]:
    key = str(revision)
    return [
        Notice(NoticeKind.CHANGE_CARD, channel(channel_name), about, key),
        *to_each(NoticeKind.APPROVAL_REQUEST, approvers, about, key),
        *(home(one) for one in (requester, *approvers)),
    ]


def change_decided(about: str, revision: int, requester: str, approvers: list[str]) -> list[Notice]:
    return [
        Notice(NoticeKind.CHANGE_DECIDED, person(requester), about, str(revision)),
        *(home(one) for one in (requester, *approvers)),
    ]
