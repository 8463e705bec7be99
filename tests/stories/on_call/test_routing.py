"""Whoever is on call is given incidents, is called by the ladder, and may work on them."""

from datetime import timedelta

from alert_steps import SOURCE, clears, fires
from cast import Desk
from on_call_steps import with_rota
from promises import CALM, on_record, until

from bot.rules.record.facts import SYSTEM, FactKind

GIVEN = '[services.vpn]\non_call = "rota:vpn"\n'


async def test_an_incident_is_given_to_who_has_the_turn_at_that_instant(desk: Desk) -> None:
    await with_rota(desk, "engineer", "outsider", turn="1 day", also=GIVEN + CALM)
    await desk.reports()
    first, second = desk.engineer, desk.outsider
    given = [one.data["assignee"] for one in await on_record(desk, FactKind.INCIDENT_ASSIGNED)]
    if given != [first.id]:
        first, second = second, first
    assert given == [first.id]
    assert "You are on call for vpn" in await desk.dm(first).hears("INC-1", "VPN is down")
    desk.clock.forward(days=1)
    await desk.reports("VPN is slow")
    [fact] = await on_record(desk, FactKind.INCIDENT_ASSIGNED, "INC-2")
    assert (fact.data["assignee"], fact.data["rota"], fact.by) == (second.id, "rota:vpn", SYSTEM)
    await second.clicks("I'm on it", desk.dm(second).name)
    await desk.channel("service-desk").hears("INC-2", "acknowledged")
    timeline = (await desk.agent.runs("/incident timeline INC-2")).text
    assert "who is on call (rota:vpn)" in timeline


async def test_the_ladder_calls_who_is_on_call_when_it_speaks(desk: Desk) -> None:
    rungs = (
        '[alarms.on-call]\nat = 0\nto = ["rota:vpn"]\n[alarms.half]\nat = 50\nto = ["channel"]\ncalls = ["rota:vpn"]\n'
    )
    await with_rota(desk, "engineer", also=CALM + rungs)
    await desk.reports()
    await desk.dm(desk.engineer).hears("INC-1", "VPN is down")
    desk.clock.forward(minutes=8)
    await desk.channel("service-desk").hears("Response promise", "INC-1", "@engineer")
    await desk.engineer.runs("/incident ack INC-1")
    await desk.channel("service-desk").hears("INC-1", "acknowledged")


async def test_alerts_name_who_is_on_call_and_still_end_by_themselves(desk: Desk) -> None:
    await with_rota(desk, "engineer", also=GIVEN + SOURCE)
    await fires(desk, "a")
    await desk.dm(desk.engineer).hears("INC-1", "Tunnel is down", "You are on call")
    desk.clock.forward(minutes=5)
    await clears(desk, "a")
    await desk.channel("service-desk").hears("INC-1", "Deskbell resolved it")
    await with_rota(desk, "engineer", also=GIVEN + SOURCE + 'opens = "alert"\nchannel = "changes"\n')
    desk.clock.forward(hours=2)
    await fires(desk, "b", group="h")
    await desk.channel("changes").hears("Tunnel is down", "On call: @engineer")


async def test_a_group_has_its_turn_too_and_nobody_is_given_what_nobody_can_take(desk: Desk) -> None:
    since = (desk.clock.now() - timedelta(days=1)).isoformat()[:16] + "+00:00"
    gone = f'[[rotas.vpn.overrides]]\nfrom = "{since}"\nto = "2099-01-01T00:00"\nin = "nobody-knows-them"\n'
    await with_rota(desk, "engineer", also=gone + '[groups.service-desk]\non_call = "rota:vpn"\n')
    await desk.reports()
    assert await on_record(desk, FactKind.INCIDENT_ASSIGNED) == []
    await with_rota(desk, "engineer", also='[groups.network]\ntitle = "N"\npeople = ["agent"]\non_call = "rota:vpn"\n')
    await desk.agent.runs("/incident assign INC-1 network")
    await desk.dm(desk.engineer).hears("INC-1", "to N. It is your turn")


async def test_who_sleeps_by_their_own_clocks_hears_as_they_wake_and_the_others_at_once(desk: Desk) -> None:
    since = desk.clock.now()
    quiet = f"{since:%H:%M}-{since + timedelta(minutes=12):%H:%M}"
    rung = f'[alarms.half]\nat = 50\nto = ["rota:vpn"]\nquiet = ["{quiet}"]\n'
    await with_rota(desk, "engineer", also=CALM + rung)
    await desk.reports()
    desk.clock.forward(minutes=8)
    await desk.settles()
    assert await desk.dm(desk.engineer).count("Response promise at risk") == 0
    assert await desk.channel("service-desk").count("Response promise at risk") == 0, "nobody has forgotten them"
    until(desk, since + timedelta(minutes=13))
    await desk.settles()
    await desk.dm(desk.engineer).hears("Response promise", "INC-1")
