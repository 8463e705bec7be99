"""Holding a table to its facts: of the first tables migration 0003 does it, a later table calls it in its own."""

from alembic import op

NOWHERE = -1
"""The id of no fact."""


def no_change_without_fact(table: str, column: str, subject: str) -> None:
    """Refuse to commit a new value of the column without a fact; `subject` is SQL for whom the fact is about."""
    sqlite = op.get_context().dialect.name == "sqlite"
    for statement in (_sqlite if sqlite else _postgresql)(table, column, subject):
        op.execute(statement)


def _sqlite(table: str, column: str, subject: str) -> list[str]:
    return [
        f"""
        CREATE TRIGGER {table}_{column}_is_told AFTER UPDATE OF {column} ON "{table}"
        WHEN NEW.{column} IS NOT OLD.{column}
        BEGIN INSERT INTO untold (subject, fact) VALUES ({subject}, {NOWHERE}); END
        """  # noqa: S608
    ]


def _postgresql(table: str, column: str, subject: str) -> list[str]:
    return [
        f"""
        CREATE FUNCTION {table}_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO untold (subject, fact) VALUES ({subject}, {NOWHERE}); RETURN NULL; END $$
        """,  # noqa: S608
        f"""
        CREATE TRIGGER {table}_is_told AFTER UPDATE OF {column} ON "{table}" FOR EACH ROW
        WHEN (NEW.{column} IS DISTINCT FROM OLD.{column}) EXECUTE FUNCTION {table}_is_told()
        """,
    ]
