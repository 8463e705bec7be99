"""Who has left, or is only a guest now, has nothing: no incident, no role, no promise; the desk is told once."""

import pytest
from cast import Desk
from promises import on_record, under

from bot.rules.record.facts import FactKind
from storage.incident import incidents
from storage.major_incident import major_incidents


@pytest.mark.parametrize("how", ["deleted", "is_restricted"])
async def test_what_they_had_is_with_nobody_and_the_desk_is_told_once(desk: Desk, how: str) -> None:
    await under(desk, '[alarms.breach]\nto = ["assignee"]\n[alarms.reminder]\nto = ["assignee"]')
    for summary in ("VPN is down", "Mail is slow"):
        await desk.reports(summary)
    await desk.agent.runs("/incident major INC-1")
    for number in (1, 2):
        await desk.agent.runs(f"/incident assign INC-{number} @engineer")
    await desk.agent.runs("/incident role INC-1 commander @engineer")
    for role in ("communications", "scribe"):
        await desk.agent.runs(f"/incident role INC-1 {role} @agent")
    await desk.settles()
    await desk.engineer.runs("/incident ack INC-2")
    desk.slack.change_person("engineer", **{how: True})
    await desk.settles()
    said = await desk.channel("service-desk").hears(
        "@engineer is no longer a member of this workspace", "INC-1", "INC-2"
    )
    assert said.count("INC-") == 2
    await desk.channel("service-desk").hears("INC-2", "with nobody yet")
    async with desk.bot.database.read() as tx:
        assert [(await incidents.get(tx, number)).assignee for number in (1, 2)] == [None, None]
        assert "commander" not in await major_incidents.roles(tx, 1)
    [vacated] = await on_record(desk, FactKind.MAJOR_ROLE_VACATED)
    assert vacated.data["role"] == "commander"
    await desk.channel("inc-1-vpn-is-down").hears("Nobody has taken this role", "Incident commander")
    desk.clock.forward(hours=4, minutes=1)
    await desk.channel("service-desk").hears("Resolution promise breached", "INC-2")
    await desk.bot.prepare_workspace()
    assert await desk.channel("service-desk").count("is no longer a member") == 1
    told = (await desk.agent.runs("/incident timeline INC-2")).text
    assert "took it from @engineer, who has left" in told
