"""After a change on a service an incident there is asked about it; where it is the cause, the change is backed out."""

from asyncio import gather
from datetime import timedelta

import pytest
from cast import CHANGE, MONDAY, Desk

from bot.rules.policy.policy import parse
from bot.usecases import policy

HOUR = timedelta(hours=1)
WINDOW: dict[str, object] = {"Start": MONDAY + HOUR, "End": MONDAY + 4 * HOUR}
ALL = {"Impact": "Everyone", "Urgency": "High"}
ASKED = "Is it the cause?"


async def begun(desk: Desk, by: str = "engineer") -> None:
    """CHG-1 is being carried out."""
    await desk.asks_for_change(**(WINDOW | {"Implementer": by}))
    await desk.approver.clicks("Approve", "DM")
    desk.clock.forward(hours=1)
    await desk.slack.person(by).runs("/change start CHG-1")
    await desk.settles()


async def finished(desk: Desk, by: str = "engineer") -> None:
    await begun(desk, by)
    desk.clock.forward(minutes=30)
    await desk.slack.person(by).runs("/change finish CHG-1")
    assert await desk.slack.person(by).submits() == {}
    await desk.settles()


async def closed(desk: Desk) -> None:
    await finished(desk)
    await desk.engineer.runs("/change close CHG-1")
    assert await desk.engineer.submits() == {}
    await desk.settles()


async def test_a_new_incident_after_a_change_there_is_asked_about_it_and_linked(desk: Desk) -> None:
    await finished(desk)
    desk.clock.forward(hours=2)
    await desk.reports()
    question = ("CHG-1 Upgrade the VPN gateway was finished", "on VPN", ASKED)
    await desk.channel("service-desk").hears("INC-1", *question)
    await desk.dm(desk.requester).hears("INC-1", *question)
    await desk.agent.clicks("Link", "service-desk")
    card = await desk.channel("service-desk").hears("INC-1", "CHG-1")
    assert ASKED not in card
    assert ASKED not in await desk.dm(desk.requester).hears("Your report is with the desk as INC-1")
    await desk.channel("changes").hears("In review", "caused INC-1")
    await desk.channel("changes").hears("INC-1 VPN is down was linked to CHG-1")
    await desk.dm(desk.requester).hears("INC-1 VPN is down was linked to CHG-1", "Back out?", "Switch back")
    await desk.engineer.clicks("Back out", "DM")
    assert desk.engineer.modal.value("Outcome") == "Backed out"
    assert "Switch back" in desk.engineer.modal.text
    assert await desk.engineer.submits({"What happened": "The standby took over"}) == {}
    await desk.channel("changes").hears("CHG-1", "In review (backed out)", "The standby took over")
    assert "Back out" not in desk.engineer.messages("DM")[-1].buttons


async def test_a_change_under_way_is_asked_about_and_backed_out_instead_of_finished(desk: Desk) -> None:
    await begun(desk)
    await desk.reports()
    await desk.channel("service-desk").hears("INC-1", "CHG-1", "has been under way since", ASKED)
    await desk.requester.clicks("Link", "DM")
    await desk.settles()
    await desk.engineer.clicks("Back out", "DM")
    assert list(await desk.engineer.submits({"What happened": " "})) == ["What happened"]
    early = {"What happened": "No luck", "Began": MONDAY + 2 * HOUR, "Ended": MONDAY}
    assert list(await desk.engineer.submits(early)) == ["Ended"]
    ended = desk.clock.now()
    assert await desk.engineer.submits({"Began": MONDAY + HOUR, "Ended": ended}) == {}
    await desk.channel("changes").hears("CHG-1", "In review (backed out)", "caused INC-1")


async def test_what_was_linked_while_the_report_was_open_stays(desk: Desk) -> None:
    await begun(desk)
    await desk.engineer.runs("/change finish CHG-1")
    await desk.reports()
    await desk.agent.clicks("Link", "service-desk")
    assert await desk.engineer.submits() == {}
    await desk.channel("changes").hears("CHG-1", "In review (success)", "caused INC-1")


async def test_a_closed_change_is_backed_out_by_an_emergency_change(desk: Desk) -> None:
    await closed(desk)
    await desk.reports()
    await desk.agent.clicks("Link", "service-desk")
    await desk.dm(desk.engineer).hears("It is closed, so that takes an emergency change")
    await desk.engineer.clicks("Ask for an emergency change", "DM")
    modal = desk.engineer.modal
    assert (modal.value("Type"), modal.value("Incident"), modal.value("Plan")) == ("Emergency", "INC-1", "Switch back")
    assert modal.value("Title") == "Back out CHG-1: Upgrade the VPN gateway"
    assert await desk.engineer.submits() == {}
    await desk.channel("changes").hears("CHG-2", "Emergency", "INC-1", "Waiting for one of")


async def test_what_is_not_the_cause_is_asked_no_more(desk: Desk) -> None:
    await finished(desk)
    await desk.reports()
    await desk.requester.clicks("Not it", "DM")
    assert ASKED not in await desk.channel("service-desk").hears("INC-1 VPN is down")
    assert await desk.channel("changes").count("INC-1") == 0
    said = (await desk.agent.runs("/incident timeline INC-1")).text
    assert "ruled out CHG-1 as its cause" in said


async def test_of_two_answers_one_counts(desk: Desk) -> None:
    await finished(desk)
    await desk.reports()
    before = len(desk.requester.noted()) + len(desk.agent.noted())
    await gather(desk.agent.clicks("Link", "service-desk"), desk.requester.clicks("Not it", "DM"))
    await desk.settles()
    heard = [*desk.requester.notes(), *desk.agent.notes()]
    late = [one for one in heard if "as the cause of INC-1 by" in one]
    assert (len(heard) - before, len(late)) == (1, 1)
    linked = "CHG-1 was already linked as the cause of INC-1 by Agent" in late[0]
    assert await desk.channel("changes").count("INC-1 VPN is down was linked") == int(linked)


async def test_who_has_no_part_in_an_incident_does_not_judge_it(desk: Desk) -> None:
    await finished(desk)
    await desk.reports()
    await desk.outsider.clicks("Link", "service-desk")
    assert "Only those who work on INC-1" in desk.outsider.notes()[-1]
    await desk.channel("service-desk").hears("INC-1", ASKED)


async def test_what_stands_on_the_changed_service_is_asked_about_and_what_does_not_is_not(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        stands_on = parse('[services.website]\ndepends_on = ["vpn"]\n')
        await policy.adopt(tx, stands_on, by="U1", now=desk.clock.now())
    await finished(desk)
    await desk.reports("The website is slow", Service="Website")
    await desk.channel("service-desk").hears("INC-1", "CHG-1", ASKED)
    await desk.reports("No mail", Service="Email")
    assert ASKED not in await desk.channel("service-desk").hears("INC-2")
    await desk.agent.runs("/incident class INC-2 service:vpn")
    await desk.channel("service-desk").hears("INC-2", "CHG-1", ASKED)


@pytest.mark.parametrize(("hours", "times"), [(7.9, 1), (8.1, 0)])
async def test_it_is_asked_about_within_the_policys_hours(desk_on_sqlite: Desk, hours: float, times: int) -> None:
    desk = desk_on_sqlite
    await finished(desk)
    desk.clock.forward(hours=hours)
    await desk.reports()
    assert await desk.channel("service-desk").count("INC-1", ASKED) == times


async def test_a_change_that_was_only_planned_or_never_begun_is_not_asked_about(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change()
    await desk.reports()
    assert await desk.channel("service-desk").count(ASKED) == 0


async def test_a_private_incident_does_not_show_through_the_change(desk: Desk) -> None:
    """Who may see it is offered the way back; nobody else hears its number, and the change's card has none."""
    await finished(desk, by="manager")
    await desk.agent.runs("/incident Somebody reads our mail")
    assert (
        await desk.agent.submits(
            {
                "Service": "VPN",
                "Privacy": ["Private: about security or people"],
                "Impact": "Everyone",
                "Urgency": "High",
            }
        )
        == {}
    )
    await desk.settles()
    await desk.manager.clicks("Link", "private-incidents")
    await desk.dm(desk.manager).hears("INC-1", "was linked to CHG-1", "Back out?")
    assert await desk.dm(desk.requester).count("INC-1") == 0
    assert await desk.channel("changes").count("INC-1") == 0
    assert "INC-1" not in (await desk.requester.runs("/change CHG-1")).text
    await desk.requester.runs("/change back-out CHG-1")
    assert desk.requester.modal.value("Caused incident") in ("", None)
    faults = await desk.requester.submits({"What happened": "No luck", "Caused incident": "INC-1"})
    assert faults == {"Caused incident": "There is no INC-1. `/incident list` shows what there is."}
    assert CHANGE["Backout plan"] in desk.requester.modal.text


async def test_an_emergency_cannot_name_a_private_incident_that_is_not_for_its_authors_eyes(desk: Desk) -> None:
    private = {
        "Service": "VPN",
        "Privacy": ["Private: about security or people"],
        "Impact": "Everyone",
        "Urgency": "High",
    }
    await desk.agent.runs("/incident Somebody reads our mail")
    assert await desk.agent.submits(private) == {}
    await desk.requester.runs("/change Mend it")
    faults = await desk.requester.submits(CHANGE | {"Type": "Emergency", "Incident": "INC-1"})
    assert faults == {"Incident": "There is no INC-1. `/incident list` shows what there is."}
