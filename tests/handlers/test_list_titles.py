"""A list's title says of its records what is true of them, what needs a decision is counted in good English, and what
is late has a mark."""

from datetime import timedelta

import pytest

from bot.rules.action.flow import ActionState
from bot.rules.audit.flow import AuditState, FindingState
from bot.rules.complaint.flow import ComplaintState
from bot.rules.document.flow import DocumentState
from bot.rules.policy.policy import parse
from bot.rules.record.refs import Noun
from bot.rules.register.flow import EntryState
from bot.rules.report.dashboard import DECISIONS
from bot.rules.request.flow import RequestState
from bot.rules.review.flow import ReviewState
from bot.usecases.report.management_dashboard import Decision
from handlers.action.views import card as actions
from handlers.action.views import samples as action_samples
from handlers.audit.views import card as audits
from handlers.audit.views import samples as audit_samples
from handlers.blocks import kit
from handlers.blocks.samples import AT
from handlers.complaint.views import card as complaints
from handlers.complaint.views import samples as complaint_samples
from handlers.document.views import card as documents
from handlers.document.views import samples as document_samples
from handlers.records.paging import Query, of_records
from handlers.register.views import card as entries
from handlers.register.views import samples as entry_samples
from handlers.report.views.management_dashboard import _decision
from handlers.request_catalogue.views import card as requests
from handlers.request_catalogue.views import samples as request_samples
from handlers.review.views import card as reviews
from handlers.review.views import samples as review_samples

POLICY = parse("")
ROWS = {
    Noun.REQUEST: lambda now: requests.row(request_samples.sample(RequestState.DOING, {}), now),
    Noun.COMPLAINT: lambda now: complaints.row(complaint_samples.sample(ComplaintState.RECEIVED, {}), now),
    Noun.REVIEW: lambda now: reviews.row(review_samples.sample(ReviewState.DRAFT, {}), POLICY, now),
    Noun.AUDIT: lambda now: audits.row(audit_samples.sample(AuditState.PLANNED, {}), POLICY, now),
    Noun.FINDING: lambda now: audits.row(audit_samples.finding(FindingState.OPEN, {}), POLICY, now),
    Noun.ENTRY: lambda now: entries.row(entry_samples.sample(EntryState.OPEN, {}), POLICY, now),
    Noun.DOCUMENT: lambda now: documents.row(document_samples.sample(DocumentState.IN_FORCE, {}), POLICY, now),
    Noun.ACTION: lambda now: actions.row(action_samples.sample(ActionState.OPEN, {}), now.date(), POLICY),
}
"""Of each noun that can be listed by “late”, one that still is to be done, as of an instant."""


@pytest.mark.parametrize("noun", ROWS)
def test_what_is_late_has_a_mark_in_the_lists_of_each_noun(noun: Noun) -> None:
    row = ROWS[noun]
    assert kit.LATE in row(AT + timedelta(days=400))["text"]["text"]
    assert kit.LATE not in row(AT - timedelta(days=30))["text"]["text"]


def test_what_is_over_is_not_late() -> None:
    long_after = AT + timedelta(days=400)
    for row in (
        requests.row(request_samples.sample(RequestState.CLOSED, {}), long_after),
        complaints.row(complaint_samples.sample(ComplaintState.CLOSED, {}), long_after),
        reviews.row(review_samples.sample(ReviewState.PUBLISHED, {}), POLICY, long_after),
        entries.row(entry_samples.sample(EntryState.CLOSED, {}), POLICY, long_after),
    ):
        assert kit.LATE not in row["text"]["text"]


@pytest.mark.parametrize(
    ("what", "noun", "are_open", "title", "empty"),
    [
        ("entry", Noun.ENTRY, True, "Open entries", "No entry is open."),
        ("document", Noun.DOCUMENT, False, "Documents", "There is no document yet."),
    ],
)
def test_what_is_in_force_or_reported_is_not_called_open(what, noun, are_open, title, empty):
    found = of_records(what, Query(noun), [], 0, 10, are_open=are_open)
    assert (found.title, found.empty) == (title, empty)
    asked = of_records(what, Query(noun, "x"), [], 0, 10, are_open=are_open)
    assert asked.empty.endswith("shows all that are open." if are_open else "shows all.")


ONE = {
    "*1* incident is past what was promised",
    "*1* request is past what was promised",
    "*1* change waits for approval",
    "*1* change is held by a freeze",
    "*1* change has missed its window",
    "*1* problem has no owner",
    "*1* complaint is escalated",
    "*1* action is late",
    "*1* review is late",
    "*1* finding is late",
}


@pytest.mark.parametrize("one", DECISIONS, ids=lambda one: one[2])
def test_what_needs_a_decision_is_said_of_one_as_of_several(one):
    noun, typed, says = one
    assert _decision(Decision(noun, typed, says, 1)) in ONE
    assert _decision(Decision(noun, typed, says, 2)) == f"*2* {says}"
