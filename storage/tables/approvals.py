"""Approvals of any record: the case, its stages and seats, what approvers ask, who stands in for whom."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.rules.approval import voting
from bot.rules.approval.voting import CaseState
from storage.db.columns import ERASED, Code, Document, Moment, PersonsWords
from storage.tables.base import Table, partial

OPEN = f"state = '{CaseState.OPEN}'"
STANDING = f"state IN ({', '.join(repr(str(state)) for state in sorted(voting.STANDING))})"
"""What is asked for and not decided, as an index has it."""


def _of_case() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["subject", "revision"], ["approval_case.subject", "approval_case.revision"])


class ApprovalCase(Table, table=True):
    """The approval of one revision of a record. Whether votes are taken is its state, and nothing else."""

    __tablename__ = "approval_case"
    __table_args__ = (
        partial("ix_approval_case_open", "due_at", where=OPEN),
        partial("ix_approval_case_standing", "subject", where=STANDING),
        Index(None, "decided_at"),
    )

    subject: Code = Field(primary_key=True)
    """The record's reference."""
    revision: int = Field(primary_key=True)
    """Of the record: votes are about what it asks for in this one."""
    policy: Code
    """The key of the approval policy that it is under."""
    state: Code
    """open, held, decided or cancelled."""
    stage: int = 1
    """The stage that is voted on, from 1."""
    barred: Code = ""
    """Those who never vote here, each between spaces: “ U1 U2 ”."""
    asked_at: datetime = Field(sa_type=Moment)
    needed_at: datetime = Field(sa_type=Moment)
    """When the record is to take effect: the soonest stands first in lists."""
    due_at: datetime = Field(sa_type=Moment)
    """Until when the approval must be given."""
    decision: Code | None = None
    """approved, rejected or left undecided."""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: Code | None = None
    comment: Annotated[str, PersonsWords(by="decided_by")] | None = None
    """What was said with the decision."""

    @property
    def is_open(self) -> bool:
        """Whether votes are taken."""
        return self.state == CaseState.OPEN

    @property
    def is_due(self) -> bool:
        """Whether nobody has decided yet, held or not."""
        return self.state in voting.STANDING


class ApprovalStage(Table, table=True):
    """A stage as it was asked about one revision; its people are rows of `approval`."""

    __tablename__ = "approval_stage"
    __table_args__ = (_of_case(),)

    subject: Code = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    title: Document
    group_key: Code | None = None
    """The group of which a voter must still be a member; None where people are named one by one."""
    needs: int
    veto: bool = False
    because: Code | None = None
    """The reference of what asks for this stage, as of a soft freeze; None for one of the approval policy's."""


class Approval(Table, table=True):
    """One approver's seat in a stage of one revision, and the answer."""

    __table_args__ = (
        _of_case(),
        UniqueConstraint("subject", "revision", "stage", "approver", name="uq_approval_seat"),
        UniqueConstraint("subject", "revision", "stage", "voted_by", name="uq_approval_voice"),
        partial(
            "ix_approval_waiting",
            "approver",
            where="vote IS NULL",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: Code
    revision: int
    stage: int = 1
    approver: Code
    asked_at: datetime = Field(sa_type=Moment)
    vote: Code | None = None
    voted_by: Code | None = None
    """They, or who stood in for them."""
    comment: Annotated[str, PersonsWords(by="voted_by")] | None = None
    voted_at: datetime | None = Field(default=None, sa_type=Moment)


class Delegation(Table, table=True):
    """A person stands in for another in all approvals for a while."""

    id: int | None = Field(default=None, primary_key=True)
    owner: Code = Field(index=True)
    delegate: Code = Field(index=True)
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    made_at: datetime = Field(sa_type=Moment)


class ApprovalQuestion(Table, table=True):
    """What an approver wants to know before voting."""

    __tablename__ = "approval_question"

    id: int | None = Field(default=None, primary_key=True)
    subject: Code = Field(index=True)
    asked_by: Code
    asked_at: datetime = Field(sa_type=Moment)
    question: Annotated[str, PersonsWords(by="asked_by", leaves=ERASED)]
    answered_by: Code | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    answer: Annotated[str, PersonsWords(by="answered_by", leaves=ERASED)] | None = None


class WorkflowWait(Table, table=True):
    """A step of a workflow that waits until a record is decided on."""

    __tablename__ = "workflow_wait"

    execution: Code = Field(primary_key=True)
    """Slack's id of it."""
    subject: Code = Field(index=True)
    asked_at: datetime = Field(sa_type=Moment)
