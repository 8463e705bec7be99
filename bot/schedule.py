"""The whole schedule, a line a job. APScheduler only wakes the jobs: every reminder is a row (law 4).

The relay is not in it: a commit wakes it, and its own loop looks for what other replicas queued.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

from bot.shutdown import AtWork

Job: TypeAlias = Callable[[], Awaitable[None]]

ONE_AT_A_TIME = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Schedule(AsyncIOScheduler):  # type: ignore[misc]
    """Each job runs once at a time, and beats that were missed are made up for by one."""

    def __init__(self) -> None:
        super().__init__(timezone=UTC, job_defaults=ONE_AT_A_TIME)
        self._at_work = AtWork()

    def every(self, name: str, job: Job, **interval: int) -> None:
        async def noted() -> None:
            self._at_work.note()
            await job()

        self.add_job(noted, "interval", id=name, **interval)

    async def stop(self) -> None:
        """What has begun comes to its end: APScheduler would cancel it, in the middle of a transaction."""
        self.pause()
        await asyncio.sleep(0)  # what was to begin in this turn of the loop has begun
        await self._at_work.ended()
        self.shutdown(wait=False)


def build(
    *, sweep: Job, seal: Job, audit: Job, directory: Job, prune: Job, tidy: Job, clock: Job, alerts: Job, listen: Job,
    long_timers: Job, mail: Job, figure_samples: Job, calendars: Job,
) -> Schedule:  # fmt: skip
    """Not started yet."""
    schedule = Schedule()
    schedule.every("sweep", sweep, seconds=1)
    schedule.every("long timers", long_timers, seconds=5)
    schedule.every("alerts", alerts, seconds=1)
    schedule.every("listen", listen, seconds=30)
    schedule.every("mail", mail, minutes=1)
    schedule.every("calendars", calendars, minutes=1)
    schedule.every("seal", seal, seconds=5)
    schedule.every("audit", audit, minutes=1)
    # Events keep the directory right; a workspace of thousands takes dozens of calls to read whole.
    schedule.every("directory", directory, minutes=15)
    schedule.every("clock", clock, seconds=10)
    schedule.every("prune", prune, minutes=10)
    schedule.every("tidy", tidy, hours=6)
    schedule.every("figure samples", figure_samples, minutes=10)
    return schedule
