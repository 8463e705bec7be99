"""Proposed changes of the policy, and which file the last start was given."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment
from storage.tables.base import Record, Table


class PolicyProposal(Record, table=True):
    __tablename__ = "policy_proposal"
    __table_args__ = (Index(None, "state", "number"),)

    noun: ClassVar[Noun] = Noun.POLICY

    revision: int = 1
    """What approvals are about: a proposal is not edited, so that there is one."""
    title: Document
    why: Document = ""
    text: Document
    """TOML as it was proposed: what it says otherwise, or the whole."""
    whole: bool = False
    """Whether the text is a whole policy, as a file has it, and not what it changes."""
    base: int
    """The version that it was proposed against."""
    result: Document
    """The whole policy that came of it then."""
    digest: Code
    """SHA-256 of that, as a version has it."""
    replayed: Code = ""
    """JSON: what it would have done to the past; empty until it was run."""
    version: int | None = None
    """The version that it was adopted as."""
    before: int | None = None
    """The version that was in force until then."""
    proposed_by: Code
    proposed_at: datetime = Field(sa_type=Moment)
    moved_at: datetime = Field(sa_type=Moment)
    moved_by: Code


class PolicyMaster(Table, table=True):
    """What the last start was given by its settings; one row."""

    __tablename__ = "policy_master"

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    digest: Code | None = None
    """Of the policy of the file; None where no file is named."""
