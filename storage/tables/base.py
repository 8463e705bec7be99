"""What all tables share: one registry, and constraint names that migrations can rely on."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import Index, MetaData, TypeDecorator, event, text
from sqlalchemy.orm import Mapper, registry
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig

from bot.rules.record.refs import Noun, Ref
from storage.db.columns import Code

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Base of every table of Deskbell. Rows are not validated, so no validator is built."""

    model_config = SQLModelConfig(defer_build=True)

    def __init__(self, **given: Any) -> None:
        """Raises TypeError for what is no column.

        A row that is new was nothing before, so no change of a column is noted: SQLModel sets them one by one, which
        took three quarters of what a new row costs.
        """
        if not self.__pydantic_fields__.keys() >= given.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(given.keys() - self.__pydantic_fields__)}")
        self.__dict__.update(_defaults(type(self)))
        self.__dict__.update(given)
        self.__pydantic_fields_set__.update(given)

    def __setattr__(self, name: str, value: Any) -> None:
        """A column is SQLAlchemy's to set, which keeps it where pydantic looks for it.

        SQLModel asks for each whether this is a table, and has pydantic set it again: a new incident took 0.3 ms.
        """
        if name in type(self).__pydantic_fields__:
            object.__setattr__(self, name, value)
            self.__pydantic_fields_set__.add(name)
        else:
            super().__setattr__(name, value)


@cache
def _defaults(table: type[Table]) -> Mapping[str, Any]:
    """What stands in a column where nothing is given: values that nobody can change, as all rows share them."""
    return {name: one.default for name, one in table.__pydantic_fields__.items() if not one.is_required()}


_TYPES: dict[Any, TypeDecorator[Any]] = {}


@event.listens_for(Table, "instrument_class", propagate=True)
def _share_types(mapper: Mapper[Any], _class: type) -> None:
    """One type for all columns of a kind: SQLAlchemy makes a class for each decorated type, which were 700."""
    for column in mapper.local_table.columns:
        if isinstance(column.type, TypeDecorator):
            column.type = _TYPES.setdefault(column.type._static_cache_key, column.type)


def partial(name: str, *columns: str, where: str, postgresql: str = "", unique: bool = False) -> Index:
    """An index of those rows alone. `env.py` tells SQLAlchemy PostgreSQL's condition, where a migration is made of
    it: to be told, it imports that database's dialect."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={"postgresql": postgresql or where})


class Record(Table):
    """What every table of records has; the engine (`bot/usecases/records/`) works on these columns."""

    noun: ClassVar[Noun]

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: Code

    @property
    def ref(self) -> Ref:
        return Ref(self.noun, self.number)


METADATA = Table.metadata
