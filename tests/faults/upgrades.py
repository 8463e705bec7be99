"""Upgrades while people work: replicas of two releases side by side, and a restart where there is one process."""

import asyncio
import random
import signal
from contextlib import suppress

from environment import Ground
from release_before import Release
from replicas import Replica

KILLED_MIGRATING = 3
"""How often whatever migrates is killed before it may come to its end."""


async def rolling_upgrades(ground: Ground, dice: random.Random) -> None:
    """This release comes where the one before serves: kill -9 at any instant, also while the schema is migrated."""
    assert ground.successor is not None
    quarter = ground.load.seconds / 4
    try:
        await _killing(ground, dice, ground.replicas, quarter)
        for one in ground.replicas:
            one.process_pool = ground.successor
        if ground.on_postgres:
            await _side_by_side(ground, dice, quarter)
        else:
            await _restarted(ground, dice)
        await _killing(ground, dice, ground.replicas, 1e9)
    finally:
        # Whoever lives of the release before has its successor once everything is let be.
        await asyncio.gather(*(one.kill() for one in ground.replicas))


async def _side_by_side(ground: Ground, dice: random.Random, seconds: float) -> None:
    """One replica of the release before serves until the end; those that die come back as this release."""
    first, others = ground.replicas[0], ground.replicas[1:]
    killing = asyncio.create_task(_killing(ground, dice, others, 1e9))
    try:
        await _migrated(ground, dice)
        await asyncio.sleep(seconds)
        ground.hurt("upgrade")
        await first.succeeded()
    finally:
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing


async def _migrated(ground: Ground, dice: random.Random) -> None:
    for kills in range(KILLED_MIGRATING + 1):
        migrating = await Release().migrating(ground.url)
        if kills < KILLED_MIGRATING:
            with suppress(TimeoutError):
                async with asyncio.timeout(dice.uniform(0.5, 3.0)):
                    await migrating.wait()
            if migrating.returncode is None:
                ground.hurt("kill")
                migrating.send_signal(signal.SIGKILL)
        code = await migrating.wait()
        if code == 0:
            return
    raise RuntimeError("the schema could not be migrated while the desk was at work")


async def _restarted(ground: Ground, dice: random.Random) -> None:
    """The one process is stopped, and this release migrates as it starts."""
    [only] = ground.replicas
    await only.stop()
    for _ in range(KILLED_MIGRATING):
        await only.start()
        await asyncio.sleep(dice.uniform(0.05, 1.0))
        ground.hurt("kill")
        await only.kill()
    await only.start()
    await only.ready()


async def _killing(ground: Ground, dice: random.Random, victims: list[Replica], seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                await asyncio.sleep(dice.uniform(0.5, 2.5))
                victim = dice.choice(victims)
                ground.hurt("kill")
                await victim.kill()
                await victim.start()
                await victim.ready()
