"""Records that were moved in from other tools: by what they are known again."""

from datetime import datetime

from sqlmodel import Field

from storage.db.columns import Code, Moment
from storage.tables.base import Table


class ImportedRecord(Table, table=True):
    __tablename__ = "imported_record"

    source: Code = Field(primary_key=True)
    """The tool; of CSV files the name that their mapping gives."""
    source_id: Code = Field(primary_key=True)
    subject: Code = Field(index=True)
    """The reference that it has here."""
    digest: Code
    """Of the row, but for its comments."""
    comments: Code = "[]"
    """Digests of those that are here, as JSON."""
    revision: int
    """The record's, as the import left it: with another one it was worked on here since."""
    file: Code
    """The digest of the file that it came in last."""
    imported_at: datetime = Field(sa_type=Moment)
