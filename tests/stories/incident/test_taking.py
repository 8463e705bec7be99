"""“I'm on it”: one act, wherever it is done, and everything that implies it."""

import pytest
from cast import Desk
from promises import clock_of

from bot.rules.sla.clocks import ClockState
from storage.incident import incidents


async def stands(desk: Desk, number: int = 1) -> tuple[str, str | None, str, str | None]:
    """The state, the assignee, how the response clock stands, and who ends the widening."""
    async with desk.bot.database.read() as tx:
        found = await incidents.get(tx, number)
    response, resolution = [await clock_of(desk, kind, f"INC-{number}") for kind in ("response", "resolution")]
    return found.state, found.assignee, response.state, resolution.taken_by


@pytest.mark.parametrize(
    "typed",
    ["ack INC-1", "take INC-1", "assign INC-1 me", "start INC-1", "major INC-1", "I'm on it"],
)
async def test_whoever_works_on_it_is_on_it_by_every_word(desk_on_sqlite: Desk, typed: str) -> None:
    desk, agent = desk_on_sqlite, desk_on_sqlite.agent
    await desk.reports()
    if typed == "I'm on it":
        desk.clock.forward(minutes=12)
        await desk.channel("service-desk").hears("Response promise at risk", "with nobody yet")
        await agent.clicks(typed, "service-desk", message="at risk")
    else:
        await agent.runs(f"/incident {typed}")
    state = "in progress" if "start" in typed else "acknowledged"
    assert await stands(desk) == (state, agent.id, ClockState.MET, agent.id)
    await desk.dm(desk.requester).hears("INC-1", "@agent is on it")
    assert "already" in (await agent.runs("/incident take INC-1")).text
    card = await desk.channel("service-desk").hears(
        "INC-1", "with @agent", ":red_circle:"
    )  # how pressing it is, in any state
    assert "nobody" not in card


async def test_what_is_with_a_group_is_never_nobodys_and_is_taken_by_one_of_it(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 cab")
    desk.clock.forward(minutes=12)
    await desk.channel("service-desk").hears("Response promise at risk", "with Change advisory board")
    assert "with Change advisory board" in (await desk.agent.runs("/sla")).text
    assert "with Change advisory board" in (await desk.agent.runs("/incident list")).text
    await desk.agent.opens_home()
    await desk.settles()
    assert "With nobody yet" not in desk.agent.home.text
    await desk.engineer.clicks("I'm on it", "service-desk", message="at risk")
    assert (await stands(desk))[:2] == ("acknowledged", desk.engineer.id)
    told = await desk.channel("service-desk").hears("INC-1", "Response in time, done")
    assert "at risk" not in told
    assert desk.agent.messages("service-desk")[-1].buttons == [], "its matter is over"
    reminder = desk.agent.messages("service-desk")[-1].raw
    assert reminder.is_reply
    assert not reminder.broadcast


async def test_whoever_is_given_it_has_said_nothing_yet_so_the_ladder_goes_on(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident assign INC-1 @engineer")
    assert await stands(desk) == ("acknowledged", desk.engineer.id, ClockState.MET, None)
    desk.clock.forward(hours=3, minutes=5)
    await desk.channel("service-desk").hears("Resolution promise at risk", "with @engineer")
    await desk.engineer.clicks("I'm on it", "service-desk", message="at risk")
    assert (await stands(desk))[3] == desk.engineer.id
    assert "You are on INC-1 already" in (await desk.engineer.runs("/incident ack INC-1")).text


async def test_only_who_works_for_a_group_is_given_an_incident(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    for stranger in ("requester", "outsider"):
        said = (await desk.agent.runs(f"/incident assign INC-1 @{stranger}")).text
        assert f"{stranger.capitalize()} is in no group of the desk" in said


async def test_the_reporter_hears_of_a_breach_and_of_another_priority(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    desk.clock.forward(minutes=16)
    await desk.dm(desk.requester).hears("INC-1", "An answer was promised for", "is late")
    breach = [one for one in desk.agent.messages("service-desk") if "Response promise breached" in one.text][-1].raw
    assert breach.is_reply
    assert breach.broadcast
    await desk.agent.runs("/incident priority INC-1 P2 Few are at home")
    await desk.dm(desk.requester).hears("INC-1", "changed priority to P2", "Few are at home")
    await desk.agent.runs("/incident ack INC-1")
    await desk.dm(desk.requester).hears("INC-1", "an answer was due", "and came")
