"""What is long done with is forgotten, and nobody misses it."""

from sqlmodel import func, select

from storage import journal
from storage.tables import Lane, Outbox


async def count(desk, table):
    async with desk.bot.database.read() as tx:
        return (await tx.exec(select(func.count()).select_from(table))).one()


async def test_an_incident_whose_messages_were_forgotten_is_still_kept_true(desk):
    await desk.reports()
    await desk.agent.clicks("Acknowledge", channel="service-desk")
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
