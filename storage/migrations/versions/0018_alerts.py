"""Alerts of monitoring systems."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0018"
down_revision = "0017"


def _column(name: str, kind: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def upgrade() -> None:
    op.create_table(
        "alert_delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        _column("source", sa.String()),
        _column("received_at", Moment()),
        _column("made", sa.String()),
        _column("content", sa.LargeBinary()),
        _column("handled_at", Moment(), null=True),
        _column("outcome", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_alert_delivery"),
    )
    waiting = sa.text("handled_at IS NULL")
    op.create_index(
        "ix_alert_delivery_waiting", "alert_delivery", ["id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_alert_delivery_received_at", "alert_delivery", ["received_at"])
    op.create_table(
        "alert",
        _column("source", sa.String()),
        _column("key", sa.String()),
        _column("group_id", sa.Integer()),
        *(_column(name, sa.String()) for name in ("state", "title", "body", "severity", "service", "link")),
        _column("labels", sa.String()),
        _column("kept", sa.String()),
        _column("starts_at", Moment(), null=True),
        *(_column(name, Moment()) for name in ("changed_at", "heard_at", "first_seen_at", "seen_at")),
        _column("count", sa.Integer()),
        _column("changes", sa.String()),
        _column("flapping", sa.Boolean()),
        _column("muted", sa.Boolean()),
        sa.PrimaryKeyConstraint("source", "key", name="pk_alert"),
    )
    op.create_index("ix_alert_group_id", "alert", ["group_id"])
    op.create_index("ix_alert_state_seen_at", "alert", ["state", "seen_at"])
    op.create_index(
        "ix_alert_flapping",
        "alert",
        ["source"],
        sqlite_where=sa.text("flapping = 1"),
        postgresql_where=sa.text("flapping"),
    )
    op.create_table(
        "alert_group",
        sa.Column("id", sa.Integer(), primary_key=True),
        _column("source", sa.String()),
        _column("group_key", sa.String()),
        _column("incident", sa.Integer(), null=True),
        _column("storm", sa.Boolean()),
        _column("told", sa.Boolean()),
        _column("quiet_since", Moment(), null=True),
        _column("opened_at", Moment(), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_alert_group"),
        sa.UniqueConstraint("source", "group_key", name="uq_alert_group_source_group_key"),
    )
    op.create_index("ix_alert_group_incident", "alert_group", ["incident"])
    op.create_index("ix_alert_group_source_opened_at", "alert_group", ["source", "opened_at"])
    op.create_table(
        "alert_source",
        _column("name", sa.String()),
        _column("heard_at", Moment()),
        _column("silent", sa.Boolean()),
        *(_column(name, sa.Integer()) for name in ("deliveries", "faults", "muted")),
        _column("storm_incident", sa.Integer(), null=True),
        sa.PrimaryKeyConstraint("name", name="pk_alert_source"),
    )
