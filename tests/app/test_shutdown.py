"""What has begun is waited for."""

import asyncio

from bot.shutdown import AtWork


async def test_what_begins_while_the_end_is_waited_for_comes_to_its_end_too():
    at_work, done, begun = AtWork(), [], []

    async def work(name, then=None):
        at_work.note()
        await asyncio.sleep(0)
        if then is not None:
            begun.append(asyncio.create_task(then))
        await asyncio.sleep(0)
        done.append(name)

    begun.append(asyncio.create_task(work("first", then=work("second", then=work("third")))))
    await asyncio.sleep(0)
    await at_work.ended()
    assert done == ["first", "second", "third"]
