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
    INCIDENT_QUESTION = "incident_question"
    PERSON_LEFT = "person_left"
    INCIDENT_FOLLOWED = "incident_followed"
    INCIDENT_LOGGED_HERE = "incident_logged_here"
    SLA_WARNING = "sla_warning"
    SLA_BREACH = "sla_breach"
    SLA_LATE = "sla_late"
    """Said to those whom it concerns, who are no part of the ladder."""
    CHANGE_CARD = "change_card"
    APPROVAL_REQUEST = "approval_request"
    CHANGE_DECIDED = "change_decided"
    CHANGE_REVISED = "change_revised"
    CHANGE_MOVED = "change_moved"
    CHANGE_NEWS = "change_news"
    CHANGE_HELD = "change_held"
    CHANGE_RELEASED = "change_released"
    WINDOW_CARD = "window_card"
    APPROVAL_REMINDER = "approval_reminder"
    APPROVAL_OVERDUE = "approval_overdue"
    CHANGE_REMINDER = "change_reminder"
    CHANGE_UNSTAFFED = "change_unstaffed"
    CHANGE_CAUSED = "change_caused"
    BACKOUT_OFFER = "backout_offer"
    APPROVAL_QUESTION = "approval_question"
    APPROVAL_ANSWER = "approval_answer"
    APPROVAL_REMARK = "approval_remark"
    APPROVAL_UNREACHABLE = "approval_unreachable"
    APPROVAL_DELEGATED = "approval_delegated"
    TEMPLATE_PROPOSAL = "template_proposal"
    TEMPLATE_SUGGESTION = "template_suggestion"
    TEMPLATE_SUSPENDED = "template_suspended"
    CAB_AGENDA = "cab_agenda"
    CAB_ITEM = "cab_item"
    CAB_MINUTES = "cab_minutes"
    CAB_EXPORT = "cab_export"
    ACTION_GIVEN = "action_given"
    ACTION_NEWS = "action_news"
    ACTION_DIGEST = "action_digest"
    PROBLEM_CARD = "problem_card"
    PROBLEM_NEWS = "problem_news"
    PROBLEM_DUE = "problem_due"
    PROBLEM_FIXED = "problem_fixed"
    PROBLEM_DRAWING = "problem_drawing"
    PROBLEM_PICTURE = "problem_picture"
    WORKAROUND_TOLD = "workaround_told"
    WORKAROUND_ASKED = "workaround_asked"
    REQUEST_CARD = "request_card"
    REQUEST_RECEIPT = "request_receipt"
    REQUEST_NEWS = "request_news"
    REPORT_POSTED = "report_posted"
    REPORT_DETAIL = "report_detail"
    REPORT_FILE = "report_file"
    REPORT_PICTURE = "report_picture"
    EXPORT_FILE = "export_file"
    FIGURES_PICTURE = "figures_picture"
    REVIEW_CARD = "review_card"
    REVIEW_NEWS = "review_news"
    REVIEW_DUE = "review_due"
    REVIEW_EXPORT = "review_export"
    REVIEW_CANVAS = "review_canvas"
    DOCUMENT_CARD = "document_card"
    DOCUMENT_NEWS = "document_news"
    DOCUMENT_DUE = "document_due"
    DOCUMENT_TO_READ = "document_to_read"
    WORKFLOW_STEP = "workflow_step"
    """How a step of a workflow of Slack's ended."""
    POLICY_CARD = "policy_card"
    POLICY_NEWS = "policy_news"
    POLICY_FILE = "policy_file"
    AUDIT_CARD = "audit_card"
    FINDING_CARD = "finding_card"
    AUDIT_NEWS = "audit_news"
    AUDIT_DUE = "audit_due"
    MANAGEMENT_REVIEW_CARD = "management_review_card"
    MANAGEMENT_REVIEW_DUE = "management_review_due"
    CI_CARD = "ci_card"
    REGISTER_CARD = "register_card"
    REGISTER_NEWS = "register_news"
    CI_DRAWING = "ci_drawing"
    CI_PICTURE = "ci_picture"
    CI_PLAN = "ci_plan"
    CI_CAMPAIGN_ASKED = "ci_campaign_asked"
    CI_CAMPAIGN_ENDED = "ci_campaign_ended"
    SERVICES_NOW = "services_now"
    SURVEY_CARD = "survey_card"
    SURVEY_ASKED = "survey_asked"
    COMPLAINT_CARD = "complaint_card"
    COMPLAINT_NEWS = "complaint_news"
    COMPLAINT_DUE = "complaint_due"
    ALERT_LINE = "alert_line"
    ON_CALL_OFFER = "on_call_offer"
    ON_CALL_CHANGED = "on_call_changed"
    ON_CALL_HAND_OVER = "on_call_hand_over"
    ON_CALL_UNACKNOWLEDGED = "on_call_unacknowledged"
    ON_CALL_GAPS = "on_call_gaps"
    ON_CALL_CALENDAR = "on_call_calendar"
    ON_CALL_USER_GROUP = "on_call_user_group"
    ON_CALL_USER_GROUP_TROUBLE = "on_call_user_group_trouble"
    CALENDAR_DRAWING = "calendar_drawing"
    CALENDAR_PICTURE = "calendar_picture"
    LANE_PARKED = "lane_parked"
    UNDELIVERED = "undelivered"
    WEBHOOK_EVENT = "webhook_event"
    """Told to a program, by HTTP."""
    MAIL_ANSWER = "mail_answer"
    """To who reported by e-mail, and has no Slack."""
    WEBHOOK_TROUBLE = "webhook_trouble"
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
        NoticeKind.INCIDENT_QUESTION,
        NoticeKind.SLA_WARNING,
        NoticeKind.SLA_BREACH,
        NoticeKind.SLA_LATE,
        NoticeKind.CHANGE_CARD,
        NoticeKind.WINDOW_CARD,
        NoticeKind.APPROVAL_REQUEST,
        NoticeKind.APPROVAL_QUESTION,
        NoticeKind.APPROVAL_ANSWER,
        NoticeKind.APPROVAL_REMARK,
        NoticeKind.APPROVAL_REMINDER,
        NoticeKind.APPROVAL_UNREACHABLE,
        NoticeKind.APPROVAL_OVERDUE,
        NoticeKind.CHANGE_DECIDED,
        NoticeKind.CHANGE_HELD,
        NoticeKind.CHANGE_RELEASED,
        NoticeKind.CHANGE_UNSTAFFED,
        NoticeKind.BACKOUT_OFFER,
        NoticeKind.CHANGE_REMINDER,
        NoticeKind.TEMPLATE_PROPOSAL,
        NoticeKind.TEMPLATE_SUSPENDED,
        NoticeKind.TEMPLATE_SUGGESTION,
        NoticeKind.ACTION_GIVEN,
        NoticeKind.ACTION_NEWS,
        NoticeKind.PROBLEM_CARD,
        NoticeKind.PROBLEM_DUE,
        NoticeKind.REQUEST_CARD,
        NoticeKind.REQUEST_RECEIPT,
        NoticeKind.REQUEST_NEWS,
        NoticeKind.REVIEW_CARD,
        NoticeKind.REVIEW_DUE,
        NoticeKind.DOCUMENT_CARD,
        NoticeKind.DOCUMENT_DUE,
        NoticeKind.DOCUMENT_TO_READ,
        NoticeKind.POLICY_CARD,
        NoticeKind.AUDIT_CARD,
        NoticeKind.FINDING_CARD,
        NoticeKind.AUDIT_NEWS,
        NoticeKind.AUDIT_DUE,
        NoticeKind.MANAGEMENT_REVIEW_CARD,
        NoticeKind.MANAGEMENT_REVIEW_DUE,
        NoticeKind.CI_CARD,
        NoticeKind.REGISTER_CARD,
        NoticeKind.CI_PLAN,
        NoticeKind.CI_CAMPAIGN_ASKED,
        NoticeKind.SERVICES_NOW,
        NoticeKind.SURVEY_CARD,
        NoticeKind.COMPLAINT_CARD,
        NoticeKind.COMPLAINT_NEWS,
        NoticeKind.COMPLAINT_DUE,
        NoticeKind.ALERT_LINE,
        NoticeKind.ON_CALL_OFFER,
        NoticeKind.ON_CALL_HAND_OVER,
        NoticeKind.ON_CALL_UNACKNOWLEDGED,
        NoticeKind.CALENDAR_PICTURE,
        NoticeKind.REPORT_POSTED,
        NoticeKind.CAB_AGENDA,
        NoticeKind.CAB_ITEM,
        NoticeKind.MAJOR_ANNOUNCEMENT,
        NoticeKind.MAJOR_BOARD,
        NoticeKind.UNDELIVERED,
    }
)
"""Messages that are kept true: they are drawn again whenever their record changes. All that has a button is one: once
its matter is over, it says so instead (`handlers/records/ended.py`). What reminds of an update or of roles in a major
incident is drawn again by these alone (`bot/rules/major_incident/notices.py`), and so is what a survey asks of each
person (`bot/rules/survey/notices.py`): there may be hundreds."""


CARDS = frozenset(
    {
        NoticeKind.INCIDENT_CARD,
        NoticeKind.CHANGE_CARD,
        NoticeKind.TEMPLATE_PROPOSAL,
        NoticeKind.TEMPLATE_SUSPENDED,
        NoticeKind.TEMPLATE_SUGGESTION,
        NoticeKind.WINDOW_CARD,
        NoticeKind.CAB_AGENDA,
        NoticeKind.ACTION_GIVEN,
        NoticeKind.PROBLEM_CARD,
        NoticeKind.REQUEST_CARD,
        NoticeKind.REPORT_POSTED,
        NoticeKind.REVIEW_CARD,
        NoticeKind.DOCUMENT_CARD,
        NoticeKind.POLICY_CARD,
        NoticeKind.AUDIT_CARD,
        NoticeKind.FINDING_CARD,
        NoticeKind.MANAGEMENT_REVIEW_CARD,
        NoticeKind.CI_CARD,
        NoticeKind.REGISTER_CARD,
        NoticeKind.COMPLAINT_CARD,
        NoticeKind.SURVEY_CARD,
    }
)
"""The message that stands for its record: its number leads there."""


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
        NoticeKind.REPORT_FILE,
        NoticeKind.REPORT_PICTURE,
        NoticeKind.EXPORT_FILE,
        NoticeKind.FIGURES_PICTURE,
        NoticeKind.PROBLEM_DRAWING,
        NoticeKind.CI_DRAWING,
        NoticeKind.REVIEW_EXPORT,
        NoticeKind.POLICY_FILE,
        NoticeKind.WORKFLOW_STEP,
        NoticeKind.ON_CALL_USER_GROUP,
    }
)
"""Taken in the workspace instead of said."""


AWAITED = frozenset(
    {
        NoticeKind.APPROVAL_REQUEST,
        NoticeKind.APPROVAL_REMINDER,
        NoticeKind.APPROVAL_QUESTION,
        NoticeKind.APPROVAL_ANSWER,
        NoticeKind.TEMPLATE_PROPOSAL,
        NoticeKind.TEMPLATE_SUSPENDED,
        NoticeKind.TEMPLATE_SUGGESTION,
    }
)
"""Who asked for the record waits for what comes of them."""


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


WEBHOOK_LANE = "webhook:"


def webhook(key: str) -> str:
    """The lane of an endpoint of the policy's."""
    return f"{WEBHOOK_LANE}{key}"


USER_GROUP_LANE = "user-group:"
"""Of each user group of Slack that a rota has, so that its members are set one after another."""
MAIL_LANE = "mail:"


def mail(key: str) -> str:
    """The lane of a mailbox of the policy's."""
    return f"{MAIL_LANE}{key}"


def reader_of(lane: str) -> list[str]:
    """Who alone reads it; nobody of a channel, which many read."""
    return [lane[1:]] if lane.startswith("@") else []


def to_each(kind: NoticeKind, people: Iterable[str], about: str, key: str = "") -> list[Notice]:
    return [Notice(kind, person(one), about, key) for one in people]


def home(slack_id: str) -> Notice:
    return Notice(NoticeKind.HOME, person(slack_id), person(slack_id))
