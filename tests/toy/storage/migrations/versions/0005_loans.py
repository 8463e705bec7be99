"""Loans."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact
from storage.migrations.numbers import numbers

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "loan",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_loan"),
    )
    numbers("LON")
    no_change_without_fact("loan", "state", "'LON-' || NEW.number")
