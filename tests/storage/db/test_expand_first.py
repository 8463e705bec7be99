"""A migration only adds: the release before goes on writing while replicas are replaced one after another.

What a release no longer uses is taken away by a migration of the release after, which is listed here.
"""

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory

from storage.db import schema

CONTRACTIONS: dict[str, str] = {}
"""By the number of a migration that takes something away, the schema of the first release that did without it: what the
migration is to name by `fit_for`."""
FIRST_ASKED = "0048"
"""Releases of before ask nobody, and refuse any schema that they do not know."""
RELEASED = "0003"
"""The schema of the first release: before it nobody served."""

COLUMNS = """
SELECT tables.name, columns.name, columns.type, columns."notnull", columns.dflt_value IS NOT NULL
FROM sqlite_schema tables JOIN pragma_table_info(tables.name) columns WHERE tables.type = 'table'
"""
UNIQUE = """
SELECT tables.name, indexes.name, group_concat(columns.name)
FROM sqlite_schema tables JOIN pragma_index_list(tables.name) indexes JOIN pragma_index_info(indexes.name) columns
WHERE tables.type = 'table' AND indexes."unique" GROUP BY tables.name, indexes.name
"""


class Column(NamedTuple):
    type: str
    required: bool
    """A row that says nothing of it is refused."""


class Shape(NamedTuple):
    columns: dict[tuple[str, str], Column]
    unique: set[tuple[str, str]]
    """Table, and the columns of which no two rows may have the same."""

    @property
    def tables(self) -> set[str]:
        return {table for table, _ in self.columns}


def shape(connection: Any) -> Shape:
    columns = {
        (table, name): Column(type_, bool(required) and not default)
        for table, name, type_, required, default in connection.execute(COLUMNS)
    }
    return Shape(columns, {(table, names) for table, _, names in connection.execute(UNIQUE)})


def contracted(before: Shape, after: Shape) -> list[str]:
    """What the release before can no longer do."""
    found = [f"{table}.{name} is gone" for table, name in before.columns.keys() - after.columns.keys()]
    for (table, name), now in after.columns.items():
        then = before.columns.get((table, name))
        if then is None and table in before.tables and now.required:
            found.append(f"{table}.{name} is required and has no default")
        if then is not None and then.type != now.type:
            found.append(f"{table}.{name} was {then.type} and is {now.type}")
        if then is not None and now.required and not then.required:
            found.append(f"{table}.{name} is required now")
    found += [
        f"{table} may not have {names} twice"
        for table, names in after.unique - before.unique
        if table in before.tables and all((table, one) in before.columns for one in names.split(","))
    ]
    return sorted(found)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """By the number of each migration, what it takes away."""
    config, shapes = Config(), dict[str, Shape]()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    with schema.opened(f"sqlite:///{tmp_path_factory.mktemp('steps') / 'steps.db'}") as connection:

        def applied(step: MigrationInfo, **_: object) -> None:
            shapes[str(step.up_revision_id)] = shape(connection.connection.driver_connection)

        options = {"fn": lambda at, _: scripts._upgrade_revs("head", at), "on_version_apply_callbacks": [applied]}
        context = MigrationContext.configure(connection, opts=options | {"render_as_batch": True})
        with Operations.context(context):
            context.run_migrations()
    numbers = sorted(number for number in shapes if number >= RELEASED)
    return {after: contracted(shapes[before], shapes[after]) for before, after in pairwise(numbers)}


def test_a_migration_takes_away_what_is_listed_alone(steps: dict[str, list[str]]) -> None:
    assert {number: what for number, what in steps.items() if what and number not in CONTRACTIONS} == {}


def test_what_is_listed_takes_something_away(steps: dict[str, list[str]]) -> None:
    assert [number for number in CONTRACTIONS if not steps.get(number)] == []


def test_releases_that_cannot_do_without_it_are_told(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    schema.migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        [told] = connection.execute("SELECT oldest_release FROM alembic_version").fetchone()
    assert told == max([FIRST_ASKED, *CONTRACTIONS.values()])


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("ALTER TABLE lane DROP COLUMN note", "lane.note is gone"),
        ("DROP TABLE lane", "lane.name is gone"),
        ("ALTER TABLE lane RENAME COLUMN note TO remark", "lane.note is gone"),
        ("ALTER TABLE lane ADD COLUMN owner TEXT NOT NULL DEFAULT 'nobody'", None),
        ("ALTER TABLE lane ADD COLUMN owner TEXT", None),
        ("CREATE TABLE other (name TEXT NOT NULL)", None),
        ("CREATE UNIQUE INDEX once ON lane (note)", "lane may not have note twice"),
    ],
)
def test_taking_away_is_told_from_adding(statement: str, says: str | None) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE lane (name TEXT NOT NULL, note TEXT)")
        before = shape(connection)
        connection.execute(statement)
        found = contracted(before, shape(connection))
    assert (says in found) if says else found == []
