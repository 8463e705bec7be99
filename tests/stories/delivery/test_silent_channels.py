"""A channel in which nothing can be said: its owners hear of it, and what is urgent reaches them meanwhile."""

import pytest

from bot.sandbox import membership
from storage.journal import journal

pytestmark = pytest.mark.every_road

BOX = {"Privacy": ["Private: about security or people"]}


async def archives(desk, name):
    membership.archive(desk.slack, desk.slack.channel(name), desk.manager.user.id)
    await desk.slack.quiet()


async def unarchives(desk, name):
    membership.unarchive(desk.slack, desk.slack.channel(name), desk.manager.user.id)
    await desk.slack.quiet()


async def audited(desk):
    await desk.settles()
    await desk.bot.jobs.audit()
    await desk.settles()


async def test_the_owners_of_an_archived_channel_hear_of_it_once_and_what_to_do(desk):
    await archives(desk, "changes")
    await desk.asks_for_change()
    await audited(desk)
    said = await desk.dm(desk.manager).hears("#changes is archived", "1 message waits", "Unarchive it")
    assert "What is urgent comes to you here" in said
    assert await desk.dm(desk.agent).count("#changes") == 0
    for _ in range(3):
        desk.clock.forward(minutes=16)
        await audited(desk)
    assert await desk.dm(desk.manager).count("is archived") == 1
    async with desk.bot.database.read() as tx:
        (fact,) = await journal.timeline(tx, "lane:#changes")
    assert fact.data == {"reason": "the channel is archived", "messages": 1, "told": [desk.manager.user.id]}
    await unarchives(desk, "changes")
    await desk.channel("changes").hears("CHG-1")


async def test_one_from_which_deskbell_was_removed_says_how_to_bring_it_back(desk):
    desk.slack.faults.add("chat.postMessage", error="not_in_channel")
    await desk.asks_for_change()
    await audited(desk)
    await desk.dm(desk.manager).hears("Deskbell is not in #changes any more", "/invite @Deskbell")


async def test_a_breach_reaches_the_owners_while_its_channel_is_silent(desk):
    await desk.reports()
    await archives(desk, "service-desk")
    desk.clock.forward(minutes=16)
    await audited(desk)
    assert await desk.dm(desk.agent).count("INC-1", "response", "breached") == 1
    await audited(desk)
    assert await desk.dm(desk.agent).count("INC-1", "response", "breached") == 1


async def test_an_assignee_who_was_told_in_person_is_not_told_twice(desk):
    await desk.reports()
    await desk.agent.clicks("I'm on it", channel="service-desk")
    await desk.settles()
    await archives(desk, "service-desk")
    desk.clock.forward(hours=5)
    await audited(desk)
    assert await desk.dm(desk.agent).count("INC-1", "resolution", "breached") == 1


async def test_what_is_mended_before_anybody_was_told_is_not_told(desk):
    await archives(desk, "changes")
    await desk.asks_for_change()
    await desk.settles()
    await desk.bot.jobs.audit()
    await unarchives(desk, "changes")
    await desk.channel("changes").hears("CHG-1")
    assert await desk.dm(desk.manager).count("hears nothing") == 0


async def test_what_is_said_of_private_incidents_goes_to_those_who_work_on_them_alone(desk):
    await desk.requester.runs("/incident Salaries were sent to everyone")
    await desk.requester.submits({"Service": "Payroll system", "Impact": "Everyone", "Urgency": "High"} | BOX)
    await desk.settles()
    box = desk.slack.channel_named("private-incidents").id
    desk.slack.faults.add("chat.postMessage", error="channel_not_found", match=lambda args: args["channel"] == box)
    desk.clock.forward(minutes=16)
    await audited(desk)
    await desk.dm(desk.manager).hears("Deskbell is not in #private-incidents any more")
    assert await desk.dm(desk.agent).count("private-incidents") == 0
    assert await desk.dm(desk.agent).count("Salaries") == 0
