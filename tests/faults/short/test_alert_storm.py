"""A storm of alerts under kills: what was answered with 202 is an alert, once, and all of them are one incident."""

import os
import random
from datetime import UTC, datetime
from pathlib import Path

from short.again import Script, imported
from sqlalchemy import text

from bot.rules.incident.flow import replay
from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from storage.db.database import Database
from storage.journal import journal

COUNT = int(os.environ.get("DESKBELL_STORM", "150"))
KILLS = 6
POLICY = """
[alerts.prom]
format = "alertmanager"
key = "env:PROM_KEY"
service = "vpn"
storm = { groups = 3, within = "1h" }
"""
PROCESS = Path(__file__).with_name("storm_process.py")


def run_until_killed(storm: Script, url: str, first: int, survive: int) -> tuple[int, bool]:
    """How far it came by its own words, killed after so many of them; and whether it came to its end."""
    came, done = first, False
    with storm.run(url, first, COUNT) as one:
        for line in one.stdout:
            done = line.strip() == "done"
            came = came if done else int(line) + 1
            if came - first >= survive:
                one.kill()
                break
    return came, done


async def found(url: str) -> dict[str, int]:
    database = Database(url)
    queries = {
        "alerts": "SELECT count(*) FROM alert",
        "fired more than once": "SELECT count(*) FROM alert WHERE count <> 1",
        "waiting": "SELECT count(*) FROM alert_delivery WHERE handled_at IS NULL",
        "incidents": "SELECT count(*) FROM incident",
        "storms": "SELECT count(DISTINCT incident) FROM alert_group WHERE storm",
        "in the storm": "SELECT count(*) FROM alert_group WHERE storm",
    }
    async with database.read() as tx:
        told = {name: (await tx.exec(text(query))).scalar_one() for name, query in queries.items()}
        for number in range(1, told["incidents"] + 1):
            replay(await journal.timeline(tx, f"INC-{number}"))
    await database.close()
    return told


async def test_a_storm_loses_none_and_is_one_incident_under_kills(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(POLICY), by="deskbell", now=datetime.now(UTC))
    await database.close()
    chance, came, done = random.Random(7), 0, False
    with imported(PROCESS) as storm:
        for _ in range(KILLS):
            came, done = run_until_killed(storm, sqlite_url, came, chance.randrange(1, COUNT // KILLS))
        assert not done, "it was killed each time"
        _, done = run_until_killed(storm, sqlite_url, came, COUNT + 1)
    assert done
    told = await found(sqlite_url)
    assert told["waiting"] == told["fired more than once"] == 0
    # One that was kept and killed before it was said may be sent again: it is the same alert.
    assert told["alerts"] == COUNT
    assert (told["incidents"], told["storms"], told["in the storm"]) == (4, 1, COUNT - 3)
