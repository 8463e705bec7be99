"""What SQLAlchemy holds of columns and indexes: a sixth of what an idle bot holds."""

from sqlalchemy import TypeDecorator, create_engine, make_url, text

from storage.db.urls import sync_url
from storage.tables import METADATA

COLUMNS = [column for table in METADATA.tables.values() for column in table.columns]
INDEXES = [index for table in METADATA.tables.values() for index in table.indexes]
INDEXED = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
}


def test_columns_of_a_kind_have_one_type_between_them() -> None:
    decorated = [column.type for column in COLUMNS if isinstance(column.type, TypeDecorator)]
    assert len({id(one) for one in decorated}) == len({one._static_cache_key for one in decorated})


def test_an_index_of_some_rows_is_one_on_either_database(database_url: str) -> None:
    """The condition for PostgreSQL is not SQLAlchemy's to compare: it knows of SQLite's alone."""
    engine = create_engine(sync_url(make_url(database_url)))
    with engine.connect() as connection:
        found = {name for name, made in connection.execute(text(INDEXED[engine.dialect.name])) if " WHERE " in made}
    engine.dispose()
    assert {index.name for index in INDEXES if "postgresql" in index.info} == found
