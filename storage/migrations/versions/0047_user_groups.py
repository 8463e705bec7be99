"""User groups of Slack that follow rotas."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.create_table(
        "on_call_user_group",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("people", sa.String(), nullable=False),
        sa.Column("set_at", Moment(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_on_call_user_group"),
    )
