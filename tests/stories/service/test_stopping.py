"""The bot is told to stop while somebody is being served."""

import asyncio

import pytest
from cast import Desk, open_desk

from bot.app import _ticking
from bot.usecases.timers import LONG
from storage import timers
from storage.report import samples


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_who_is_being_served_when_the_bot_stops_is_answered(sqlite_url: str, transport: str) -> None:
    async with open_desk(sqlite_url, transport) as desk:
        slow = desk.slack.faults.add("views.open", delay=0.5, accept=True)
        asking = asyncio.create_task(desk.requester.runs("/incident VPN is down"))
        while slow.times:  # noqa: ASYNC110 - the call is on its way once its fault is used up
            await asyncio.sleep(0.001)
        # The bot stops when this is left.
    assert (await asking).ok
    assert desk.requester.modal.title == "Report an incident"


async def test_a_backlog_of_timers_is_left_to_the_next_after_the_transaction_at_hand(desk_on_sqlite: Desk) -> None:
    desk, jobs = desk_on_sqlite, desk_on_sqlite.bot.jobs
    for number in range(8):
        await desk.reports(f"Screen {number} is dark")
    desk.clock.forward(days=2)

    async def are_left() -> bool:
        async with desk.bot.database.read() as tx:
            due = await timers.next_due(tx, LONG)
        return due is not None and due <= desk.clock.now()

    desk.bot.database._on_commit = lambda: setattr(jobs, "ending", True)
    await jobs.sweep()
    assert await are_left()
    jobs.ending = False
    desk.bot.database._on_commit = lambda: None
    await jobs.sweep()
    assert not await are_left()


async def test_jobs_hear_that_the_bot_stops(desk_on_sqlite: Desk) -> None:
    async with _ticking(desk_on_sqlite.bot):
        assert not desk_on_sqlite.bot.jobs.ending
    assert desk_on_sqlite.bot.jobs.ending


async def test_samples_that_are_not_all_made_when_the_bot_stops_are_made_by_the_next(desk_on_sqlite: Desk) -> None:
    desk, jobs = desk_on_sqlite, desk_on_sqlite.bot.jobs
    await desk.reports()
    desk.clock.forward(days=2)
    jobs.ending = True
    await jobs._all_figure_samples(desk.clock.now())
    async with desk.bot.database.read() as tx:
        assert await samples.state(tx) is None
