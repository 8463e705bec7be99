"""Private configuration items are few, and are left out of what others are told: an index has their numbers."""

from storage.migrations import at_work

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    at_work.index("configuration_item", ["number"], "ix_configuration_item_private", "private = 1", "private")
