"""A turn is exchanged for one of somebody who is asked."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("on_call_offer", sa.Column("asked", sa.String(), nullable=True))
    op.add_column("on_call_offer", sa.Column("for_starts_at", Moment(), nullable=True))
    op.add_column("on_call_offer", sa.Column("for_ends_at", Moment(), nullable=True))
