"""The few alerts that fire were counted among all that ever did: SQLite knows of a state only how many there are."""

from storage.migrations import at_work

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    at_work.index("alert", ["seen_at"], "ix_alert_live", "state IN ('acknowledged', 'firing')")
