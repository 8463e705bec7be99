"""The canvas that a review is exported to: another export writes the same one anew."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.add_column("review", sa.Column("canvas", sa.String(), nullable=True))
