"""What monitoring systems deliver, the alerts in it, and their groups."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.db.columns import Code, Document, Moment
from storage.tables.base import Table, partial

WAITING = "handled_at IS NULL"
LIVE = "state IN ('acknowledged', 'firing')"
FLAPPING = "flapping = 1"
FLAPPING_POSTGRES = "flapping"


class AlertDelivery(Table, table=True):
    """A delivery as it came: kept before it is answered, and worked off after."""

    __tablename__ = "alert_delivery"
    __table_args__ = (
        partial("ix_alert_delivery_waiting", "id", where=WAITING),
        Index(None, "received_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: Code
    received_at: datetime = Field(sa_type=Moment)
    made: Code
    """The identity of an event that brought none."""
    content: bytes
    handled_at: datetime | None = Field(default=None, sa_type=Moment)
    outcome: Document = ""
    """What could not be read of it, a line each; or why it could not be worked off."""


class Alert(Table, table=True):
    """One alert of a source, as it stands."""

    __table_args__ = (
        Index(None, "group_id"),
        Index(None, "state", "seen_at"),
        Index(None, "seen_at"),
        partial("ix_alert_live", "seen_at", where=LIVE),
        partial(
            "ix_alert_flapping",
            "source",
            where=FLAPPING,
            postgresql=FLAPPING_POSTGRES,
        ),
    )

    source: Code = Field(primary_key=True)
    key: Code = Field(primary_key=True)
    group_id: int
    state: Code
    title: Document
    body: Document = ""
    severity: Code = ""
    service: Code
    link: Code = ""
    labels: Code = "{}"
    kept: Document = "{}"
    """What its format does not name, as JSON."""
    starts_at: datetime | None = Field(default=None, sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)
    heard_at: datetime = Field(sa_type=Moment)
    first_seen_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    count: int = 1
    """How often it fired."""
    changes: Code = "[]"
    """Instants of its latest changes, as JSON."""
    flapping: bool = False
    muted: bool = False
    """Whether it fires in a maintenance window and nothing was opened for it."""


class AlertGroup(Table, table=True):
    """Alerts of a source that are one incident."""

    __tablename__ = "alert_group"
    __table_args__ = (
        UniqueConstraint("source", "group_key", name="uq_alert_group_source_group_key"),
        Index(None, "incident"),
        Index(None, "source", "opened_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: Code
    group_key: Code
    incident: int | None = None
    storm: bool = False
    told: bool = False
    quiet_since: datetime | None = Field(default=None, sa_type=Moment)
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    """When something was last opened or posted for it."""


class AlertSource(Table, table=True):
    """A source as it was heard."""

    __tablename__ = "alert_source"

    name: Code = Field(primary_key=True)
    heard_at: datetime = Field(sa_type=Moment)
    silent: bool = False
    deliveries: int = 0
    faults: int = 0
    """Parts of deliveries that could not be read."""
    muted: int = 0
    storm_incident: int | None = None
