"""What the harness knows of the processes that it kills."""

import asyncio
import sys
from contextlib import suppress

from replicas import Replica


async def test_who_is_killed_is_dead_also_where_nobody_waits_for_the_end():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    replica = Replica(process_pool=None, order=None, pid=process.pid)  # it is asked for no process
    replica._follow(process.pid, replica.ended)
    assert await replica.is_alive()
    killing = asyncio.create_task(replica.kill())
    await asyncio.sleep(0)
    killing.cancel()
    with suppress(asyncio.CancelledError):
        await killing
    assert not await replica.is_alive()
    await process.wait()
