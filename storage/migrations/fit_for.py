"""Which releases may serve a schema: a migration that takes something away says who can do without it."""

import sqlalchemy as sa
from alembic import op


def fit_for(revision: str) -> None:
    """Releases that were made for an older schema than this refuse the database from now on.

    It stands in Alembic's own row, which every release reads at its start.
    """
    op.execute(sa.text("UPDATE alembic_version SET oldest_release = :revision").bindparams(revision=revision))
