"""The one datetime column of the house, and what each text column declares of people's words."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeAlias

from sqlalchemy import BigInteger, DateTime, Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


ERASED = "(erased)"
"""Stands where a text must not be empty."""


@dataclass(frozen=True)
class PersonsWords:
    """What one person typed. `deskbell audit erase` empties it."""

    by: str
    """The column that names the person."""
    leaves: str | None = None
    """What stands there afterwards."""


@dataclass(frozen=True)
class WordsInside:
    """JSON with what several people typed. `deskbell audit erase` empties those of one."""

    items: str
    """The list in it, each item of which has the two fields."""
    by: str
    words: str


@dataclass(frozen=True)
class NoPersonsWords:
    """Nothing that is erased with a person's words."""

    because: str


Code: TypeAlias = Annotated[str, NoPersonsWords("a key, a state, a reference, an id, a digest, or JSON of these")]
Document: TypeAlias = Annotated[str, NoPersonsWords("the desk's own document: it stays, and can be edited")]
ErasedApart: TypeAlias = Annotated[str, NoPersonsWords("erased by a statement of its own, with its row")]


class NaiveMoment(TypeError):
    """{value!r} has no time zone. A moment is kept in UTC: give a datetime with tzinfo."""

    def __init__(self, value: datetime) -> None:
        super().__init__((type(self).__doc__ or "").format(value=value))


class Moment(TypeDecorator[datetime]):
    """A point in time: aware in, UTC out, on both databases.

    PostgreSQL keeps it as timestamptz. SQLite has no such type and would hand a naive value back, so there it
    is a whole number of microseconds since 1970: it compares, sorts and indexes as time does, and is exact.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int] | TypeEngine[datetime]:
        return BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | datetime | None:
        """Raises NaiveMoment."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveMoment(value)
        return micros(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: int | datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if isinstance(value, int):
            return _EPOCH + value * _MICROSECOND
        return None if value is None else value.astimezone(UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970, exact where a float of seconds is not."""
    return (moment - _EPOCH) // _MICROSECOND
