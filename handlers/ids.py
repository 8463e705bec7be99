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


class Form(StrEnum):
    """Modals that are submitted."""

    INCIDENT_REPORT = auto()
    INCIDENT_RESOLUTION = auto()
    CHANGE_REQUEST = auto()
    CHANGE_REJECTION = auto()


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


class Event(StrEnum):
    """Events that the manifest subscribes to."""

    APP_HOME_OPENED = auto()
    CHANNEL_ARCHIVE = auto()
    CHANNEL_RENAME = auto()
    CHANNEL_UNARCHIVE = auto()
    MEMBER_JOINED_CHANNEL = auto()
    MEMBER_LEFT_CHANNEL = auto()
    SUBTEAM_MEMBERS_CHANGED = auto()
    USER_CHANGE = auto()
