"""Why an incident is open again stands on the incident, and with it on its card."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("incident", sa.Column("reopened_by", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("reopened_note", sa.String(), nullable=True))
