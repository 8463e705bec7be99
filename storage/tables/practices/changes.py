"""Changes, and what was asked for in each revision."""

from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.rules.change import flow
from bot.rules.change.flow import ChangeState, Result
from bot.rules.record.refs import Noun
from storage.db.columns import Code, Document, Moment, PersonsWords
from storage.tables.base import Record, Table, partial

OPEN = f"state IN ({', '.join(repr(str(state)) for state in sorted(flow.OPEN))})"
"""As an index has it. SQLite uses that where a query says the same in these words, and not by parameters."""


class Change(Record, table=True):
    __table_args__ = (
        Index(None, "state", "number"),
        Index(None, "requester", "number"),
        Index(None, "implementer", "number"),
        Index(None, "service", "number"),
        partial("ix_change_open", "starts_at", "number", where=OPEN),
        # By when it is to be done, and by when it was: the calendar asks for a range of days.
        Index(None, "starts_at"),
        Index(None, "ends_at"),
        Index(None, "started_at"),
        Index(None, "finished_at"),
    )

    noun: ClassVar[Noun] = Noun.CHANGE

    revision: int = 1
    """Counts what was asked for: votes are about one revision."""
    title: Document
    type: Code
    service: Code
    touches: Code = ""
    """Keys of the other services it touches, in order, with spaces."""
    why: Document
    plan: Document
    test_plan: Document = ""
    backout: Document
    communication: Document = ""
    links: Document = ""
    additional: Document | None = None
    """The answers to additional fields, a line each, as approval is asked of them."""
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    requester: Code
    requested_at: datetime = Field(sa_type=Moment)
    implementer: Code = ""
    incident: Code | None = None
    """The incident's reference, of an emergency change."""
    answers: Code = "{}"
    """The questionnaire's answers, as JSON: question to score."""
    risk: Code | None = None
    template: int | None = None
    """The number of the standard change that it was made from."""
    template_version: int | None = None
    held_by: int | None = None
    """The number of the freeze that holds it; a held change is neither approved nor started."""
    missed_at: datetime | None = Field(default=None, sa_type=Moment)
    """When its window closed and it had not been started; None once it has another."""
    break_glass: bool = False
    cancel_reason: Annotated[str, PersonsWords(by="cancelled_by")] | None = None
    cancelled_by: Code | None = None
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    result: Code | None = None
    result_note: Document | None = None
    caused: Code | None = None
    """The reference of an incident that it caused."""
    review: Document | None = None
    """The post-implementation review."""
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    imported_from: Code | None = None
    """The tool that it was moved in from."""
    old_ref: Code | None = None
    """Its number there, by which people may still look for it."""
    policy_version: int = Field(foreign_key="policy_version.id")

    @property
    def missed(self) -> bool:
        """Approved, and never started in its window."""
        return self.state == ChangeState.SCHEDULED and self.missed_at is not None

    @property
    def failed(self) -> bool:
        """Finished, and not as what was asked for."""
        return self.result in {Result.FAILED, Result.BACKED_OUT}

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
    by: Code
    told: Document
    """Its texts by field, as JSON."""
