"""Requests whose clock stands still or counts business hours, and what is said of them once they are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("service_request", sa.Column("calendar", sa.String(), nullable=True))
    op.add_column("service_request", sa.Column("pending_on", sa.String(), nullable=True))
    op.add_column("service_request", sa.Column("seconds_left", sa.Integer(), nullable=True))
    op.add_column("service_request", sa.Column("rating", sa.Integer(), nullable=True))
