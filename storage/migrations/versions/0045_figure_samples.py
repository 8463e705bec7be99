"""Figures by day, so that a report of a large desk reads none of its incidents."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "figure_sample",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_figure_sample"),
    )
    op.create_table(
        "figure_sampling",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("as_of", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_figure_sampling"),
    )
