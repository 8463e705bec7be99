"""The bot of a soak, as it is run but for its time: `served.py SPEED START SINCE TASKS`.

Its clock goes `SPEED` times as fast as the machine's, from START (ISO) at SINCE of CLOCK_MONOTONIC, which all processes
share. What it waits for Slack is scaled with it, so that it stays real seconds; so are the beats of its rare jobs. How
many tasks its loop has is written into the file TASKS.
"""

import asyncio
import sys
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot_process import shorten
from time_scale import Pace

from bot import app, schedule
from bot.cli.run import run
from storage.db import clock

OFTEN_SECONDS = 5.0
"""Jobs that are rarer come as often as their time does, and not more often than this."""


def main(speed: float, start: datetime, since: float, tasks: Path) -> None:
    def now() -> datetime:
        return start + timedelta(seconds=(time.monotonic() - since) * speed)

    clock.utc_now = now
    clock.monotonic = lambda: time.monotonic() * speed  # type: ignore[attr-defined]
    app.MachineClock = partial(clock.MachineClock, now)  # type: ignore[misc]
    shorten(Pace(scale=speed / 10))
    every = schedule.Schedule.every

    def sooner(this: schedule.Schedule, name: str, job: schedule.Job, **interval: Any) -> None:
        seconds = timedelta(**interval).total_seconds()

        async def counted() -> None:
            await job()
            put(tasks, len(asyncio.all_tasks()))

        every(this, name, counted, seconds=max(seconds / speed, min(seconds, OFTEN_SECONDS)))  # type: ignore[arg-type]

    schedule.Schedule.every = sooner  # type: ignore[method-assign]
    run()


def put(file: Path, number: int) -> None:
    """At once: whoever looks finds the one before or this one."""
    new = file.with_suffix(".new")
    new.write_text(str(number), encoding="utf-8")
    new.replace(file)


if __name__ == "__main__":
    main(float(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))
