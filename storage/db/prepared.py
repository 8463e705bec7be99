"""A statement as a driver takes it: compiled once for each dialect, and given its values by hand.

SQLAlchemy finds a compiled statement anew at each execution, by a key that it makes of the whole statement, and takes
ten times what SQLite needs to run it. A constant is found by itself (`prepared`). One that is put together for one use
is found by that key (`alike`), and has nothing else of SQLAlchemy's way: half of what it takes. What SQLAlchemy alone
can do (defaults in Python, several rows with RETURNING, options of the ORM) is left to it: both then answer None.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, TextClause, UpdateBase
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.cache_key import CacheKey
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.util import LRUCache

from storage.db.rows import Rows, rows_of

CONSTANT = 3
"""Who runs the same statement so many times keeps it: it is compiled then, and not at the first time, since most that
are put together for one use are run once."""
MOST = 2000
"""Constants that are kept, and as many others; a desk at work has some 500."""
COMPILED: LRUCache[Any, Any] = LRUCache(MOST)
"""What SQLAlchemy has compiled, by the keys of statements: for all engines, so that nothing is compiled twice."""

PLACES = 5000
"""For values in lists, in all the texts of a statement that are kept, one for each length that was asked for: there are
as many lengths as incidents, and with all of them the memory would fill."""

_KINDS = SelectBase | UpdateBase | TextClause
"""A function alone, or DDL, is made into a statement by SQLAlchemy only as it runs it."""
_OURS = {"populate_existing", "synchronize_session", "preserve_rowcount"}
"""Options of an execution that change nothing here: rows are always read anew, and no object is guessed at."""

Values = Mapping[str, Any]
_seen: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
_kept: dict[Any, "Ready | None"] = {}
_met: dict[Any, "Ready | int | None"] = {}
"""By the key of a statement: how often one like it was met, until it is kept."""


class Asked(NamedTuple):
    """A value that is given at each execution."""

    place: Any
    """In the list of the values, or their dictionary."""
    name: str
    item: int | None
    """Which one of a list of values."""
    needed: bool
    processed: Callable[[Any], Any] | None


class Filling:
    """The text for lists of these lengths, and how its values are filled in."""

    def __init__(self, sql: str, base: Any, asked: Sequence[Asked]) -> None:
        self.sql, self._base, self._asked = sql, base, asked
        self._names = None if base == {} else _all_in_order(len(base), asked)
        self._processed = [(one.place, one.processed) for one in asked if one.processed is not None]

    def __call__(self, given: Values) -> Any:
        """Raises KeyError where a value is missing."""
        if self._names is None:
            return self._one_by_one(given)
        filled = [given[name] for name in self._names]
        for place, processed in self._processed:
            filled[place] = processed(filled[place])
        return tuple(filled)

    def _one_by_one(self, given: Values) -> Any:
        filled = self._base.copy()
        for place, name, item, needed, processed in self._asked:
            if name not in given and not needed:
                continue
            value = given[name] if item is None else given[name][item]
            filled[place] = value if processed is None else processed(value)
        return tuple(filled) if isinstance(filled, list) else filled


def _all_in_order(many: int, asked: Sequence[Asked]) -> Sequence[str] | None:
    """The names of all values, where each is one that is given and stands where it is asked for."""
    whole = all(one.needed and one.item is None and one.place == at for at, one in enumerate(asked))
    return [one.name for one in asked] if whole and len(asked) == many else None


class Ready:
    """A statement as one driver takes it."""

    def __init__(self, compiled: SQLCompiler, rows: Rows) -> None:
        self.rows = rows
        self._compiled = compiled
        self._places = _places(compiled)
        self._own = {name for names in self._places for name in names}
        self._lists = {one.key: one.effective_value for one in compiled.post_compile_params}
        self._fillings: dict[tuple[int, ...], Filling] = {}
        self._only: Filling | None = None
        """Where there are no lists."""

    def values(self, binds: Sequence[BindParameter[Any]], given: Values) -> Values:
        """All of another statement with the same key: those that stand in it, and those that are given."""
        own = zip(binds, self._places, strict=True)
        return {name: one.effective_value for one, names in own if not one.required for name in names} | dict(given)

    def filling(self, given: Values) -> Filling:
        """Raises KeyError where a value is missing."""
        if not self._lists:
            if self._only is None:
                self._only = self._filling({})
            return self._only
        lists = {name: given.get(name, kept) for name, kept in self._lists.items()}
        if None in lists.values():
            raise KeyError
        lengths = tuple(map(len, lists.values()))
        found = self._fillings.get(lengths)
        if found is None:
            if sum(map(sum, self._fillings)) + sum(lengths) > PLACES:
                self._fillings.clear()
            found = self._fillings[lengths] = self._filling(lists)
        return found

    def _filling(self, lists: Mapping[str, Sequence[Any]]) -> Filling:
        compiled, named = self._compiled, {name: bind for bind, name in self._compiled.bind_names.items()}
        expanded = compiled.construct_expanded_state({one.key: lists.get(one.key) for one in named.values()})
        items = {one: (of, at) for of, all_ in expanded.parameter_expansion.items() for at, one in enumerate(all_)}
        names = list((compiled.positional and expanded.positiontup) or expanded.parameters)
        base: Any = [None] * len(names) if compiled.positional else {}
        asked = []
        for place, name in enumerate(names) if compiled.positional else ((name, name) for name in names):
            of, item = items.get(name, (name, None))
            bind = named[of]
            processed = bind.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
            if not bind.required:
                value = bind.effective_value if item is None else lists[bind.key][item]
                base[place] = value if processed is None else processed(value)
            if bind.key in self._own or not bind.unique:
                needed = bind.required or bind.key in self._own
                asked.append(Asked(place, bind.key, item, needed, processed))
        return Filling(expanded.statement, base, asked)


def _places(compiled: SQLCompiler) -> Sequence[Sequence[str]]:
    """For each value of the key that it was compiled with: what it is called in the compiled statement."""
    if compiled.cache_key is None or compiled._cache_key_bind_match is None:
        return ()
    match, _ = compiled._cache_key_bind_match
    of = compiled.cache_key.bindparams
    return [list(dict.fromkeys(bind.key for bind in match[one] if bind in compiled.bind_names)) for one in of]


def prepared(
    statement: Any, given: Values, dialect: Dialect, options: Mapping[str, Any], *, many: bool = False
) -> Ready | None:
    """None where this is no constant, or SQLAlchemy has to run it."""
    if not options.keys() <= _OURS:
        return None
    key = (statement, dialect, tuple(given), many, options.get("synchronize_session"))
    try:
        return _kept[key]
    except KeyError:
        pass
    if not isinstance(statement, _KINDS):
        return None
    times = _seen[statement] = _seen.get(statement, 0) + 1
    if times < CONSTANT:
        return None
    if len(_kept) >= MOST:
        _kept.clear()
    made = _kept[key] = _ready(statement, given, dialect, options, many=many)
    return made


def alike(statement: Any, given: Values, dialect: Dialect, options: Mapping[str, Any]) -> tuple[Ready, Values] | None:
    """For a statement that is no constant: what was made of those with the same key, and all values of this one.

    None where few were, or SQLAlchemy has to run it.
    """
    # Options are no part of the key.
    if not options.keys() | statement.get_execution_options().keys() <= _OURS or not isinstance(statement, _KINDS):
        return None
    if (made := statement._generate_cache_key()) is None:
        return None
    key = (made.key, dialect, tuple(given), options.get("synchronize_session"))
    found = _met.get(key, 0)
    if isinstance(found, int):
        if found == 0 and len(_met) >= MOST:
            _met.clear()
        found = _met[key] = found + 1 if found + 1 < CONSTANT else _ready(statement, given, dialect, options, key=made)
    return (found, found.values(made.bindparams, given)) if isinstance(found, Ready) else None


def _ready(
    statement: Any,
    given: Values,
    dialect: Dialect,
    options: Mapping[str, Any],
    *,
    many: bool = False,
    key: CacheKey | None = None,
) -> Ready | None:
    of_orm = statement._propagate_attrs.get("compile_state_plugin") == "orm"
    if statement._with_options or not statement.get_execution_options().keys() <= _OURS:
        return None
    if of_orm and statement.is_dml and (many or statement.is_insert or options.get("synchronize_session") is not False):
        return None
    if key is None:
        compiled = statement.compile(dialect=dialect, column_keys=sorted(given) or None, for_executemany=many)
    else:
        compiled, *_ = statement._compile_w_cache(dialect, compiled_cache=COMPILED, column_keys=sorted(given))
    if any(_alone(compiled)) or (many and (compiled.effective_returning or compiled.post_compile_params)):
        return None
    rows = rows_of(statement, compiled, of_orm=of_orm)
    return None if rows is None else Ready(compiled, rows)


def _alone(compiled: SQLCompiler) -> Iterator[Any]:
    """What SQLAlchemy alone can do."""
    yield compiled.insert_prefetch
    yield compiled.update_prefetch
    yield compiled.literal_execute_params
    yield compiled.escaped_bind_names
    yield compiled._insertmanyvalues and compiled.for_executemany and compiled.effective_returning
    for bind in compiled.bind_names:
        yield bind.callable
        yield bind.type._is_tuple_type
