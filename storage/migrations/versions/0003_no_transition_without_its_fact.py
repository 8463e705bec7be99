"""A record's state changes only together with a fact about it: without one, the transaction does not commit.

Each change of state leaves a row in `untold`, which refers to a fact that there is not; the next fact about the record
takes it away. Whether it refers to anything is only looked at when the transaction commits. So a step changes the
record first, which is how a race is decided (law 3), and tells of it then. Clocks are derived from facts: not held.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.facts_first import no_change_without_fact

revision = "0003"
down_revision = "0002"

MOVES = (
    ("incident", "state", "'INC-' || NEW.number"),
    ("major_incident", "state", "'INC-' || NEW.number"),
    ("change", "state", "'CHG-' || NEW.number"),
    ("approval_case", "state", "NEW.subject"),
    ("approval", "vote", "NEW.subject"),
    ("template", "state", "'STD-' || NEW.number"),
    ("cab_meeting", "state", "'CAB-' || NEW.number"),
    ("change_window", "state", "'WIN-' || NEW.number"),
)
"""Table, column, and the subject that its facts are about: every table that a flow of `bot/rules/` is about."""


def upgrade() -> None:
    op.create_table(
        "untold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fact"], ["fact.id"], name="fk_untold_fact_fact", deferrable=True, initially="DEFERRED"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_untold"),
    )
    sqlite = op.get_context().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.execute(statement)
    for table, column, subject in MOVES:
        no_change_without_fact(table, column, subject)


_SQLITE = (
    """
    CREATE TRIGGER fact_tells AFTER INSERT ON fact
    BEGIN DELETE FROM untold WHERE subject = NEW.subject; END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION fact_tells() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN DELETE FROM untold WHERE subject = NEW.subject; RETURN NULL; END $$
    """,
    "CREATE TRIGGER fact_tells AFTER INSERT ON fact FOR EACH ROW EXECUTE FUNCTION fact_tells()",
)
