"""When somebody opened their Home tab last: only who looks at it has it drawn at each change."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "home_visit",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_home_visit"),
    )
