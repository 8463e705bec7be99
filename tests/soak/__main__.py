"""A desk that works for months in minutes: does what it holds stay the same?

    make soak MINUTES=12    (or: PYTHONPATH=tests:tests/faults:tests/bench python tests/soak [minutes] [days])

The bot is a process of its own on SQLite, whose time goes some ten thousand times as fast as the machine's
(`served.py`): a year in twelve minutes, unless told. People report, take up, resolve and close, ask for changes,
laptops and problems, look at lists, figures and Home, as quickly as they are answered; timers ring, the journal is
sealed, and what was sent is forgotten after days instead of months. Its memory, open files, threads and tasks, and the
rows of its tables are looked at all the while: a leak shows as growth from the third quarter to the fourth.
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
from databases import free_port
from support.processes import started

from bot.sandbox import Clock, Person, Server, Workspace

HERE = Path(__file__).parent
MINUTES, DAYS = 12.0, 365.0
LOOKS = 48
"""Four a month of a year."""
PORT = free_port()
LEAST_MIB, LEAST_FILES, LEAST_TASKS = 3.0, 3, 3
"""Growth from the third quarter to the fourth that is still called flat."""
POLICY = '[delivery]\nkeep_closed = "3d"\n'
KEEP_DAYS = 2
DATABASE, TASKS = "soak.db", "tasks"
COUNTED = (
    "incident", "change", "service_request", "problem", "fact", "outbox", "post", "timer", "lane", "inbox",
)  # fmt: skip


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
    rows: tuple[int, ...]
    """Of each of `COUNTED`."""
    mib: float
    private: float
    """MiB that no other process shares."""
    files: int
    threads: int
    tasks: int

    def __str__(self) -> str:
        rows = "".join(f"{one:9,}" for one in self.rows)
        return f"{self.days:6.0f}{rows}{self.mib:8.1f}{self.private:9.1f}{self.files:7}{self.threads:9}{self.tasks:7}"


HEAD = "  days" + "".join(f"{one[:8]:>9}" for one in COUNTED) + "     MiB  private  files  threads  tasks"


def look(pid: int, folder: Path, days: float) -> Look:
    said = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as connection:
        counted = [connection.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in COUNTED]  # noqa: S608
    mib, private = (int(said[one].split()[0]) / 1024 for one in ("VmRSS", "RssAnon"))
    tasks = int((folder / TASKS).read_text() or 0)
    return Look(days, tuple(counted), mib, private, files, int(said["Threads"]), tasks)


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
            await _ask(requester, agent, number // 5)
            await agent.opens_home()
            await manager.opens_home()
            await manager.runs("/report week")


async def _plan(slack: Workspace, requester: Person) -> None:
    await requester.runs("/change Upgrade the VPN gateway")
    start = slack.clock.now() + timedelta(days=2)
    await _sent(requester, CHANGE | {"Start": start, "End": start + timedelta(hours=1)})
    await requester.runs("/change list")
    await requester.runs("/change calendar")


async def _ask(requester: Person, agent: Person, number: int) -> None:
    """A laptop's repair, and a problem with what is to be done about it."""
    await requester.runs("/request laptop")
    if requester.modal is not None:
        await requester.fills({"What do you need?": "A repair"})
    await _sent(requester, {"Which one is broken?": f"LT-{number}"})
    for typed in ("start REQ-{}", "fulfil REQ-{} It is on your desk"):
        await agent.runs(f"/request {typed.format(number)}")
    await agent.runs("/problem The VPN drops each night")
    await _sent(agent, {"Service": "VPN"})
    for typed in ("investigate PRB-{}", "cause PRB-{} It is full", "action PRB-{} @agent friday Restart it nightly"):
        await agent.runs(f"/problem {typed.format(number)}")
    await agent.runs(f"/action done ACT-{number} A timer does")


async def _sent(person: Person, filled: dict[str, object]) -> bool:
    """Whether the form was open and is saved; one that stays is put away."""
    if person.modal is None:
        return False
    faults = await person.submits(filled)
    if person.modal is not None:
        await person.close(everything=True)
    return not faults


async def main(minutes: float, days_lived: float) -> int:
    since, seconds = time.monotonic(), minutes * 60
    speed = days_lived * 86_400 / seconds
    slack = workspace(Fast(MONDAY, since, speed))
    slack.limits.enabled, slack.ack_seconds = False, 30.0
    found: list[Look] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
        (folder / TASKS).touch()
        async with Server(slack) as server:
            environment = os.environ | {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "DESKBELL_SLACK_API_URL": server.api_url,
                "DESKBELL_DATABASE_URL": f"sqlite:///{folder / DATABASE}",
                "DESKBELL_POLICY": str(folder / "policy.toml"),
                "DESKBELL_KEEP_DAYS": str(KEEP_DAYS),
                "DESKBELL_LOG_LEVEL": "error",
            }
            command = (str(HERE / "served.py"), str(speed), MONDAY.isoformat(), str(since), str(folder / TASKS))
            async with started(PORT, environment, command, quiet=True) as pid:
                server.deliver_to(f"http://127.0.0.1:{PORT}/slack/events")
                until = time.monotonic() + seconds
                working = asyncio.create_task(work(slack, until))
                print(HEAD)
                while not working.done():
                    await asyncio.wait({working}, timeout=seconds / LOOKS)
                    days = (slack.clock.now() - MONDAY) / timedelta(days=1)
                    found.append(look(pid, folder, days))
                    print(found[-1], flush=True)
                await working
    return judged(found)


def judged(found: list[Look]) -> int:
    """0 where it stayed the same."""
    quarter = len(found) // 4
    third, fourth = found[quarter * 2 : quarter * 3], found[quarter * 3 :]
    mib = mean(one.mib for one in fourth) - mean(one.mib for one in third)
    files = mean(one.files for one in fourth) - mean(one.files for one in third)
    tasks = mean(one.tasks for one in fourth) - mean(one.tasks for one in third)
    flat = mib < LEAST_MIB and files < LEAST_FILES and tasks < LEAST_TASKS
    grown = f"{mib:+.1f} MiB, {files:+.1f} files, {tasks:+.1f} tasks"
    print(f"from the third quarter to the fourth: {grown}: {'flat' if flat else 'GROWS'}")
    return 0 if flat else 1


if __name__ == "__main__":
    given = [float(one) for one in sys.argv[1:]]
    sys.exit(asyncio.run(main(*(given + [MINUTES, DAYS][len(given) :]))))
