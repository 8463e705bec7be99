"""What happened: the journal's vocabulary.

`data` holds numbers, states, dates and ids and is hashed as it stands; `words` holds what people typed and is hashed by
a salted commitment, so that it can be erased and the chain still verifies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Datum: TypeAlias = str | int | float | bool | list[str] | None

SYSTEM = "deskbell"
"""Stands as `by` where no person acted."""


class FactKind(StrEnum):
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_ACKNOWLEDGED = "incident_acknowledged"
    INCIDENT_RESOLVED = "incident_resolved"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    SLA_MET = "sla_met"
    CHANGE_SUBMITTED = "change_submitted"
    APPROVAL_ASKED = "approval_asked"
    CHANGE_APPROVED = "change_approved"
    CHANGE_REJECTED = "change_rejected"
    POLICY_ADOPTED = "policy_adopted"
    GROUP_FELL_BACK = "group_fell_back"


@dataclass(frozen=True)
class Fact:
    kind: FactKind
    subject: str
    """A reference's text, or "policy" and the like for what concerns no record."""
    by: str
    at: datetime
    policy_version: int
    data: Mapping[str, Datum] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
