"""A ticket of another tool, as Deskbell would have it: values alone, nothing looked up yet."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from enum import StrEnum

from bot.rules.change.flow import ChangeType, Result, Risk
from bot.rules.incident.flow import PendingOn
from bot.rules.incident.priority import Impact, Priority, Urgency
from bot.rules.record.refs import Noun


class RowFault(ValueError):
    """Why a row cannot be taken; the text completes “Line 3 …”."""


class Source(StrEnum):
    SERVICENOW = "servicenow"
    JIRA = "jira"
    GLPI = "glpi"
    ZAMMAD = "zammad"
    INCIDENTBOT = "incidentbot"
    DISPATCH = "dispatch"
    ONCALL = "oncall"
    """Rotas of Grafana OnCall: these become text for the policy, and no record."""
    CSV = "csv"

    @property
    def label(self) -> str:
        """As people call it."""
        return _LABELS[self]


_LABELS = {
    Source.SERVICENOW: "ServiceNow",
    Source.JIRA: "Jira",
    Source.GLPI: "GLPI",
    Source.ZAMMAD: "Zammad",
    Source.INCIDENTBOT: "incidentbot",
    Source.DISPATCH: "Dispatch",
    Source.ONCALL: "Grafana OnCall",
    Source.CSV: "a CSV file",
}


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the other tool names them."""

    name: str = ""
    email: str = ""
    id: str = ""
    """The other tool's own; a Slack id, where it has that."""

    @property
    def said(self) -> str:
        """“Remote Caller <caller@example.com>”, as far as it is known."""
        name = self.name or self.id
        return f"{name} <{self.email}>" if name and self.email else name or self.email


@dataclass(frozen=True, slots=True)
class Comment:
    text: str
    at: datetime | None = None
    who: Who | None = None
    internal: bool = False

    @property
    def digest(self) -> str:
        """Tells it from the others of its ticket."""
        return _digest([self.text, self.at.isoformat() if self.at else "", self.who.said if self.who else ""])


@dataclass(frozen=True, slots=True)
class Planned:
    """What a change has besides: its kind, its window, and how it went."""

    kind: ChangeType
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    result: Result | None = None
    risk: Risk | None = None
    plan: str = ""
    test_plan: str = ""
    backout: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    source_id: str
    """By which it is known again."""
    old_ref: str
    """Its number as people know it."""
    summary: str
    state: StrEnum
    """One of its noun's."""
    opened_at: datetime
    description: str = ""
    service: str = ""
    """As the other tool calls it."""
    impact: Impact | None = None
    urgency: Urgency | None = None
    priority: Priority | None = None
    reporter: Who | None = None
    assignee: Who | None = None
    group: str = ""
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    resolution: str = ""
    resolution_code: str = ""
    pending_on: PendingOn | None = None
    pending_until: datetime | None = None
    private: bool = False
    comments: tuple[Comment, ...] = ()
    noun: Noun = Noun.INCIDENT
    planned: Planned | None = None
    notes: tuple[str, ...] = ()
    """What is different here from what the row said; each completes “Line 3: …”."""

    @property
    def ended_at(self) -> datetime | None:
        return self.closed_at or self.resolved_at

    @property
    def digest(self) -> str:
        """Of all but its comments, which may only grow: the same row has the same."""
        more = [self.noun, *astuple(self.planned)] if self.planned else []
        return _digest([*(getattr(self, name) for name in _SAID), *more])


_SAID = tuple(one.name for one in fields(Ticket) if one.name not in ("comments", "notes", "noun", "planned"))
"""What an incident said before there were other nouns, so that one that is here already is known again."""


@dataclass(frozen=True, slots=True)
class Read:
    """A row of the file: a ticket, or why it is none."""

    line: int
    ticket: Ticket | None = None
    fault: str = ""
    source_id: str = ""
    left_out: str = ""
    """What kind of thing it is instead, where it is no incident."""


def _digest(told: object) -> str:
    text = json.dumps(told, default=_plain, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return [value.name, value.email, value.id] if isinstance(value, Who) else str(value)


def counted(found: Mapping[str, int]) -> list[dict[str, object]]:
    """The most frequent first."""
    return [{"said": said, "times": times} for said, times in sorted(found.items(), key=lambda one: (-one[1], one[0]))]
