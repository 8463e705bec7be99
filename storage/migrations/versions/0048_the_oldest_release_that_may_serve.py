"""The database says which releases may serve it, so that one of before can be started again after an upgrade."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.fit_for import fit_for

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.add_column("alembic_version", sa.Column("oldest_release", sa.String(), nullable=True))
    fit_for(revision)
