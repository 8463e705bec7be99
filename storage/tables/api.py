"""Tokens of the REST API, and requests that were answered."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.db.columns import Code, Document, Moment
from storage.tables.base import Table


class ApiToken(Table, table=True):
    """Whoever has the token acts as its person: it is kept nowhere, but for its digest."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: Code = Field(unique=True)
    name: Document
    person: Code
    """Of a service account, as facts name it (`bot/rules/record/facts.py`)."""
    scopes: Code
    """With spaces between them."""
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    last_used_on: Code | None = None
    """A day, in ISO 8601: a write for each request would cost more than the request."""


class ServiceAccount(Table, table=True):
    """A program that acts as itself: within its tokens, what a member of its group may."""

    __tablename__ = "service_account"

    key: Code = Field(primary_key=True)
    title: Document
    group_key: Code
    made_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)


class ApiAnswer(Table, table=True):
    """What was answered to a request with an Idempotency-Key."""

    __tablename__ = "api_answer"
    __table_args__ = (Index(None, "answered_at"),)

    token: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: Code = Field(primary_key=True)
    fingerprint: Code
    """A digest of method, path and body."""
    status: int
    headers: Code
    body: Document
    answered_at: datetime = Field(sa_type=Moment)
