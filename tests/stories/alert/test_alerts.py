"""What people see of alerts: an incident that opens, stands and ends with them; lines; storms; silence."""

from datetime import timedelta

import pytest
from alert_steps import SOURCE, adopts, alert, clears, delivers, delivery, fires
from cast import Desk

from bot.doctor import local
from bot.rules.change_window.windows import Repeat, WindowSort
from bot.rules.incident.flow import IncidentState, replay
from bot.rules.policy.policy import parse
from bot.usecases.change_window import windows
from storage.journal import journal


async def state(desk: Desk, ref: str) -> IncidentState:
    """As the journal tells it."""
    async with desk.bot.database.read() as tx:
        return replay(await journal.timeline(tx, ref))


async def test_a_group_of_alerts_is_one_incident_that_ends_with_the_last_of_them(desk: Desk) -> None:
    await adopts(desk)
    await fires(desk, "a", "b")
    card = await desk.channel("service-desk").hears("INC-1", "Tunnel is down", "P1 Critical")
    assert "2 of 2 alerts fire" in card
    assert "Deskbell," in card, "who reported it"
    desk.clock.forward(minutes=5)
    await clears(desk, "a")
    assert "1 of 2 alerts fire" in await desk.channel("service-desk").hears("INC-1", "Tunnel is down")
    assert await state(desk, "INC-1") is IncidentState.NEW
    desk.clock.forward(minutes=5)
    await clears(desk, "b")
    await desk.channel("service-desk").hears("INC-1", "Deskbell resolved it")
    assert await state(desk, "INC-1") is IncidentState.RESOLVED
    told = (await desk.agent.runs("/incident timeline INC-1")).text
    for said in ("heard of an alert of it", "heard that an alert of it is over", "resolved it"):
        assert said in told


async def test_what_fires_again_soon_goes_on_and_later_is_a_new_incident_linked_to_the_old(desk: Desk) -> None:
    await adopts(desk)
    await fires(desk, "a")
    desk.clock.forward(minutes=5)
    await clears(desk, "a")
    desk.clock.forward(minutes=20)
    await fires(desk, "a")
    await desk.channel("service-desk").hears("INC-1", "Deskbell reopened it", "fires again within 30 minutes")
    assert await state(desk, "INC-1") is IncidentState.IN_PROGRESS
    desk.clock.forward(minutes=5)
    await clears(desk, "a")
    desk.clock.forward(minutes=31)
    await fires(desk, "a")
    assert "INC-1" in await desk.channel("service-desk").hears("INC-2", "Tunnel is down", "P1")


async def test_what_a_person_has_taken_is_theirs_to_resolve(desk: Desk) -> None:
    await adopts(desk)
    await fires(desk, "a")
    await desk.agent.clicks("I'm on it", "service-desk")
    desk.clock.forward(minutes=5)
    await clears(desk, "a")
    await desk.channel("service-desk").hears("INC-1", "Deskbell proposes to resolve it", "Resolve it on its card")
    await desk.dm(desk.agent).hears("INC-1", "proposes to resolve it")
    assert await state(desk, "INC-1") is IncidentState.ACKNOWLEDGED


async def test_a_line_in_a_channel_becomes_an_incident_by_a_click(desk: Desk) -> None:
    await adopts(desk, 'opens = "alert"\nchannel = "changes"\n')
    await fires(desk, "a")
    await desk.channel("changes").hears("Tunnel is down", "VPN", "from prom", "1 of 1 fire")
    await desk.engineer.clicks("Open an incident", "changes")
    await desk.channel("service-desk").hears("INC-1", "Tunnel is down", "@engineer")
    line = await desk.channel("changes").hears("Tunnel is down", "INC-1 is new")
    assert "Open an incident" not in line
    desk.clock.forward(minutes=5)
    await clears(desk, "a")
    await desk.channel("changes").hears("Tunnel is down", "over")
    await desk.channel("service-desk").hears("INC-1", "proposes to resolve it")


async def test_what_was_merged_goes_on_in_what_it_was_merged_into(desk: Desk) -> None:
    await adopts(desk)
    await desk.reports()
    await fires(desk, "a")
    await desk.channel("service-desk").hears("INC-2", "Tunnel is down")
    await desk.agent.runs("/incident merge INC-2 INC-1")
    await desk.settles()
    desk.clock.forward(minutes=1)
    await fires(desk, "b")
    assert "heard of an alert of it" in (await desk.agent.runs("/incident timeline INC-1")).text
    desk.clock.forward(minutes=1)
    await clears(desk, "a", "b")
    await desk.channel("service-desk").hears("INC-1", "proposes to resolve it")
    assert await state(desk, "INC-1") is IncidentState.NEW


async def test_a_storm_is_one_incident_that_counts_and_loses_none(desk: Desk) -> None:
    await adopts(desk, 'storm = { groups = 3, within = "1m" }\n')
    for number in range(12):
        content = delivery(alert(f"k{number}", "firing", desk.clock.now()), group=f"g{number}")
        await delivers(desk, content)
    assert await desk.channel("service-desk").count("Storm of alerts from prom") == 1
    await desk.channel("service-desk").hears("INC-4", "Storm of alerts from prom", "9 of 9 alerts in 9 groups fire")
    listed = (await desk.agent.runs("/alert list")).text
    assert "Alerts: 12" in listed


async def test_alerts_in_a_maintenance_window_open_nothing_until_it_is_over(desk: Desk) -> None:
    await adopts(desk)
    kept = {"title": "Cables", "window_sort": WindowSort.MAINTENANCE, "services": ("vpn",), "repeat": Repeat.ONCE}
    hour = {"starts_at": desk.clock.now(), "ends_at": desk.clock.now() + timedelta(hours=1)}
    async with desk.bot.database.begin() as tx:
        wanted = windows.Wanted(**kept, **hour, rrule="", why="New cables")
        await windows.make(tx, wanted, by=desk.manager.id, now=desk.clock.now())
    await fires(desk, "a")
    assert await desk.channel("service-desk").count("INC-1") == 0
    shown = (await desk.agent.runs("/alert")).text
    assert "muted by maintenance" in shown
    assert "1 muted by maintenance" in shown
    await fires(desk, "b", group="other", service="website")
    await desk.channel("service-desk").hears("INC-1", "Website")
    desk.clock.forward(minutes=61)
    await fires(desk, "a")
    await desk.channel("service-desk").hears("INC-2", "VPN")


async def test_silence_of_a_source_is_an_alert_and_ends_with_its_next_word(desk: Desk) -> None:
    await adopts(desk, 'heartbeat = "1h"\n')
    await delivers(desk, delivery())
    desk.clock.forward(minutes=59)
    await desk.bot.jobs.listen()
    assert await desk.channel("service-desk").count("is silent") == 0
    desk.clock.forward(minutes=2)
    await desk.bot.jobs.listen()
    await desk.channel("service-desk").hears("INC-1", "The source of alerts “prom” is silent")
    desk.clock.forward(minutes=2)
    await desk.bot.jobs.listen()
    await delivers(desk, delivery())
    await desk.channel("service-desk").hears("INC-1", "Deskbell resolved it")
    assert await desk.channel("service-desk").count("INC-2") == 0


async def test_what_comes_and_goes_is_told_once_and_when_it_stays(desk: Desk) -> None:
    await adopts(desk, 'flapping = { changes = 3, within = "10m" }\n')
    for minute in range(8):
        await (clears if minute % 2 else fires)(desk, "a")
        desk.clock.forward(minutes=1)
    await desk.channel("service-desk").hears("INC-1", "1 come and go")
    assert await state(desk, "INC-1") in (IncidentState.NEW, IncidentState.IN_PROGRESS, IncidentState.RESOLVED)
    told = (await desk.agent.runs("/incident timeline INC-1")).text
    assert told.count("is quiet about an alert that comes and goes") <= 1
    desk.clock.forward(minutes=11)
    await desk.bot.jobs.listen()
    await desk.settles()
    assert "stays as it is now" in (await desk.agent.runs("/incident timeline INC-1")).text
    assert await state(desk, "INC-1") is IncidentState.RESOLVED


async def test_a_list_says_what_fires_and_when_sources_were_heard(desk: Desk) -> None:
    await adopts(desk)
    assert "No alert" in (await desk.outsider.runs("/alert list")).text
    await fires(desk, "a", service="website")
    shown = (await desk.outsider.runs("/alert list")).text
    for said in ("Tunnel is down", "critical", "Website", "from prom", "INC-1", "prom: heard"):
        assert said in shown.replace("*", "")
    assert "No alert matches “vpn”" in (await desk.outsider.runs("/alert list vpn")).text
    assert "neither a source of alerts nor a service" in (await desk.outsider.runs("/alert list nowhere")).text
    await clears(desk, "a", service="website")
    assert "Alerts: 1" in (await desk.outsider.runs("/alert list resolved prom")).text


async def test_words_of_a_source_ring_nobody(desk: Desk) -> None:
    await adopts(desk)
    hostile = "<!channel> *x* & <https://evil.example|here>"
    await delivers(desk, delivery(alert("a", "firing", desk.clock.now(), title=hostile)))
    assert "<!channel>" in await desk.channel("service-desk").hears("INC-1", "evil.example")
    assert not desk.slack.complaints


async def test_what_comes_in_is_counted_for_whoever_watches_the_desk(desk: Desk) -> None:
    await adopts(desk)
    await fires(desk, "a", "b")
    await delivers(desk, delivery({"status": "dancing"}))
    told = (await desk.bot.scrape()).decode()
    for line in ("firing 2.0", "deliveries 2.0", "faults 1.0", "muted 0.0"):
        assert f"deskbell_alerts_{line}" in told
    assert "deskbell_alert_deliveries_waiting 0.0" in told


def test_a_source_without_its_token_is_told_by_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROM_KEY", raising=False)
    (check,) = local.alerts(parse(SOURCE))
    assert check.found == "PROM_KEY is not set, so the source prom is closed"
    monkeypatch.setenv("PROM_KEY", "x")
    assert local.alerts(parse(SOURCE))[0].state == "ok"
    assert local.alerts(parse("")) == []
