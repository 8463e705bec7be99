"""Records that were moved in from other tools, and the addresses by which their people are known."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("incident", sa.Column("imported_from", sa.String(), nullable=True))
    op.add_column("incident", sa.Column("old_ref", sa.String(), nullable=True))
    op.add_column("person", sa.Column("email", sa.String(), nullable=True))
    op.create_table(
        "imported_record",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("comments", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("imported_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id", name="pk_imported_record"),
    )
    op.create_index("ix_imported_record_subject", "imported_record", ["subject"])
