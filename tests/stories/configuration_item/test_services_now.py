"""How services are now, as a message in a channel: posted, kept true, replaced, and never of what is private."""

from datetime import timedelta

import pytest
from cast import MONDAY, Desk
from change_steps import HOUR, freezes
from slack_sdk.web.async_client import AsyncWebClient
from stories.configuration_item.test_items import adopted

NOW = "Services now"
STATUS = """
[channels.status]
name = "status"
[configuration]
services_channel = "status"
"""


async def looked_at(desk: Desk, **later: float) -> str:
    """The message, a minute later."""
    desk.clock.forward(**(later or {"minutes": 1}))
    return await desk.channel("service-desk").hears(NOW)


def of(service: str, said: str) -> str:
    """The line of a service that has something open on it, and what stands below it."""
    return said.replace("*", "").partition(f"{service} is ")[2].partition(" is ")[0]


def clear(said: str) -> str:
    return said.partition("Nothing is open on ")[2].partition("\n")[0]


async def test_an_incident_shows_and_goes_when_it_is_resolved(desk: Desk) -> None:
    assert "kept true there" in (await desk.agent.runs("/service post")).text
    said = await desk.channel("service-desk").hears(NOW)
    assert "VPN" in clear(said)
    await desk.reports()
    said = await looked_at(desk)
    assert of("VPN", said).startswith("disrupted")
    assert "INC-1 (P1)" in of("VPN", said)
    assert "VPN" not in clear(said)
    assert "Email" in clear(said)
    await desk.agent.runs("/incident resolve INC-1 The gateway was restarted")
    if desk.agent.modal is not None:
        assert await desk.agent.submits() == {}
    assert "VPN" in clear(await looked_at(desk))
    assert await desk.channel("service-desk").count(NOW) == 1


async def test_it_is_drawn_once_a_minute_and_not_at_all_where_nothing_happens(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/service post")
    before = await desk.channel("service-desk").hears(NOW)
    for _ in range(3):
        assert await looked_at(desk) == before, "it says as of when it is so, and nothing is different"
    await desk.reports("Mail is slow", Service="Email")
    await desk.reports("VPN is down")
    assert await desk.channel("service-desk").hears(NOW) == before
    said = await looked_at(desk)
    assert "INC-1" in of("Email", said)
    assert "INC-2" in of("VPN", said)


async def test_windows_and_changes_show_when_their_time_comes(desk: Desk) -> None:
    await desk.agent.runs("/service post")
    maintained = {"Kind": "Maintenance window", "Services": ["VPN"]}
    await freezes(desk, "Firmware", **maintained, From=MONDAY + 2 * HOUR, To=MONDAY + 3 * HOUR)
    await freezes(desk, "Year-end", Services=["Email"], From=MONDAY + 4 * HOUR, To=MONDAY + 5 * HOUR)
    assert {"VPN", "Email"} <= set(clear(await looked_at(desk)).split(", "))
    said = await looked_at(desk, hours=2)
    assert of("VPN", said).startswith("under maintenance")
    assert "Maintenance: Firmware" in of("VPN", said)
    assert "VPN" in clear(await looked_at(desk, hours=1))
    assert "Freeze: Year-end" in of("Email", await looked_at(desk, hours=1))
    assert "Email" in clear(await looked_at(desk, hours=1))
    await desk.asks_for_change(Start=desk.clock.now() + 2 * HOUR, End=desk.clock.now() + 3 * HOUR)
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    assert "Changes within a day: CHG-1" in of("VPN", await looked_at(desk))
    desk.clock.forward(hours=2)
    await desk.requester.runs("/change start CHG-1")
    said = await looked_at(desk)
    assert of("VPN", said).startswith("being changed")
    assert "Being changed: CHG-1" in of("VPN", said)


async def test_what_is_private_is_neither_named_nor_counted_whoever_posts_it(desk: Desk) -> None:
    await desk.reports("Keys were stolen", Privacy=["Private: about security or people"])
    assert "Private incidents: 1" in (await desk.manager.runs("/service vpn")).text
    await desk.manager.runs("/service post")
    said = await looked_at(desk)
    assert "VPN" in clear(said)
    assert "INC-1" not in said
    assert "Keys" not in said


async def test_posted_again_it_replaces_the_former_one(desk: Desk) -> None:
    await desk.agent.runs("/service post")
    await desk.settles()
    await adopted(desk, STATUS)
    await desk.bot.prepare_workspace()
    await desk.agent.runs("/service")
    await desk.agent.clicks("Post in the channel")
    assert "on its way to #status" in desk.agent.notes()[-1]
    await desk.settles()
    assert "in a newer message in #status" in await desk.channel("service-desk").hears("How services are now")
    assert await desk.channel("service-desk").count(NOW) == 0
    await desk.reports()
    desk.clock.forward(minutes=1)
    assert "INC-1" in of("VPN", await desk.channel("status").hears(NOW))
    await desk.agent.runs("/service post")
    assert await desk.channel("status").count(NOW) == 1
    assert await desk.channel("status").count("in a newer message in #status") == 1


async def test_a_new_policy_is_followed(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/service post")
    assert "Tunnel" not in await desk.channel("service-desk").hears(NOW)
    await adopted(desk, '[services.vpn]\nname = "Tunnel"\n')
    assert "Tunnel" in clear(await looked_at(desk))


async def test_a_message_that_was_deleted_stays_away_until_somebody_posts_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/service post")
    await desk.channel("service-desk").hears(NOW)
    posted = next(one for one in desk.agent.messages("service-desk") if NOW in one.text)
    client = AsyncWebClient(desk.slack.bot_token, base_url=desk.server.api_url)
    await client.chat_delete(channel=desk.slack.channel("service-desk").id, ts=posted.ts)
    for service in ("VPN", "Email"):
        await desk.reports(Service=service)
        desk.clock.forward(minutes=1)
        assert await desk.channel("service-desk").count(NOW) == 0
    await desk.agent.runs("/service post")
    assert "INC-2" in await desk.channel("service-desk").hears(NOW)


@pytest.mark.parametrize("guest", [False, True])
async def test_who_has_no_service_reads_it_and_posts_none(desk_on_sqlite: Desk, guest: bool) -> None:
    desk = desk_on_sqlite
    if guest:
        desk.slack.change_person("outsider", is_restricted=True)
        await desk.slack.quiet()
    refused = "members of this workspace only" if guest else "Only members of Service desk, Change managers"
    assert refused in (await desk.outsider.runs("/service post")).text
    assert await desk.channel("service-desk").count(NOW) == 0
    if not guest:
        await desk.outsider.runs("/service")
        with pytest.raises(LookupError):
            await desk.outsider.clicks("Post in the channel")


async def test_after_an_outage_it_is_looked_at_once(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/service post")
    await desk.reports()
    assert "INC-1" in of("VPN", await looked_at(desk, days=1))
    await desk.agent.runs("/incident resolve INC-1 The gateway was restarted")
    desk.clock.forward(seconds=timedelta(minutes=1).total_seconds())
    assert "INC-1" not in await desk.channel("service-desk").hears(NOW)


async def test_a_list_of_services_is_all_of_them(desk_on_sqlite: Desk) -> None:
    every = (await desk_on_sqlite.outsider.runs("/service")).text
    for typed in ("list", "All"):
        assert (await desk_on_sqlite.outsider.runs(f"/service {typed}")).text == every
