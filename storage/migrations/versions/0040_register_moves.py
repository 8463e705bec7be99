"""Entries of registers: by when they leave a stage, and where they are to be moved once that is approved."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.add_column("register_entry", sa.Column("leave_by", Moment(), nullable=True))
    op.add_column("register_entry", sa.Column("asked_stage", sa.String(), nullable=True))
    op.add_column("register_entry", sa.Column("asked_by", sa.String(), nullable=True))
