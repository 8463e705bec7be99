"""What is planned, in words: the agenda of `/change calendar`, with freezes and collisions."""

from calendar_steps import asks, freezes
from cast import Desk


async def test_the_week_is_told_by_day_with_states_in_words(desk: Desk) -> None:
    await asks(desk)
    told = (await desk.outsider.runs("/change calendar")).text
    assert "Changes in the week of 2 to 8 March 2026" in told
    assert "Tuesday 3 March" in told
    assert "09:00 to 11:00 CHG-1 Upgrade the VPN gateway · VPN · waiting for approval" in told
    assert "Monday 2 March" not in told, "a day without anything is left out"
    await desk.approver.clicks("Approve", "DM")
    await desk.settles()
    assert "approved and scheduled" in (await desk.outsider.runs("/change calendar")).text


async def test_times_are_by_the_clocks_of_who_reads(desk: Desk) -> None:
    await asks(desk)
    desk.slack.change_person("outsider", tz="Pacific/Auckland")
    await desk.bot.refresh_directory()
    told = (await desk.outsider.runs("/change calendar")).text
    assert "Times in Pacific/Auckland" in told
    assert "22:00 to Wed 4 Mar 00:00 CHG-1" in told


async def test_buttons_lead_to_other_weeks_months_and_services(desk: Desk) -> None:
    await asks(desk, days=8)
    await desk.agent.runs("/change calendar")
    assert "Nothing is planned" in desk.agent.notes()[-1]
    await desk.agent.clicks("Next")
    assert "CHG-1" in desk.agent.notes()[-1]
    await desk.agent.clicks("Previous")
    assert "Nothing is planned" in desk.agent.notes()[-1]
    await desk.agent.clicks("Month")
    assert "Changes in March 2026" in desk.agent.notes()[-1]
    assert "CHG-1" in desk.agent.notes()[-1]
    await desk.agent.chooses("Email")
    assert "Changes in March 2026, Email" in desk.agent.notes()[-1]
    assert "Nothing is planned" in desk.agent.notes()[-1]
    await desk.agent.chooses("VPN")
    assert "CHG-1" in desk.agent.notes()[-1]
    await desk.agent.clicks("Week")
    assert "the week of 2 to 8 March 2026, VPN" in desk.agent.notes()[-1]


async def test_what_is_typed_chooses_too_and_wrong_words_are_answered(desk: Desk) -> None:
    await asks(desk, days=8)
    for typed in ("next", "month", "2026-03-10", "service VPN next", "2026-03"):
        assert "CHG-1" in (await desk.agent.runs(f"/change calendar {typed}")).text, typed
    assert "CHG-1" not in (await desk.agent.runs("/change calendar service Email next")).text
    assert "You can say: week, month, next" in (await desk.agent.runs("/change calendar fortnight")).text
    assert "There is no service “Moonbase”" in (await desk.agent.runs("/change calendar service Moonbase")).text
    assert desk.agent.modal is None


async def test_freezes_and_what_collides_with_them_are_marked(desk: Desk) -> None:
    await asks(desk, days=3.25)
    await freezes(desk, days=2, length=3)
    told = (await desk.outsider.runs("/change calendar")).text
    assert "09:00" in told
    assert "to Sat 7 Mar 09:00 WIN-1 Year-end close · all services · freeze" in told
    assert "Thursday 5 March · :snowflake: frozen" in told
    assert "held by a freeze" in told
    assert "collides with WIN-1" in told


async def test_two_changes_of_a_service_at_a_time_collide(desk: Desk) -> None:
    await asks(desk)
    await asks(desk, "Replace the VPN certificate")
    await asks(desk, "Move the mail store", Service="Email")
    told = (await desk.outsider.runs("/change calendar")).text
    lines = told.splitlines()
    assert sum("collides with" in line for line in lines) == 2
    assert lines[next(n for n, line in enumerate(lines) if "CHG-1" in line) + 1].endswith("collides with CHG-2")


async def test_a_draft_is_its_authors_alone(desk: Desk) -> None:
    await desk.requester.runs("/change Upgrade the VPN gateway")
    await desk.requester.clicks("Keep as a draft", where="modal")
    assert "CHG-1" in (await desk.requester.runs("/change calendar month")).text
    assert "Nothing is planned" in (await desk.agent.runs("/change calendar month")).text


async def test_a_private_major_incident_is_shown_to_whom_it_concerns(desk: Desk) -> None:
    private = {"Privacy": ["Private: about security or people"]}
    await desk.reports("Keys were stolen", **private)
    await desk.manager.runs("/incident major INC-1")
    await desk.settles()
    desk.clock.forward(minutes=5)
    assert "INC-1 Keys were stolen · VPN · major incident" in (await desk.manager.runs("/change calendar")).text
    assert "Keys" not in (await desk.outsider.runs("/change calendar")).text


async def test_guests_see_nothing(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await asks(desk)
    desk.slack.change_person("outsider", is_restricted=True)
    await desk.slack.quiet()
    assert "members of this workspace only" in (await desk.outsider.runs("/change calendar")).text


async def test_app_home_leads_to_the_calendar_and_it_turns_there(desk: Desk) -> None:
    await asks(desk)
    await desk.agent.opens_home()
    await desk.settles()
    await desk.agent.clicks("Open the calendar", where="home")
    assert desk.agent.modal.title == "Change calendar"
    assert "CHG-1" in desk.agent.modal.text
    await desk.agent.clicks("Next", where="modal")
    assert "Nothing is planned" in desk.agent.modal.text
    await desk.agent.clicks("Post as picture", where="modal")
    assert "on its way to #changes" in desk.agent.modal.text
