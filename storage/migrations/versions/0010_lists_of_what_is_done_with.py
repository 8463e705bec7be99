"""Lists of what is done with begin at an index, whether they are somebody's, or of a time, or all there is."""

from storage.migrations import at_work

revision = "0010"
down_revision = "0009"

PLAIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("incident", ("assignee", "number")),
    ("incident", ("reporter", "state")),
    ("incident", ("opened_at",)),
    ("change", ("implementer", "number")),
    ("change", ("service", "number")),
)
OPEN_INCIDENT = "state IN ('acknowledged', 'in progress', 'new', 'pending')"
OPEN_CHANGE = "state IN ('assess', 'authorise', 'implementing', 'review', 'scheduled', 'submitted')"

PARTIAL: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_incident_open_assignee", "incident", ["assignee"], OPEN_INCIDENT),
    ("ix_change_open", "change", ["starts_at", "number"], OPEN_CHANGE),
)


def upgrade() -> None:
    for table, columns in PLAIN:
        at_work.index(table, columns)
    for name, table, parts, where in PARTIAL:
        at_work.index(table, parts, name, where)
