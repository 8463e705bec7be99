"""A desk that works for months in minutes: does what it holds stay the same?

    make faults    (or: PYTHONPATH=tests:tests/faults:tests/bench python tests/soak [seconds] [speed])

The bot is a process of its own on SQLite, whose time goes some thousand times as fast as the machine's (`served.py`).
People report, take up, resolve and close, ask for changes, look at lists and Home, as quickly as they are answered;
timers ring, the journal is sealed, and what was sent is forgotten after days instead of months. Its memory, open files
and threads are looked at all the while: a leak shows as growth from the third quarter to the fourth.
"""

import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean

from cast import CHANGE, MONDAY, workspace
from support.processes import started

from bot.sandbox import Clock, Person, Server, Workspace

HERE = Path(__file__).parent
SECONDS, SPEED = 600.0, 5_000.0
LOOKS = 40
PORT = 8788
LEAST_MIB, LEAST_FILES = 3.0, 3
"""Growth from the third quarter to the fourth that is still called flat."""
POLICY = '[delivery]\nkeep_closed = "3d"\n'
KEEP_DAYS = 2


class Fast(Clock):
    """The workspace's clock, as fast as the bot's."""

    def __init__(self, start: datetime, since: float, speed: float) -> None:
        super().__init__(start)
        self._start, self._began, self._speed = start, since, speed

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._speed)


@dataclass(frozen=True)
class Look:
    days: float
    """Of the desk's time."""
    incidents: int
    facts: int
    messages: int
    mib: float
    files: int
    threads: int

    def __str__(self) -> str:
        return (
            f"{self.days:6.1f} {self.incidents:8,} {self.facts:8,} {self.messages:8,} "
            f"{self.mib:8.1f} {self.files:6} {self.threads:8}"
        )


def look(pid: int, database: Path, days: float) -> Look:
    said = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("incident", "fact", "outbox")
        ]
    return Look(days, *counts, int(said["VmRSS"].split()[0]) / 1024, files, int(said["Threads"]))


async def work(slack: Workspace, until: float) -> None:
    """One day at the desk after another; a refusal is an answer too, since time runs away from whoever hesitates."""
    requester, agent, manager = (slack.person(name) for name in ("requester", "agent", "manager"))
    number = 0
    while time.monotonic() < until:
        await requester.runs("/incident The screens are dark")
        number += await _sent(requester, {"Service": "VPN", "Impact": "Just me", "Urgency": "Low"})
        for typed in ("ack {}", "note {} It is the cable", "resolve {} Fixed: A cable"):
            await agent.runs(f"/incident {typed.format(f'INC-{number}')}")
        await requester.runs(f"/incident close INC-{number}")
        await agent.runs("/incident list")
        if number % 5 == 0:
            await _plan(slack, requester)
            await agent.opens_home()
            await manager.opens_home()
            await manager.runs("/report week")


async def _plan(slack: Workspace, requester: Person) -> None:
    await requester.runs("/change Upgrade the VPN gateway")
    start = slack.clock.now() + timedelta(days=2)
    await _sent(requester, CHANGE | {"Start": start, "End": start + timedelta(hours=1)})
    await requester.runs("/change list")
    await requester.runs("/change calendar")


async def _sent(person: Person, filled: dict[str, object]) -> bool:
    """Whether the form was open and is saved; one that stays is put away."""
    if person.modal is None:
        return False
    faults = await person.submits(filled)
    if person.modal is not None:
        await person.close(everything=True)
    return not faults


async def main(seconds: float, speed: float) -> int:
    since = time.monotonic()
    slack = workspace(Fast(MONDAY, since, speed))
    slack.limits.enabled, slack.ack_seconds = False, 30.0
    found: list[Look] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
        async with Server(slack) as server:
            environment = os.environ | {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "DESKBELL_SLACK_API_URL": server.api_url,
                "DESKBELL_DATABASE_URL": f"sqlite:///{folder / 'soak.db'}",
                "DESKBELL_POLICY": str(folder / "policy.toml"),
                "DESKBELL_KEEP_DAYS": str(KEEP_DAYS),
                "DESKBELL_LOG_LEVEL": "error",
            }
            command = (str(HERE / "served.py"), str(speed), MONDAY.isoformat(), str(since))
            async with started(PORT, environment, command, quiet=True) as pid:
                server.deliver_to(f"http://127.0.0.1:{PORT}/slack/events")
                until = time.monotonic() + seconds
                working = asyncio.create_task(work(slack, until))
                print("  days incidents   facts messages      MiB  files  threads")
                while not working.done():
                    await asyncio.wait({working}, timeout=seconds / LOOKS)
                    days = (slack.clock.now() - MONDAY) / timedelta(days=1)
                    found.append(look(pid, folder / "soak.db", days))
                    print(found[-1], flush=True)
                await working
    return judged(found)


def judged(found: list[Look]) -> int:
    """0 where it stayed the same."""
    quarter = len(found) // 4
    third, fourth = found[quarter * 2 : quarter * 3], found[quarter * 3 :]
    mib = mean(one.mib for one in fourth) - mean(one.mib for one in third)
    files = mean(one.files for one in fourth) - mean(one.files for one in third)
    flat = mib < LEAST_MIB and files < LEAST_FILES
    print(f"from the third quarter to the fourth: {mib:+.1f} MiB, {files:+.1f} files: {'flat' if flat else 'GROWS'}")
    return 0 if flat else 1


if __name__ == "__main__":
    given = [float(one) for one in sys.argv[1:]]
    sys.exit(asyncio.run(main(*(given + [SECONDS, SPEED][len(given) :]))))
