"""A policy with more services and groups than a menu of Slack's holds: each form finds them while somebody types."""

from cast import CHANGE, Desk
from change_steps import HOUR, freezes, rules

MANY = 101
POLICY = "\n".join(
    f'[services.app-{n}]\nname = "Application {n}"\nowner = "service-desk"\nchannel = "service-desk"\n'
    f'criticality = "high"\ndescription = "What department {n} works with"\n'
    f'[groups.team-{n}]\ntitle = "Team {n}"\nusergroup = "team-{n}"\n'
    for n in range(MANY)
)


async def test_a_change_of_one_among_many_services_and_all_that_it_touches(desk: Desk) -> None:
    await rules(desk, POLICY)
    await desk.requester.runs("/change Upgrade it")
    await desk.requester.fills(CHANGE | {"Service": "Application 97"})
    await desk.requester.clicks("Add details")
    touched = [f"Application {n}" for n in range(60)]
    assert await desk.requester.submits({"Other services it touches": touched}) == {}
    assert await desk.requester.submits() == {}
    await desk.settles()
    await desk.channel("changes").hears("CHG-1", "Application 97", "Application 0", "Application 59")
    assert "CHG-1" in (await desk.requester.runs("/change CHG-1")).text


async def test_breaking_the_glass_for_one_among_many(desk: Desk) -> None:
    await rules(desk, POLICY)
    await desk.reports("Application 42 is down", Service="Application 42")
    await desk.agent.runs("/change break-glass Restart Application 42")
    words = {"Why": "It is down", "Plan": "Restart it", "Backout plan": "None", "Incident": "INC-1"}
    assert await desk.agent.submits(words | {"Service": "Application 42", "End": desk.clock.now() + HOUR}) == {}
    await desk.settles()
    await desk.channel("changes").hears("CHG-1", "Application 42")


async def test_a_freeze_of_some_among_many(desk: Desk) -> None:
    await rules(desk, POLICY)
    await freezes(desk, Services=["Application 7", "Application 100"])
    await desk.channel("changes").hears("WIN-1", "Application 100, Application 7")


async def test_an_incident_is_given_to_one_among_many_groups(desk: Desk) -> None:
    await rules(desk, POLICY)
    await desk.reports("VPN is down")
    await desk.agent.runs("/incident assign INC-1")
    assert await desk.agent.submits({"Or a group": "Team 77"}) == {}
    await desk.settles()
    assert "Team 77" in (await desk.agent.runs("/incident INC-1")).text


async def test_the_calendar_shows_one_among_many_services(desk: Desk) -> None:
    await rules(desk, POLICY)
    await desk.asks_for_change("Upgrade the first", Service="Application 1")
    await desk.asks_for_change("Upgrade the last", Service="Application 100")
    await desk.requester.runs("/change calendar 2026-03-03")
    await desk.requester.chooses("Application 100", "Type to search")
    shown = desk.requester.notes()[-1]
    assert "Upgrade the last" in shown
    assert "Upgrade the first" not in shown
