"""Private actions are few: each list of actions asks which records have one, and went through all that ever were."""

from storage.migrations import at_work

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    at_work.index("action_item", ["parent"], "ix_action_item_private", "private = 1", "private")
