"""Reminders of actions under kills: each rings once, whatever became of the record that its action comes from."""

import os
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from short.again import Script, imported
from sqlalchemy import text

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import default_text, parse
from bot.rules.record.refs import Noun, Ref
from bot.usecases import policy as desk_policy
from bot.usecases.action import actions
from bot.usecases.action.actions import Promise
from bot.usecases.incident import incidents, links, steps
from bot.usecases.incident.incidents import Report
from bot.usecases.journal import integrity
from storage.db.database import Database
from storage.tables import Person
from storage.workspace import people

COUNT = int(os.environ.get("DESKBELL_REMINDERS", "60"))
EACH = 3
"""Reminders of one action: 7 days before, 1 day before, and on its day."""
OWNERS = 12
KILLS = 3 + COUNT // 500
MADE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE = date(2026, 3, 12)
AGENT, REPORTER = "U1", "U2"
CLOSED, MERGED, CANCELLED, ERASED = (Ref(Noun.INCIDENT, number) for number in range(1, 5))
PROCESS = Path(__file__).with_name("reminding_process.py")


async def promised(database: Database) -> None:
    """Actions of four incidents and of none; then one incident is closed, one merged, one cancelled, one erased."""
    owners = [f"U{number}" for number in range(10, 10 + OWNERS)]
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(default_text()), by="deskbell", now=MADE)
        await people.upsert(tx, *(Person(id=one, name=one, seen_at=MADE) for one in (AGENT, REPORTER, *owners)))
        for group in ("service-desk", "change-managers"):
            await people.set_members(tx, group, [AGENT])
        for _ in (CLOSED, MERGED, CANCELLED, ERASED):
            report = Report("The VPN drops", "", "vpn", Impact.LOW, Urgency.LOW)
            await incidents.log(tx, report, by=REPORTER, now=MADE)
    parents = (CLOSED, MERGED, CANCELLED, ERASED, None)
    for first in range(0, COUNT // EACH, 100):
        async with database.begin() as tx:
            for number in range(first, min(first + 100, COUNT // EACH)):
                promise = Promise(f"Do {number}", DUE, person=owners[number % OWNERS])
                await actions.add(tx, promise, parents[number % len(parents)], by=AGENT, now=MADE)
    async with database.begin() as tx:
        await steps.resolve(tx, CLOSED, "fixed", "Restarted", by=AGENT, now=MADE)
        await steps.close(tx, CLOSED, by=REPORTER, now=MADE)
        await links.merge(tx, MERGED, ERASED, by=AGENT, now=MADE)
        await steps.cancel(tx, CANCELLED, "A test", by=AGENT, now=MADE)
        await integrity.erase(tx, REPORTER, by="deskbell", now=MADE)


def run_until_killed(reminding: Script, url: str, first: date, survive: int) -> tuple[date, bool]:
    """The day it came to, killed after so many transactions; and whether it came to its end."""
    came, done = first, False
    with reminding.run(url, first.isoformat(), DUE.isoformat()) as one:
        for said, line in enumerate(one.stdout, 1):
            done = line.strip() == "done"
            came = came if done else date.fromisoformat(line.strip())
            if said >= survive:
                one.kill()
                break
    return came, done


async def test_no_reminder_is_lost_or_said_twice_under_kills(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await promised(database)
    chance, day, kills = random.Random(3), MADE.date() + timedelta(days=1), 0
    with imported(PROCESS) as reminding:
        for _ in range(KILLS):
            survive = chance.randrange(1, max(2, COUNT // 3 // KILLS))
            day, done = run_until_killed(reminding, sqlite_url, day, survive)
            kills += not done
        assert kills == KILLS, "it was killed each time"
        _, done = run_until_killed(reminding, sqlite_url, day, COUNT + 100)
    assert done
    async with database.read() as tx:
        reminded = (
            await tx.exec(text("SELECT subject, count(*) FROM fact WHERE kind = 'action_reminded' GROUP BY 1"))
        ).all()
        told = (await tx.exec(text("SELECT lane, count(*) FROM outbox WHERE kind = 'action_digest' GROUP BY 1"))).all()
    assert {subject: EACH for subject, _ in reminded} == dict(reminded)
    assert len(reminded) == COUNT // EACH
    assert dict(told) == {f"@U{number}": EACH for number in range(10, 10 + OWNERS)}
    await database.close()
