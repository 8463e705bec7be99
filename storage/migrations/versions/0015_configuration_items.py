"""Configuration items, their relations, and the plans of imports."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "configuration_item",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("owner_group", sa.String(), nullable=True),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("attributes", sa.String(), nullable=False),
        sa.Column("origins", sa.String(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("verified_at", Moment(), nullable=True),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("verify_on", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_configuration_item"),
    )
    op.create_index("ix_configuration_item_type_key", "configuration_item", ["type", "key"])
    op.create_index("ix_configuration_item_key", "configuration_item", ["key"])
    op.create_index("ix_configuration_item_folded", "configuration_item", ["folded"])
    op.create_index("ix_configuration_item_verify_on", "configuration_item", ["verify_on"])
    op.create_table(
        "ci_relation",
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("item", "group_no", "place", name="pk_ci_relation"),
    )
    op.create_index("ix_ci_relation_target", "ci_relation", ["target"])
    dangling = sa.text("target IS NULL")
    op.create_index(
        "ix_ci_relation_dangling", "ci_relation", ["wanted"], sqlite_where=dangling, postgresql_where=dangling
    )
    op.create_table(
        "ci_presence",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("there", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("source", "item", name="pk_ci_presence"),
    )
    op.create_index("ix_ci_presence_item", "ci_presence", ["item"])
    op.create_table(
        "ci_plan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("world", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("applied_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ci_plan"),
    )
    op.create_table(
        "ci_plan_part",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "place", name="pk_ci_plan_part"),
    )
    no_change_without_fact("configuration_item", "state", "'CI-' || NEW.number")
