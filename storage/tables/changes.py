"""Changes, what was asked for in each revision, and the approvals asked for them."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Moment
from storage.tables.base import Table


class Change(Table, table=True):
    __table_args__ = (Index(None, "state", "number"), Index(None, "requester", "number"))

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    revision: int = 1
    """Counts what was asked for: votes are about one revision."""
    title: str
    type: str
    service: str
    touches: str = ""
    """Keys of the other services it touches, in order, with spaces."""
    why: str
    plan: str
    test_plan: str = ""
    backout: str
    communication: str = ""
    links: str = ""
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    approvers: str = ""
    """The key of the approval policy that it is under."""
    stage: int = 0
    """The stage that is open, from 1; 0 before approval was ever asked for."""
    requester: str
    requested_at: datetime = Field(sa_type=Moment)
    implementer: str = ""
    incident: str | None = None
    """The incident's reference, of an emergency change."""
    answers: str = "{}"
    """The questionnaire's answers, as JSON: question to score."""
    risk: str | None = None
    template: int | None = None
    """The number of the standard change that it was made from."""
    template_version: int | None = None
    held_by: int | None = None
    """The number of the freeze that holds it; a held change is neither approved nor started."""
    break_glass: bool = False
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    """Until when the approval must be given."""
    decision: str | None = None
    """approved, rejected or left undecided."""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str | None = None
    comment: str | None = None
    """What was said with the decision, or why it was cancelled."""
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    result: str | None = None
    result_note: str | None = None
    caused: str | None = None
    """The reference of an incident that it caused."""
    review: str | None = None
    """The post-implementation review."""
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    policy_version: int = Field(foreign_key="policy_version.id")

    @property
    def services(self) -> tuple[str, ...]:
        """Keys of all that it touches, its own service first."""
        return (self.service, *self.touches.split())


class ChangeRevision(Table, table=True):
    """What a revision asked for, so that the next one can tell what is different."""

    __tablename__ = "change_revision"

    change: int = Field(primary_key=True, foreign_key="change.number")
    revision: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    by: str
    told: str
    """Its texts by field, as JSON."""


class ApprovalStage(Table, table=True):
    """A stage as it was asked about one revision; its people are rows of `approval`."""

    __tablename__ = "approval_stage"

    change: int = Field(primary_key=True, foreign_key="change.number")
    revision: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    title: str
    group_key: str | None = None
    """The group of which a voter must still be a member; None where people are named one by one."""
    needs: int
    veto: bool = False
    freeze: int | None = None
    """The number of the soft freeze that asks for this stage; None for one of the approval policy's."""


class Approval(Table, table=True):
    """One approver's seat in a stage of one revision, and the answer."""

    __table_args__ = (
        UniqueConstraint("change", "revision", "stage", "approver", name="uq_approval_seat"),
        UniqueConstraint("change", "revision", "stage", "voted_by", name="uq_approval_voice"),
        Index(
            "ix_approval_waiting",
            "approver",
            sqlite_where=text("vote IS NULL"),
            postgresql_where=text("vote IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    change: int = Field(foreign_key="change.number")
    revision: int
    stage: int = 1
    approver: str
    asked_at: datetime = Field(sa_type=Moment)
    vote: str | None = None
    voted_by: str | None = None
    """They, or who stood in for them."""
    comment: str | None = None
    voted_at: datetime | None = Field(default=None, sa_type=Moment)


class Delegation(Table, table=True):
    """A person stands in for another in all approvals for a while."""

    id: int | None = Field(default=None, primary_key=True)
    owner: str = Field(index=True)
    delegate: str = Field(index=True)
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    made_at: datetime = Field(sa_type=Moment)


class ChangeQuestion(Table, table=True):
    """What an approver wants to know before voting."""

    __tablename__ = "change_question"

    id: int | None = Field(default=None, primary_key=True)
    change: int = Field(foreign_key="change.number", index=True)
    asked_by: str
    asked_at: datetime = Field(sa_type=Moment)
    question: str
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    answer: str | None = None
