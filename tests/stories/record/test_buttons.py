"""What a person is offered for themselves is not refused when they press it: direct messages and App Home."""

import re

import pytest
from cast import Desk

from bot.sandbox.person.people import Person

REFUSED = re.compile(r"^Only |\bcannot\b|\balready\b|^There is no |went wrong")


async def pressed(desk: Desk, who: Person, label: str, **where) -> str:
    """What it is refused with; empty where it does something or opens a form."""
    before = len(who.noted())
    await who.clicks(label, **where)
    while who.modal:
        await who.closes()
    await desk.settles()
    return " ".join(one for one in who.notes()[before:] if REFUSED.search(one))


@pytest.mark.slow
async def test_no_button_of_a_direct_message_or_of_app_home_is_refused_to_its_reader(lived_in_desk: Desk) -> None:
    desk = lived_in_desk
    refused, tried = [], 0
    for who in (desk.requester, desk.agent, desk.approver, desk.manager, desk.engineer, desk.outsider):
        for said in who.messages("DM"):
            for label in said.buttons:
                now = next(one for one in who.messages("DM") if one.ts == said.ts)
                if label not in now.buttons:
                    continue  # what was pressed before has ended it
                tried += 1
                desk.clock.forward(seconds=2)
                if told := await pressed(desk, who, label, channel="DM", message=now):
                    refused.append((who.handle, label, now.text[:60], told))
        await who.opens_home()
        await desk.settles()
        for label in who.home.buttons:
            await who.opens_home()
            await desk.settles()
            if label in who.home.buttons:
                tried += 1
                if told := await pressed(desk, who, label, where="home"):
                    refused.append((who.handle, label, "App Home", told))
    assert refused == []
    assert tried > 40, "or there was nothing to press"
