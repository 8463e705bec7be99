"""A question for a configuration item: searched while somebody types, kept with its name, linked to the request."""

from cast import Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy

ITEM = """
[requests.restart]
title = "A restart"
service = "vpn"
[[requests.restart.questions]]
id = "what"
asks = "Which one?"
type = "configuration item"
required = true
"""


async def test_an_item_is_chosen_by_its_name_and_the_request_is_linked_to_it(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(ITEM), by="operator", now=desk.clock.now())
    await desk.manager.runs("/ci add VPN gateway 1")
    assert not await desk.manager.submits({"Type": "Server", "Owner": "Service desk"})
    await desk.settles()
    await desk.requester.runs("/request restart")
    assert "Which one?" in str(await desk.requester.submits({}))
    assert not await desk.requester.submits({"Which one?": "VPN gateway 1"})
    card = await desk.channel("service-desk").hears("REQ-1", "Which one?", "VPN gateway 1")
    number = next(word for word in card.split() if word.startswith("CI-"))
    assert "REQ-1" in (await desk.agent.runs(f"/ci {number}")).text
    # Asked again, the form begins with it.
    await desk.agent.runs("/request fulfil REQ-1 It runs again")
    await desk.requester.runs("/request confirm REQ-1")
    await desk.requester.runs("/request REQ-1")
    await desk.requester.clicks("Ask again…", "general")
    assert desk.requester.modal.value("Which one?") == "VPN gateway 1"
