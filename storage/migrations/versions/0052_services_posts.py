"""Messages of how services are now."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.create_table(
        "services_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("shows", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_services_post"),
    )
