"""Steps of workflows that wait until a record is decided on."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "workflow_wait",
        sa.Column("execution", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("execution", name="pk_workflow_wait"),
    )
    op.create_index("ix_workflow_wait_subject", "workflow_wait", ["subject"])
