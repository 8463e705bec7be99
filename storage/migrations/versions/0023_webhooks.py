"""Webhooks that are off."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "webhook_off",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_webhook_off"),
    )
