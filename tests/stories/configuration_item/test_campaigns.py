"""A verification campaign: owners are asked in Slack, each item has an outcome, and differences become actions."""

from datetime import timedelta

from cast import Desk
from stories.configuration_item.test_items import add, adopted

from bot.rules.configuration_item.campaign import drawn


async def servers(desk: Desk, count: int) -> None:
    """CI-7 and those that follow, of the service desk, to which the agent belongs."""
    await adopted(desk)
    for at in range(count):
        await add(desk, "Server", f"host {at + 1}", f"S{at + 1}")


async def begins(desk: Desk, days: int = 7, **fields: str) -> object:
    await desk.manager.runs("/ci campaign Spring")
    until = (desk.clock.now() + timedelta(days=days)).date()
    return await desk.manager.submits({"Items": "server", "Until": until} | fields)


async def test_owners_answer_item_by_item_and_the_campaign_ends_with_its_last_answer(desk: Desk) -> None:
    await servers(desk, 3)
    assert "Only members of" in (await desk.agent.runs("/ci campaign Spring")).text
    assert "to come" in str(await begins(desk, days=0))
    assert not await begins(desk, **{"Owners are asked": "One item at a time"})
    asked = await desk.dm(desk.agent).hears("Spring", "is it as recorded", "3 items wait")
    assert "host 1" in asked
    assert "host 2" not in asked, "one at a time"
    await desk.agent.clicks("As recorded", "DM")
    await desk.dm(desk.agent).hears("2 items wait", "host 2")
    await desk.agent.clicks("Differs…", "DM")
    assert not await desk.agent.submits({"What differs": "It has eight cores"})
    await desk.dm(desk.agent).hears("1 item waits", "host 3")
    assert "host 2 differs from its record" in (await desk.agent.runs("/action ACT-1")).text
    await desk.agent.runs("/ci gone CI-9 Rack 4 is empty")
    await desk.dm(desk.agent).hears("is it as recorded", "The campaign is over")
    await desk.dm(desk.manager).hears("Spring", "is over", "3 of 3 answered: 1 as recorded, 1 differs, 1 gone")
    shown = (await desk.manager.runs("/ci campaigns")).text
    assert "Server: 1 of 3 live were verified (33.3 %), 1 of them within 90 days" in shown.replace("*", "")
    await desk.manager.clicks("Open")
    assert "CI-9 host 3" in desk.manager.modal.text
    assert "who manages the configuration has it" in (await desk.agent.runs("/ci found A switch under desk 12")).text
    assert "Not on record: A switch under desk 12" in (await desk.manager.runs("/action ACT-3")).text


async def test_a_sample_is_asked_as_a_list_reminded_of_and_closed_early(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await servers(desk, 8)
    assert not await begins(desk, **{"How many": "50 %"})
    asked = await desk.dm(desk.agent).hears("4 items wait")
    chosen = drawn("Spring", range(7, 15), 4)
    assert [one for one in range(7, 15) if f"CI-{one} " in asked] == chosen, "whoever has the name draws it again"
    desk.clock.forward(days=6, hours=1)
    assert await desk.dm(desk.agent).count("4 items wait") == 2, "asked once more, the day before"
    assert "Nothing is in that scope" in str(await begins(desk, Items="database"))
    await desk.manager.closes()
    await desk.manager.runs("/ci campaigns")
    await desk.manager.clicks("Open")
    await desk.manager.clicks("Close it", where="modal")
    await desk.dm(desk.manager).hears("Spring", "is over", "0 of 4 answered")
    await desk.dm(desk.agent).hears("The campaign is over")


async def test_what_a_campaign_asks_waits_on_app_home_item_by_item(desk: Desk) -> None:
    await servers(desk, 2)
    await desk.agent.opens_home()
    await desk.settles()
    assert "Nothing waits for you" in desk.agent.home.text
    assert not await begins(desk)
    await desk.settles()
    await desk.agent.opens_home()
    await desk.settles()
    waits = desk.agent.home.text
    assert "host 1" in waits
    assert "Spring: is it as recorded? 2 items wait for your answer until" in waits
    assert "host 2" not in waits, "the next one alone"
    await desk.agent.clicks("As recorded", where="home")
    await desk.settles()
    assert "host 2" in desk.agent.home.text
    await desk.agent.clicks("As recorded", where="home")
    await desk.settles()
    assert "Nothing waits for you" in desk.agent.home.text
