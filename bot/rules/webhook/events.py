"""What webhooks tell of: facts of the journal by the names that programs know them by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun, is_subject, of_subject

_F = FactKind
_TOLD = (
    _F.INCIDENT_OPENED, _F.INCIDENT_ACKNOWLEDGED, _F.INCIDENT_STARTED, _F.INCIDENT_PENDED, _F.INCIDENT_RESUMED,
    _F.INCIDENT_RESOLVED, _F.INCIDENT_CLOSED, _F.INCIDENT_CANCELLED, _F.INCIDENT_REOPENED, _F.INCIDENT_ASSIGNED,
    _F.INCIDENT_UPDATED, _F.INCIDENT_RECLASSIFIED, _F.INCIDENT_LINKED, _F.INCIDENT_MERGED,
    _F.MAJOR_DECLARED, _F.MAJOR_UPDATED, _F.MAJOR_ENDED,
    _F.SLA_WARNED, _F.SLA_BREACHED, _F.SLA_MET, _F.SLA_MISSED,
    _F.CHANGE_SUBMITTED, _F.CHANGE_APPROVED, _F.CHANGE_REJECTED, _F.CHANGE_SCHEDULED, _F.CHANGE_REVISED,
    _F.CHANGE_BEGUN_UNAPPROVED, _F.CHANGE_STARTED, _F.CHANGE_FINISHED, _F.CHANGE_CLOSED, _F.CHANGE_CANCELLED,
    _F.CHANGE_HELD, _F.CHANGE_RELEASED, _F.CHANGE_BACKED_OUT, _F.CHANGE_UPDATED,
    _F.WINDOW_MADE, _F.WINDOW_LIFTED,
    _F.PROBLEM_RAISED, _F.PROBLEM_INVESTIGATED, _F.PROBLEM_CAUSE_KNOWN, _F.PROBLEM_FIXING, _F.PROBLEM_WATCHED,
    _F.PROBLEM_CLOSED, _F.PROBLEM_REOPENED, _F.PROBLEM_ACCEPTED, _F.PROBLEM_CANCELLED,
    _F.REQUEST_ASKED, _F.REQUEST_APPROVED, _F.REQUEST_REJECTED, _F.REQUEST_STARTED, _F.REQUEST_PENDED,
    _F.REQUEST_RESUMED, _F.REQUEST_FULFILLED, _F.REQUEST_CLOSED, _F.REQUEST_WITHDRAWN, _F.REQUEST_LATE,
    _F.ACTION_RAISED, _F.ACTION_STARTED, _F.ACTION_DONE, _F.ACTION_VERIFIED, _F.ACTION_DROPPED,
    _F.REVIEW_PUBLISHED, _F.REVIEW_AMENDED,
)  # fmt: skip


def name_of(kind: FactKind) -> str:
    """“incident.resolved”: the noun, and what happened to it."""
    return kind.value.replace("_", ".", 1)


EVENTS: Mapping[FactKind, str] = MappingProxyType({kind: name_of(kind) for kind in _TOLD})
NAMES = tuple(EVENTS.values())
TEST = "webhook.test"
"""What `deskbell webhook test` sends; nobody subscribes to it."""

PATHS: Mapping[Noun, str] = MappingProxyType(
    {
        Noun.INCIDENT: "incidents",
        Noun.CHANGE: "changes",
        Noun.ACTION: "actions",
        Noun.PROBLEM: "problems",
        Noun.REQUEST: "requests",
        Noun.REVIEW: "reviews",
        Noun.WINDOW: "windows",
    }
)
"""Where the REST API has them."""


@dataclass(frozen=True)
class Event:
    """What is sent of a fact: which record, and where to read it. Never what anybody typed."""

    type: str
    at: datetime
    ref: str
    revision: int | None = None
    clock: str | None = None
    """Which promise, of those that are told of a clock."""

    @classmethod
    def of(cls, fact: Fact) -> "Event | None":
        """None for a fact that webhooks do not tell."""
        if fact.kind not in EVENTS or not is_subject(fact.subject):
            return None
        revision = fact.data.get("revision")
        clock = fact.data.get("clock")
        return cls(
            EVENTS[fact.kind],
            fact.at,
            fact.subject,
            revision if isinstance(revision, int) else None,
            clock if isinstance(clock, str) else None,
        )

    def payload(self) -> dict[str, object]:
        """As Standard Webhooks has it: a type, a time and the data."""
        ref = of_subject(self.ref)
        data: dict[str, object] = {"ref": self.ref}
        if self.revision is not None:
            data["revision"] = self.revision
        if self.clock is not None:
            data["clock"] = self.clock
        if ref.noun in PATHS:
            data["url"] = f"/api/v1/{PATHS[ref.noun]}/{self.ref}"
        return {"type": self.type, "timestamp": zulu(self.at), "data": data}


def zulu(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def chosen(patterns: Iterable[str], name: str) -> bool:
    """Whether one of “incident.resolved”, “incident.*” or “*” names it."""
    return any(
        pattern in ("*", name) or (pattern.endswith(".*") and name.startswith(pattern[:-1])) for pattern in patterns
    )


def unknown(pattern: str) -> bool:
    """Whether it names nothing that webhooks tell."""
    return not any(chosen([pattern], name) for name in NAMES)
