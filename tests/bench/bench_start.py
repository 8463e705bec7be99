"""From the command to ready, what it then costs while nothing happens, and what it holds after many commands; beside
an interpreter that only imports the libraries.

make bench    (or: PYTHONPATH=tests python tests/bench/bench_start.py [commands])
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from cast import workspace
from databases import free_port
from support.processes import processor_seconds, started

from bot.sandbox import Clock, Server, Workspace

LIBRARIES = "import slack_bolt.async_app, sqlmodel, apscheduler.schedulers.asyncio, uvicorn, starlette.applications"
PORT = free_port()
IDLE_SECONDS = 30
COMMANDS = 2000
REPORT_EACH = 20
"""Every so many commands one is a complete report: a form, a record, a card."""


def resident_mib(pid: int, kind: str = "VmRSS") -> float:
    """Of all that is in memory; RssAnon: of what is its own, without files of libraries that processes share."""
    line = next(one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith(kind))
    return int(line.split()[1]) / 1024


async def importing() -> tuple[float, float]:
    """Seconds and MiB of the libraries alone."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"{LIBRARIES}; print(flush=True); input()",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    await process.stdout.readline()
    found = time.perf_counter() - began, resident_mib(process.pid)
    await process.communicate(b"\n")
    return found


async def idling(pid: int) -> float:
    """Per cent of one core while nobody asks for anything."""
    await asyncio.sleep(3)  # what a start leaves to be done is done by then
    before = processor_seconds(pid)
    await asyncio.sleep(IDLE_SECONDS)
    return (processor_seconds(pid) - before) / IDLE_SECONDS * 100


async def working(slack: Workspace, commands: int, pid: int) -> list[float]:
    """MiB after each tenth of the commands."""
    requester, held = slack.person("requester"), []
    for number in range(1, commands + 1):
        if number % REPORT_EACH:
            assert (await requester.runs("/incident list")).ok
        else:
            await requester.runs("/incident VPN is down")
            assert not await requester.submits({"Service": "VPN", "Impact": "Just me", "Urgency": "Low"})
        if number % (commands // 10) == 0:
            held.append(resident_mib(pid))
    return held


async def main(commands: int) -> None:
    slack = workspace(Clock())
    slack.limits.enabled = False  # of a bot that is asked by one person all day
    with tempfile.TemporaryDirectory() as folder:
        async with Server(slack) as server:
            environment = os.environ | {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "DESKBELL_SLACK_API_URL": server.api_url,
                "DESKBELL_DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "DESKBELL_LOG_LEVEL": "error",
            }
            await importing()
            bare_seconds, bare_mib = await importing()
            server.deliver_to(f"http://127.0.0.1:{PORT}/slack/events")
            began = time.perf_counter()
            async with started(PORT, environment):
                first_seconds = time.perf_counter() - began
            began = time.perf_counter()
            async with started(PORT, environment) as pid:
                seconds = time.perf_counter() - began
                mib = resident_mib(pid)
                idle = await idling(pid)
                idle_mib, private_mib = resident_mib(pid), resident_mib(pid, "RssAnon")
                held = await working(slack, commands, pid)
    print(f"libraries alone      {bare_seconds:5.2f} s          {bare_mib:6.1f} MiB")
    print(f"ready, new database  {first_seconds:5.2f} s ({first_seconds / bare_seconds:.2f}×)")
    print(
        f"ready, again         {seconds:5.2f} s ({seconds / bare_seconds:.2f}×)  {mib:6.1f} MiB ({mib / bare_mib:.2f}×)"
    )
    print(
        f"idle for {IDLE_SECONDS} s        {idle:5.2f} % of a core      {idle_mib:6.1f} MiB, {private_mib:.1f} its own"
    )
    print(f"after {commands} commands  {held[-1]:6.1f} MiB; after each tenth: {' '.join(f'{one:.0f}' for one in held)}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else COMMANDS))
