"""The whole schedule, a line a job. APScheduler only wakes the jobs: every reminder is a row (law 4).

The relay is not in it: a commit wakes it, and its own loop looks for what other replicas queued.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from sqlalchemy.exc import OperationalError

from bot.shutdown import AtWork

log = logging.getLogger(__name__)

Job: TypeAlias = Callable[[], Awaitable[None]]

AGAIN = timedelta(seconds=5)
"""After which a job is done again whose database failed it: a rare one would else be hours late."""

ONE_AT_A_TIME = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Schedule(AsyncIOScheduler):  # type: ignore[misc]
    """Each job runs once at a time, and beats that were missed are made up for by one."""

    def __init__(self) -> None:
        super().__init__(timezone=UTC, job_defaults=ONE_AT_A_TIME)
        self._at_work = AtWork()

    def every(self, name: str, job: Job, **interval: int) -> None:
        async def noted() -> None:
            self._at_work.note()
            try:
                await job()
            except OperationalError as fault:  # what it had committed stands, and the rest is begun anew
                log.warning("%s was given up by the database and is done again: %s", name, fault)
                self._soon(name)

        self.add_job(noted, "interval", id=name, **interval)

    def _soon(self, name: str) -> None:
        """Unless its next beat is sooner, or there is none to come."""
        job, again = self.get_job(name), datetime.now(UTC) + AGAIN
        if job is not None and job.next_run_time is not None and job.next_run_time > again:
            job.modify(next_run_time=again)

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
