"""From the command to ready, and what it then holds in memory, beside an interpreter that only imports the libraries.

make bench    (or: PYTHONPATH=tests python tests/bench/bench_start.py)
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
from cast import workspace

from bot.sandbox import Clock, Server

LIBRARIES = "import slack_bolt.async_app, sqlmodel, apscheduler.schedulers.asyncio, uvicorn, starlette.applications"
PORT = 8797


def resident_mib(pid: int) -> float:
    line = next(one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmRSS"))
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


async def starting(environment: dict[str, str]) -> tuple[float, float]:
    """Seconds until /ready says so, and MiB then."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment)
    async with aiohttp.ClientSession() as http:
        while not await is_ready(http):
            await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=0.01)
            assert process.returncode is None, "the bot ended before it was ready"
    found = time.perf_counter() - began, resident_mib(process.pid)
    process.terminate()
    await process.wait()
    return found


async def is_ready(http: aiohttp.ClientSession) -> bool:
    try:
        async with http.get(f"http://127.0.0.1:{PORT}/ready") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


async def main() -> None:
    slack = workspace(Clock())
    with tempfile.TemporaryDirectory() as folder:
        async with Server(slack) as server:
            environment = os.environ | {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "DESKBELL_SLACK_API_URL": server.api_url,
                "DESKBELL_DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "DESKBELL_PORT": str(PORT),
                "DESKBELL_LOG_LEVEL": "error",
            }
            await importing()
            bare_seconds, bare_mib = await importing()
            first_seconds, _ = await starting(environment)
            seconds, mib = await starting(environment)
    print(f"libraries alone      {bare_seconds:5.2f} s          {bare_mib:6.1f} MiB")
    print(f"ready, new database  {first_seconds:5.2f} s ({first_seconds / bare_seconds:.2f}×)")
    print(
        f"ready, again         {seconds:5.2f} s ({seconds / bare_seconds:.2f}×)  {mib:6.1f} MiB ({mib / bare_mib:.2f}×)"
    )


if __name__ == "__main__":
    asyncio.run(main())
