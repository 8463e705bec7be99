"""What is laid over rotas in Slack, and people by their user names."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0020"
down_revision = "0019"


def _column(name: str, kind: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def upgrade() -> None:
    op.add_column("person", sa.Column("user_name", sa.String(), nullable=True))
    op.create_index("ix_person_user_name", "person", ["user_name"])
    op.create_table(
        "on_call_override",
        sa.Column("id", sa.Integer(), primary_key=True),
        _column("rota", sa.String()),
        _column("kind", sa.String()),
        _column("starts_at", Moment()),
        _column("ends_at", Moment()),
        _column("comes", sa.String(), null=True),
        _column("leaves", sa.String(), null=True),
        _column("reason", sa.String(), null=True),
        _column("made_by", sa.String()),
        _column("made_at", Moment()),
        _column("withdrawn_at", Moment(), null=True),
        _column("withdrawn_by", sa.String(), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_on_call_override"),
    )
    op.create_index("ix_on_call_override_rota_ends_at", "on_call_override", ["rota", "ends_at"])
    op.create_table(
        "on_call_offer",
        sa.Column("id", sa.Integer(), primary_key=True),
        _column("rota", sa.String()),
        _column("standing", sa.String()),
        _column("person", sa.String()),
        _column("starts_at", Moment()),
        _column("ends_at", Moment()),
        _column("reason", sa.String(), null=True),
        _column("offered_at", Moment()),
        _column("ended_at", Moment(), null=True),
        _column("taken_by", sa.String(), null=True),
        _column("override", sa.Integer(), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_on_call_offer"),
    )
    offered = sa.text("standing = 'open'")
    op.create_index("ix_on_call_offer_open", "on_call_offer", ["rota"], sqlite_where=offered, postgresql_where=offered)
    op.create_table(
        "on_call_hand_over",
        sa.Column("id", sa.Integer(), primary_key=True),
        _column("rota", sa.String()),
        _column("at", Moment()),
        _column("went", sa.String()),
        _column("came", sa.String()),
        _column("note", sa.String(), null=True),
        _column("noted_by", sa.String(), null=True),
        _column("acknowledged_at", Moment(), null=True),
        _column("acknowledged_by", sa.String(), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_on_call_hand_over"),
    )
    op.create_index("ix_on_call_hand_over_rota_id", "on_call_hand_over", ["rota", "id"])
    op.create_table(
        "on_call_gap",
        _column("rota", sa.String()),
        _column("starts_at", Moment()),
        _column("ends_at", Moment()),
        _column("told_at", Moment()),
        sa.PrimaryKeyConstraint("rota", "starts_at", name="pk_on_call_gap"),
    )
