"""Changes, problems and requests that were moved in from another tool."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    for table in ("change", "problem", "service_request"):
        op.add_column(table, sa.Column("imported_from", sa.String(), nullable=True))
        op.add_column(table, sa.Column("old_ref", sa.String(), nullable=True))
