"""What problems are proposed for."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "problem_trend",
        sa.Column("problem", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("cluster", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("records", sa.String(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("grown_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("problem", name="pk_problem_trend"),
    )
    op.create_index("ix_problem_trend_rule", "problem_trend", ["rule"])
