"""What is asked for and not decided is read whenever people come and go, and was looked for among all cases."""

from storage.migrations import at_work

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    at_work.index("approval_case", ["subject"], "ix_approval_case_standing", "state IN ('held', 'open')")
