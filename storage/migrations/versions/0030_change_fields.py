"""Answers to additional fields of changes, as text: what approval is asked of."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("change", sa.Column("additional", sa.String(), nullable=True))
