"""E-mail: incidents of people who write from outside of Slack, and messages that were seen."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import Index
from sqlmodel import Field

from storage.db.columns import Code, Moment, NoPersonsWords
from storage.tables.base import Table

_OUTSIDE = NoPersonsWords("whose it is, is known by the address: erased by a statement of its own, with its row")


class MailThread(Table, table=True):
    """Where the answers about an incident go."""

    __tablename__ = "mail_thread"

    subject: Code = Field(primary_key=True)
    mailbox: Code
    address: Annotated[str, _OUTSIDE]


class MailSeen(Table, table=True):
    """A message that came or was sent, by its id: one that comes twice does nothing twice."""

    __tablename__ = "mail_seen"
    __table_args__ = (Index(None, "address", "at"),)

    id: Annotated[str, _OUTSIDE] = Field(primary_key=True)
    """Its Message-ID."""
    subject: Code | None = None
    """The incident that it is about."""
    address: Annotated[str, _OUTSIDE]
    at: datetime = Field(sa_type=Moment, index=True)
