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
    scopes: Code
    """With spaces between them."""
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    last_used_on: Code | None = None
    """A day, in ISO 8601: a write for each request would cost more than the request."""


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
