"""Calendars from elsewhere that are laid over rotas."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.add_column("on_call_override", sa.Column("source", sa.String(), nullable=True))
    op.create_table(
        "rota_calendar",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("tried_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("unmatched", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rota_calendar"),
    )
