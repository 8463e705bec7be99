"""Every id that Slack hands back to us. A value is its member's name in lower case: none can be misspelled (law 6)."""

from enum import StrEnum, auto


class Command(StrEnum):
    INCIDENT = "/incident"
    CHANGE = "/change"
    DESK = "/desk"


class Action(StrEnum):
    """Buttons."""

    ACKNOWLEDGE = auto()
    RESOLVE = auto()
    APPROVE = auto()
    REJECT = auto()
    REPORT_INCIDENT = auto()
    RAISE_CHANGE = auto()
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
    CHANGE_REQUEST = auto()
    CHANGE_REJECTION = auto()
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
    TITLE = auto()
    TYPE = auto()
    WHY = auto()
    PLAN = auto()
    BACKOUT = auto()
    STARTS_AT = auto()
    ENDS_AT = auto()
    APPROVERS = auto()
    COMMENT = auto()
    STATUS = auto()
    STATUS_WORDS = auto()
    NEXT_UPDATE = auto()
    COMMANDER = auto()
    HANDOVER_NOTE = auto()
    HAPPENED_AT = auto()
    ENTRY_TEXT = auto()


class Event(StrEnum):
    """Events that the manifest subscribes to."""

    APP_HOME_OPENED = auto()
    CHANNEL_ARCHIVE = auto()
    CHANNEL_RENAME = auto()
    CHANNEL_UNARCHIVE = auto()
    MEMBER_JOINED_CHANNEL = auto()
    MEMBER_LEFT_CHANNEL = auto()
    REACTION_ADDED = auto()
    REACTION_REMOVED = auto()
    SUBTEAM_MEMBERS_CHANGED = auto()
    USER_CHANGE = auto()
