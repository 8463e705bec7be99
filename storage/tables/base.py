"""What all tables share: one registry, and constraint names that migrations can rely on."""

from typing import ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
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


class Record(Table):
    """What every table of records has; the engine (`bot/usecases/records/`) works on these columns."""

    noun: ClassVar[Noun]

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: Code

    @property
    def ref(self) -> Ref:
        return Ref(self.noun, self.number)


METADATA = Table.metadata
