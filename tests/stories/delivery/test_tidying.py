"""What is long done with is forgotten, and nobody misses it."""

import pytest
from sqlmodel import func, select

from storage.journal import journal
from storage.tables import Lane, Outbox

pytestmark = pytest.mark.every_road


async def count(desk, table):
    async with desk.bot.database.read() as tx:
        return (await tx.exec(select(func.count()).select_from(table))).one()


async def test_an_incident_whose_messages_were_forgotten_is_still_kept_true(desk):
    await desk.reports()
    await desk.agent.clicks("I'm on it", channel="service-desk")
    await desk.requester.opens_home()
    await desk.settles()
    messages, lanes = await count(desk, Outbox), await count(desk, Lane)
    async with desk.bot.database.read() as tx:
        facts = await journal.timeline(tx, "INC-1")
    desk.clock.forward(hours=91 * 24)
    await desk.bot.jobs.tidy()
    assert await count(desk, Outbox) < messages
    assert await count(desk, Lane) < lanes
    await desk.agent.clicks("Resolve", channel="service-desk")
    await desk.agent.submits({"Resolution note": "Restarted the gateway"})
    await desk.channel("service-desk").hears("INC-1", "Resolved")
    async with desk.bot.database.read() as tx:
        assert (await journal.timeline(tx, "INC-1"))[: len(facts)] == facts


async def test_messages_of_what_is_long_over_are_forgotten_but_for_its_card(desk):
    await desk.reports()
    await desk.reports("Mail arrives late", Service="Website")
    for said in ("ack INC-1", "resolve INC-1 restarted the gateway", "close INC-1"):
        await desk.agent.runs(f"/incident {said}")
    await desk.settles()
    async with desk.bot.database.read() as tx:
        facts = await journal.timeline(tx, "INC-1")
    for days, kept in ((91, {"incident_card", "incident_receipt"}), (300, {"incident_card"})):
        desk.clock.forward(hours=days * 24)
        await desk.bot.jobs.tidy()
        async with desk.bot.database.read() as tx:
            told = list(await tx.exec(select(Outbox).where(Outbox.verb == "post")))
            assert (await journal.timeline(tx, "INC-1"))[: len(facts)] == facts
        assert {one.kind for one in told if one.about == "INC-1"} >= kept
        assert ({one.kind for one in told if one.about == "INC-1"} == kept) == (days == 300)
        assert "incident_receipt" in {one.kind for one in told if one.about == "INC-2"}
    assert "INC-1" in (await desk.agent.runs("/incident INC-1")).text


async def test_messages_of_other_records_that_are_over_go_as_well_or_each_round_would_look_through_them(desk):
    for _ in range(2):
        await desk.requester.runs("/request laptop")
        await desk.requester.fills({"What do you need?": "A repair"})
        assert not await desk.requester.submits({"Which one is broken?": "LT-0042"})
        await desk.settles()
    await desk.requester.runs("/request withdraw REQ-1 It works again")
    await desk.settles()
    desk.clock.forward(hours=400 * 24)
    await desk.bot.jobs.tidy()
    async with desk.bot.database.read() as tx:
        told = list(await tx.exec(select(Outbox).where(Outbox.verb == "post")))
    assert {one.kind for one in told if one.about == "REQ-1"} == {"request_card"}
    assert {one.kind for one in told if one.about == "REQ-2"} >= {"request_card", "request_receipt"}
    assert "REQ-1" in (await desk.requester.runs("/request REQ-1")).text
