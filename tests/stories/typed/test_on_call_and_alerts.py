"""What is typed about rotas and alerts, which are no records."""

from cast import Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy

POLICY = """
[rotas.vpn]
title = "VPN watch"
zone = "Europe/Berlin"
[[rotas.vpn.layers]]
turn = "1 week"
from = "2026-01-05T09:00"
people = ["{agent}", "{engineer}"]
[rotas.mail]
title = "Mail & more"
zone = "UTC"
[[rotas.mail.layers]]
turn = "1 day"
from = "2026-01-05T09:00"
people = ["{engineer}"]
[alerts.prom]
format = "alertmanager"
key = "env:KEY"
service = "vpn"
"""


async def watched(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        written = POLICY.format(agent=desk.agent.id, engineer=desk.engineer.id)
        await desk_policy.adopt(tx, parse(written), by="operator", now=desk.clock.now())
    await desk.settles()


async def test_a_rota_is_named_in_quotes_and_what_follows_it_is_not_passed_over(desk_on_sqlite: Desk) -> None:
    agent = desk_on_sqlite.agent
    await watched(desk_on_sqlite)
    plain = (await agent.runs("/oncall vpn")).text
    for typed in ("“vpn”", "„VPN watch“", '"vpn watch"', "«vpn»"):
        assert (await agent.runs(f"/oncall {typed}")).text == plain, typed
    assert "load" in (await agent.runs("/oncall load “vpn”")).text
    told = (await agent.runs("/oncall load vpn from friday to sunday")).text
    assert told == "Nothing stands behind /oncall load vpn: type it alone."
    long = (await agent.runs(f"/oncall away {'x' * 3000}")).text
    assert f"“{'x' * 39}…”" in long
    only = (await agent.runs("/oncall mail")).text
    assert "turn 57 of layer 1, and so on to turn 119" in only
    assert "shortened" not in only


async def test_alerts_are_listed_by_words_in_any_combination(desk_on_sqlite: Desk) -> None:
    agent = desk_on_sqlite.agent
    assert "The policy has no sources yet." in (await agent.runs("/alert zzz")).text
    await watched(desk_on_sqlite)
    for typed in ("list all prom vpn", "vpn, all", "“VPN” resolved prom", "list Laptops & accounts all", "all"):
        assert "No alert" in (await agent.runs(f"/alert {typed}")).text, typed
    told = (await agent.runs("/alert list all vpn zzz")).text
    assert told.startswith("“zzz” is neither a source of alerts nor a service")
    assert "Sources are “prom”." in told
