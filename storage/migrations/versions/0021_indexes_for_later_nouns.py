"""What lists, reports and trends ask of the nouns that came later is found by an index."""

from storage.migrations import at_work

revision = "0021"
down_revision = "0020"

PLAIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("incident", ("resolved_at",)),
    ("incident", ("moved_at",)),
    ("clock", ("ended_at",)),
    ("approval_case", ("decided_at",)),
    ("problem", ("moved_at",)),
    ("problem", ("assignee", "number")),
    ("known_error", ("state", "number")),
    ("service_request", ("moved_at",)),
    ("service_request", ("due_at",)),
    ("service_request", ("requester", "number")),
    ("service_request", ("assignee", "number")),
    ("service_request", ("behalf", "number")),
    ("action_item", ("owner", "number")),
    ("alert", ("seen_at",)),
)
COUNTED = "kind IN ('incident_reopened', 'known_error_helped', 'known_error_used', 'sla_breached')"


def upgrade() -> None:
    for table, columns in PLAIN:
        at_work.index(table, columns)
    at_work.index("fact", ["at"], "ix_fact_counted", COUNTED)
