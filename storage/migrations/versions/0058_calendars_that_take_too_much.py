"""How long a calendar from elsewhere waits that took more than it may: each time twice as long, up to a day."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    op.add_column("rota_calendar", sa.Column("waits", sa.Integer(), nullable=False, server_default="0"))
