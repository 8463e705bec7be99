import asyncio

from handlers.request.admission import AT_ONCE, Admission

TURNS = 3


class Crowd:
    """People who begin something, wait for a socket, and are done."""

    def __init__(self):
        self.turnstile, self.told = Admission(), []

    async def one(self, number):
        await self.turnstile.passed()
        self.told.append(("begun", number))
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self.told.append(("done", number))


async def test_the_first_of_a_crowd_is_done_before_the_last_begins():
    crowd = Crowd()
    await asyncio.gather(*map(crowd.one, range(50)))
    begun = [number for what, number in crowd.told if what == "begun"]
    assert begun == list(range(50))
    for number in range(50):
        done = crowd.told.index(("done", number))
        assert sum(what == "begun" for what, _ in crowd.told[:done]) <= number + AT_ONCE * (TURNS + 2)


async def test_who_comes_alone_does_not_wait():
    crowd = Crowd()
    waiting = crowd.turnstile.passed()
    try:
        waiting.send(None)
    except StopIteration:
        return
    raise AssertionError("it waited")


async def test_who_hangs_up_keeps_nobody_out():
    crowd = Crowd()
    tasks = [asyncio.create_task(crowd.one(number)) for number in range(4 * AT_ONCE)]
    await asyncio.sleep(0)
    for gone in tasks[AT_ONCE : 3 * AT_ONCE]:
        gone.cancel()
    await asyncio.wait(tasks)
    kept = {number for what, number in crowd.told if what == "done"}
    assert kept == {*range(AT_ONCE), *range(3 * AT_ONCE, 4 * AT_ONCE)}


async def test_after_a_crowd_it_is_open_again():
    crowd = Crowd()
    await asyncio.gather(*map(crowd.one, range(20)))
    await asyncio.sleep(0)
    crowd.told.clear()
    await crowd.one(20)
    assert crowd.told == [("begun", 20), ("done", 20)]
