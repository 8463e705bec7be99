"""Numbers of records come from sequences on PostgreSQL: no transaction waits for another's number.

The release before counts in the rows of `counter`. What it counts there it is given from the sequence by a trigger, so
that both may serve side by side; a migration of the release after takes the trigger away.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.numbers import numbers

revision = "0041"
down_revision = "0040"

NOUNS = (
    "INC", "CHG", "STD", "WIN", "CAB", "ACT", "PRB", "KE", "REQ", "RPT", "REV", "CI", "DOC", "AUD", "FND", "MR", "REG",
    "POL", "CMP", "ci_campaign",
)  # fmt: skip


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        return
    # Nobody counts meanwhile.
    op.execute("LOCK TABLE counter IN SHARE ROW EXCLUSIVE MODE")
    for noun in NOUNS:
        numbers(noun)
        row = {"noun": noun, "sequence": f"number_{noun.lower()}"}
        op.get_bind().execute(sa.text("INSERT INTO counter VALUES (:noun, 0) ON CONFLICT DO NOTHING"), row)
        op.get_bind().execute(sa.text("SELECT setval(:sequence, last + 1, false) FROM counter WHERE noun = :noun"), row)
    for statement in _BY_SEQUENCE:
        op.execute(statement)


# With its owner's rights: the bot's role is given its own to the sequences after the migration.
_BY_SEQUENCE = (
    """
    CREATE FUNCTION counter_by_sequence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
    AS $$ BEGIN NEW.last := nextval(CAST('number_' || lower(NEW.noun) AS regclass)); RETURN NEW; END $$
    """,
    f"""
    CREATE TRIGGER counter_by_sequence BEFORE UPDATE OF last ON counter FOR EACH ROW
    WHEN (NEW.last > OLD.last AND NEW.noun IN ({", ".join(f"'{one}'" for one in NOUNS)}))
    EXECUTE FUNCTION counter_by_sequence()
    """,
)
