"""Logging an incident from anywhere, and what is open already."""

from pathlib import Path

import pytest
from cast import Desk, open_desk


async def test_the_global_shortcut_opens_the_form(desk: Desk) -> None:
    await desk.requester.uses_shortcut("Log incident")
    assert desk.requester.modal.title == "Report an incident"
    assert await desk.requester.submits(Summary="VPN is down", Service="VPN") == {}
    await desk.channel("service-desk").hears("INC-1", "VPN is down", "@requester")


async def test_a_report_is_answered_where_it_was_typed(desk: Desk) -> None:
    await desk.requester.runs("/incident New starter has no mailbox")
    assert desk.requester.modal.value("Service") == "Email"
    assert await desk.requester.submits(Impact="Just me") == {}
    answer = desk.requester.messages("general")[-1]
    assert answer.is_ephemeral
    assert "INC-1 is with the desk: New starter has no mailbox" in answer.text
    assert "Its card is in #service-desk" in answer.text
    await desk.requester.runs("/incident The thing is stuck again")
    assert desk.requester.modal.value("Service") == "Not sure"
    assert await desk.requester.submits(Privacy="Private: about security or people") == {}
    assert "#" not in desk.requester.messages("general")[-1].text
    card = await desk.channel("service-desk").hears("INC-1", "Email")
    assert "INC-2" not in card
    await desk.requester.runs("/incident The other thing is stuck")
    assert await desk.requester.submits() == {}
    await desk.channel("service-desk").hears("INC-3", "Not sure which service")
    assert "INC-3" in (await desk.agent.runs("/incident service INC-3 vpn")).text
    await desk.channel("service-desk").hears("INC-3", "VPN")


async def test_a_message_is_logged_with_its_words_and_link_and_hears_the_number(desk: Desk) -> None:
    said = await desk.requester.says("The VPN drops & drops, <!here> too", "general")
    await desk.engineer.uses_shortcut("Log incident", said)
    form = desk.engineer.modal
    assert form.value("Summary").startswith("The VPN drops & drops")
    assert form.value("On behalf of") == "requester", "who wrote it is proposed as the reporter"
    assert form.value("Service") == "VPN"
    assert f"/archives/{said.place.id}/p{said.ts.replace('.', '')}" in form.value("Description")
    assert await desk.engineer.submits() == {}
    await desk.dm(desk.requester).hears("Thank you", "INC-1", "@engineer reported it for you")
    await desk.dm(desk.engineer).hears("You reported INC-1 for @requester")
    answer = await desk.channel("general").hears("This is with the desk as INC-1")
    assert "@requester" in answer
    reply = next(one for one in desk.requester.messages("general") if "INC-1" in one.text)
    assert reply.raw.thread_ts == said.ts


async def test_a_mention_in_a_thread_offers_the_form(desk: Desk) -> None:
    place = desk.slack.channel("service-desk")
    for person in (desk.requester, desk.engineer):
        await person.join(place.name)
    root = await desk.requester.says("Is the VPN slow for you too?", "service-desk")
    await desk.engineer.says("@deskbell log VPN is slow", "service-desk", root)
    await desk.settles()
    await desk.engineer.clicks("Log incident", "service-desk")
    assert desk.engineer.modal.value("Summary") == "VPN is slow"
    assert await desk.engineer.submits() == {}
    await desk.channel("service-desk").hears("This is with the desk as INC-1")
    await desk.agent.join(place.name)
    await desk.agent.says("@deskbell ack", "service-desk", root)
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent")


async def test_it_may_be_logged_for_somebody_else(desk: Desk) -> None:
    await desk.agent.runs("/incident VPN is down")
    assert await desk.agent.submits({"On behalf of": "requester"}) == {}
    await desk.dm(desk.requester).hears("INC-1", "@agent reported it for you")
    await desk.channel("service-desk").hears("INC-1", "@requester, today")
    assert "cancelled" in (await desk.requester.runs("/incident cancel INC-1 Works again")).text


async def test_a_guest_cannot_be_reported_for(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.change_person("outsider", is_restricted=True)
    await desk.slack.quiet()
    await desk.agent.runs("/incident VPN is down")
    assert list(await desk.agent.submits({"On behalf of": "outsider"})) == ["On behalf of"]


async def test_what_reads_alike_is_offered_while_it_is_typed(desk: Desk) -> None:
    await desk.reports("VPN is down for everyone at home")
    await desk.reports("Mail is slow", Service="Email")
    await desk.outsider.runs("/incident")
    await desk.outsider.fills(Description="Since this morning")
    await desk.outsider.fills(Service="VPN")
    assert "Me too" not in desk.outsider.modal.buttons
    await desk.outsider.fills(Summary="vpn does not work")
    assert "INC-1 VPN is down" in desk.outsider.modal.text
    assert "INC-2" not in desk.outsider.modal.text
    assert desk.outsider.modal.value("Description") == "Since this morning", "what was typed stays"
    await desk.outsider.clicks("Me too", where="modal")
    assert "You are on INC-1" in desk.outsider.modal.text
    await desk.channel("service-desk").hears("INC-1", "affects 1 other person")
    await desk.dm(desk.outsider).hears("You are on INC-1")
    assert "Incidents" not in (await desk.agent.runs("/incident list mine")).text


async def test_what_a_command_says_is_compared_at_once(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports("VPN is down")
    await desk.engineer.runs("/incident VPN is gone")
    assert "INC-1 VPN is down" in desk.engineer.modal.text
    await desk.engineer.runs("/incident VPN licences: how many are left to give to new people?")
    assert "Me too" in desk.engineer.modal.buttons or "INC-1" not in desk.engineer.modal.text


async def test_of_very_many_services_one_is_found_by_typing(sqlite_url: str, tmp_path: Path) -> None:
    names = [f"Service {number:03}" for number in range(120)]
    entries = [
        f'[services.s{number}]\nname = "{name}"\nowner = "service-desk"\nchannel = "service-desk"\ncriticality = "low"'
        for number, name in enumerate(names)
    ]
    policy = tmp_path / "policy.toml"
    policy.write_text("\n".join(entries))
    async with open_desk(sqlite_url) as desk:
        from bot.rules.policy.policy import parse
        from bot.usecases import policy as desk_policy

        async with desk.bot.database.begin() as tx:
            await desk_policy.adopt(tx, parse(policy.read_text()), by="deskbell", now=desk.clock.now())
        await desk.requester.runs("/incident It is slow")
        assert await desk.requester.submits(Service="Service 117") == {}
        await desk.channel("service-desk").hears("INC-1", "Service 117")


@pytest.mark.parametrize(
    "summary", ["list of printers is empty", "resolve the printer", "timeline is wrong", "ack 2 alarms"]
)
async def test_a_summary_that_begins_like_a_verb_is_a_summary(desk_on_sqlite: Desk, summary: str) -> None:
    await desk_on_sqlite.requester.runs(f"/incident {summary}")
    assert desk_on_sqlite.requester.modal.value("Summary") == summary
