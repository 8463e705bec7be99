"""Open requests for somebody else are read by an index of their own: of all requests, most are for nobody else."""

from storage.migrations import at_work

revision = "0039"
down_revision = "0038"

OPEN = "state IN ('approval', 'approved', 'doing', 'done', 'new', 'pending')"


def upgrade() -> None:
    at_work.index("service_request", ["behalf"], "ix_service_request_open_behalf", OPEN)
