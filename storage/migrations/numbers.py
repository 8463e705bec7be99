"""Where the numbers of a noun come from: its own migration calls this."""

from alembic import op


def numbers(noun: str) -> None:
    """A sequence on PostgreSQL. On SQLite the first number makes the row that they are counted in."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"CREATE SEQUENCE number_{noun.lower()} AS integer")
