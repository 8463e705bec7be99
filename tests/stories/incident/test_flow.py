"""An incident's way through its flow: by card, by menu, by command and by mention in its thread."""

import pytest
from cast import Desk


async def said(desk: Desk, person: object, text: str) -> str:
    answer = await person.runs(text)
    await desk.settles()
    return answer.text


async def test_every_step_has_its_command(desk: Desk) -> None:
    await desk.reports()
    agent = desk.agent
    assert "INC-1 is yours" in await said(desk, agent, "/incident ack INC-1")
    assert "is being worked on" in await said(desk, agent, "/incident start inc-1")
    assert "pending" in await said(desk, agent, "/incident pend INC-1 vendor A part is ordered")
    await desk.channel("service-desk").hears(
        "INC-1", "Pending, with @agent", "Waits for the vendor", "A part is ordered"
    )
    assert "is being worked on again" in await said(desk, agent, "/incident resume INC-1")
    assert "resolved" in await said(desk, agent, "/incident resolve INC-1 Workaround: restart it nightly")
    await desk.channel("service-desk").hears("INC-1", "Resolution · Workaround", "restart it nightly")
    assert "open again" in await said(desk, agent, "/incident reopen INC-1 It is back")
    assert "resolved" in await said(desk, agent, "/incident resolve INC-1 note: with a colon")
    await desk.channel("service-desk").hears("INC-1", "Resolution · Fixed", "note: with a colon")
    assert "closed" in await said(desk, agent, "/incident close INC-1")
    await desk.channel("service-desk").hears("INC-1", "Closed by @agent")


async def test_the_card_suggests_the_next_step(desk: Desk) -> None:
    await desk.reports()
    for label, then in (("I'm on it", "Start work"), ("Start work", "Resolve")):
        await desk.agent.clicks(label, "service-desk")
        await desk.settles()
        assert desk.agent.messages("service-desk")[-1].buttons[0] == then


async def test_the_menu_offers_what_this_person_can_do_now(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.clicks("I'm on it", "service-desk")
    await desk.agent.clicks("More…", "service-desk")
    assert {"Start work", "Set pending…", "Assign…", "Note…", "Merge…", "Timeline"} <= set(desk.agent.modal.buttons)
    assert "Reopen…" not in desk.agent.modal.buttons
    assert desk.agent.modal.view.body["close"]["text"] == "Done", "“Close” and “Cancel” are steps of it"
    await desk.agent.clicks("Set pending…")
    assert await desk.agent.submits({"Waiting for": "The customer", "Reason": "Which office are you in?"}) == {}
    assert desk.agent.modal is None
    await desk.dm(desk.requester).hears("@agent asks about INC-1", "Which office are you in?")
    await desk.outsider.clicks("More…", "service-desk")
    assert desk.outsider.modal.buttons == ["Me too", "Timeline"]


async def test_a_step_without_words_is_taken_from_the_menu(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.clicks("More…", "service-desk")
    await desk.agent.clicks("Start work")
    assert "It is in progress" in desk.agent.modal.text
    assert "Start work" not in desk.agent.modal.buttons
    await desk.channel("service-desk").hears("INC-1", "In progress, with @agent", "Response in time")


async def test_an_illegal_step_is_refused_in_words_that_name_the_legal_ones(desk: Desk) -> None:
    await desk.reports()
    assert await said(desk, desk.agent, "/incident close INC-1") == (
        "INC-1 is new, so it cannot be closed. From here it can be: acknowledged, started, resolved or cancelled."
    )
    assert "can mark an incident resolved" in await said(desk, desk.outsider, "/incident resolve INC-1 done")
    assert "From here it can be: cancelled." in await said(desk, desk.requester, "/incident close INC-1")


async def test_the_reporter_may_withdraw_it_and_nobody_else_may(desk: Desk) -> None:
    await desk.reports()
    assert "Only members" in await said(desk, desk.outsider, "/incident cancel INC-1 It is not needed")
    assert "cancelled" in await said(desk, desk.requester, "/incident cancel INC-1 I had typed it wrong")
    await desk.channel("service-desk").hears("INC-1", "Cancelled by @requester")
    desk.clock.forward(days=3)
    assert await desk.channel("service-desk").count("promise") == 0


async def test_a_mention_in_its_thread_needs_no_number(desk: Desk) -> None:
    await desk.reports()
    card = next(one for one in desk.agent.messages("service-desk") if "INC-1" in one.text)
    for person in (desk.agent, desk.outsider):
        await person.join("service-desk")
    await desk.agent.says("@deskbell ack", "service-desk", card)
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent")
    assert "INC-1 is yours" in desk.agent.notes("service-desk")[-1]
    await desk.agent.says("@deskbell resolve Renewed the certificate", "service-desk", card)
    await desk.channel("service-desk").hears("INC-1", "Resolved by @agent", "Renewed the certificate")
    await desk.outsider.says("@deskbell close", "service-desk", card)
    await desk.settles()
    assert "Only members of Service desk" in desk.outsider.notes("service-desk")[-1]


async def test_a_mention_elsewhere_must_say_which(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.join("service-desk")
    await desk.agent.says("@deskbell ack", "service-desk")
    await desk.settles()
    assert "Say which incident" in desk.agent.notes("service-desk")[-1]
    await desk.agent.says("@deskbell ack INC-1", "service-desk")
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("ack INC-99", "There is no INC-99"),
        ("ack INC-0x1", "is not a record's number"),
        ("pend INC-1", "Some words are missing"),
        ("pend INC-1 weather it rains", "“weather” is no reason to wait"),
        ("pend INC-1 vendor", "Some words are missing: type /incident pend INC-n"),
        ("cancel INC-1", "Some words are missing"),
        ("priority INC-1 P9 why", "“P9” is no priority"),
        ("impact INC-1 cosmic", "“cosmic” is no impact"),
        ("urgency INC-1", "Some words are missing"),
        ("service INC-1 fax", "There is no service “fax”"),
        ("class INC-1 colour:red", "“colour” is no thing to change so"),
        ("assign INC-1 nobody-at-all", "or a group: service-desk"),
        ("share INC-1 nobody", "is no member of this workspace"),
        ("link INC-1 INC-1", "it is the same record"),
        ("link INC-1 CHG-9", "There is no CHG-9"),
        ("link INC-1 nonsense", "is not a record's number"),
        ("merge INC-1 INC-1", "it is the same record"),
        ("merge INC-1 CHG-1", "is not a record's number"),
        ("metoo INC-77", "There is no INC-77"),
        ("timeline INC-77", "There is no INC-77"),
        ("list priority:P7", "is not something to list by"),
        ("list service:fax", "There is no service “fax”"),
    ],
)
async def test_what_cannot_be_done_is_said_and_nothing_is_half_done(
    desk_on_sqlite: Desk, typed: str, says: str
) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    answer = await desk.agent.runs(f"/incident {typed}")
    shown = answer.text if desk.agent.modal is None else f"Some words are missing: {desk.agent.modal.title}"
    assert says in shown
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with")


@pytest.mark.parametrize(
    ("label", "filled", "fault"),
    [
        ("Resolve", {"Resolution note": " "}, "Resolution note"),
        ("Set pending…", {"Reason": "\u200b"}, "Reason"),
        ("Cancel…", {"Reason": " "}, "Reason"),
        ("Note…", {"Note": "\t \n"}, "Note"),
        ("Update…", {"Update": " "}, "Update"),
        ("Set priority…", {"Reason": " "}, "Reason"),
        ("Link…", {"Another record": "INC-0"}, "Another record"),
        ("Merge…", {"The same as": "everything"}, "The same as"),
        ("Assign…", {"Person": None}, "Person"),
        ("Assign…", {"Person": "requester", "Or a group": "Service desk"}, "Person"),
    ],
)
async def test_a_form_that_cannot_be_kept_stays_open_with_its_fault(
    desk_on_sqlite: Desk, label: str, filled: dict[str, str], fault: str
) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.settles()
    await desk.agent.clicks("More…", "service-desk")
    await desk.agent.clicks(label)
    if filled == {"Person": None}:
        await desk.agent.fills({"Person": None})
        filled = {}
    assert list(await desk.agent.submits(filled)) == [fault]
    assert desk.agent.modal is not None
