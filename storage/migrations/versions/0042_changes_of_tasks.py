"""Tasks of requests that a standard change does: its name, and the change that was raised."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("request_task", sa.Column("change", sa.String(), nullable=True))
    op.add_column("request_task", sa.Column("raised", sa.String(), nullable=True))
    op.create_index("ix_request_task_raised", "request_task", ["raised"])
