"""Surveys of satisfaction."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact
from storage.migrations.numbers import numbers

revision = "0054"
down_revision = "0052"


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("first_day", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("questions", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("results", sa.String(), nullable=True),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_survey"),
        sa.UniqueConstraint("survey", "every", "first_day", name="uq_survey_survey_every_first_day"),
    )
    op.create_index("ix_survey_closed_at", "survey", ["closed_at"])
    op.create_table(
        "survey_answer",
        sa.Column("survey", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("marks", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("survey", "person", name="pk_survey_answer"),
    )
    numbers("SVY")
    no_change_without_fact("survey", "state", "'SVY-' || NEW.number")
