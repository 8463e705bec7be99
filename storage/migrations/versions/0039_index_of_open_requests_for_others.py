"""Open requests for somebody else are read by an index of their own: of all requests, most are for nobody else."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

OPEN = "state IN ('approval', 'approved', 'doing', 'done', 'new', 'pending')"


def upgrade() -> None:
    where = sa.text(OPEN)
    op.create_index(
        "ix_service_request_open_behalf", "service_request", ["behalf"], sqlite_where=where, postgresql_where=where
    )
