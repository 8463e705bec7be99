"""Management reviews."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "management_review",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("planned_on", sa.String(), nullable=False),
        sa.Column("chair", sa.String(), nullable=False),
        sa.Column("attended", sa.String(), nullable=False),
        sa.Column("carriers", sa.String(), nullable=False),
        sa.Column("inputs", sa.String(), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=True),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("held_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("planned_by", sa.String(), nullable=False),
        sa.Column("planned_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_management_review"),
    )
    op.create_index("ix_management_review_state_planned_on", "management_review", ["state", "planned_on"])
    no_change_without_fact("management_review", "state", "'MR-' || NEW.number")
