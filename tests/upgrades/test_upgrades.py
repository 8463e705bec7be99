"""A desk of each earlier release, as it was kept, is brought up to date and goes on where it stood."""

from datetime import timedelta
from pathlib import Path

import journals
import psycopg
import pytest
from cast import MONDAY, Desk, open_desk
from databases import Postgres
from kept import KEPT, restored_postgres, restored_sqlite

from storage.db import schema

LATER = MONDAY + timedelta(hours=2)


@pytest.fixture(params=KEPT, ids=lambda kept: f"{kept.parent.name}-{kept.name.partition('.')[0]}")
def kept_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    kept: Path = request.param
    if kept.name.startswith("sqlite"):
        return restored_sqlite(kept, tmp_path)
    url = str(request.getfixturevalue("postgres").empty())
    restored_postgres(kept, url)
    return url


def test_a_release_is_kept_on_both_databases() -> None:
    assert {kept.name for kept in KEPT if kept.parent.name == "0.1.0"} == {"sqlite.sql.gz", "postgres.sql.gz"}


@pytest.mark.postgres
def test_a_migration_lets_those_pass_who_are_at_work(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants what it waits for waits behind it; so it gives up soon, and goes on later where it stopped."""
    url = postgres.empty()
    restored_postgres(next(kept for kept in KEPT if kept.name.startswith("postgres")), url)
    monkeypatch.setattr(schema, "LOCK_MS", 20)
    monkeypatch.setattr(schema, "PATIENCE_SECONDS", 0)
    with psycopg.connect(url) as at_work:
        at_work.execute("UPDATE incident SET revision = revision WHERE number = 1")
        with pytest.raises(schema.SchemaUnfit, match="in use"):
            schema.migrate(url)
        at_work.execute("UPDATE incident SET revision = revision WHERE number = 2")
    postgres.drop(url)


async def test_a_desk_of_an_earlier_release_goes_on(kept_url: str) -> None:
    schema.migrate(kept_url)
    schema.require_fit(kept_url)
    async with open_desk(kept_url, at=LATER) as desk:
        await _nothing_was_lost(desk)
        await _all_of_it_goes_on(desk)
        await desk.bot.jobs.seal()
    assert journals.faults(kept_url) == []


async def _nothing_was_lost(desk: Desk) -> None:
    open_now = (await desk.agent.runs("/incident list open")).text
    assert all(f"INC-{number}" in open_now for number in (3, 5, 6, 7, 8)), open_now
    assert "INC-4" not in open_now
    assert "Keys were stolen" in (await desk.manager.runs("/incident INC-4")).text
    await desk.channel("service-desk").hears("The screen in the hall is dark")
    assert "Which name should the mailbox have?" in (await desk.agent.runs("/incident timeline INC-3")).text
    changes = (await desk.manager.runs("/change list")).text
    assert all(f"CHG-{number}" in changes for number in (2, 3, 4, 6)), changes


async def _all_of_it_goes_on(desk: Desk) -> None:
    await desk.requester.runs("/incident close INC-2")
    assert "Closed" in (await desk.agent.runs("/incident INC-2")).text
    await desk.agent.runs("/incident resolve INC-6 Fixed: A switch was replaced")
    assert "Resolved" in (await desk.agent.runs("/incident INC-6")).text
    await desk.manager.runs("/change approve CHG-3")
    await desk.engineer.runs("/change approve CHG-3")
    assert "Approved" in (await desk.requester.runs("/change CHG-3")).text
    await desk.reports("Mail bounces again")
    await desk.channel("service-desk").hears("INC-9", "Mail bounces again")
    desk.clock.forward(days=15)
    await desk.channel("service-desk").hears("INC-7", "breached")
