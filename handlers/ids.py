"""Every id that Slack hands back to us. A value is its member's name in lower case: none can be misspelled (law 6)."""

from enum import StrEnum, auto


class Command(StrEnum):
    INCIDENT = "/incident"
    CHANGE = "/change"
    SLA = "/sla"
    DESK = "/desk"


class Action(StrEnum):
    """Buttons."""

    ACKNOWLEDGE = auto()
    START = auto()
    PEND = auto()
    RESUME = auto()
    RESOLVE = auto()
    CLOSE = auto()
    CANCEL = auto()
    REOPEN = auto()
    ASSIGN_ME = auto()
    ASSIGN = auto()
    NOTE = auto()
    UPDATE = auto()
    RECLASSIFY = auto()
    PRIORITISE = auto()
    LINK = auto()
    MERGE = auto()
    SHARE = auto()
    ME_TOO = auto()
    TIMELINE = auto()
    MORE = auto()
    RATE = auto()
    LIST_BACK = auto()
    LIST_ON = auto()
    LIST_ALL = auto()
    LOG_HERE = auto()
    APPROVE = auto()
    REJECT = auto()
    REPORT_INCIDENT = auto()
    RAISE_CHANGE = auto()
    HAVE_IT = auto()
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


class Form(StrEnum):
    """Modals that are submitted."""

    INCIDENT_REPORT = auto()
    INCIDENT_RESOLUTION = auto()
    INCIDENT_PENDING = auto()
    INCIDENT_CANCELLATION = auto()
    INCIDENT_REOPENING = auto()
    INCIDENT_ASSIGNMENT = auto()
    INCIDENT_NOTE = auto()
    INCIDENT_UPDATE = auto()
    INCIDENT_CLASS = auto()
    INCIDENT_PRIORITY = auto()
    INCIDENT_LINK = auto()
    INCIDENT_MERGER = auto()
    INCIDENT_SHARING = auto()
    INCIDENT_RATING = auto()
    CHANGE_REQUEST = auto()
    CHANGE_REJECTION = auto()
    BREACH_EXCUSE = auto()
    STATUS_UPDATE = auto()
    HANDOVER = auto()
    TIMELINE_ENTRY = auto()


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
    APPROVERS = auto()
    COMMENT = auto()
    PROMISE = auto()
    STATUS = auto()
    STATUS_WORDS = auto()
    NEXT_UPDATE = auto()
    COMMANDER = auto()
    HANDOVER_NOTE = auto()
    HAPPENED_AT = auto()
    ENTRY_TEXT = auto()


class Shortcut(StrEnum):
    LOG_INCIDENT = auto()
    LOG_INCIDENT_FROM_MESSAGE = auto()


class Event(StrEnum):
    """Events that the manifest subscribes to."""

    APP_HOME_OPENED = auto()
    APP_MENTION = auto()
    CHANNEL_ARCHIVE = auto()
    CHANNEL_RENAME = auto()
    CHANNEL_UNARCHIVE = auto()
    MEMBER_JOINED_CHANNEL = auto()
    MEMBER_LEFT_CHANNEL = auto()
    REACTION_ADDED = auto()
    REACTION_REMOVED = auto()
    SUBTEAM_MEMBERS_CHANGED = auto()
    USER_CHANGE = auto()
