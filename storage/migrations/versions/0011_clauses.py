"""What people say of clauses of ISO/IEC 20000-1, and what is done for them at planned intervals."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "clause_judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("axis", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clause_judgement"),
    )
    op.create_index("ix_clause_judgement_clause_axis", "clause_judgement", ["clause", "axis"])
    op.create_table(
        "clause_task",
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("action", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("clause", "action", name="pk_clause_task"),
    )
