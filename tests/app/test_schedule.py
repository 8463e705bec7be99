import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES
from sqlalchemy.exc import IntegrityError, OperationalError

from bot import schedule, shutdown


class Beats:
    """Counts how often each job ran."""

    def __init__(self):
        self.ran = dict.fromkeys(
            [
                "sweep",
                "long_timers",
                "seal",
                "audit",
                "directory",
                "prune",
                "tidy",
                "clock",
                "alerts",
                "listen",
                "mail",
                "figure_samples",
                "calendars",
            ],
            0,
        )

    def job(self, name):
        async def run():
            self.ran[name] += 1

        return run

    def build(self, **jobs):
        return schedule.build(**{name: self.job(name) for name in self.ran} | jobs)


async def test_the_heart_beats_every_second_and_the_auditor_every_minute():
    intervals = {job.id: job.trigger.interval for job in Beats().build().get_jobs()}
    assert intervals["sweep"] == timedelta(seconds=1)
    assert intervals["audit"] == timedelta(minutes=1)
    assert intervals["seal"] < timedelta(minutes=1)


async def test_every_job_runs():
    beats = Beats()
    table = beats.build()
    table.start()
    for job in table.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))
    async with asyncio.timeout(5):
        while 0 in beats.ran.values():  # noqa: ASYNC110 - APScheduler tells of a run by running it
            await asyncio.sleep(0.01)
    table.shutdown(wait=False)
    assert set(beats.ran.values()) == {1}


async def test_beats_missed_in_a_long_pause_are_made_up_for_by_one():
    beats = Beats()
    table = beats.build()
    table.start()
    table.get_job("sweep").modify(next_run_time=datetime.now(UTC) - timedelta(hours=1))
    async with asyncio.timeout(5):
        while beats.ran["sweep"] == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    table.shutdown(wait=False)
    assert beats.ran["sweep"] == 1


async def test_a_sweep_that_takes_long_is_not_begun_a_second_time():
    begun, end = [], asyncio.Event()

    async def slow():
        begun.append(datetime.now(UTC))
        await end.wait()

    table, skipped = Beats().build(sweep=slow), asyncio.Event()
    table.add_listener(lambda _: skipped.set(), EVENT_JOB_MAX_INSTANCES)
    table.start()
    for came in (lambda: begun != [], skipped.is_set):
        table.get_job("sweep").modify(next_run_time=datetime.now(UTC))
        async with asyncio.timeout(5):
            while not came():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    end.set()
    table.shutdown(wait=False)
    assert len(begun) == 1


async def test_what_has_begun_is_done_before_the_end_and_nothing_begins_any_more(caplog):
    begun, end, done = asyncio.Event(), asyncio.Event(), []

    async def slow():
        begun.set()
        await end.wait()
        done.append("slow")

    table = Beats().build(sweep=slow)
    table.start()
    table.get_job("sweep").modify(next_run_time=datetime.now(UTC))
    await begun.wait()
    stopping = asyncio.create_task(table.stop())
    await asyncio.wait({stopping}, timeout=0.05)
    assert not stopping.done()
    end.set()
    await stopping
    assert done == ["slow"]
    assert caplog.records == []


async def test_what_does_not_come_to_an_end_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(shutdown, "END_SECONDS", 0.05)
    begun = asyncio.Event()

    async def endless():
        begun.set()
        await asyncio.Event().wait()

    table = Beats().build(directory=endless)
    table.start()
    table.get_job("directory").modify(next_run_time=datetime.now(UTC))
    await begun.wait()
    async with asyncio.timeout(5):
        await table.stop()


@pytest.mark.parametrize(("fault", "soon"), [(OperationalError, True), (IntegrityError, False)])
async def test_a_rare_job_that_the_database_gave_up_is_not_hours_late(fault, soon):
    """Of a fault of its own its next beat would only make another."""
    ran = asyncio.Event()

    async def fails():
        ran.set()
        raise fault("SELECT 1", {}, Exception("server closed the connection unexpectedly"))

    table = Beats().build(tidy=fails)
    table.start()
    table.get_job("tidy").modify(next_run_time=datetime.now(UTC))
    async with asyncio.timeout(5):
        await ran.wait()
        await asyncio.sleep(0)
    waits = table.get_job("tidy").next_run_time - datetime.now(UTC)
    table.shutdown(wait=False)
    assert (waits <= schedule.AGAIN) is soon
