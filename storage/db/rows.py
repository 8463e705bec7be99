"""What a driver answers, as SQLAlchemy's results have it: rows, values, and the objects of a session."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, TextClause, TextualSelect
from sqlalchemy.engine import Dialect, Row
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import instance_dict, instance_state
from sqlalchemy.sql.compiler import ResultColumnsEntry, SQLCompiler
from sqlalchemy.sql.sqltypes import NULLTYPE
from sqlmodel.sql.expression import SelectOfScalar

Process = Callable[[Any], Any] | None


class Found:
    """The part of SQLAlchemy's Result and ScalarResult that is in use here."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> Sequence[Any]:
        return self._rows

    def first(self) -> Any:
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        """Raises MultipleResultsFound."""
        if len(self._rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return self.first()

    def one(self) -> Any:
        """Raises NoResultFound, MultipleResultsFound."""
        if len(self._rows) != 1:
            if self._rows:
                raise MultipleResultsFound("Multiple rows were found when exactly one was required")
            raise NoResultFound("No row was found when one was required")
        return self._rows[0]

    def scalars(self) -> "Found":
        return Found([row[0] for row in self._rows], self.rowcount)

    def mappings(self) -> "Found":
        return Found([row._mapping for row in self._rows], self.rowcount)

    def scalar(self) -> Any:
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """Raises NoResultFound, MultipleResultsFound."""
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        """Raises MultipleResultsFound."""
        row = self.one_or_none()
        return None if row is None else row[0]


class Part(NamedTuple):
    """One thing of a row: a value, or an object of several columns."""

    name: str
    columns: Sequence[int]
    mapper: Mapper[Any] | None = None


Read = Callable[[Session, Sequence[Any]], Sequence[Any]]


class Rows:
    """How what a driver answers is read; known when it has answered once, for a type may ask the driver's."""

    def __init__(
        self, columns: Sequence[ResultColumnsEntry], parts: Sequence[Part] | None, *, scalar: bool = False
    ) -> None:
        """`parts`: by the places of the columns; None: by the names that the driver has for them."""
        self._columns, self._parts, self._scalar = columns, parts, scalar
        self._read: Read | None = None

    def read(self, session: Session, dialect: Dialect, answer: Any) -> Found:
        if self._parts == () or not answer.description:
            return Found((), answer.rowcount)
        if self._read is None:
            self._read = self._reading(dialect, answer.description)
        return Found(self._read(session, answer.rows), answer.rowcount)

    def _reading(self, dialect: Dialect, description: Sequence[Any]) -> Read:
        columns, parts = self._columns, self._parts
        if parts is None:
            named = {one.keyname: one for one in columns}
            columns = [named.get(name, ResultColumnsEntry(name, name, (), NULLTYPE)) for name, *_ in description]
            parts = [Part(one.keyname, (at,)) for at, one in enumerate(columns)]
        said = [
            one.type.dialect_impl(dialect).result_processor(dialect, to[1])
            for one, to in zip(columns, description, strict=True)
        ]
        return _values(parts[0], said) if self._scalar else _rows(parts, said)


def _values(part: Part, said: Sequence[Process]) -> Read:
    if part.mapper is not None:
        load = _loader(part, part.mapper, said)
        return lambda session, rows: [load(session, row) for row in rows]
    at, process = part.columns[0], said[part.columns[0]]
    if process is None:
        return lambda _session, rows: [row[at] for row in rows]
    return lambda _session, rows: [process(row[at]) for row in rows]


def _rows(parts: Sequence[Part], said: Sequence[Process]) -> Read:
    about = SimpleResultMetaData([part.name for part in parts])
    keys = about._key_to_index
    if all(part.mapper is None for part in parts):
        processors: Any = said if any(said) else None
        return lambda _session, rows: [Row(about, processors, keys, row) for row in rows]
    reads = [_values(part, said) for part in parts]
    return lambda session, rows: [
        Row(about, None, keys, row) for row in zip(*(read(session, rows) for read in reads), strict=True)
    ]


def _loader(part: Part, mapper: Mapper[Any], said: Sequence[Process]) -> Callable[[Session, Any], Any]:
    """As SQLAlchemy's own, where rows are always read anew: one object a row of the database, within a session."""
    names = [one.key for one in mapper.column_attrs]
    processed = [(name, process) for name, at in zip(names, part.columns, strict=True) if (process := said[at])]
    key_names = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    picked: Any = itemgetter(*part.columns) if len(names) > 1 else lambda row: (row[part.columns[0]],)
    manager, identity = mapper.class_manager, mapper.class_

    def load(session: Session, row: Any) -> Any:
        values = dict(zip(names, picked(row), strict=True))
        for name, process in processed:
            values[name] = process(values[name])
        key = (identity, tuple([values[name] for name in key_names]), None)
        if not any(one is not None for one in key[1]):
            return None
        here: Any = session.identity_map
        found = here.get(key)
        if found is None:
            found = manager.new_instance()
            state = instance_state(found)
            state.key, state.session_id = key, session.hash_key
            here._add_unpresent(state, key)
            instance_dict(found).update(values)
        else:
            state, kept = instance_state(found), instance_dict(found)
            kept.update(values)
            state._commit_all(kept, here)
        return found

    return load


def rows_of(statement: Any, compiled: SQLCompiler, *, of_orm: bool) -> Rows | None:
    """None where a driver's answer cannot be told apart by its places."""
    columns = compiled._result_columns
    if statement.is_dml and not statement._returning:
        return Rows((), ())
    if isinstance(statement, TextClause) or (isinstance(statement, TextualSelect) and not statement.positional):
        return Rows(columns, None)
    if isinstance(statement, TextualSelect) or not compiled._ordered_columns:
        return None
    parts = (
        _parts_of_orm(statement, columns) if of_orm else [Part(one.keyname, (at,)) for at, one in enumerate(columns)]
    )
    return None if parts is None else Rows(columns, parts, scalar=isinstance(statement, SelectOfScalar))


def _parts_of_orm(statement: Any, columns: Sequence[ResultColumnsEntry]) -> list[Part] | None:
    asked = statement._returning if statement.is_dml else statement.__dict__.get("_raw_columns")
    if asked is None:
        return [Part(one.keyname, (at,)) for at, one in enumerate(columns)]
    told = [None] * len(asked) if statement.is_dml else [one["name"] for one in statement.column_descriptions]
    if len(told) != len(asked):
        return None
    where: Mapping[Any, int] = {
        one: at for at, entry in enumerate(columns) for one in entry.objects if not isinstance(one, str)
    }
    parts, at = list[Part](), 0
    for name, one in zip(told, asked, strict=True):
        if isinstance(one, ColumnElement):
            if at == len(columns):
                return None
            parts.append(Part(str(name or columns[at].keyname), (at,)))
            at += 1
            continue
        mapper = one._annotations.get("parententity")
        if not isinstance(mapper, Mapper) or not _is_plain(mapper):
            return None
        places = [where.get(attribute.columns[0], -1) for attribute in mapper.column_attrs]
        if sorted(places) != list(range(at, at + len(places))):
            return None
        parts.append(Part(mapper.class_.__name__, places, mapper))
        at += len(places)
    return parts if at == len(columns) else None


def _is_plain(mapper: Mapper[Any]) -> bool:
    """Columns of one table, all read at once, and nobody who wants to hear of it."""
    events = mapper.class_manager.dispatch
    plain = not (mapper.relationships or mapper.polymorphic_map or mapper.inherits or events.load or events.refresh)
    return plain and all(len(one.columns) == 1 and not one.deferred for one in mapper.column_attrs)
