"""Who hears what. A notice is an outbox row in the making: it names a message and its reader, never its words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.rules.sla import BREACH


class NoticeKind(StrEnum):
    INCIDENT_CARD = "incident_card"
    INCIDENT_RECEIPT = "incident_receipt"
    INCIDENT_RESOLVED = "incident_resolved"
    SLA_WARNING = "sla_warning"
    SLA_BREACH = "sla_breach"
    CHANGE_CARD = "change_card"
    APPROVAL_REQUEST = "approval_request"
    CHANGE_DECIDED = "change_decided"
    HOME = "home"


REDRAWN = frozenset(
    {
        NoticeKind.INCIDENT_CARD,
        NoticeKind.INCIDENT_RECEIPT,
        NoticeKind.CHANGE_CARD,
        NoticeKind.APPROVAL_REQUEST,
    }
)
"""Messages that are kept true: they are drawn again whenever their record changes."""


@dataclass(frozen=True)
class Notice:
    kind: NoticeKind
    to: str
    """The lane: "#changes" for a channel that the policy names, "@U123" for a person."""
    about: str
    """A reference's text; for HOME the person's lane."""
    key: str = ""
    """Tells two notices of one kind, lane and record apart: a clock and its threshold, a revision."""
    data: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def dedupe_key(self) -> str:
        return ":".join((self.kind, self.to, self.about, self.key))


def channel(name: str) -> str:
    return f"#{name}"


def person(slack_id: str) -> str:
    return f"@{slack_id}"


def to_each(kind: NoticeKind, people: Iterable[str], about: str, key: str = "") -> list[Notice]:
    return [Notice(kind, person(one), about, key) for one in people]


def home(slack_id: str) -> Notice:
    return Notice(NoticeKind.HOME, person(slack_id), person(slack_id))


def incident_logged(about: str, channel_name: str, reporter: str) -> list[Notice]:
    return [
        Notice(NoticeKind.INCIDENT_CARD, channel(channel_name), about),
        Notice(NoticeKind.INCIDENT_RECEIPT, person(reporter), about),
        home(reporter),
    ]


def incident_resolved(about: str, reporter: str, resolver: str) -> list[Notice]:
    """The reporter hears of it, unless they did it themselves."""
    told = [] if reporter == resolver else [Notice(NoticeKind.INCIDENT_RESOLVED, person(reporter), about)]
    return [*told, home(reporter)]


def promise_at_risk(about: str, clock: str, threshold: int, channel_name: str, assignee: str | None) -> list[Notice]:
    """The channel and, where there is one, the assignee hear that a promise is near or broken."""
    kind = NoticeKind.SLA_BREACH if threshold >= BREACH else NoticeKind.SLA_WARNING
    lanes = [channel(channel_name), *([person(assignee)] if assignee else [])]
    return [Notice(kind, lane, about, f"{clock}:{threshold}", {"clock": clock}) for lane in lanes]


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
