"""A condition binds whoever goes on with it: it stands on the card of what was approved, of whatever noun."""

from collections.abc import Awaitable, Callable, Mapping

import pytest
from cast import Desk

from bot.rules.policy.policy import parse
from bot.rules.record.refs import Noun
from bot.usecases.approvables import APPROVABLES
from bot.usecases.policy import adopt

MOVES = """
[registers.exception]
title = "Exceptions from a policy"
prefix = "EXC"
manager = "change-managers"
stages = ["asked for", "granted"]

[registers.exception.moves]
granted = { after = ["asked for"], approval = "documents" }
"""
REVIEWS = '[reviews]\npriorities = ["P1"]\n'
ACCESS = {
    "Which service?": "VPN",
    "What do you need to do there?": "Change things",
    "Why do you need that much?": "I stand in",
}
TARGET = {"For which priority?": "P1", "Answered within": "10m", "Resolved within": "2h"}


async def _rules(desk: Desk, added: str) -> None:
    async with desk.bot.database.begin() as tx:
        await adopt(tx, parse(added), by="operator", now=desk.clock.now())


async def _request(desk: Desk) -> None:
    await desk.requester.runs("/request access")
    assert not await desk.requester.submits(ACCESS)


async def _change(desk: Desk) -> None:
    await desk.asks_for_change()


async def _review(desk: Desk) -> None:
    await _rules(desk, REVIEWS)
    await desk.reports("The VPN is down for everybody", Impact="High", Urgency="High")
    await desk.agent.runs("/incident resolve INC-1 Restarted the gateway")
    for section in ("what-happened", "causes", "went-well"):
        await desk.agent.runs(f"/review write REV-1 {section} The log was never rotated")
    await desk.agent.runs("/review submit REV-1")


async def _document(desk: Desk) -> None:
    await desk.agent.runs("/document new Incident process")
    assert not await desk.agent.submits({"Title": "Incident process", "What it is": "Process", "Clauses": "8.1"})
    await desk.agent.runs("/document submit DOC-1 All of it")


async def _proposal(desk: Desk) -> None:
    await desk.agent.runs("/desk policy propose")
    await desk.agent.clicks("A target")
    assert not await desk.agent.submits(TARGET)


async def _entry(desk: Desk) -> None:
    await _rules(desk, MOVES)
    await desk.agent.runs("/register add exception No badge at the side door")
    assert not await desk.agent.submits({})
    await desk.agent.runs("/register move REG-1 granted The door has a guard")


ASKS: Mapping[Noun, tuple[Callable[[Desk], Awaitable[None]], str, str]] = {
    Noun.CHANGE: (_change, "/change", "changes"),
    Noun.REQUEST: (_request, "/request", "service-desk"),
    Noun.REVIEW: (_review, "/review", "service-desk"),
    Noun.DOCUMENT: (_document, "/document", "service-desk"),
    Noun.POLICY: (_proposal, "/desk", "changes"),
    Noun.ENTRY: (_entry, "/register", "service-desk"),
}
"""How each comes to be asked for, its command, and where its card is."""
TOLD_OTHERWISE = {Noun.CHANGE}
"""Its requester reads the condition in a message of its own."""


@pytest.mark.parametrize("noun", list(APPROVABLES))
async def test_the_card_of_what_was_approved_has_the_condition(desk: Desk, noun: Noun) -> None:
    asks, command, channel = ASKS[noun]
    await asks(desk)
    await desk.settles()
    await desk.manager.runs(f"{command} approve-if {noun}-1 Only until March")
    card = await desk.channel(channel).hears(f"{noun}-1", "Approved under a condition by @manager", "Only until March")
    assert "waits for" not in card


@pytest.mark.parametrize("noun", [one for one in APPROVABLES if one not in TOLD_OTHERWISE])
async def test_the_news_of_an_approval_says_that_it_has_a_condition(desk: Desk, noun: Noun) -> None:
    asks, command, _ = ASKS[noun]
    await asks(desk)
    await desk.settles()
    await desk.manager.runs(f"{command} approve-if {noun}-1 Only until March")
    asker = desk.requester if noun is Noun.REQUEST else desk.agent
    await desk.settles()
    told = (await asker.runs(f"{command} timeline {noun}-1")).text
    assert "under a condition" in told
