"""What is done to a desk at work, each as long as it is let. Whoever does it says so to the ground, for the record."""

import asyncio
import random
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from itertools import cycle
from typing import Any

from checks import process_log
from checks.process_log import UNLIMITED_PAGES
from environment import Ground
from replicas import Replica

Hurt = Callable[[Ground, random.Random], Awaitable[None]]
HOUR, DAY = 3600.0, 86400.0
LIFE_SECONDS = 15.0
"""After which a process that came by no new point is killed where it is."""
TAKEN_OVER = 1.8
"""In shares of lease + settle: by then another replica has settled what was in flight, on a busy machine too."""
POSTS = ("chat.postMessage", "chat.update", "views.publish")


async def nothing(_ground: Ground, _dice: random.Random) -> None:
    """The same load with nothing in its way."""
    await _forever()


async def kills(ground: Ground, dice: random.Random) -> None:
    """kill -9, at any instant."""
    while True:
        await asyncio.sleep(dice.uniform(0.3, 2.5))
        victim = dice.choice(ground.replicas)
        ground.hurt("kill")
        await victim.kill()
        await ground.revived()


async def kills_at_points(ground: Ground, dice: random.Random) -> None:
    """kill -9 at each named point: every process dies at one where none has died before."""

    async def lives(replica: Replica) -> None:
        while True:
            await replica.kill()
            await replica.start(point="", times=dice.choice([1, 1, 2, 3]), spared=sorted(deaths(ground)))
            async with _at_most(LIFE_SECONDS):
                await replica.ended.wait()
            ground.hurt("kill")

    try:
        await asyncio.gather(*(lives(one) for one in ground.replicas))
    finally:
        # They would die at the next point.
        await asyncio.gather(*(one.kill() for one in ground.replicas))


@asynccontextmanager
async def _at_most(seconds: float) -> AsyncIterator[None]:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            yield


def passed(ground: Ground) -> set[str]:
    """The points that any process came by."""
    return {line["point"] for line in process_log.read(ground.folder) if "point" in line}


def deaths(ground: Ground) -> set[str]:
    """Those at which one was struck."""
    return {line["struck_at"] for line in process_log.read(ground.folder) if "struck_at" in line}


async def freezes(ground: Ground, dice: random.Random) -> None:
    """SIGSTOP for longer than a lease, then SIGCONT: a process that wakes in another's time."""
    while True:
        await asyncio.sleep(dice.uniform(0.5, 2.0))
        victim = dice.choice(ground.replicas)
        ground.hurt("freeze")
        victim.signal(signal.SIGSTOP)
        await asyncio.sleep(ground.pace.lease * dice.uniform(1.1, 2.0) + dice.choice([0.0, ground.pace.settle]))
        victim.signal(signal.SIGCONT)


async def freezes_at_calls(ground: Ground, dice: random.Random) -> None:
    """SIGSTOP just before a call to Slack and just after it, until another has taken the lane over and settled it."""
    victim = ground.replicas[0]
    try:
        # Before a call: when the lease has been looked at, and the call's own time has not begun.
        for point in cycle(
            ("bot.delivery.OutboxRelay._call: Post ahead", "bot.delivery.slack_calls._post: chat.postMessage done")
        ):
            await victim.kill()
            await victim.start(point=point, times=dice.choice([2, 3, 5]), signal="SIGSTOP")
            for _ in range(2):
                while not victim.is_stopped:  # noqa: ASYNC110 - the kernel tells its parent alone
                    await asyncio.sleep(0.05)
                ground.hurt("freeze")
                await asyncio.sleep(ground.pace.recovery * TAKEN_OVER)
                victim.signal(signal.SIGCONT)
    finally:
        # It would be struck again.
        await victim.kill()


async def lost_acknowledgements(ground: Ground, dice: random.Random) -> None:
    """What a person did is done, and its acknowledgement does not arrive: they press again."""
    ground.slack.delivery.http.lost_share = 0.3  # type: ignore[union-attr]
    ground.hurt("acknowledgements")
    await _forever()


async def limits(ground: Ground, dice: random.Random) -> None:
    """Waves of 429, with a Retry-After of 1 to 120 s of scaled time."""
    while True:
        await asyncio.sleep(dice.uniform(1.0, 3.0))
        ground.hurt("429")
        seconds = dice.choice([1, 2, 5, 10, 10, 30, 30, 60, 120])
        for method in dice.sample(POSTS, 2):
            ground.slack.faults.add(method, status=429, retry_after=seconds, times=dice.randint(1, 6))


async def server_errors(ground: Ground, dice: random.Random) -> None:
    """5xx, before Slack accepted what was sent and after."""
    for accept in (False, True):
        for status in (500, 502, 503):
            _sometimes(ground, dice, 0.015, status=status, accept=accept)
    await _forever()


async def lost_answers(ground: Ground, dice: random.Random) -> None:
    """The connection breaks, before the message was accepted and after."""
    for accept in (False, True):
        _sometimes(ground, dice, 0.03, drop=True, accept=accept)
    await _forever()


async def late_answers(ground: Ground, dice: random.Random) -> None:
    """Answers after the time-out; messages accepted after it; and calls that hang and come to nothing."""
    http, settle = ground.pace.http, ground.pace.settle
    for share in (0.3, 0.5, 0.7):
        _sometimes(ground, dice, 0.02, delay=http + (settle - http) * share)
    _sometimes(ground, dice, 0.02, delay=http * 2, accept=True, drop=True)
    _sometimes(ground, dice, 0.02, delay=http * 3, drop=True)
    await _forever()


def _sometimes(ground: Ground, dice: random.Random, share: float, **how: Any) -> None:
    """Falls on a share of what is posted, and on a few of the looks into the history."""
    ground.hurt("slack")
    for method in (*POSTS, "conversations.history"):
        of_those = share if method in POSTS else share / 3
        ground.slack.faults.add(method, times=None, match=lambda _args, p=of_those: dice.random() < p, **how)


async def broken_sockets(ground: Ground, dice: random.Random) -> None:
    """Socket Mode's connections cut without a word, and asked to be made anew."""
    while True:
        await asyncio.sleep(dice.uniform(0.2, 1.5))
        ground.hurt("socket")
        if dice.random() < 0.5:
            ground.slack.drop_socket()
        else:
            ground.slack.disconnect_socket(dice.choice(["refresh_requested", "warning"]))


async def crashes(ground: Ground, dice: random.Random) -> None:
    """PostgreSQL stopped as `pg_ctl -m immediate` does, and started again."""
    assert ground.cluster is not None
    while True:
        await asyncio.sleep(dice.uniform(3.0, 6.0))
        ground.hurt("crash")
        await asyncio.to_thread(ground.cluster.crash)


async def locked(ground: Ground, dice: random.Random, seconds: float = 30.0) -> None:
    """Another process holds SQLite's lock."""
    while True:
        await asyncio.sleep(dice.uniform(1.0, 3.0))
        ground.hurt("locked")
        with closing(sqlite3.connect(ground.database.path or "", isolation_level=None)) as other:
            other.execute("PRAGMA busy_timeout=0")
            await _until_locked(other)
            await asyncio.sleep(seconds)
            other.execute("ROLLBACK")


async def _until_locked(other: sqlite3.Connection) -> None:
    while True:
        try:
            other.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError:
            await asyncio.sleep(0.001)


async def full(ground: Ground, dice: random.Random) -> None:
    """The disk is full: the file may not grow."""
    while True:
        await asyncio.sleep(dice.uniform(1.0, 2.0))
        ground.hurt("full")
        with closing(sqlite3.connect(ground.database.path or "")) as other:
            [pages] = other.execute("PRAGMA page_count").fetchone()
        strings = ground.replicas[0].strings
        strings.most_pages = pages
        await asyncio.sleep(dice.uniform(2.0, 4.0))
        strings.most_pages = UNLIMITED_PAGES


async def moved_clocks(ground: Ground, dice: random.Random) -> None:
    """A machine's clock jumps by an hour and by a day, both ways, and back."""
    while True:
        strings = dice.choice(ground.replicas).strings
        for jump in dice.sample([HOUR, -HOUR, DAY, -DAY], 4):
            await asyncio.sleep(dice.uniform(1.0, 2.0))
            ground.hurt("clock")
            strings.clock_off = jump
            await asyncio.sleep(dice.uniform(1.0, 2.0))
            strings.clock_off = 0.0


async def rolling_restarts(ground: Ground, dice: random.Random) -> None:
    """SIGTERM under load, one after another; the successor is there before its predecessor has gone."""
    while True:
        for replica in list(ground.replicas):
            await asyncio.sleep(dice.uniform(0.5, 1.5))
            ground.hurt("restart")
            await replica.succeeded()


async def everything(ground: Ground, dice: random.Random) -> None:
    """All that can happen at once."""
    await asyncio.gather(
        kills(ground, dice), server_errors(ground, dice), lost_answers(ground, dice), late_answers(ground, dice),
        limits(ground, dice),
    )  # fmt: skip


async def _forever() -> None:
    await asyncio.Event().wait()
