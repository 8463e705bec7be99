"""What people and jobs ask for is found by an index, however many records are done with."""

from storage.migrations import at_work

revision = "0006"
down_revision = "0005"

DONE = "state IN ('sent', 'bundled')"
OVERDUE = "ended_at IS NULL AND breached_at IS NOT NULL"
PLAIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("clock", ("service", "ended_at")),
    ("clock", ("service", "breached_at")),
    ("change", ("starts_at",)),
    ("change", ("ends_at",)),
    ("change", ("started_at",)),
    ("change", ("finished_at",)),
    ("outbox", ("redraws",)),
    ("post", ("lane", "id")),
)
OPEN = "state IN ('acknowledged', 'in progress', 'new', 'pending')"
PARTIAL = (
    ("ix_incident_open", "incident", ("service", "priority", "number"), OPEN, OPEN),
    ("ix_incident_private", "incident", ("number",), "private = 1", "private"),
    ("ix_clock_overdue", "clock", ("breached_at",), OVERDUE, OVERDUE),
    ("ix_outbox_done", "outbox", ("verb", "kind", "created_at"), DONE, DONE),
)
"""Name, table, columns, and the condition on SQLite and on PostgreSQL."""


def upgrade() -> None:
    for table, columns in PLAIN:
        at_work.index(table, columns)
    for name, table, columns, where, postgresql in PARTIAL:
        at_work.index(table, columns, name, where, postgresql)
