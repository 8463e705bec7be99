"""Campaigns in which people look whether configuration items are as recorded."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "ci_campaign",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("share", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("one_by_one", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.String(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_ci_campaign"),
    )
    op.create_index("ix_ci_campaign_closed_at", "ci_campaign", ["closed_at"])
    op.create_table(
        "ci_campaign_item",
        sa.Column("campaign", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_group", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("said_by", sa.String(), nullable=True),
        sa.Column("said_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("campaign", "item", name="pk_ci_campaign_item"),
    )
    op.create_index("ix_ci_campaign_item_item", "ci_campaign_item", ["item"])
