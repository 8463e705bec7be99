"""What a person has of open requests, and what bears on services, are read by indexes of what is open."""

from storage.migrations import at_work

revision = "0037"
down_revision = "0036"

OPEN_INCIDENT = "state IN ('acknowledged', 'in progress', 'new', 'pending')"
OPEN_REQUEST = "state IN ('approval', 'approved', 'doing', 'done', 'new', 'pending')"

PARTIAL: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_incident_open_bearing", "incident", ["priority", "number", "private", "service", "state"], OPEN_INCIDENT),
    ("ix_service_request_open_assignee", "service_request", ["assignee"], OPEN_REQUEST),
)


def upgrade() -> None:
    for name, table, columns, where in PARTIAL:
        at_work.index(table, columns, name, where)
