"""What the offer of known errors costs the form, with 10,000 of them: as a ratio to the form without any.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_known_errors.py [known errors])

Both are drawn in turn, on one database: similar incidents of 200 open ones, then known errors, then the view. The time
is the processor's, and the ratio the median of pairs: what else the machine does changes neither.
"""

import asyncio
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from databases import fresh_sqlite

from bot.rules.incident.priority import Impact, Urgency
from bot.rules.policy.policy import parse
from bot.rules.problem.flow import Audience, KnownErrorState
from bot.rules.problem.likeness import keys_of
from bot.usecases import policy as desk_policy
from bot.usecases.incident import incidents
from bot.usecases.incident.incidents import Report
from bot.usecases.problem import known_errors
from handlers.incident.views import report_form
from storage.db.database import Database
from storage.problem import problems as stored
from storage.tables import KnownError, Person
from storage.workspace import people

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
WORDS = [f"{one}{other}" for one in ("print", "laptop", "net", "screen", "mail", "disk") for other in range(60)]
TURNS = 200


async def written(database: Database, number: int) -> None:
    dice = random.Random(1)
    async with database.begin() as tx:
        await desk_policy.ensure(tx, parse(""), now=NOW)
        await people.upsert(tx, Person(id="U1", name="requester", seen_at=NOW))
        for _ in range(200):
            said = Report(" ".join(dice.sample(WORDS, 5)), "", "vpn", Impact.LOW, Urgency.LOW)
            await incidents.log(tx, said, by="U1", now=NOW)
    for start in range(1, number + 1, 1000):
        async with database.begin() as tx:
            for one in range(start, min(start + 1000, number + 1)):
                symptom, service = " ".join(dice.sample(WORDS, 6)), dice.choice(["vpn", "email", "network"])
                tx.add(
                    KnownError(
                        number=one, state=KnownErrorState.PUBLISHED, problem=1, symptom=symptom, workaround="Wait",
                        audience=Audience.EVERYONE, services=service, review_on="2027-01-01", owner="U1", made_at=NOW,
                        moved_at=NOW, moved_by="U1", published=1,
                    )
                )  # fmt: skip
                await stored.index(tx, one, keys_of(symptom, [service]))


async def drawn(database: Database, summary: str, *, offering: bool) -> float:
    began = time.process_time()
    async with database.read() as tx:
        policy = (await desk_policy.in_force(tx)).policy
        draft = report_form.drafted(policy, summary, service="vpn")
        similar = await incidents.similar(tx, summary, "vpn", "U1")
        known = await known_errors.likely(tx, policy, summary, "vpn", "U1") if offering else []
    report_form.report_form(policy, draft, similar, known)
    return time.process_time() - began


async def measured(number: int) -> None:
    dice = random.Random(2)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(fresh_sqlite(Path(folder)))
        await written(database, number)
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(TURNS):
            summary = " ".join(dice.sample(WORDS, 4))
            for offering in (True, False) if turn % 2 else (False, True):
                times[offering].append(await drawn(database, summary, offering=offering))
        await database.close()
    with_, without = median(times[True]), median(times[False])
    print(f"{number:,} known errors: the form in {with_ * 1000:.2f} ms, without them {without * 1000:.2f} ms")
    ratio = median(one / other for one, other in zip(times[True], times[False], strict=True))
    print(f"ratio {ratio:.2f}")


if __name__ == "__main__":
    asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
