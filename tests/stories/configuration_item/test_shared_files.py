"""A file that is shared with a channel of a source: planned and shown there, applied by who may."""

import asyncio
import multiprocessing

import pytest
from cast import Desk, open_desk
from stories.configuration_item.test_items import POLICY, adopted

from bot.rules.configuration_item.refusals import UnreadableFile
from bot.usecases.configuration_item import imports
from bot.usecases.configuration_item.imports import Read
from bot.web import server
from handlers.request.context import Repeated, RequestContext
from storage.own_process import Bound

SOURCE = (
    POLICY
    + """
[ci_sources.cmdb]
type = "server"
columns = { name = "Name", serial = "Serial" }
channel = "service-desk"
"""
)
ESTATE = "Name,Serial,Password\nhost,S1,hunter2\nother,S2,\n,S2,\n"


async def joined(desk: Desk) -> None:
    for person in (desk.agent, desk.manager):
        await person.join("service-desk")


async def test_a_shared_file_is_planned_beneath_it_and_applied_by_who_manages_the_configuration(desk: Desk) -> None:
    await adopted(desk, SOURCE)
    await joined(desk)
    await desk.agent.share("service-desk", "items.csv", ESTATE)
    told = await desk.channel("service-desk").hears("A file of cmdb by @agent", "2 created", "1 refused", "line 4")
    assert "hunter2" not in told, "no column of the source"
    place = desk.slack.channel("service-desk")
    assert place.messages[-1].thread_ts == place.messages[-2].ts, "beneath the file"
    await desk.agent.clicks("Apply", "service-desk")
    assert "Only members of Change managers can apply imports" in desk.agent.notes("service-desk")[-1]
    await desk.manager.clicks("Apply", "service-desk")
    assert "Applied: 2 created, 0 changed, 0 retired" in desk.manager.notes("service-desk")[-1]
    await desk.channel("service-desk").hears("A file of cmdb", "Applied by @manager")
    assert "host" in (await desk.requester.runs("/ci host")).text
    await desk.agent.share("service-desk", "items.csv", ESTATE.rpartition("\n,")[0])
    await desk.channel("service-desk").hears("2 unchanged", "The file changes nothing")


async def test_what_is_no_file_of_items_stays_a_file_and_one_that_cannot_be_read_is_told_to_its_sharer(
    desk_on_sqlite: Desk,
) -> None:
    desk = desk_on_sqlite
    await adopted(desk, SOURCE)
    await joined(desk)
    before = len(desk.agent.messages("service-desk"))
    await desk.agent.share("service-desk", "rack.png", b"\x89PNG")
    await desk.agent.share("general", "items.csv", ESTATE)
    assert len(desk.agent.messages("service-desk")) == before + 1, "the picture alone"
    await desk.agent.share("service-desk", "items.json", "{}")
    assert "The file cannot be read: it has neither a list" in desk.agent.notes("service-desk")[-1]
    await desk.agent.share("service-desk", "items.csv", "Name,Serial\n" + "x" * 1_000_001)
    assert "more than 1 MB; deskbell ci import takes larger ones" in desk.agent.notes("service-desk")[-1]
    await desk.agent.share("service-desk", "items.csv", ESTATE)
    await desk.channel("service-desk").hears("2 created")
    await desk.manager.runs("/ci add other")
    assert not await desk.manager.submits({"Type": "Server", "Name": "x", "What tells it from others": "S9"})
    await desk.manager.clicks("Apply", "service-desk")
    assert "have changed since the plan" in desk.manager.notes("service-desk")[-1]


ENDLESS = b"---\na: 1\n" * 100_000
"""Two seconds of the processor, in as many bytes as are read."""


@pytest.mark.slow
async def test_a_file_is_judged_within_a_bound_and_the_desk_answers_meanwhile(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk, SOURCE)
    read = Read(ENDLESS, "items.yaml", "cmdb")
    judged = asyncio.create_task(imports.drawn_aside(desk.bot.database, read, Bound(seconds=1, mebibytes=1000)))
    answered = 0
    while not judged.done():
        assert "No item matches" in (await desk.agent.runs("/ci nowhere")).text
        answered += 1
    assert answered > 5
    with pytest.raises(
        UnreadableFile, match="it takes more than 1 s of the processor to work out; `deskbell ci import`"
    ):
        await judged


async def test_a_file_that_was_refused_is_not_judged_again_when_slack_tells_of_it_again(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopted(desk, SOURCE)
    bot = desk.bot

    def told() -> RequestContext:
        return RequestContext(desk.agent.id, desk.clock.now(), "event:Ev1", bot.database, bot.reads)

    async with told().begin_before():
        pass
    await told().served()
    with pytest.raises(Repeated):
        async with told().begin_before():
            raise AssertionError("it is judged again")
    with pytest.raises(Repeated):
        await told().served()


@pytest.mark.slow
async def test_a_stop_ends_what_is_judged(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "END_SECONDS", 0.05)
    async with open_desk(sqlite_url) as desk:
        await adopted(desk, SOURCE)
        await joined(desk)
        sharing = asyncio.create_task(desk.agent.share("service-desk", "items.yaml", ENDLESS))
        while not (judging := multiprocessing.active_children()):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.01)
    for one in judging:
        await asyncio.to_thread(one.join, 30)
        assert one.exitcode is not None
        assert one.exitcode < 0, "it was ended, and did not come to its own end"
    await sharing
