"""Service requests and their tasks."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "service_request",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("owner_group", sa.String(), nullable=False),
        sa.Column("requester", sa.String(), nullable=False),
        sa.Column("behalf", sa.String(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("form_digest", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("promise", sa.Integer(), nullable=False),
        sa.Column("approval", sa.String(), nullable=True),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("approved_at", Moment(), nullable=True),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_service_request"),
    )
    op.create_index("ix_service_request_state_due_at", "service_request", ["state", "due_at"])
    op.create_index("ix_service_request_requester_state", "service_request", ["requester", "state"])
    op.create_table(
        "request_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_request_task"),
        sa.UniqueConstraint("request", "key", name="uq_request_task_request_key"),
    )
    op.create_index("ix_request_task_request", "request_task", ["request"])
    no_change_without_fact("service_request", "state", "'REQ-' || NEW.number")
