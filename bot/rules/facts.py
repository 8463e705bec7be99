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

OPERATOR = "operator"
"""Stands as `by` where somebody acted at the terminal of the machine that Deskbell runs on."""


class FactKind(StrEnum):
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_ACKNOWLEDGED = "incident_acknowledged"
    INCIDENT_STARTED = "incident_started"
    INCIDENT_PENDED = "incident_pended"
    INCIDENT_RESUMED = "incident_resumed"
    INCIDENT_RESOLVED = "incident_resolved"
    INCIDENT_CLOSED = "incident_closed"
    INCIDENT_CANCELLED = "incident_cancelled"
    INCIDENT_REOPENED = "incident_reopened"
    INCIDENT_ASSIGNED = "incident_assigned"
    INCIDENT_NOTED = "incident_noted"
    INCIDENT_UPDATED = "incident_updated"
    INCIDENT_RECLASSIFIED = "incident_reclassified"
    INCIDENT_LINKED = "incident_linked"
    INCIDENT_MERGED = "incident_merged"
    INCIDENT_JOINED = "incident_joined"
    INCIDENT_SHARED = "incident_shared"
    INCIDENT_REMINDED = "incident_reminded"
    INCIDENT_RATED = "incident_rated"
    MAJOR_DECLARED = "major_declared"
    MAJOR_CHANNEL_OPENED = "major_channel_opened"
    MAJOR_STEP_HINDERED = "major_step_hindered"
    MAJOR_ROLE_TAKEN = "major_role_taken"
    MAJOR_HANDED_OVER = "major_handed_over"
    MAJOR_UPDATED = "major_updated"
    MAJOR_UPDATE_LAPSED = "major_update_lapsed"
    MAJOR_ENDED = "major_ended"
    TIMELINE_PINNED = "timeline_pinned"
    TIMELINE_UNPINNED = "timeline_unpinned"
    TIMELINE_EDITED = "timeline_edited"
    TIMELINE_EXPORTED = "timeline_exported"
    SLA_STARTED = "sla_started"
    SLA_PAUSED = "sla_paused"
    SLA_RESUMED = "sla_resumed"
    SLA_RETARGETED = "sla_retargeted"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    SLA_MET = "sla_met"
    SLA_MISSED = "sla_missed"
    """The work was done, too late."""
    SLA_CANCELLED = "sla_cancelled"
    SLA_REOPENED = "sla_reopened"
    SLA_TAKEN = "sla_taken"
    SLA_EXCUSED = "sla_excused"
    CHANGE_SUBMITTED = "change_submitted"
    APPROVAL_ASKED = "approval_asked"
    CHANGE_APPROVED = "change_approved"
    CHANGE_REJECTED = "change_rejected"
    CHANGE_DRAFTED = "change_drafted"
    CHANGE_ASSESSED = "change_assessed"
    CHANGE_REVISED = "change_revised"
    CHANGE_REWORDED = "change_reworded"
    CHANGE_SCHEDULED = "change_scheduled"
    CHANGE_BEGUN_UNAPPROVED = "change_begun_unapproved"
    CHANGE_STARTED = "change_started"
    CHANGE_FINISHED = "change_finished"
    CHANGE_CLOSED = "change_closed"
    CHANGE_CANCELLED = "change_cancelled"
    CHANGE_HELD = "change_held"
    """A freeze that was made later caught it."""
    CHANGE_RELEASED = "change_released"
    FREEZE_STAGE_ADDED = "freeze_stage_added"
    WINDOW_MADE = "window_made"
    WINDOW_LIFTED = "window_lifted"
    CHANGE_REMINDED = "change_reminded"
    CHANGE_BACKED_OUT = "change_backed_out"
    CHANGE_CAUSED = "change_caused"
    """An incident was linked to it as what comes of it."""
    CAUSE_RULED_OUT = "cause_ruled_out"
    """Of an incident: a change is not what it comes from."""
    APPROVAL_VOTED = "approval_voted"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    APPROVAL_REMINDED = "approval_reminded"
    APPROVAL_EXPIRED = "approval_expired"
    APPROVAL_OVERDUE = "approval_overdue"
    APPROVAL_QUESTIONED = "approval_questioned"
    APPROVAL_ANSWERED = "approval_answered"
    APPROVAL_DELEGATED = "approval_delegated"
    TEMPLATE_PROPOSED = "template_proposed"
    TEMPLATE_APPROVED = "template_approved"
    TEMPLATE_RETIRED = "template_retired"
    TEMPLATE_SUSPENDED = "template_suspended"
    TEMPLATE_SUGGESTED = "template_suggested"
    CAB_OPENED = "cab_opened"
    CAB_ITEM_ADDED = "cab_item_added"
    CAB_ATTENDED = "cab_attended"
    CAB_NOTED = "cab_noted"
    CAB_SETTLED = "cab_settled"
    """Of a change: how it stood when the meeting that had it on its agenda was closed."""
    CAB_CLOSED = "cab_closed"
    CAB_EXPORTED = "cab_exported"
    CALENDAR_POSTED = "calendar_posted"
    CALENDAR_SUBSCRIBED = "calendar_subscribed"
    CALENDAR_UNSUBSCRIBED = "calendar_unsubscribed"
    POLICY_ADOPTED = "policy_adopted"
    WORDS_ERASED = "words_erased"
    """Of the journal itself: which facts have lost their words, and for whom."""
    MESSAGE_RETRIED = "message_retried"
    MESSAGE_DROPPED = "message_dropped"
    LANE_PARKED = "lane_parked"
    """A channel or person could not be told anything; others were told so."""
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
