"""A private incident that becomes a major one: nobody else sees a word of it."""

from cast import Desk


async def declared(desk: Desk) -> None:
    await desk.requester.runs("/incident Keys were stolen")
    private = {"Privacy": ["Private: about security or people"]}
    form = {"Service": "VPN", "Impact": "Everyone", "Urgency": "High"} | private
    assert await desk.requester.submits(form) == {}
    await desk.settles()
    assert "INC-1 is a major incident now" in (await desk.manager.runs("/incident major INC-1")).text
    await desk.settles()


async def test_its_channel_is_private_and_its_news_stay_in_the_private_room(desk: Desk) -> None:
    await declared(desk)
    channel = desk.slack.channel("inc-1")
    assert channel.is_private
    assert {desk.requester.id, desk.manager.id} <= set(channel.members)
    assert not {desk.agent.id, desk.outsider.id} & set(channel.members)
    room = desk.manager.messages("private-incidents")
    assert any("Major incident" in message.text and "INC-1" in message.text for message in room)
    await desk.manager.runs("/incident status INC-1")
    assert await desk.manager.submits({"Update": "The locks are being changed"}) == {}
    await desk.settles()
    for name in ("major-incidents", "service-desk", "general"):
        assert await desk.channel(name).count("INC-1") == 0


async def test_to_those_who_do_not_see_it_there_is_no_such_incident(desk: Desk) -> None:
    await declared(desk)
    for person in (desk.agent, desk.outsider):
        for verb in (
            "major INC-1",
            "role INC-1 scribe @agent",
            "status INC-1",
            "handover INC-1 @agent",
            "export INC-1",
        ):
            assert "There is no INC-1" in (await person.runs(f"/incident {verb}")).text
            assert person.modal is None


async def test_a_role_in_it_goes_only_to_those_who_see_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    refused = (await desk.manager.runs("/incident role INC-1 scribe @agent")).text
    assert "INC-1 is private and Agent does not see it" in refused
    assert desk.agent.id not in desk.slack.channel("inc-1").members
