"""Entries of registers."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "register_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("register_key", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("owner_group", sa.String(), nullable=False),
        sa.Column("review_on", sa.String(), nullable=False),
        sa.Column("reviewed_at", Moment(), nullable=True),
        sa.Column("accepted_by", sa.String(), nullable=True),
        sa.Column("accepted_until", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_register_entry"),
    )
    op.create_index("ix_register_entry_register_key_state", "register_entry", ["register_key", "state"])
    op.create_index("ix_register_entry_owner_state", "register_entry", ["owner", "state"])
    op.create_index("ix_register_entry_state_review_on", "register_entry", ["state", "review_on"])
    no_change_without_fact("register_entry", "state", "'REG-' || NEW.number")
