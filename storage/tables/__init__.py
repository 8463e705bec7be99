"""The tables, a file a noun."""

from storage.tables.base import METADATA, Table
from storage.tables.cab import CabAttendance, CabItem, CabMeeting
from storage.tables.change_calendar import CalendarFeed, CalendarPicture
from storage.tables.change_links import ChangeSuspicion
from storage.tables.changes import (
    Approval,
    ApprovalStage,
    Change,
    ChangeQuestion,
    ChangeRevision,
    Delegation,
)
from storage.tables.clocks import Alarm, Clock
from storage.tables.delivery import Inbox, Lane, Outbox, Post
from storage.tables.desk import Counter, Membership, Person, Place, PolicyVersion
from storage.tables.incidents import Incident, IncidentLink, IncidentPerson
from storage.tables.journal import Entry, FactWords, JournalCheckpoint, Untold
from storage.tables.major_incidents import MajorIncident, MajorRole, TimelineEntry, TimelinePin
from storage.tables.templates import Template
from storage.tables.windows import ChangeWindow

__all__ = [
    "METADATA",
    "Alarm",
    "Approval",
    "ApprovalStage",
    "CabAttendance",
    "CabItem",
    "CabMeeting",
    "CalendarFeed",
    "CalendarPicture",
    "Change",
    "ChangeQuestion",
    "ChangeRevision",
    "ChangeSuspicion",
    "ChangeWindow",
    "Clock",
    "Counter",
    "Delegation",
    "Entry",
    "FactWords",
    "Inbox",
    "Incident",
    "IncidentLink",
    "IncidentPerson",
    "JournalCheckpoint",
    "Lane",
    "MajorIncident",
    "MajorRole",
    "Membership",
    "Outbox",
    "Person",
    "Place",
    "PolicyVersion",
    "Post",
    "Table",
    "Template",
    "TimelineEntry",
    "TimelinePin",
    "Untold",
]
