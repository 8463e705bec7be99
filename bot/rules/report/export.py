"""What can be exported and in which columns; and cells that a spreadsheet would run, made harmless."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

Cell: TypeAlias = str | int | float | bool | None


class What(StrEnum):
    INCIDENTS = "incidents"
    CHANGES = "changes"
    PROBLEMS = "problems"
    REQUESTS = "requests"
    ACTIONS = "actions"
    SURVEYS = "surveys"
    FACTS = "facts"


class Format(StrEnum):
    CSV = "csv"
    """RFC 4180."""
    XLSX = "xlsx"
    JSONL = "jsonl"
    """JSON Lines: an object a line."""


@dataclass(frozen=True)
class Sheet:
    at: str
    """The column of the instant by which a period is asked for."""
    columns: tuple[str, ...]
    """Behind the reference. Times are instants in UTC, people are Slack's ids."""


_COLUMNS: Mapping[What, Sheet] = {
    What.INCIDENTS: Sheet(
        "opened_at",
        (
            *("state", "service", "priority", "impact", "urgency", "summary", "description", "private", "reporter"),
            *("assignee", "assigned_group", "opened_at", "acknowledged_at", "resolved_at", "resolution_code"),
            *("resolution", "duplicate_of", "rating", "rating_comment"),
        ),
    ),
    What.CHANGES: Sheet(
        "requested_at",
        (
            *("state", "type", "service", "touches", "title", "why", "plan", "test_plan", "backout", "risk"),
            *("requester", "implementer", "requested_at", "starts_at", "ends_at", "started_at", "finished_at"),
            *("result", "result_note", "incident", "caused", "break_glass", "closed_at"),
        ),
    ),
    What.PROBLEMS: Sheet(
        "raised_at",
        (
            *("state", "service", "priority", "title", "summary", "source", "source_ref", "private", "owner_group"),
            *("assignee", "raised_by", "raised_at", "moved_at", "no_cause", "judged_by", "duplicate_of"),
        ),
    ),
    What.REQUESTS: Sheet(
        "raised_at",
        (
            *("state", "item", "title", "service", "owner_group", "requester", "behalf", "assignee", "answers"),
            *("raised_at", "approved_at", "due_at", "done_at"),
        ),
    ),
    What.ACTIONS: Sheet(
        "raised_at",
        (
            *("state", "kind", "title", "parent", "private", "owner", "owner_group", "due_on", "extensions"),
            *("verification", "raised_by", "raised_at", "done_by", "done_at", "repeats"),
        ),
    ),
    What.SURVEYS: Sheet(
        "sent_at",
        (
            *("state", "survey", "title", "service", "zone", "starts_at", "ends_at", "questions", "named", "least"),
            *("asked", "sent_at", "closes_at", "closed_at", "answered", "results"),
        ),
    ),
    What.FACTS: Sheet("at", ("subject", "seq", "kind", "at", "by", "data", "policy_version", "hash")),
}
COLUMNS: Mapping[What, Sheet] = MappingProxyType(_COLUMNS)
REFS = frozenset({"incident", "caused", "source_ref", "parent"})
"""Columns that name another record, which may be for fewer eyes."""

_RUNS = re.compile(r"[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""What a spreadsheet may take for a formula: also behind blanks, and in full width."""


def cell(value: Any) -> Cell:
    """As it is written: instants in ISO 8601 with their zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


def defused(value: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula begins with an apostrophe, so that it is a text there."""
    if isinstance(value, str) and _RUNS.match(value):
        return f"'{value}"
    return value
