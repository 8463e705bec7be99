"""The tables, a file a noun."""

from storage.tables.actions import ActionItem
from storage.tables.alerts import Alert, AlertDelivery, AlertGroup, AlertSource
from storage.tables.api import ApiAnswer, ApiToken
from storage.tables.approvals import Approval, ApprovalCase, ApprovalQuestion, ApprovalStage, Delegation
from storage.tables.audits import AuditCheck, AuditFinding, AuditSample, ClauseOwner, InternalAudit
from storage.tables.base import METADATA, Record, Table
from storage.tables.cab import CabAttendance, CabItem, CabMeeting
from storage.tables.calendar import CalendarFeed, CalendarPicture
from storage.tables.changes import Change, ChangeRevision
from storage.tables.clocks import Clock, Timer
from storage.tables.configuration_items import CiPlan, CiPlanPart, CiPresence, CiRelationRow, ConfigurationItem
from storage.tables.delivery import Inbox, Lane, Outbox, Post
from storage.tables.documents import ControlledDocument, DocumentClause, DocumentReading, DocumentVersion
from storage.tables.imports import ImportedRecord
from storage.tables.incidents import Incident
from storage.tables.iso import ClauseJudgement, ClauseTask
from storage.tables.issued_reports import IssuedReport, ReportVersion
from storage.tables.journal import Entry, FactWords, JournalCheckpoint, Untold
from storage.tables.mail import MailSeen, MailThread
from storage.tables.major_incidents import MajorIncident, MajorRole, TimelineEntry, TimelinePin
from storage.tables.management_reviews import ManagementReview
from storage.tables.on_call import OnCallGap, OnCallHandOver, OnCallOffer, OnCallOverride
from storage.tables.problems import KnownError, KnownErrorWord, Problem, ProblemCause, ProblemTrend
from storage.tables.records import RecordField, RecordLink, RecordPerson
from storage.tables.registers import RegisterEntry
from storage.tables.requests import RequestTask, ServiceRequest
from storage.tables.reviews import Review, ReviewMilestone, ReviewSectionText, ReviewVersion
from storage.tables.standard_changes import Template
from storage.tables.suspected_causes import ChangeSuspicion
from storage.tables.webhooks import WebhookOff
from storage.tables.windows import ChangeWindow
from storage.tables.workspace import Counter, Membership, Person, Place, PolicyVersion

__all__ = [
    "METADATA",
    "ActionItem",
    "Alert",
    "AlertDelivery",
    "AlertGroup",
    "AlertSource",
    "ApiAnswer",
    "ApiToken",
    "Approval",
    "ApprovalCase",
    "ApprovalQuestion",
    "ApprovalStage",
    "AuditCheck",
    "AuditFinding",
    "AuditSample",
    "CabAttendance",
    "CabItem",
    "CabMeeting",
    "CalendarFeed",
    "CalendarPicture",
    "Change",
    "ChangeRevision",
    "ChangeSuspicion",
    "ChangeWindow",
    "CiPlan",
    "CiPlanPart",
    "CiPresence",
    "CiRelationRow",
    "ClauseJudgement",
    "ClauseOwner",
    "ClauseTask",
    "Clock",
    "ConfigurationItem",
    "ControlledDocument",
    "Counter",
    "Delegation",
    "DocumentClause",
    "DocumentReading",
    "DocumentVersion",
    "Entry",
    "FactWords",
    "ImportedRecord",
    "Inbox",
    "Incident",
    "InternalAudit",
    "IssuedReport",
    "JournalCheckpoint",
    "KnownError",
    "KnownErrorWord",
    "Lane",
    "MailSeen",
    "MailThread",
    "MajorIncident",
    "MajorRole",
    "ManagementReview",
    "Membership",
    "OnCallGap",
    "OnCallHandOver",
    "OnCallOffer",
    "OnCallOverride",
    "Outbox",
    "Person",
    "Place",
    "PolicyVersion",
    "Post",
    "Problem",
    "ProblemCause",
    "ProblemTrend",
    "Record",
    "RecordField",
    "RecordLink",
    "RecordPerson",
    "RegisterEntry",
    "ReportVersion",
    "RequestTask",
    "Review",
    "ReviewMilestone",
    "ReviewSectionText",
    "ReviewVersion",
    "ServiceRequest",
    "Table",
    "Template",
    "TimelineEntry",
    "TimelinePin",
    "Timer",
    "Untold",
    "WebhookOff",
]
