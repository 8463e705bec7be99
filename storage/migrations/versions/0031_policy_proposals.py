"""Proposed changes of the policy, and which file the last start was given."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "policy_proposal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("replayed", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_policy_proposal"),
    )
    op.create_index("ix_policy_proposal_state_number", "policy_proposal", ["state", "number"])
    op.create_table(
        "policy_master",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_policy_master"),
    )
    no_change_without_fact("policy_proposal", "state", "'POL-' || NEW.number")
