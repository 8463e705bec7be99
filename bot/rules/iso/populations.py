"""Populations of records that evidence and samples are drawn from. A new noun is one line more."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun

_F = FactKind


@dataclass(frozen=True)
class Population:
    name: str
    noun: Noun
    began: str
    """The column that says when a record began."""
    opened: tuple[FactKind, ...]
    """Which facts begin one; the first of them counts."""
    moved_in: FactKind | None = None
    """The fact that says that one was moved in from another tool: it is no evidence of this desk, and counted apart."""


POPULATIONS: Mapping[str, Population] = MappingProxyType(
    {
        one.name: one
        for one in (
            Population("incidents", Noun.INCIDENT, "opened_at", (_F.INCIDENT_OPENED,), _F.INCIDENT_IMPORTED),
            Population("requests", Noun.REQUEST, "raised_at", (_F.REQUEST_ASKED,), _F.REQUEST_IMPORTED),
            Population("problems", Noun.PROBLEM, "raised_at", (_F.PROBLEM_RAISED, _F.TREND_FOUND), _F.PROBLEM_IMPORTED),
            Population("known-errors", Noun.KNOWN_ERROR, "made_at", (_F.KNOWN_ERROR_DRAFTED,)),
            Population(
                "changes", Noun.CHANGE, "requested_at", (_F.CHANGE_DRAFTED, _F.CHANGE_SUBMITTED), _F.CHANGE_IMPORTED
            ),
            Population("standard-changes", Noun.STANDARD, "proposed_at", (_F.TEMPLATE_PROPOSED,)),
            Population("windows", Noun.WINDOW, "made_at", (_F.WINDOW_MADE,)),
            Population("meetings", Noun.MEETING, "opened_at", (_F.CAB_OPENED,)),
            Population("actions", Noun.ACTION, "raised_at", (_F.ACTION_RAISED,)),
            Population("reviews", Noun.REVIEW, "asked_at", (_F.REVIEW_ASKED,)),
            Population("reports", Noun.REPORT, "made_at", (_F.REPORT_ISSUED,)),
            Population("documents", Noun.DOCUMENT, "made_at", (_F.DOCUMENT_DRAFTED,)),
            Population("audits", Noun.AUDIT, "planned_at", (_F.AUDIT_PLANNED,)),
            Population("findings", Noun.FINDING, "raised_at", (_F.FINDING_RAISED,)),
            Population("management-reviews", Noun.MANAGEMENT_REVIEW, "planned_at", (_F.MANAGEMENT_REVIEW_PLANNED,)),
            Population("register-entries", Noun.ENTRY, "made_at", (_F.REGISTER_ENTERED,)),
            Population("complaints", Noun.COMPLAINT, "received_at", (_F.COMPLAINT_RECEIVED,)),
            Population("surveys", Noun.SURVEY, "sent_at", (_F.SURVEY_SENT,)),
            Population("configuration-items", Noun.CI, "added_at", (_F.CI_ADDED,)),
        )
    }
)
