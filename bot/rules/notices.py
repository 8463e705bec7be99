"""Who hears what. A notice is an outbox row in the making: it names a message and its reader, never its words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NoticeKind(StrEnum):
    INCIDENT_CARD = "incident_card"
    INCIDENT_RECEIPT = "incident_receipt"
    INCIDENT_RESOLVED = "incident_resolved"
    INCIDENT_UNCONFIRMED = "incident_unconfirmed"
    INCIDENT_RATING = "incident_rating"
    INCIDENT_NEWS = "incident_news"
    INCIDENT_FOLLOWED = "incident_followed"
    INCIDENT_LOGGED_HERE = "incident_logged_here"
    SLA_WARNING = "sla_warning"
    SLA_BREACH = "sla_breach"
    CHANGE_CARD = "change_card"
    APPROVAL_REQUEST = "approval_request"
    CHANGE_DECIDED = "change_decided"
    CHANGE_REVISED = "change_revised"
    CHANGE_MOVED = "change_moved"
    CHANGE_HELD = "change_held"
    CHANGE_RELEASED = "change_released"
    WINDOW_CARD = "window_card"
    APPROVAL_REMINDER = "approval_reminder"
    APPROVAL_OVERDUE = "approval_overdue"
    CHANGE_REMINDER = "change_reminder"
    CHANGE_CAUSED = "change_caused"
    BACKOUT_OFFER = "backout_offer"
    APPROVAL_QUESTION = "approval_question"
    APPROVAL_ANSWER = "approval_answer"
    TEMPLATE_PROPOSAL = "template_proposal"
    TEMPLATE_SUGGESTION = "template_suggestion"
    TEMPLATE_SUSPENDED = "template_suspended"
    CAB_AGENDA = "cab_agenda"
    CAB_ITEM = "cab_item"
    CAB_MINUTES = "cab_minutes"
    CAB_EXPORT = "cab_export"
    CALENDAR_DRAWING = "calendar_drawing"
    CALENDAR_PICTURE = "calendar_picture"
    LANE_PARKED = "lane_parked"
    AUDIT_DIGEST = "audit_digest"
    HOME = "home"
    MAJOR_CHANNEL = "major_channel"
    MAJOR_INVITATION = "major_invitation"
    MAJOR_TOPIC = "major_topic"
    MAJOR_BOOKMARK = "major_bookmark"
    MAJOR_PIN = "major_pin"
    MAJOR_EXPORT = "major_export"
    MAJOR_ANNOUNCEMENT = "major_announcement"
    MAJOR_BOARD = "major_board"
    MAJOR_ROLES_WANTED = "major_roles_wanted"
    MAJOR_UPDATE = "major_update"
    MAJOR_NUDGE = "major_nudge"
    MAJOR_UPDATE_LATE = "major_update_late"
    MAJOR_HANDOVER = "major_handover"
    MAJOR_TROUBLE = "major_trouble"


REDRAWN = frozenset(
    {
        NoticeKind.INCIDENT_CARD,
        NoticeKind.INCIDENT_RECEIPT,
        NoticeKind.INCIDENT_RESOLVED,
        NoticeKind.INCIDENT_UNCONFIRMED,
        NoticeKind.INCIDENT_RATING,
        NoticeKind.INCIDENT_FOLLOWED,
        NoticeKind.SLA_WARNING,
        NoticeKind.SLA_BREACH,
        NoticeKind.CHANGE_CARD,
        NoticeKind.WINDOW_CARD,
        NoticeKind.APPROVAL_REQUEST,
        NoticeKind.APPROVAL_QUESTION,
        NoticeKind.BACKOUT_OFFER,
        NoticeKind.CHANGE_REMINDER,
        NoticeKind.TEMPLATE_PROPOSAL,
        NoticeKind.CALENDAR_PICTURE,
        NoticeKind.CAB_AGENDA,
        NoticeKind.CAB_ITEM,
        NoticeKind.MAJOR_ANNOUNCEMENT,
        NoticeKind.MAJOR_BOARD,
    }
)
"""Messages that are kept true: they are drawn again whenever their record changes."""


STEPS = frozenset(
    {
        NoticeKind.MAJOR_CHANNEL,
        NoticeKind.MAJOR_INVITATION,
        NoticeKind.MAJOR_TOPIC,
        NoticeKind.MAJOR_BOOKMARK,
        NoticeKind.MAJOR_PIN,
        NoticeKind.MAJOR_EXPORT,
        NoticeKind.CALENDAR_DRAWING,
        NoticeKind.CAB_EXPORT,
    }
)
"""Taken in the workspace instead of said."""


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
