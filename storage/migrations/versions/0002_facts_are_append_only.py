"""Facts are append-only: only the sealer's one change of seq and hashes passes.

Words and checkpoints never change either; words may be deleted, which is how they are erased."""

from alembic import op

revision = "0002"
down_revision = "0001"

KEPT = ("id", "subject", "kind", "at", "by", "data", "words_commitment", "policy_version")
"""A seal leaves these as they were written."""

SQLITE = (
    """
    CREATE TRIGGER fact_is_kept BEFORE DELETE ON fact
    BEGIN SELECT RAISE(ABORT, 'fact is append-only: a fact is never deleted'); END
    """,
    """
    CREATE TRIGGER fact_is_new BEFORE INSERT ON fact
    WHEN NEW.seq IS NOT NULL OR EXISTS (SELECT 1 FROM fact WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'fact is append-only: a fact is written once and sealed later'); END
    """,
    """
    CREATE TRIGGER fact_is_sealed_once BEFORE UPDATE ON fact
    WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.hash IS NULL OR NEW.prev_hash IS NULL OR {changed}
    BEGIN SELECT RAISE(ABORT, 'fact is append-only: a fact is sealed once and never changed'); END
    """.format(changed=" OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in KEPT)),
    *(
        f"""
        CREATE TRIGGER {table}_is_kept_at_{deed.lower()} BEFORE {deed} ON {table} {when}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only: it is never changed'); END
        """
        for table, deed, when in (
            ("fact_words", "UPDATE", ""),
            ("fact_words", "INSERT", "WHEN EXISTS (SELECT 1 FROM fact_words WHERE fact_id = NEW.fact_id)"),
            ("checkpoint", "UPDATE", ""),
            ("checkpoint", "DELETE", ""),
            ("checkpoint", "INSERT", "WHEN EXISTS (SELECT 1 FROM checkpoint WHERE size >= NEW.size)"),
        )
    ),
)

POSTGRESQL = (
    """
    CREATE FUNCTION fact_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'fact is append-only: a fact is sealed once, never changed, never deleted';
    END $$
    """,
    "CREATE TRIGGER fact_is_kept BEFORE DELETE ON fact FOR EACH ROW EXECUTE FUNCTION fact_is_append_only()",
    "CREATE TRIGGER facts_are_kept BEFORE TRUNCATE ON fact EXECUTE FUNCTION fact_is_append_only()",
    """
    CREATE TRIGGER fact_is_new BEFORE INSERT ON fact FOR EACH ROW
    WHEN (NEW.seq IS NOT NULL) EXECUTE FUNCTION fact_is_append_only()
    """,
    """
    CREATE TRIGGER fact_is_sealed_once BEFORE UPDATE ON fact FOR EACH ROW
    WHEN (OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.hash IS NULL OR NEW.prev_hash IS NULL OR {changed})
    EXECUTE FUNCTION fact_is_append_only()
    """.format(changed=" OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in KEPT)),
    """
    CREATE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% is append-only: it is never changed', TG_TABLE_NAME;
    END $$
    """,
    "CREATE TRIGGER words_are_kept BEFORE UPDATE ON fact_words FOR EACH ROW EXECUTE FUNCTION is_append_only()",
    """
    CREATE TRIGGER checkpoint_is_kept BEFORE UPDATE OR DELETE ON checkpoint
    FOR EACH ROW EXECUTE FUNCTION is_append_only()
    """,
    "CREATE TRIGGER checkpoints_are_kept BEFORE TRUNCATE ON checkpoint EXECUTE FUNCTION is_append_only()",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_context().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
