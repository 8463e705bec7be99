import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, text

from storage.db import schema
from storage.db.urls import sync_url
from storage.tables import METADATA

ROOT = Path(__file__).parents[3]


@pytest.fixture
def connection(database_url):
    engine = create_engine(sync_url(make_url(database_url)))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_the_migrations_build_what_the_tables_say(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, METADATA) == []


def test_migrating_again_changes_nothing(database_url):
    schema.migrate(database_url)
    assert schema.current(database_url) == schema.head()
    assert "current" in schema.check(database_url)
    schema.require_fit(database_url)


def stand_at(url, revision, oldest=None):
    engine = create_engine(sync_url(make_url(url)))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
        if oldest:
            connection.execute(text("UPDATE alembic_version SET oldest_release = :oldest"), {"oldest": oldest})
    engine.dispose()


def test_a_start_against_an_old_schema_says_to_migrate(database_url):
    stand_at(database_url, "0001")
    with pytest.raises(schema.SchemaUnfit, match="deskbell migrate"):
        schema.require_fit(database_url)


def test_a_schema_that_a_newer_version_took_something_from_is_left_alone(database_url):
    stand_at(database_url, "9999", oldest="9000")
    assert "does not know" in schema.check(database_url)
    for attempt in (schema.require_fit, schema.migrate):
        with pytest.raises(schema.SchemaUnfit, match="newer"):
            attempt(database_url)
    assert schema.current(database_url) == "9999"


def test_a_schema_that_a_newer_version_only_added_to_is_served(database_url, caplog):
    stand_at(database_url, "9999", oldest=schema.head())
    assert schema.stands(database_url) is schema.Standing.SERVED
    for attempt in (schema.require_fit, schema.migrate):
        caplog.clear()
        attempt(database_url)
        assert "This one may serve it still" in caplog.text
    assert schema.current(database_url) == "9999"


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE alembic_version DROP COLUMN oldest_release", "UPDATE alembic_version SET oldest_release = NULL"],
)
def test_a_newer_schema_that_does_not_say_who_may_serve_it_is_left_alone(database_url, statement):
    stand_at(database_url, "9999")
    engine = create_engine(sync_url(make_url(database_url)))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert schema.stands(database_url) is schema.Standing.AHEAD


def newer(tmp_path, monkeypatch, *statements):
    """This version's migrations, and one of the next."""
    scripts = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9000_of_the_next.py").write_text(
        "from alembic import op\n"
        "from storage.migrations.fit_for import fit_for\n"
        f"revision, down_revision = '9000', {schema.head()!r}\n"
        "def upgrade():\n" + "".join(f"    {one}\n" for one in statements)
    )
    monkeypatch.setattr(schema, "MIGRATIONS", scripts)


@pytest.mark.parametrize(
    ("statements", "then"),
    [
        (["op.execute('CREATE TABLE later (id INTEGER)')"], schema.Standing.SERVED),
        (["op.execute('DROP TABLE counter')", "fit_for('9000')"], schema.Standing.AHEAD),
    ],
)
def test_the_next_release_says_whether_this_one_may_serve_what_it_made(
    database_url, tmp_path, monkeypatch, statements, then
):
    with monkeypatch.context() as next_release:
        newer(tmp_path, next_release, *statements)
        schema.migrate(database_url)
        assert schema.stands(database_url) is schema.Standing.CURRENT
    assert schema.stands(database_url) is then


def test_a_database_that_was_never_migrated_is_behind(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with pytest.raises(schema.SchemaUnfit, match="nothing yet"):
        schema.require_fit(url)
    schema.migrate(url)
    schema.require_fit(url)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all/desk.db", "postgresql://desk:hunter2@127.0.0.1:1/desk"])
def test_a_database_that_cannot_be_opened_is_named_without_its_password(url):
    with pytest.raises(schema.Unreachable, match="cannot be opened") as refused:
        schema.migrate(url)
    assert "hunter2" not in str(refused.value)


def test_a_migration_that_fails_half_way_leaves_nothing_behind(tmp_path, monkeypatch):
    """SQLite's DDL is transactional only where the driver does not commit on its own."""
    newer(tmp_path, monkeypatch, "op.execute('CREATE TABLE half (id INTEGER)')", "op.execute('NONSENSE')")
    path = tmp_path / "desk.db"
    with pytest.raises(Exception, match="NONSENSE"):
        schema.migrate(f"sqlite:///{path}")
    assert schema.current(f"sqlite:///{path}") is None
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
    engine.dispose()


def test_the_scripts_lie_inside_the_package_and_need_no_ini():
    assert Path(schema.__file__).parents[1] in schema.MIGRATIONS.parents
    assert (schema.MIGRATIONS / "env.py").exists()
    assert not list(schema.MIGRATIONS.rglob("*.ini"))


def test_the_scripts_numbers_are_alembics_own_history():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == schema.head()
    assert {script.revision for script in scripts.walk_revisions()} == schema._numbers()


def test_a_start_on_a_current_schema_does_without_alembic(sqlite_url):
    code = f"import sys; from storage.db import schema; schema.migrate({sqlite_url!r}); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
