"""The figures that who leads sees first, as they were counted last."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "dashboard",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("as_of", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_dashboard"),
    )
