"""The workspace's clock."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from workbench import MONDAY

from bot.sandbox import Clock


def test_a_frozen_clock_moves_only_by_hand() -> None:
    clock = Clock.frozen(MONDAY)
    assert clock.now() == MONDAY
    assert clock.forward(days=1, hours=1, minutes=1, seconds=1) == datetime(2026, 3, 3, 10, 1, 1, tzinfo=UTC)
    assert clock.now() - MONDAY == timedelta(days=1, hours=1, minutes=1, seconds=1)


def test_a_flowing_clock_runs_on_and_can_be_moved_too() -> None:
    clock = Clock(MONDAY)
    first = clock.now()
    assert clock.now() > first >= MONDAY
    assert clock.forward(hours=2) >= MONDAY + timedelta(hours=2)


def test_no_clock_runs_back() -> None:
    with pytest.raises(ValueError, match="forward only"):
        Clock.frozen(MONDAY).forward(minutes=-1)


async def test_a_sleeper_wakes_when_its_time_has_come_and_not_before() -> None:
    clock = Clock.frozen(MONDAY)
    sleeper = asyncio.create_task(clock.until(MONDAY + timedelta(minutes=5)))
    await asyncio.sleep(0)
    clock.forward(minutes=4)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.forward(minutes=1)
    await asyncio.wait_for(sleeper, 20)
