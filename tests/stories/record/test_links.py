"""Numbers lead to their cards, wherever they stand."""

import re
from typing import Any

from cast import Desk

from bot.sandbox import membership
from bot.sandbox.person.people import Person

_LINK = re.compile(r"<https://[\w.-]+/archives/(\w+)/p(\d{10})(\d{6})\|(\w{3}-\d+)>")


def leads(desk: Desk, blocks: list[dict[str, Any]], ref: str) -> str:
    """What the message says to which this number leads; empty where it is no link."""
    for channel, seconds, rest, label in _LINK.findall(str(blocks)):
        if label == ref:
            found = desk.slack.channels[channel].message(f"{seconds}.{rest}")
            assert found is not None
            return str(found.blocks)
    return ""


def last(person: Person, place: str = "DM") -> list[dict[str, Any]]:
    return person.messages(place)[-1].blocks


async def test_a_number_leads_to_its_card_from_everywhere(desk: Desk) -> None:
    await desk.reports()
    await desk.asks_for_change()
    await desk.agent.runs("/incident link INC-1 CHG-1")
    await desk.settles()
    assert "VPN is down" in leads(desk, last(desk.requester), "INC-1")
    card = desk.agent.messages("service-desk")[-1]
    assert not leads(desk, card.blocks, "INC-1")
    assert "Upgrade the VPN gateway" in leads(desk, card.blocks, "CHG-1")
    await desk.agent.runs("/incident list")
    assert leads(desk, last(desk.agent, "general"), "INC-1")
    await desk.agent.runs("/sla")
    assert leads(desk, last(desk.agent, "general"), "INC-1")
    await desk.agent.opens_home()
    await desk.settles()
    assert leads(desk, desk.agent.home.view.blocks, "INC-1")
    assert "Open" in desk.approver.messages("DM")[-1].buttons
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident ack INC-1")
    assert _LINK.search(desk.agent.messages("general")[-1].raw.text), "a refusal has links, too"


async def test_a_number_that_was_drawn_before_its_card_stood_leads_there_once_it_stands(desk: Desk) -> None:
    await desk.reports()
    place, who = desk.slack.channel("changes"), desk.manager.user.id
    membership.archive(desk.slack, place, who)
    await desk.asks_for_change()
    await desk.agent.runs("/incident link INC-1 CHG-1")
    await desk.settles()
    card = desk.agent.messages("service-desk")[-1]
    assert "CHG-1" in card.text
    assert not leads(desk, card.blocks, "CHG-1")
    membership.unarchive(desk.slack, place, who)
    await desk.settles()
    card = next(one for one in desk.agent.messages("service-desk") if one.ts == card.ts)
    assert "Upgrade the VPN gateway" in leads(desk, card.blocks, "CHG-1")


async def test_what_is_private_leads_only_whom_it_concerns(desk: Desk) -> None:
    await desk.requester.runs("/incident Phishing mail")
    assert not await desk.requester.submits(Service="Email", Privacy="Private: about security or people")
    await desk.reports("Mail is slow", Description="Since INC-1")
    assert not leads(desk, desk.agent.messages("service-desk")[-1].blocks, "INC-1")
    await desk.requester.runs("/incident list mine")
    assert "Phishing mail" in leads(desk, last(desk.requester, "general"), "INC-1")
    await desk.manager.runs("/incident list")
    assert leads(desk, last(desk.manager, "general"), "INC-1")
