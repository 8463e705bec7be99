"""Zammad: tickets of the API as JSON (with expand=true), each with its articles."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.rules.imports import words
from bot.rules.imports.fields import Fields, who_of
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Comment, Source
from bot.rules.incident.flow import IncidentState, PendingOn
from bot.rules.incident.priority import Priority
from bot.rules.record.refs import Noun
from bot.rules.request.flow import RequestState

_S = IncidentState
_STATES: dict[str, words.State] = {
    **dict.fromkeys(("1", "new"), (_S.NEW, None)),
    **dict.fromkeys(("2", "open"), (_S.IN_PROGRESS, None)),
    **dict.fromkeys(("3", "pending reminder", "7", "pending close"), words.PENDING),
    **dict.fromkeys(("4", "closed"), (_S.CLOSED, None)),
    **dict.fromkeys(("5", "merged", "6", "removed"), (_S.CANCELLED, None)),
}
"""By name, and by the numbers that a new Zammad gives them."""
_PRIORITIES = {
    **dict.fromkeys(("1", "1 low", "low"), Priority.P4),
    **dict.fromkeys(("2", "2 normal", "normal"), Priority.P3),
    **dict.fromkeys(("3", "3 high", "high"), Priority.P2),
}


def _kind(row: Fields) -> str:
    """Whether a ticket is something else is said by a field that some add to it."""
    return row.line("type", "ticket_type", "kind")


def _articles(row: Fields) -> list[Mapping[str, Any]]:
    found = row.value("articles", "article")
    if isinstance(found, Mapping):
        found = [found]
    listed = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return sorted(listed, key=lambda one: (str(one.get("created_at", "")), str(one.get("id", "")).zfill(12)))


def _body(article: Mapping[str, Any]) -> str:
    fields = Fields.of(article)
    return fields.html("body") if article.get("content_type") == "text/html" else fields.text("body")


def _unfolded(row: Fields) -> Fields:
    """The first article is what the ticket is about."""
    first = next(iter(_articles(row)), None)
    if first is None or row.value("note"):
        return row
    return replace(row, values={**row.values, "note": [_body(first)], "first article": [first.get("id", "")]})


def _comments(row: Fields, how: How) -> Iterator[Comment]:
    about = row.has("first article")
    for one in _articles(row)[about:]:
        fields = Fields.of(one)
        who = who_of(one.get("from") or one.get("created_by"))
        yield Comment(_body(one), fields.when(how.clock, "created_at"), who, one.get("internal") in (True, "true", 1))


SPEC = Spec(
    Source.ZAMMAD,
    {
        "id": ("id",),
        "number": ("number",),
        "summary": ("title",),
        "description": ("note",),
        "state": ("state", "state_id"),
        "opened": ("created_at",),
        "updated": ("updated_at",),
        "acknowledged": ("first_response_at",),
        "closed": ("close_at",),
        "pending_until": ("pending_time",),
        "priority": ("priority", "priority_id"),
        "service": ("service", "group"),
        "group": ("group",),
        "reporter": ("customer",),
        "assignee": ("owner",),
    },
    states=_STATES,
    priorities=_PRIORITIES,
    utc=True,
    comments=_comments,
    kind=_kind,
    unfolded=_unfolded,
)
_R = RequestState
REQUEST = replace(
    SPEC,
    noun=Noun.REQUEST,
    states={
        **dict.fromkeys(("1", "new"), (_R.NEW, None)),
        **dict.fromkeys(("2", "open"), (_R.DOING, None)),
        **dict.fromkeys(("3", "pending reminder", "7", "pending close"), (_R.PENDING, PendingOn.VENDOR)),
        **dict.fromkeys(("4", "closed"), (_R.CLOSED, None)),
        **dict.fromkeys(("5", "merged", "6", "removed"), (_R.WITHDRAWN, None)),
    },
)
PROBLEM = replace(SPEC, noun=Noun.PROBLEM, states={"4": words.STATES_OF[Noun.PROBLEM]["closed"]})
