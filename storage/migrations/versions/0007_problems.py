"""Problems, their causes and known errors."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import Moment
from storage.migrations.facts_first import no_change_without_fact

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _problems()
    _known_errors()
    no_change_without_fact("problem", "state", "'PRB-' || NEW.number")
    no_change_without_fact("known_error", "state", "'KE-' || NEW.number")


def _problems() -> None:
    op.create_table(
        "problem",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("title", "summary", "source")),
        sa.Column("source_ref", sa.String(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("service", "impact", "urgency", "priority")),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("owner_group", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("no_cause", sa.String(), nullable=True),
        sa.Column("watched_from", Moment(), nullable=True),
        sa.Column("watched_until", Moment(), nullable=True),
        sa.Column("look_again_on", sa.String(), nullable=True),
        sa.Column("judged_by", sa.String(), nullable=True),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_problem"),
    )
    op.create_index("ix_problem_state_number", "problem", ["state", "number"])
    op.create_table(
        "problem_cause",
        sa.Column("problem", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("under", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("category", "statement", "status", "evidence")),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("problem", "number", name="pk_problem_cause"),
    )


def _known_errors() -> None:
    op.create_table(
        "known_error",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("symptom", "workaround", "words", "audience")),
        sa.Column("services", sa.String(), nullable=False),
        sa.Column("review_on", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("offered", "used", "helped")),
        sa.PrimaryKeyConstraint("number", name="pk_known_error"),
    )
    op.create_index("ix_known_error_problem", "known_error", ["problem"])
    op.create_table(
        "known_error_word",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("known_error", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("word", "known_error", name="pk_known_error_word"),
    )
    op.create_index("ix_known_error_word_known_error", "known_error_word", ["known_error"])
