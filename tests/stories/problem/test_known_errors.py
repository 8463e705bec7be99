"""What is known helps before an incident exists: offered while somebody types, applied, told once, read again."""

from cast import Desk

KNOWN = {
    "What people see": "The VPN drops at night and stays away",
    "Workaround": "Quit the client, wait a minute, start it again",
    "Other words for it": "tunnel disconnected",
}


async def written_down(desk: Desk, **fields: object) -> None:
    """A known error of the first incident's problem, published."""
    await desk.reports("The VPN drops at night")
    await desk.agent.runs("/incident problem INC-1 The VPN drops each night")
    await desk.agent.runs("/problem known-error PRB-1")
    assert not await desk.agent.submits(KNOWN | fields)
    await desk.agent.runs("/problem KE-1")
    await desk.agent.clicks("Publish", "general")
    await desk.settles()


async def test_it_is_offered_while_somebody_types_and_helps_without_an_incident(desk: Desk) -> None:
    await written_down(desk)
    await desk.outsider.runs("/incident My tunnel is disconnected, VPN")
    await desk.outsider.fills(Service="VPN")
    assert "KE-1" in desk.outsider.modal.text
    assert "wait a minute" in desk.outsider.modal.text
    await desk.outsider.clicks("This helped")
    assert "Nothing was logged" in desk.outsider.modal.text
    assert "it helped once" in desk.outsider.modal.text
    await desk.outsider.closes()
    assert "helped 1" in (await desk.agent.runs("/problem PRB-1")).text
    assert "INC-2" not in (await desk.agent.runs("/incident list all")).text
    desk.clock.forward(days=1, hours=1)
    await desk.dm(desk.outsider).hears("Does KE-1", "still do?")
    await desk.requester.runs("/incident Mail is slow")
    assert "KE-1" not in desk.requester.modal.text


async def test_it_is_logged_anyway_and_linked_and_its_workaround_resolves_it(desk: Desk) -> None:
    await written_down(desk)
    await desk.dm(desk.requester).hears("While INC-1 is being worked on, this helps", "wait a minute")
    await desk.outsider.runs("/incident The VPN drops at night again")
    await desk.outsider.fills(Service="VPN")
    await desk.outsider.clicks("Log anyway")
    assert "It will be linked to KE-1" in desk.outsider.modal.text
    assert not await desk.outsider.submits()
    await desk.settles()
    assert "It may have caused: INC-2" in (await desk.agent.runs("/problem PRB-1")).text
    await desk.channel("service-desk").hears("INC-2", "KE-1", "wait a minute")
    await desk.agent.clicks("Apply workaround", "service-desk")
    assert not await desk.agent.submits()
    await desk.dm(desk.outsider).hears("INC-2", "was resolved", "wait a minute")
    assert "used 1" in (await desk.agent.runs("/problem KE-1")).text
    await desk.agent.runs("/problem KE-1")
    await desk.agent.clicks("Change…", "general")
    assert not await desk.agent.submits({"Workaround": "Use the second gateway"})
    await desk.dm(desk.requester).hears("this helps", "Use the second gateway")
    assert await desk.dm(desk.requester).count("While INC-1 is being worked on") == 2
    desk.clock.forward(days=91)
    await desk.dm(desk.agent).hears("KE-1", "was to be read again today")
    assert "retired" in (await desk.agent.runs("/problem retire KE-1 It is mended")).text
    await desk.outsider.runs("/incident The VPN drops at night")
    assert "KE-1" not in desk.outsider.modal.text


async def test_known_errors_are_searched_by_the_words_behind_the_verb(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await written_down(desk)
    for typed, found in (
        ("zzz", False),
        ("tunnel", True),
        ("“VPN drops”", True),
        ("VPN zzz", False),
        ("v%n", False),
        ("a " * 2000, False),
    ):
        said = (await desk.requester.runs(f"/problem known-errors {typed}")).text
        assert desk.requester.modal is None, "no form for a problem"
        assert ("KE-1" in said) is found, typed
        assert found or "No known error has" in said


async def test_what_is_for_the_desk_or_private_is_offered_to_nobody_else(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await written_down(desk, For="The desk alone")
    assert await desk.dm(desk.requester).count("this helps") == 0
    for who, sees in ((desk.requester, False), (desk.engineer, True)):
        await who.runs("/incident The VPN drops at night, tunnel disconnected")
        assert ("KE-1" in who.modal.text) is sees
        await who.closes()
    await desk.reports("Keys were stolen", Privacy=["Private: about security or people"])
    await desk.manager.runs("/incident problem INC-2 Keys are stolen")
    await desk.manager.runs("/problem known-error PRB-2 Keys stolen at the door: Call the guard")
    await desk.manager.runs("/problem publish KE-2")
    for who, sees in ((desk.agent, False), (desk.requester, False), (desk.manager, True)):
        await who.runs("/incident Keys stolen at the door")
        assert ("KE-2" in who.modal.text) is sees
        await who.closes()
        assert ("KE-2" in (await who.runs("/problem known-errors")).text) is sees
    assert "There is no KE-2" in (await desk.agent.runs("/problem KE-2")).text
