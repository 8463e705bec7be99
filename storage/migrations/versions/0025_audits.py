"""Internal audits, their findings, and who answers for a clause."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "internal_audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("criteria", sa.String(), nullable=False),
        sa.Column("clauses", sa.String(), nullable=False),
        sa.Column("auditor", sa.String(), nullable=False),
        sa.Column("planned_on", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("reported_at", Moment(), nullable=True),
        sa.Column("planned_by", sa.String(), nullable=False),
        sa.Column("planned_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_internal_audit"),
    )
    op.create_index("ix_internal_audit_state_planned_on", "internal_audit", ["state", "planned_on"])
    op.create_index("ix_internal_audit_auditor_state", "internal_audit", ["auditor", "state"])
    op.create_table(
        "audit_check",
        sa.Column("audit", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("audit", "clause", name="pk_audit_check"),
    )
    op.create_table(
        "audit_sample",
        sa.Column("audit", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("population", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("population_hash", sa.String(), nullable=False),
        sa.Column("refs", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("audit", "number", name="pk_audit_sample"),
    )
    op.create_table(
        "audit_finding",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("audit", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("owner_group", sa.String(), nullable=False),
        sa.Column("due_on", sa.String(), nullable=False),
        sa.Column("correction", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_finding"),
    )
    op.create_index("ix_audit_finding_state_due_on", "audit_finding", ["state", "due_on"])
    op.create_index("ix_audit_finding_owner_state", "audit_finding", ["owner", "state"])
    op.create_table(
        "clause_owner",
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("clause", name="pk_clause_owner"),
    )
    no_change_without_fact("internal_audit", "state", "'AUD-' || NEW.number")
    no_change_without_fact("audit_finding", "state", "'FND-' || NEW.number")
