"""What people see when Slack refuses, stalls, loses an answer or hangs up: everything once, in the end."""

import aiohttp
import pytest
from cast import Desk, open_desk, settings_for, workspace

from bot.app import Deskbell, connected
from bot.sandbox import Clock, Server, membership, modals
from handlers.workspace.client import CalledInsideTransaction

pytestmark = pytest.mark.every_road

SETTLE_SECONDS = 60


async def test_a_card_refused_for_its_pace_comes_when_slack_allows_it(desk: Desk) -> None:
    desk.slack.faults.add(method="chat.postMessage", status=429, retry_after=30, times=2)
    await desk.reports()
    assert await desk.channel("service-desk").count("VPN is down") == 0
    for _ in range(2):
        desk.clock.forward(seconds=31)
        await desk.settles()
    assert await desk.channel("service-desk").count("VPN is down") == 1
    assert await desk.dm(desk.requester).count("Thank you", "INC-1") == 1


async def test_a_card_whose_answer_was_lost_is_there_once(desk: Desk) -> None:
    desk.slack.faults.add(method="chat.postMessage", status=500, accept=True, times=2)
    await desk.reports()
    desk.clock.forward(seconds=SETTLE_SECONDS)
    assert await desk.channel("service-desk").count("VPN is down") == 1
    assert await desk.dm(desk.requester).count("Thank you") == 1
    await desk.agent.clicks("I'm on it", "service-desk")
    await desk.channel("service-desk").hears("Acknowledged, with @agent")


async def test_a_card_that_never_arrived_is_posted_again(desk: Desk) -> None:
    desk.slack.faults.add(method="chat.postMessage", drop=True, accept=False, times=2)
    await desk.reports()
    desk.clock.forward(seconds=SETTLE_SECONDS)
    assert await desk.channel("service-desk").count("VPN is down") == 1


async def test_what_is_for_an_archived_channel_waits_until_it_is_opened_again(desk: Desk) -> None:
    place = desk.slack.channel("service-desk")
    membership.archive(desk.slack, place, desk.agent.id)
    await desk.reports()
    assert await desk.channel("service-desk").count("VPN is down") == 0
    await desk.dm(desk.requester).hears("Thank you", "INC-1")
    membership.unarchive(desk.slack, place, desk.agent.id)
    desk.clock.forward(minutes=1)
    assert await desk.channel("service-desk").count("VPN is down") == 1


async def test_a_card_that_changed_in_an_archived_channel_is_redrawn_once_it_is_opened_again(
    desk: Desk,
) -> None:
    place = desk.slack.channel("service-desk")
    await desk.reports()
    card = desk.agent.messages("service-desk")[-1]
    membership.archive(desk.slack, place, desk.agent.id)
    await desk.agent.runs("/incident resolve INC-1 Restarted")
    await desk.settles()
    assert "Resolved" not in card.text
    membership.unarchive(desk.slack, place, desk.agent.id)
    desk.clock.forward(minutes=1)
    await desk.settles()
    assert "Resolved" in card.text
    assert "Resolve" not in card.buttons


async def test_a_form_that_slack_has_no_time_for_is_asked_for_again_when_it_has(desk: Desk) -> None:
    desk.slack.faults.add(method="views.open", status=429, retry_after=7, times=1)
    answer = await desk.requester.runs("/incident VPN is down")
    assert answer.text == "Slack is busy and asks us to wait 7 seconds. Nothing was saved. Please try again then."
    assert (await desk.requester.runs("/incident VPN is down")).ok
    assert desk.requester.modal.title == "Report an incident"


async def test_a_form_that_could_not_open_says_so(desk: Desk) -> None:
    desk.slack.faults.add(method="views.open", error="expired_trigger_id", times=1)
    answer = await desk.requester.runs("/incident VPN is down")
    assert "Please try again" in answer.text
    await desk.requester.runs("/incident VPN is down")
    assert desk.requester.modal is not None


async def test_a_form_whose_answer_was_lost_is_saved_once_though_it_was_redrawn(desk: Desk) -> None:
    requester = desk.requester
    await requester.runs("/incident VPN is down")
    await requester.fills(Service="VPN", Impact="Everyone", Urgency="High")
    form = requester.top()
    assert await requester.submit() == {}
    desk.slack.modals[requester.id] = [form]  # the answer came too late, and so the form stayed
    shown = form.hash
    modals.update(desk.slack, form, form.body)
    assert form.hash != shown
    assert await requester.submit() == {}
    assert requester.modal is None
    assert await desk.channel("service-desk").count("VPN is down") == 1


@pytest.mark.postgres
async def test_two_replicas_on_one_database_tell_everything_once(postgres_url: str) -> None:
    async with open_desk(postgres_url, "http") as desk:
        second = Deskbell(desk.bot.settings, desk.clock.now)
        try:
            await desk.requester.runs("/incident VPN is down")
            await desk.requester.submits({"Service": "VPN", "Impact": "Everyone", "Urgency": "High"})
            for minutes in (0, 12, 4):
                desk.clock.forward(minutes=minutes)
                await second.jobs.sweep()
                await second.relay.deliver()
                await desk.settles()
            await desk.settles()
            said = desk.agent.messages("service-desk")
            assert sum("Resolve" in one.buttons for one in said) == 1, said
            assert await desk.channel("service-desk").count("Response promise", "INC-1") == 1
            assert sum(one.thread_ts is not None for one in said) == 2, "the warning, which gave way, and the breach"
        finally:
            await second.close()


async def test_slack_is_never_called_while_a_transaction_is_open(desk_on_sqlite: Desk) -> None:
    async with desk_on_sqlite.bot.database.begin():
        with pytest.raises(CalledInsideTransaction):
            await desk_on_sqlite.bot.reads.auth_test()


async def test_health_and_ready_tell_a_supervisor_how_it_stands(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    async with aiohttp.ClientSession() as http:
        for door in ("health", "ready"):
            async with http.get(f"{desk.url}/{door}") as answer:
                assert answer.status == 200
        membership.archive(desk.slack, desk.slack.channel("changes"), desk.agent.id)
        await desk.bot.refresh_directory()
        async with http.get(f"{desk.url}/ready") as answer:
            assert answer.status == 503
            assert "#changes cannot be posted to" in (await answer.json())["reasons"][0]


async def test_over_socket_mode_it_is_ready_once_its_socket_is_open(sqlite_url: str) -> None:
    """Else who upgrades one replica after the other would stop the last one that Slack can reach."""
    slack = workspace(Clock())
    async with Server(slack) as server:
        bot = Deskbell(settings_for(slack, server, sqlite_url, "socket"), slack.clock.now)
        await bot.prepare_storage()
        await bot.prepare_workspace()
        assert await bot.readiness() == ["The socket to Slack is not open yet."]
        async with connected(bot, slack.app_token):
            assert await bot.readiness() == []
        await bot.close()
