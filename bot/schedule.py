"""The whole schedule, a line a job. APScheduler is a heartbeat in memory: every reminder is a row (law 4).

The courier is not in it: a commit wakes it, and its own loop looks each second for what other replicas queued.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

Job: TypeAlias = Callable[[], Awaitable[None]]


ONE_AT_A_TIME = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


def build(*, sweep: Job, seal: Job, audit: Job, directory: Job, prune: Job, tidy: Job, clock: Job) -> AsyncIOScheduler:
    """Not started yet. Each job runs once at a time, and beats that were missed are made up for by one."""
    schedule = AsyncIOScheduler(timezone=UTC, job_defaults=ONE_AT_A_TIME)
    schedule.add_job(sweep, "interval", seconds=1, id="sweep")
    schedule.add_job(seal, "interval", seconds=5, id="seal")
    schedule.add_job(audit, "interval", minutes=1, id="audit")
    # Events keep the directory right; a workspace of thousands takes dozens of calls to read whole.
    schedule.add_job(directory, "interval", minutes=15, id="directory")
    schedule.add_job(clock, "interval", seconds=10, id="clock")
    schedule.add_job(prune, "interval", minutes=10, id="prune")
    schedule.add_job(tidy, "interval", hours=6, id="tidy")
    return schedule
