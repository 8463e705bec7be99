"""What a person has of open requests, and what bears on services, are read by indexes of what is open."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

OPEN_INCIDENT = "state IN ('acknowledged', 'in progress', 'new', 'pending')"
OPEN_REQUEST = "state IN ('approval', 'approved', 'doing', 'done', 'new', 'pending')"

PARTIAL: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_incident_open_bearing", "incident", ["priority", "number", "private", "service", "state"], OPEN_INCIDENT),
    ("ix_service_request_open_assignee", "service_request", ["assignee"], OPEN_REQUEST),
)


def upgrade() -> None:
    for name, table, parts, where in PARTIAL:
        op.create_index(name, table, parts, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
