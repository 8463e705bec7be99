"""What is open of the later nouns is found by an index that holds nothing else."""

from storage.migrations import at_work

revision = "0029"
down_revision = "0028"

OPEN_PROBLEM = (
    "state IN ('accepted', 'assessing', 'cause known', 'fix under way', 'investigating', 'proposed', 'watched')"
)
OPEN_ACTION = "state IN ('doing', 'done', 'open')"
OPEN_REQUEST = "state IN ('approval', 'approved', 'doing', 'done', 'new', 'pending')"
OPEN_REVIEW = "state IN ('draft', 'due', 'in review')"

PARTIAL: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_problem_open", "problem", ["priority", "number"], OPEN_PROBLEM),
    ("ix_action_item_open", "action_item", ["due_on", "number"], OPEN_ACTION),
    ("ix_service_request_open", "service_request", ["due_at", "number"], OPEN_REQUEST),
    ("ix_review_open", "review", ["due_on", "number"], OPEN_REVIEW),
)


def upgrade() -> None:
    for name, table, columns, where in PARTIAL:
        at_work.index(table, columns, name, where)
