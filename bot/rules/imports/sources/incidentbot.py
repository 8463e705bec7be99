"""incidentbot: its API's JSON, or its table of incidents as CSV or JSON. Its times are UTC."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.rules.imports import words
from bot.rules.imports.fields import Fields, who_of
from bot.rules.imports.spec import How, Spec
from bot.rules.imports.ticket import Comment, Source
from bot.rules.incident.flow import IncidentState

_LEADS = ("incident_commander", "incident commander", "commander", "lead")


def _unfolded(row: Fields) -> Fields:
    """Who leads it stands among the roles."""
    roles = row.value("roles")
    if not isinstance(roles, Mapping):
        return row
    lead = next((person for role, person in roles.items() if role.casefold() in _LEADS and person), None)
    return replace(row, values={**row.values, "commander": [lead]}) if lead else row


def _hidden(row: Fields) -> bool:
    return row.line("is_security_incident").casefold() in ("true", "t", "1", "yes")


def _comments(row: Fields, how: How) -> Iterator[Comment]:
    for name in ("events", "timeline"):
        found = row.value(name)
        for one in found if isinstance(found, list) else ():
            if isinstance(one, Mapping):
                fields = Fields.of(one)
                text = "\n".join(filter(None, (fields.text("title"), fields.text("text", "event"))))
                yield Comment(text, fields.when(how.clock, "timestamp", "created_at"), who_of(one.get("user")))


SPEC = Spec(
    Source.INCIDENTBOT,
    {
        "id": ("slug", "incident_id", "id"),
        "number": ("slug", "incident_id"),
        "summary": ("title", "description", "incident_description", "channel_description", "channel_name"),
        "description": ("description", "incident_description"),
        "state": ("status",),
        "opened": ("created_at",),
        "updated": ("updated_at",),
        "resolved": ("resolved_at",),
        "priority": ("severity",),
        "service": ("components", "component"),
        "reporter": ("reporter", "created_by"),
        "assignee": ("commander",),
    },
    states={
        "investigating": (IncidentState.IN_PROGRESS, None),
        "identified": (IncidentState.IN_PROGRESS, None),
        "monitoring": (IncidentState.IN_PROGRESS, None),
        "resolved": (IncidentState.CLOSED, None),
        **dict.fromkeys(("stable", "fixed"), words.STATES["resolved"]),
    },
    utc=True,
    comments=_comments,
    unfolded=_unfolded,
    hidden=_hidden,
)
