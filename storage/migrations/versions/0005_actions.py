"""Actions."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "action_item",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("verification", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("owner_group", sa.String(), nullable=False),
        sa.Column("due_on", sa.String(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("repeats", sa.String(), nullable=True),
        sa.Column("repeats_from", sa.String(), nullable=True),
        sa.Column("planned_on", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_action_item"),
    )
    op.create_index("ix_action_item_owner_state", "action_item", ["owner", "state"])
    op.create_index("ix_action_item_state_due_on", "action_item", ["state", "due_on"])
    op.create_index("ix_action_item_parent", "action_item", ["parent"])
    no_change_without_fact("action_item", "state", "'ACT-' || NEW.number")
