"""Configuration items that are for their audience alone."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    op.add_column("configuration_item", sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))
