"""Actions: what somebody promised to do, wherever the promise comes from."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.action import flow
from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, partial

OPEN = f"state IN ({', '.join(repr(str(state)) for state in sorted(flow.OPEN))})"
"""As an index has it. SQLite uses that where a query says the same in these words, and not by parameters."""


class ActionItem(Record, table=True):
    """Has a state and reminders of its own: they outlive the record that it comes from."""

    __tablename__ = "action_item"
    __table_args__ = (
        Index(None, "owner", "state"),
        Index(None, "owner", "number"),
        Index(None, "state", "due_on"),
        partial("ix_action_item_open", "due_on", "number", where=OPEN),
        # Each list of actions asks which private records have one.
        partial("ix_action_item_private", "parent", where="private = 1", postgresql="private"),
    )

    noun: ClassVar[Noun] = Noun.ACTION

    revision: int = 1
    title: Document
    kind: Code
    verification: Document = ""
    """How it will be verified."""
    parent: Code | None = Field(default=None, index=True)
    """The reference of the record that it comes from."""
    private: bool = False
    """Whether that record is: then it is for those alone who may see that record, and its owner."""
    owner: Code | None = None
    """None: nobody of the group has it yet."""
    owner_group: Code
    """A group's key: who has it once its owner has left."""
    due_on: Code
    """A day, in ISO 8601."""
    extensions: int = 0
    raised_by: Code
    raised_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code
    done_by: Code | None = None
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    repeats: Code | None = None
    """A recurrence rule (RFC 5545), of a planned interval."""
    repeats_from: Code | None = None
    """The day from which the rule counts."""
    planned_on: Code
    """The day that it was first due: what the rule goes on from, whatever it was put off to."""
