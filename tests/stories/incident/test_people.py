"""Who works on an incident, who is told, how it is classed, and what it is linked to."""

import pytest
from cast import Desk


async def test_it_is_given_to_me_to_a_person_and_to_a_group(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident assign INC-1 @engineer")
    await desk.channel("service-desk").hears("INC-1", "with @engineer")
    await desk.dm(desk.engineer).hears("@agent gave you INC-1")
    await desk.engineer.runs("/incident start INC-1")
    await desk.channel("service-desk").hears("INC-1", "In progress, with @engineer")
    await desk.agent.clicks("More…", "service-desk")
    assert "I'm on it" not in desk.agent.modal.buttons, "somebody is"
    assert "is with Engineer already" in (await desk.agent.runs("/incident take INC-1")).text
    await desk.agent.runs("/incident assign INC-1 me")
    await desk.channel("service-desk").hears("INC-1", "with @agent")
    await desk.agent.closes()
    await desk.agent.runs("/incident assign INC-1 Change managers")
    await desk.channel("service-desk").hears("INC-1", "with Change managers")


async def test_a_form_assigns_to_a_person(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.clicks("More…", "service-desk")
    await desk.agent.clicks("Assign…")
    assert await desk.agent.submits(Person="engineer") == {}
    await desk.channel("service-desk").hears("INC-1", "with @engineer")
    await desk.agent.chooses("agent", "Assign to", "service-desk")
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent")
    await desk.agent.chooses("requester", "Assign to", "service-desk")
    assert "is in no group of the desk" in desk.agent.notes()[-1]


async def test_a_priority_is_chosen_on_the_card(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.chooses("P3 Medium", "Priority", "service-desk")
    await desk.channel("service-desk").hears("INC-1", "P3 Medium", "set by hand")
    await desk.dm(desk.requester).hears("INC-1", "P3 Medium")
    assert "@agent changed priority" in (await desk.requester.runs("/incident timeline INC-1")).text
    await desk.agent.chooses("As impact and urgency give it: P1 Critical", "Priority", "service-desk")
    assert "set by hand" not in await desk.channel("service-desk").hears("INC-1 VPN is down", "P1 Critical")
    await desk.requester.chooses("P4 Low", "Priority", "service-desk")
    assert "can set the priority" in desk.requester.notes()[-1]
    await desk.agent.runs("/incident resolve INC-1 Fixed: done")
    assert "P4" not in await desk.channel("service-desk").hears("INC-1 VPN is down")
    with pytest.raises(LookupError):
        await desk.agent.chooses("P4 Low", "Priority", "service-desk")


async def test_nobody_who_left_can_be_given_anything(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    desk.slack.change_person("engineer", deleted=True)
    await desk.slack.quiet()
    assert "cannot take part" in (await desk.agent.runs("/incident assign INC-1 @engineer")).text
    assert "can assign an incident" in (await desk.outsider.runs("/incident assign INC-1 me")).text


async def test_a_note_is_for_the_desk_alone(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident note INC-1 The tunnel key was in a public repository")
    await desk.settles()
    for person in (desk.requester, desk.outsider):
        assert "public repository" not in (await person.runs("/incident timeline INC-1")).text
        assert all("public repository" not in one.text for one in person.messages("DM"))
    assert "public repository" in (await desk.agent.runs("/incident timeline INC-1")).text
    assert await desk.channel("service-desk").count("public repository") == 0


async def test_an_update_reaches_those_affected_and_the_thread(desk: Desk) -> None:
    await desk.reports()
    await desk.outsider.runs("/incident metoo INC-1")
    await desk.dm(desk.outsider).hears("You are on INC-1")
    await desk.channel("service-desk").hears("INC-1", "affects 1 other person")
    await desk.agent.runs("/incident update INC-1 The vendor is on it")
    for person in (desk.requester, desk.outsider):
        await desk.dm(person).hears("Update on INC-1", "The vendor is on it")
    reply = next(one for one in desk.agent.messages("service-desk") if "The vendor is on it" in one.text)
    assert reply.raw.thread_ts
    await desk.agent.runs("/incident resolve INC-1 Works again")
    await desk.dm(desk.outsider).hears("INC-1", "was resolved by @agent", "Works again")


async def test_whoever_is_told_already_hears_so(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    assert "You are on INC-1 already" in (await desk.requester.runs("/incident metoo INC-1")).text
    await desk.outsider.runs("/incident metoo INC-1")
    assert "You are on INC-1 already" in (await desk.outsider.runs("/incident metoo INC-1")).text


async def test_a_change_of_class_recomputes_priority_and_promise(desk: Desk) -> None:
    await desk.reports(Impact="Medium", Urgency="Medium")
    await desk.channel("service-desk").hears("INC-1", "P3 Medium")
    await desk.agent.runs("/incident impact INC-1 high")
    said = (await desk.agent.runs("/incident urgency INC-1 high")).text
    assert "INC-1 is P1 Critical now: VPN, impact high, urgency high." in said
    await desk.channel("service-desk").hears("INC-1", "P1 Critical")
    desk.clock.forward(minutes=16)
    await desk.channel("service-desk").hears("INC-1", "response", "breached")
    assert "changed impact to high, priority to P2" in (await desk.agent.runs("/incident timeline INC-1")).text


async def test_a_priority_set_by_hand_stays_and_is_handed_back(desk: Desk) -> None:
    await desk.reports(Impact="Low", Urgency="Low")
    said = (await desk.agent.runs("/incident priority INC-1 p1 The board sits at noon")).text
    assert "INC-1 is P1 Critical now, set by hand: VPN" in said
    await desk.channel("service-desk").hears("INC-1", "P1 Critical, set by hand")
    await desk.agent.runs("/incident class INC-1 impact:medium urgency:low service:email")
    await desk.channel("service-desk").hears("INC-1", "P1 Critical, set by hand", "Email")
    await desk.agent.runs("/incident priority INC-1 matrix The board is done")
    await desk.channel("service-desk").hears("INC-1", "P4 Low")
    assert "The board sits at noon" in (await desk.agent.runs("/incident timeline INC-1")).text


async def test_records_are_linked_from_both_sides(desk: Desk) -> None:
    await desk.reports()
    await desk.asks_for_change()
    await desk.agent.runs("/incident link INC-1 CHG-1")
    await desk.channel("service-desk").hears("INC-1", ":link: CHG-1")
    assert "they are linked already" in (await desk.agent.runs("/incident link INC-1 CHG-1")).text


async def test_a_duplicate_is_merged_and_its_people_follow_the_survivor(desk: Desk) -> None:
    await desk.reports()
    await desk.outsider.runs("/incident VPN gone")
    await desk.outsider.submits({"Service": "VPN", "Impact": "Everyone", "Urgency": "High"})
    await desk.settles()
    await desk.engineer.runs("/incident metoo INC-2")
    assert (
        "INC-1 goes on; the people of the other one follow it now"
        in (await desk.agent.runs("/incident merge INC-2 INC-1")).text
    )
    await desk.channel("service-desk").hears("INC-2", "Cancelled by @agent", "The same as INC-1")
    await desk.channel("service-desk").hears("INC-1", "affects 2 other people", ":link: INC-2")
    for person in (desk.outsider, desk.engineer):
        await desk.dm(person).hears("INC-2", "merged it into INC-1")
        await desk.dm(person).hears("You are on INC-1")
    desk.clock.forward(hours=5)
    assert await desk.channel("service-desk").count("promise", "INC-2") == 0
    assert await desk.channel("service-desk").count("promise breached", "INC-1") > 0
    assert "that one is cancelled" in (await desk.agent.runs("/incident merge INC-1 INC-2")).text
