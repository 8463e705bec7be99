"""Checklists of a request's tasks, and what of them was ticked."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("request_task", sa.Column("checklist", sa.String(), nullable=False, server_default="[]"))
    op.add_column("request_task", sa.Column("ticked", sa.String(), nullable=False, server_default="[]"))
