"""Complaints."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("complainant", sa.String(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("acknowledge_by", Moment(), nullable=False),
        sa.Column("answer_by", Moment(), nullable=False),
        sa.Column("promised_by", Moment(), nullable=False),
        sa.Column("acknowledged_at", Moment(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_first_at", Moment(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("escalated_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_complaint"),
    )
    op.create_index("ix_complaint_state_answer_by", "complaint", ["state", "answer_by"])
    op.create_index("ix_complaint_complainant_state", "complaint", ["complainant", "state"])
    op.create_index("ix_complaint_received_at", "complaint", ["received_at"])
    no_change_without_fact("complaint", "state", "'CMP-' || NEW.number")
