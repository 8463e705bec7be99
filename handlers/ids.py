"""Ids that Slack hands back to us and that no action on a record gives: those are `noun_verb` (law 6).

A value is its member's name in lower case, so that none can be misspelled.
"""

from enum import StrEnum, auto

ON_IT = "I'm on it"
"""The one label for taking an incident: on cards, on reminders, on App Home."""


class Command(StrEnum):
    INCIDENT = "/incident"
    CHANGE = "/change"
    SLA = "/sla"
    ACTION = "/action"
    PROBLEM = "/problem"
    REQUEST = "/request"
    REVIEW = "/review"
    REPORT = "/report"
    CI = "/ci"
    SERVICE = "/service"
    ISO = "/iso"
    ALERT = "/alert"
    DESK = "/desk"


class Action(StrEnum):
    """Buttons beside the actions on records."""

    TIMELINE = auto()
    LIST_BACK = auto()
    LIST_ON = auto()
    LIST_ALL = auto()
    LIST_MINE = auto()
    LIST_UNASSIGNED = auto()
    LIST_LATE = auto()
    LIST_QUEUE = auto()
    OPEN_CARD = auto()
    HELP_ALL = auto()
    MEANT = auto()
    NOT_MEANT = auto()
    LOG_HERE = auto()
    REPORT_INCIDENT = auto()
    RAISE_CHANGE = auto()
    HAVE_IT = auto()
    ASSIGN_TO = auto()
    CHOOSE_PRIORITY = auto()
    RATE_POOR = auto()
    RATE_FAIR = auto()
    RATE_GOOD = auto()
    RATE_VERY_GOOD = auto()
    RATE_EXCELLENT = auto()
    STAND_DOWN = auto()
    EDIT_CHANGE = auto()
    ACTION_TIMELINE = auto()
    PROBLEM_TIMELINE = auto()
    PROBLEM_CAUSES = auto()
    PROBLEM_KNOWN_ERRORS = auto()
    WORKAROUND_HELPED = auto()
    LOG_ANYWAY = auto()
    ASK_FOR = auto()
    ASK_AGAIN = auto()
    REQUEST_TIMELINE = auto()
    REVIEW_TIMELINE = auto()
    REVIEW_READ = auto()
    REVIEW_SECTIONS = auto()
    REVIEW_SECTION = auto()
    REVIEW_DIFFERENCE = auto()
    CHANGE_TIMELINE = auto()
    CHANGE_DETAILS = auto()
    CHANGE_RISK = auto()
    KEEP_DRAFT = auto()
    DELEGATE = auto()
    READ_ALL = auto()
    READ_BACK = auto()
    READ_ON = auto()
    MAKE_WINDOW = auto()
    LIFT_WINDOW = auto()
    LINK_CHANGE = auto()
    NOT_THE_CAUSE = auto()
    USE_TEMPLATE = auto()
    DECLARE_MAJOR = auto()
    TAKE_COMMAND = auto()
    TAKE_COMMUNICATIONS = auto()
    TAKE_NOTES = auto()
    POST_STATUS = auto()
    SNOOZE_NUDGE = auto()
    HAND_OVER = auto()
    OPEN_TIMELINE = auto()
    EDIT_ENTRY = auto()
    EXPORT_TIMELINE = auto()
    FIGURE_OPEN = auto()
    REPORT_TIMELINE = auto()
    CI_TIMELINE = auto()
    CI_IMPACT = auto()
    SERVICE_OPEN = auto()
    CLAUSE_MEND = auto()
    CLAUSE_WALK = auto()
    OPEN_FOR_ALERTS = auto()
    CAB_HERE = auto()
    CAB_NOTE = auto()
    CAB_CLOSE = auto()
    CAB_EXPORT = auto()
    OPEN_CALENDAR = auto()
    CALENDAR_BACK = auto()
    CALENDAR_ON = auto()
    CALENDAR_TURN = auto()
    CALENDAR_SERVICE = auto()
    POST_CALENDAR = auto()
    RENEW_FEED = auto()
    END_FEED = auto()


class Form(StrEnum):
    """Modals that are submitted, beside the forms of actions."""

    INCIDENT_REPORT = auto()
    CHANGE_REQUEST = auto()
    ACTION_RAISE = auto()
    PROBLEM_RAISE = auto()
    REQUEST_ASK = auto()
    REVIEW_SECTION = auto()
    BREACH_EXCUSE = auto()
    CHANGE_DETAILS = auto()
    CHANGE_RISK = auto()
    CHANGE_BREAK_GLASS = auto()
    CHANGE_WINDOW = auto()
    WINDOW_LIFTING = auto()
    APPROVAL_DELEGATION = auto()
    STANDARD_CHANGE = auto()
    STANDARD_EDIT = auto()
    STATUS_UPDATE = auto()
    HANDOVER = auto()
    TIMELINE_ENTRY = auto()
    CAB_NOTE = auto()
    CI_NEW = auto()
    CLAUSE_JUDGEMENT = auto()
    CLAUSE_ACTION = auto()
    CLAUSE_WALK = auto()


class Field(StrEnum):
    """Inputs. A field's block and its action share the id; desk dataclasses share the name."""

    SUMMARY = auto()
    DESCRIPTION = auto()
    SERVICE = auto()
    IMPACT = auto()
    URGENCY = auto()
    RESOLUTION = auto()
    CODE = auto()
    BEHALF = auto()
    QUESTION = auto()
    TASK = auto()
    PRIVATE = auto()
    PENDING_ON = auto()
    PERSON = auto()
    GROUP = auto()
    PRIORITY = auto()
    OTHER = auto()
    RATING = auto()
    TITLE = auto()
    TYPE = auto()
    WHY = auto()
    PLAN = auto()
    BACKOUT = auto()
    STARTS_AT = auto()
    ENDS_AT = auto()
    IMPLEMENTER = auto()
    INCIDENT = auto()
    TOUCHES = auto()
    WINDOW_SORT = auto()
    SERVICES = auto()
    REPEAT = auto()
    RRULE = auto()
    TEST_PLAN = auto()
    COMMUNICATION = auto()
    LINKS = auto()
    ANSWER = auto()
    STAND_IN = auto()
    RESULT = auto()
    CAUSED = auto()
    REVIEW = auto()
    COMMENT = auto()
    PROMISE = auto()
    STATUS = auto()
    STATUS_WORDS = auto()
    NEXT_UPDATE = auto()
    RESOLVE_TOO = auto()
    COMMANDER = auto()
    HANDOVER_NOTE = auto()
    HAPPENED_AT = auto()
    ENTRY_TEXT = auto()
    ACTION = auto()
    DUE_ON = auto()
    KIND = auto()
    VERIFICATION = auto()
    UNDER = auto()
    CATEGORY = auto()
    CAUSE = auto()
    SYMPTOM = auto()
    WORKAROUND = auto()
    WORDS = auto()
    AUDIENCE = auto()
    SECTION = auto()
    MILESTONE = auto()
    FORMAT = auto()
    CI_ATTRIBUTE = auto()
    CI_VALUE = auto()
    CI_RELATION = auto()
    CI_TARGET = auto()
    CI_NEEDS = auto()
    CI_ITEMS = auto()
    DESIGNED = auto()
    DONE = auto()
    WORKS = auto()


class Shortcut(StrEnum):
    LOG_INCIDENT = auto()
    LOG_INCIDENT_FROM_MESSAGE = auto()


class Event(StrEnum):
    """Events that the manifest subscribes to."""

    APP_HOME_OPENED = auto()
    APP_MENTION = auto()
    MESSAGE = auto()
    CHANNEL_ARCHIVE = auto()
    CHANNEL_RENAME = auto()
    CHANNEL_UNARCHIVE = auto()
    MEMBER_JOINED_CHANNEL = auto()
    MEMBER_LEFT_CHANNEL = auto()
    REACTION_ADDED = auto()
    REACTION_REMOVED = auto()
    SUBTEAM_MEMBERS_CHANGED = auto()
    USER_CHANGE = auto()
