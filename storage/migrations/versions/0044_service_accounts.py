"""Service accounts: programs that act as themselves, not as a person."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.create_table(
        "service_account",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_service_account"),
    )
