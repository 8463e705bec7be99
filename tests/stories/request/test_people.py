"""Asking for several people at once, and for what is no request."""

from cast import Desk


async def test_each_of_several_people_has_a_request_of_their_own(desk: Desk) -> None:
    await desk.manager.runs("/request laptop")
    asked = {"What do you need?": "A new one", "For somebody else": ["requester", "engineer"]}
    assert not await desk.manager.submits(asked)
    await desk.dm(desk.requester).hears("REQ-1", "asked by @manager")
    await desk.dm(desk.engineer).hears("REQ-2", "asked by @manager")
    assert "REQ-2" not in (await desk.requester.runs("/request list mine")).text


async def test_what_reads_like_a_fault_is_carried_over_to_an_incident(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    shown = (await desk.requester.runs("/request the VPN is broken again")).text
    assert "That is an incident" in shown
    await desk.requester.clicks("Report an incident instead")
    assert "the VPN is broken again" in str(desk.requester.modal.view)
    assert not await desk.requester.submits({})
    await desk.channel("service-desk").hears("INC-1", "the VPN is broken again")


async def test_the_catalogue_is_searched_from_anywhere(desk: Desk) -> None:
    await desk.requester.uses_shortcut("Ask for something")
    assert "What you can ask for" in desk.requester.modal.text
    await desk.requester.chooses("Access to a service", "Look for something")
    assert desk.requester.modal.title == "Access to a service"
    assert "Which service?" in desk.requester.modal.labels


async def test_what_reads_like_a_request_is_carried_over_from_an_incident(desk: Desk) -> None:
    await desk.requester.runs("/incident I need laptops for two colleagues")
    assert "is nothing broken" in desk.requester.modal.text.lower()
    await desk.requester.clicks("Ask for it instead")
    assert desk.requester.modal.title == "A laptop"
    assert "You wrote: I need laptops for two colleagues" in " ".join(desk.requester.modal.text.split()).replace(
        "> ", ""
    )
    await desk.requester.fills({"What do you need?": "A new one"})
    assert not await desk.requester.submits({})
    await desk.channel("service-desk").hears("REQ-1", "Written as an incident", "I need laptops for two colleagues")
    assert "Written as an incident" in (await desk.agent.runs("/request timeline REQ-1")).text
    await desk.requester.runs("/incident The printer is broken")
    assert "is nothing broken" not in desk.requester.modal.text.lower()
