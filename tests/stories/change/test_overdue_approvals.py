"""While a break-glass approval is overdue, the team that owns the service has no standard changes."""

from datetime import timedelta

import pytest
from cast import Desk
from change_steps import BEGUN, agreed, uses

OWED = "no standard changes"


async def in_debt(desk: Desk) -> None:
    """CHG-2 was begun without approval, which two days later nobody has given."""
    await desk.reports()
    await desk.agent.runs("/change break-glass Mend the VPN")
    assert await desk.agent.submits(BEGUN | {"Incident": "INC-1"}) == {}
    desk.clock.forward(days=2, minutes=1)
    await desk.channel("changes").hears("CHG-2", "was begun without approval", "was due")


async def home(desk: Desk, person: object) -> str:
    await person.opens_home()
    await desk.settles()
    return person.home.text


@pytest.mark.slow
async def test_debt_stops_the_teams_standard_changes_and_says_so_until_it_is_decided(desk: Desk) -> None:
    await agreed(desk)
    await desk.engineer.runs("/change standard")
    await desk.engineer.clicks("Use")
    await in_debt(desk)
    now = desk.clock.now()
    open_still = {"Why": "It expires", "Start": now + timedelta(hours=1), "End": now + timedelta(hours=2)}
    said = await desk.engineer.submits(open_still)
    assert "CHG-2 was begun without approval, which is overdue" in str(said)
    listed = await desk.requester.runs("/change standard")
    assert "CHG-2 Mend the VPN" in listed.text
    assert OWED in listed.text
    with pytest.raises(LookupError, match="Use"):
        await desk.requester.clicks("Use")
    for person in (desk.agent, desk.manager):
        assert OWED in await home(desk, person)
    assert OWED not in await home(desk, desk.outsider)
    await desk.manager.clicks("Approve", "DM", message="asks for your approval")
    assert OWED not in (await desk.requester.runs("/change standard")).text
    assert OWED not in await home(desk, desk.agent)
    await uses(desk, 3)
