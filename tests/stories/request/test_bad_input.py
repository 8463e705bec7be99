"""What cannot be asked for is refused in words, and nothing is half-kept."""

import asyncio

from cast import Desk
from sqlalchemy import text

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy

ALONE = """
[groups.alone]
title = "Those who ask"
people = ["{requester}"]
[approvals.alone]
types = []
stages = ["any of alone"]
remind = "1d"
expires = "14d"
[requests.laptop]
approval = "alone"
"""


async def adopt(desk: Desk, words: str) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(words), by="operator", now=desk.clock.now())
    await desk.bot.refresh_directory()


async def kept(desk: Desk) -> int:
    async with desk.bot.database.read() as tx:
        return int((await tx.exec(text("SELECT count(*) FROM service_request"))).scalar_one())  # type: ignore[call-overload]


async def test_what_cannot_be_asked_for_is_refused_with_what_to_do(desk_on_sqlite: Desk) -> None:
    desk, new = desk_on_sqlite, {"What do you need?": "A new one"}
    requester = desk.requester
    await requester.runs("/request laptop")
    many = [desk.slack.add_person(f"colleague-{number}").handle for number in range(21)]
    assert "20 is the most" in str(await requester.submits(new | {"For somebody else": many}))
    desk.slack.add_person("guest", is_restricted=True)
    await desk.bot.refresh_directory()
    assert "cannot take part" in str(await requester.submits({"For somebody else": ["guest"]}))
    # Its item is taken away while the form is open.
    await adopt(desk, "[requests]\nlaptop = false\n")
    assert "“laptop” is not in the catalogue, or no longer" in str(await requester.submits({"For somebody else": None}))
    assert requester.modal is not None
    await requester.closes()
    # Who alone would approve it is who asks.
    await adopt(desk, ALONE.format(requester=requester.id))
    await requester.runs("/request laptop")
    assert "Nobody could approve this" in str(await requester.submits(new))
    assert await kept(desk) == 0


async def test_a_form_that_is_sent_twice_is_one_request(desk: Desk) -> None:
    await desk.requester.runs("/request laptop")
    await desk.requester.fills({"What do you need?": "A new one"})
    await asyncio.gather(desk.requester.submit(), desk.requester.submit())
    await desk.settles()
    assert await kept(desk) == 1
