"""Indexes of tables that people write to while a database is migrated."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.db import schema

_HALF_MADE = "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"


def index(table: str, columns: Sequence[str], name: str = "", where: str = "", postgresql: str = "") -> None:
    """Make one; `where` holds on both databases, unless PostgreSQL has words of its own.

    A migration that makes one does nothing else. On PostgreSQL it is made outside of a transaction, so whatever came
    before would be done again by whoever goes on after a kill; an index that was made is passed over, and what is left
    of one that was not is dropped.
    """
    name = name or f"ix_{table}_{'_'.join(columns)}"
    conditions: dict[str, Any] = (
        {"sqlite_where": sa.text(where), "postgresql_where": sa.text(postgresql or where)} if where else {}
    )
    made = partial(op.create_index, name, table, list(columns), if_not_exists=True, **conditions)
    context = op.get_context()
    if not context.opts.get("at_work"):
        made()
        return
    with context.autocommit_block():
        before = op.get_bind().execute(sa.text("SHOW lock_timeout")).scalar_one()
        # It waits for those who write to end, and nobody waits behind it.
        op.execute(f"SET lock_timeout = {max(schema.LOCK_MS, round(schema.PATIENCE_SECONDS * 1000))}")
        if op.get_bind().execute(sa.text(_HALF_MADE), {"name": name}).scalar():
            op.execute(f"DROP INDEX CONCURRENTLY {name}")
        made(postgresql_concurrently=True)
        op.execute(f"SET lock_timeout = '{before}'")
