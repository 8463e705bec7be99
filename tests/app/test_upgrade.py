"""A Deskbell started on a schema that is not its own: it says which way to mend it, and touches nothing."""

import asyncio
import os
import sys

import pytest
from cast import open_desk
from sqlalchemy import create_engine, make_url, text

from storage.db.urls import sync_url
from storage.tables import METADATA

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-not-a-real-token", "SLACK_APP_TOKEN": "xapp-not-a-real-token"}


def asked(url, *statements):
    engine = create_engine(sync_url(make_url(url)))
    with engine.begin() as connection:
        found = [connection.execute(text(one)) for one in statements]
        told = [result.scalar() for result in found if result.returns_rows]
    engine.dispose()
    return told


def counts(url):
    """How many rows each table has, and where the schema stands."""
    tables = [f'SELECT count(*) FROM "{name}"' for name in METADATA.tables]  # noqa: S608
    return asked(url, *tables, "SELECT version_num FROM alembic_version")


async def started(url, folder):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run",
        cwd=folder, env=os.environ | TOKENS | {"DESKBELL_DATABASE_URL": url, "DESKBELL_PORT": "0"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode() + err.decode()


async def test_one_of_before_refuses_a_schema_that_a_newer_one_took_something_from(database_url, tmp_path):
    asked(database_url, "UPDATE alembic_version SET version_num = '9999', oldest_release = '9000'")
    before = counts(database_url)
    code, said = await started(database_url, tmp_path)
    assert code == 1
    assert "is at 9999, which this Deskbell" in said
    assert "a newer one has migrated it. Start that version instead." in said
    assert "Traceback" not in said
    assert counts(database_url) == before


async def test_one_of_before_serves_what_a_newer_one_only_added_to(database_url, caplog):
    asked(
        database_url,
        "UPDATE alembic_version SET version_num = '9999'",
        "ALTER TABLE incident ADD COLUMN of_the_next VARCHAR",
        "CREATE TABLE of_the_next (id INTEGER)",
    )
    async with open_desk(database_url) as desk:
        await desk.reports("VPN is down")
        await desk.channel("service-desk").hears("INC-1", "VPN is down")
    assert "a newer Deskbell than this one" in caplog.text
    assert asked(database_url, "SELECT version_num FROM alembic_version") == ["9999"]


@pytest.mark.postgres
async def test_a_new_one_beside_others_waits_for_deskbell_migrate(postgres_url, tmp_path):
    asked(postgres_url, "UPDATE alembic_version SET version_num = '0001'")
    before = counts(postgres_url)
    code, said = await started(postgres_url, tmp_path)
    assert code == 1
    assert "run `deskbell migrate`; replicas of the release before serve on" in said
    assert counts(postgres_url) == before
