"""A record's state changes only together with a fact about it: without one, the transaction does not commit.

Each change of state leaves a row in `untold`, which refers to a fact that there is not; the next fact about the record
takes it away. Whether it refers to anything is only looked at when the transaction commits. So a step changes the
record first, which is how a race is decided (law 3), and tells of it then. Clocks are derived from facts: not held.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOVES = (
    ("incident", "state", "'INC-' || NEW.number"),
    ("major_incident", "state", "'INC-' || NEW.number"),
    ("change", "state", "'CHG-' || NEW.number"),
    ("approval", "vote", "'CHG-' || NEW.change"),
    ("template", "state", "'STD-' || NEW.number"),
)
"""Table, column, and the subject that its facts are about."""

NOWHERE = -1
"""The id of no fact."""


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
    for statement in _sqlite() if sqlite else _postgresql():
        op.execute(statement)


def _sqlite() -> list[str]:
    moved = """
        CREATE TRIGGER {table}_{column}_is_told AFTER UPDATE OF {column} ON "{table}"
        WHEN NEW.{column} IS NOT OLD.{column}
        BEGIN INSERT INTO untold (subject, fact) VALUES ({subject}, {nowhere}); END
    """
    told = """
        CREATE TRIGGER fact_tells AFTER INSERT ON fact
        BEGIN DELETE FROM untold WHERE subject = NEW.subject; END
    """
    return [told, *(moved.format(table=t, column=c, subject=s, nowhere=NOWHERE) for t, c, s in MOVES)]


def _postgresql() -> list[str]:
    found = [
        """
        CREATE FUNCTION fact_tells() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN DELETE FROM untold WHERE subject = NEW.subject; RETURN NULL; END $$
        """,
        "CREATE TRIGGER fact_tells AFTER INSERT ON fact FOR EACH ROW EXECUTE FUNCTION fact_tells()",
    ]
    for table, column, subject in MOVES:
        found += [
            f"""
            CREATE FUNCTION {table}_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO untold (subject, fact) VALUES ({subject}, {NOWHERE}); RETURN NULL; END $$
            """,  # noqa: S608
            f"""
            CREATE TRIGGER {table}_is_told AFTER UPDATE OF {column} ON "{table}" FOR EACH ROW
            WHEN (NEW.{column} IS DISTINCT FROM OLD.{column}) EXECUTE FUNCTION {table}_is_told()
            """,
        ]
    return found
