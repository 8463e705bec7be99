"""Dispatch: incidents of its API as JSON, or its table as CSV. Its times are UTC."""

from collections.abc import Iterator, Mapping

from bot.rules.imports import words
from bot.rules.imports.fields import Fields, who_of
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Comment, Source
from bot.rules.incident.flow import IncidentState


def _hidden(row: Fields) -> bool:
    return row.line("visibility").casefold() == "restricted"


def _comments(row: Fields, how: How) -> Iterator[Comment]:
    found = row.value("events")
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping):
            fields = Fields.of(one)
            at = fields.when(how.clock, "started_at", "ended_at")
            yield Comment(fields.text("description"), at, who_of(one.get("owner") or one.get("source")))


SPEC = Spec(
    Source.DISPATCH,
    {
        "id": ("id", "name"),
        "number": ("name",),
        "summary": ("title",),
        "description": ("description",),
        "state": ("status",),
        "opened": ("reported_at", "created_at"),
        "updated": ("updated_at",),
        "resolved": ("stable_at",),
        "closed": ("closed_at",),
        "priority": ("incident_priority", "priority"),
        "service": ("service", "project", "incident_type"),
        "reporter": ("reporter",),
        "assignee": ("commander",),
        "resolution": ("resolution",),
    },
    states={
        "active": (IncidentState.IN_PROGRESS, None),
        "stable": words.STATES["resolved"],
        "closed": words.STATES["closed"],
    },
    utc=True,
    comments=_comments,
    hidden=_hidden,
)
