"""E-mail of people who have no Slack."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "mail_thread",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_mail_thread"),
    )
    op.create_table(
        "mail_seen",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_seen"),
    )
    op.create_index("ix_mail_seen_address_at", "mail_seen", ["address", "at"])
    op.create_index("ix_mail_seen_at", "mail_seen", ["at"])
