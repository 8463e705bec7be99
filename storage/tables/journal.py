"""The journal: facts in a hash chain, the words people typed, which may be erased, and checkpoints of the whole."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer
from sqlmodel import Field

from storage.db.columns import Code, ErasedApart, Moment
from storage.tables.base import Table, partial

COUNTED = "kind IN ('incident_reopened', 'known_error_helped', 'known_error_used', 'sla_breached')"
"""What trends are found in, as an index has it."""


class Entry(Table, table=True):
    """A fact as it is kept. Triggers on both databases refuse any change but the sealer's one of seq and hashes."""

    __tablename__ = "fact"
    __table_args__ = (
        partial(
            "ix_fact_unsealed",
            "id",
            where="seq IS NULL",
        ),
        partial("ix_fact_counted", "at", where=COUNTED),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: Code = Field(index=True)
    kind: Code
    at: datetime = Field(sa_type=Moment)
    by: Code
    data: Code
    """Canonical JSON, without personal words."""
    words_commitment: Code | None = None
    policy_version: int
    seq: int | None = Field(default=None, unique=True)
    prev_hash: Code | None = None
    hash: Code | None = None


class FactWords(Table, table=True):
    """What a person typed. Erased by deleting the row: the chain holds only a salted commitment to it."""

    __tablename__ = "fact_words"

    fact_id: int = Field(primary_key=True, foreign_key="fact.id", sa_column_kwargs={"autoincrement": False})
    salt: ErasedApart
    words: ErasedApart


class JournalCheckpoint(Table, table=True):
    """How the journal stood: the root of the tree over its first `size` facts. Triggers refuse to change it."""

    __tablename__ = "checkpoint"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    root: Code
    at: datetime = Field(sa_type=Moment)
    key: Code | None = None
    """The id of the key that signed it."""
    signature: Code | None = None
    frontier: Code
    """Roots of the perfect subtrees, the largest first: what the next checkpoint grows from."""


class Untold(Table, table=True):
    """A change of state that no fact tells of yet. Triggers write these rows and take them away; none is committed.

    `fact` refers to one that there is not, which is only looked at on commit.
    """

    id: int | None = Field(default=None, primary_key=True)
    subject: Code
    fact: int = Field(
        sa_column=Column(Integer, ForeignKey("fact.id", deferrable=True, initially="DEFERRED"), nullable=False)
    )
