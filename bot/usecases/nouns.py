"""What each noun declares to the record engine, one line a noun."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.rules.record.refs import Noun
from bot.usecases.action import kind as action
from bot.usecases.audit import kind as audit
from bot.usecases.cab import agenda as cab_agenda
from bot.usecases.change import kind as change
from bot.usecases.change import standard_changes as change_standard_changes
from bot.usecases.change_window import windows
from bot.usecases.complaint import kind as complaint
from bot.usecases.configuration_item import kind as configuration_item
from bot.usecases.document import kind as document
from bot.usecases.incident import kind as incident
from bot.usecases.management_review import kind as management_review
from bot.usecases.policy_proposal import kind as policy_proposal
from bot.usecases.problem import kind as problem
from bot.usecases.records.declared import Kind
from bot.usecases.register import kind as register
from bot.usecases.report import kind as report
from bot.usecases.request import kind as request
from bot.usecases.review import kind as review
from bot.usecases.survey import kind as survey

KINDS: Mapping[Noun, Kind[Any]] = MappingProxyType(
    {
        Noun.INCIDENT: incident.KIND,
        Noun.CHANGE: change.KIND,
        Noun.STANDARD: change_standard_changes.KIND,
        Noun.WINDOW: windows.KIND,
        Noun.MEETING: cab_agenda.KIND,
        Noun.ACTION: action.KIND,
        Noun.PROBLEM: problem.PROBLEM,
        Noun.KNOWN_ERROR: problem.KNOWN_ERROR,
        Noun.REQUEST: request.KIND,
        Noun.REPORT: report.KIND,
        Noun.REVIEW: review.KIND,
        Noun.CI: configuration_item.KIND,
        Noun.DOCUMENT: document.KIND,
        Noun.AUDIT: audit.AUDIT,
        Noun.FINDING: audit.FINDING,
        Noun.MANAGEMENT_REVIEW: management_review.KIND,
        Noun.COMPLAINT: complaint.KIND,
        Noun.SURVEY: survey.KIND,
        Noun.ENTRY: register.KIND,
        Noun.POLICY: policy_proposal.KIND,
    }
)
