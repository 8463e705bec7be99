"""What a clock that is set, and a process that was frozen, do to what is on its way: nothing that people see."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.results import Unsure
from handlers.workspace import client
from storage.delivery import lanes, outbox

HOUR = timedelta(hours=1)


class Machine:
    """A machine's clock that can be set."""

    def __init__(self, office):
        self._office, self._off, self._untold = office, timedelta(0), timedelta(0)

    def now(self):
        return self._office.clock.now() + self._off

    def set_by(self, step):
        self._off, self._untold = self._off + step, self._untold + step

    def moved(self):
        told, self._untold = self._untold, timedelta(0)
        return told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # on PostgreSQL its clock is the desk's
@pytest.mark.parametrize("step", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR])
async def test_settling_takes_as_long_as_before_when_the_clock_is_set(office, step):
    machine = Machine(office)
    await office.has_a_card()
    office.workspace.faults.add("chat.postMessage", drop=True, accept=True)
    relay = office.relay(now=machine.now, moved=machine.moved)
    await relay.deliver()
    machine.set_by(step)
    office.clock.forward(seconds=30)
    assert await relay.deliver() == 0
    office.clock.forward(seconds=6)
    await relay.deliver()
    assert office.heard("service-desk") == ["incident_card INC-1 at 0"]
    assert await office.states() == ["sent"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("step", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR])
async def test_what_waited_for_the_database_while_the_clock_was_set_is_reckoned_by_the_new_one(office, step):
    machine = Machine(office)
    await office.has_a_card()
    relay = office.relay(now=machine.now, moved=machine.moved)
    _, delivery = await relay._take()

    async def settle() -> None:
        async with relay._looking() as tx:
            await relay._settler.apply(tx, delivery, Unsure("no answer"), machine.now(), machine.now())

    async with office.database.begin():
        waiting = [asyncio.create_task(settle())]
        await asyncio.sleep(0)
        machine.set_by(step)
        waiting.append(asyncio.create_task(relay._follow_clock()))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert await relay.next_due() == machine.now() + timedelta(seconds=35)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_was_written_by_a_clock_that_was_ahead_is_delivered_at_once(office):
    machine = Machine(office)
    relay = office.relay(now=machine.now, moved=machine.moved)
    office.clock.forward(days=1)
    await office.has_a_card()
    machine.set_by(-24 * HOUR)
    await relay.deliver()
    assert await office.states() == ["sent"]


async def test_a_start_mends_what_a_wrong_clock_left_waiting_for_a_day(office):
    await office.has_a_card()
    async with office.database.begin() as tx:
        held = await lanes.lease(tx, office.clock.now(), "wrong", 30)
        await lanes.release(tx, held, office.clock.now() + 24 * HOUR)
    relay = office.relay()
    await relay._begin_anew()
    assert await relay.next_due() == office.clock.now() + HOUR


async def test_a_call_whose_lease_ran_out_while_its_process_was_frozen_is_not_made(office):
    await office.has_a_card()
    session = client.session()
    frozen = office.relay("frozen")
    frozen._client = client.for_posts(office.workspace.bot_token, office.server.api_url, session)
    _, delivery = await frozen._take()
    await frozen._carry(replace(delivery, lease=replace(delivery.lease, ends=0.0)))
    assert office.calls("chat.postMessage") == []
    assert await office.states() == ["ready"]
    await session.close()


async def test_what_is_drawn_knows_when_its_own_attempt_began_and_not_the_one_before(office):
    await office.has_a_card()
    first, second = office.clock.now(), office.clock.now() + HOUR
    async with office.database.begin() as tx:
        row = (await lanes.head(tx, (await lanes.lease(tx, first, "one", 30)).lane)).row
        for now in (first, second):
            assert await outbox.begin_sending(tx, row, now)
            assert (row.first_attempt_at, row.last_attempt_at) == (first, now)
            assert await outbox.uncharge(tx, row)
