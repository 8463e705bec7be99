"""The tables, a file a noun."""

from storage.tables.actions import ActionItem
from storage.tables.api import ApiAnswer, ApiToken, ServiceAccount
from storage.tables.approvals import Approval, ApprovalCase, ApprovalQuestion, ApprovalStage, Delegation, WorkflowWait
from storage.tables.base import METADATA, Record, Table
from storage.tables.calendar import CalendarFeed, CalendarPicture
from storage.tables.clocks import Clock, Timer
from storage.tables.delivery import Inbox, Lane, Outbox, Post
from storage.tables.imports import ImportedRecord
from storage.tables.journal import Entry, FactWords, JournalCheckpoint, Untold
from storage.tables.mail import MailSeen, MailThread
from storage.tables.management.audits import AuditCheck, AuditFinding, AuditSample, ClauseOwner, InternalAudit
from storage.tables.management.complaints import Complaint
from storage.tables.management.documents import ControlledDocument, DocumentClause, DocumentReading, DocumentVersion
from storage.tables.management.iso import ClauseJudgement, ClauseTask
from storage.tables.management.issued_reports import (
    Dashboard,
    FigureSample,
    FigureSampling,
    IssuedReport,
    ReportVersion,
)
from storage.tables.management.management_reviews import ManagementReview
from storage.tables.management.policy_proposals import PolicyMaster, PolicyProposal
from storage.tables.management.registers import RegisterEntry
from storage.tables.management.surveys import Survey, SurveyAnswer
from storage.tables.practices.alerts import Alert, AlertDelivery, AlertGroup, AlertSource
from storage.tables.practices.cab import CabAttendance, CabItem, CabMeeting
from storage.tables.practices.changes import Change, ChangeRevision
from storage.tables.practices.configuration_items import (
    CiCampaign,
    CiCampaignItem,
    CiPlan,
    CiPlanPart,
    CiPresence,
    CiRelationRow,
    ConfigurationItem,
    ServicesPost,
)
from storage.tables.practices.incidents import Incident
from storage.tables.practices.major_incidents import MajorIncident, MajorRole, TimelineEntry, TimelinePin
from storage.tables.practices.on_call import (
    OnCallGap,
    OnCallHandOver,
    OnCallOffer,
    OnCallOverride,
    OnCallUserGroup,
    RotaCalendarState,
)
from storage.tables.practices.problems import KnownError, KnownErrorWord, Problem, ProblemCause, ProblemTrend
from storage.tables.practices.requests import RequestTask, ServiceRequest
from storage.tables.practices.reviews import Review, ReviewMilestone, ReviewSectionText, ReviewVersion
from storage.tables.practices.standard_changes import Template
from storage.tables.practices.suspected_causes import ChangeSuspicion
from storage.tables.practices.windows import ChangeWindow
from storage.tables.records import RecordField, RecordLink, RecordPerson
from storage.tables.webhooks import WebhookOff
from storage.tables.workspace import Counter, HomeVisit, Membership, Person, Place, PolicyVersion

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
    "CiCampaign",
    "CiCampaignItem",
    "CiPlan",
    "CiPlanPart",
    "CiPresence",
    "CiRelationRow",
    "ClauseJudgement",
    "ClauseOwner",
    "ClauseTask",
    "Clock",
    "Complaint",
    "ConfigurationItem",
    "ControlledDocument",
    "Counter",
    "Dashboard",
    "Delegation",
    "DocumentClause",
    "DocumentReading",
    "DocumentVersion",
    "Entry",
    "FactWords",
    "FigureSample",
    "FigureSampling",
    "HomeVisit",
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
    "OnCallUserGroup",
    "Outbox",
    "Person",
    "Place",
    "PolicyMaster",
    "PolicyProposal",
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
    "RotaCalendarState",
    "ServiceAccount",
    "ServiceRequest",
    "ServicesPost",
    "Survey",
    "SurveyAnswer",
    "Table",
    "Template",
    "TimelineEntry",
    "TimelinePin",
    "Timer",
    "Untold",
    "WebhookOff",
    "WorkflowWait",
]
