"""An incident, from the slash command to the confirmed fix."""

import pytest
from cast import Desk

from bot.rules.record.text import SUMMARY_MOST

pytestmark = pytest.mark.every_road


async def test_a_report_is_kept_announced_and_confirmed_to_who_made_it(desk: Desk) -> None:
    await desk.requester.runs("/incident VPN is down")
    assert desk.requester.modal.title == "Report an incident"
    assert desk.requester.modal.value("Summary") == "VPN is down"
    assert await desk.requester.submits(Impact="Everyone", Urgency="High") == {}
    assert desk.requester.modal is None
    await desk.channel("service-desk").hears("INC-1", "VPN is down", "P1 Critical", "@requester", "Response due")
    await desk.dm(desk.requester).hears("Thank you", "INC-1")


async def test_the_form_says_what_priority_the_answers_make(desk: Desk) -> None:
    await desk.requester.runs("/incident VPN is down")
    assert "P3 Medium" in desk.requester.modal.text
    await desk.requester.fills({"Description": "Nobody gets in", "Impact": "Everyone"})
    await desk.requester.fills(Urgency="High")
    assert "P1 Critical" in desk.requester.modal.text
    assert desk.requester.modal.value("Description") == "Nobody gets in", "what was typed stays"


async def test_a_service_named_in_the_summary_is_chosen_already(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/incident my email is gone")
    assert desk.requester.modal.value("Service") == "Email"
    await desk.requester.runs("/incident the coffee machine is cold")
    assert desk.requester.modal.value("Service") == "Not sure"


async def test_the_desk_acknowledges_and_the_card_says_who(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.clicks("I'm on it", "service-desk")
    card = await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent", "Response in time")
    assert "Acknowledged" in card
    await desk.dm(desk.requester).hears("INC-1", "Acknowledged, with @agent")
    card = desk.agent.messages("service-desk")[-1]
    assert card.buttons[:3] == ["Start work", "Resolve", "More…"]


async def test_resolving_asks_for_a_note_and_tells_the_reporter(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.clicks("I'm on it", "service-desk")
    await desk.agent.clicks("Resolve", "service-desk")
    assert await desk.agent.submits({"Resolution note": "   "}) == {
        "Resolution note": "The resolution note is empty. Write a few words."
    }
    assert await desk.agent.submits({"Resolution note": "Renewed the certificate"}) == {}
    await desk.channel("service-desk").hears("INC-1", "Resolved by @agent", "Renewed the certificate")
    await desk.dm(desk.requester).hears("was resolved by @agent", "Renewed the certificate")
    assert desk.agent.messages("service-desk")[-1].buttons == ["More…"]


async def test_an_incident_may_be_resolved_without_being_acknowledged_first(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.clicks("Resolve", "service-desk")
    await desk.agent.submits({"Resolution note": "Works again"})
    await desk.channel("service-desk").hears("INC-1", "Response in time", "Resolution in time")
    desk.clock.forward(days=3)
    assert await desk.channel("service-desk").count("promise") == 0


async def test_who_is_not_of_the_desk_is_refused_in_words(desk: Desk) -> None:
    await desk.reports()
    for label in ("I'm on it", "Resolve"):
        await desk.outsider.clicks(label, "service-desk")
        assert "Only members of Service desk" in desk.outsider.notes()[-1]
        assert desk.outsider.modal is None
    await desk.channel("service-desk").hears("INC-1", "New, with")


async def test_the_second_to_acknowledge_hears_who_was_first(desk: Desk) -> None:
    await desk.reports()
    desk.slack.change_usergroup("service-desk", ["agent", "engineer"])
    await desk.slack.quiet()
    await desk.engineer.clicks("I'm on it", "service-desk")
    await desk.agent.clicks("I'm on it", "service-desk")
    assert desk.agent.notes()[-1].startswith("INC-1 is with Engineer already.")
    await desk.channel("service-desk").hears("Acknowledged, with @engineer")


async def test_one_incident_is_shown_with_its_buttons_to_who_asks_for_it(desk: Desk) -> None:
    await desk.reports()
    shown = await desk.agent.runs("/incident inc-1")
    assert "VPN is down" in shown.text
    await desk.agent.clicks("I'm on it", "general")
    await desk.settles()
    assert "Acknowledged, with @agent" in desk.agent.notes("general")[-1]
    await desk.channel("service-desk").hears("Acknowledged, with @agent")


async def test_the_list_puts_the_most_urgent_first_and_leaves_out_what_is_done(desk: Desk) -> None:
    assert "No incident is open" in (await desk.agent.runs("/incident list")).text
    await desk.reports("Mail is slow", Impact="Low", Urgency="Low")
    await desk.reports("VPN is down")
    await desk.reports("Phones ring twice")
    await desk.agent.clicks("Resolve", "service-desk", message="Phones ring twice")
    await desk.agent.submits({"Resolution note": "A cable"})
    listed = (await desk.agent.runs("/incident list")).text
    assert "Open incidents (2)" in listed
    assert listed.index("INC-2") < listed.index("INC-1")
    assert "Phones" not in listed


async def test_help_shows_what_can_be_typed(desk: Desk) -> None:
    shown = (await desk.requester.runs("/incident help")).text
    assert "/incident list" in shown
    assert "/incident INC-n" in shown
    assert "/incident cancel INC-n" in shown, "a reporter may"
    assert "/incident ack" not in shown
    assert "/incident ack INC-n" in (await desk.agent.runs("/incident help")).text
    first = (await desk.requester.runs("/desk")).text
    assert "/incident [summary]" in first
    assert "/change [title]" in first
    assert "freeze" not in first
    assert "/request [what]" in first, "who reports asks for things, too"
    assert "/service [name]" in first
    assert "/complaint [what is wrong]" in first
    assert len(first.splitlines()) < 13
    missed = (await desk.requester.runs("/desk report")).text
    assert missed.startswith("There is no /desk report. /report is a command.")
    assert missed.endswith(first)
    assert first == (await desk.requester.runs("/desk help")).text
    assert "/incident ack INC-n" in (await desk.agent.runs("/desk")).text
    assert "/change freeze" in (await desk.manager.runs("/desk")).text
    await desk.requester.clicks("All commands", "general")
    everything = desk.requester.modal.text
    assert "/incident cancel INC-n" in everything
    assert "/incident ack INC-n" not in everything
    assert "/change postpone CHG-n" in everything
    for command, theirs, of_others in (
        ("request", ("confirm", "withdraw", "add", "rate"), ("fulfil", "start", "assign", "note", "done")),
        ("complaint", ("accept", "escalate", "withdraw"), ("acknowledge", "answer", "action")),
    ):
        noun = {"request": "REQ", "complaint": "CMP"}[command]
        for verb in theirs:
            assert f"/{command} {verb} {noun}-n" in everything, verb
        for verb in of_others:
            assert f"/{command} {verb} {noun}-n" not in everything, verb
            assert f"/{command} {verb} {noun}-n" in (await desk.agent.runs(f"/{command} help")).text, verb


async def test_an_unknown_number_is_answered_with_where_to_look(desk: Desk) -> None:
    assert "There is no INC-999. /incident list shows" in (await desk.requester.runs("/incident INC-999")).text
    assert "is not a record's number" in (await desk.requester.runs("/incident INC-0x1")).text


async def test_a_summary_that_begins_with_a_verb_is_a_summary(desk_on_sqlite: Desk) -> None:
    await desk_on_sqlite.requester.runs("/incident list of printers is empty")
    assert desk_on_sqlite.requester.modal.value("Summary") == "list of printers is empty"


async def test_a_summary_of_five_thousand_characters_is_kept_whole(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    words = "the VPN gateway does not answer " * 90
    await desk.requester.runs(f"/incident {words}")
    assert len(desk.requester.modal.value("Summary")) <= SUMMARY_MOST
    assert desk.requester.modal.value("Description") == words.strip()
    assert await desk.requester.submits() == {}
    await desk.channel("service-desk").hears("INC-1", "the VPN gateway does not answer")


async def test_an_empty_summary_is_refused_under_its_field(desk: Desk) -> None:
    await desk.requester.runs("/incident")
    faults = await desk.requester.submits({"Summary": " \u200b\t ", "Service": "VPN"})
    assert list(faults) == ["Summary"]
    assert desk.requester.modal is not None, "what was typed is not lost"
    assert (await desk.agent.runs("/incident list")).text.count("INC-") == 0


async def test_what_people_type_rings_nobody(desk: Desk) -> None:
    await desk.reports("<!channel> see <@U999> & `rm -rf` 🕰️ خادم البريد معطل")
    await desk.channel("service-desk").hears("INC-1", "<!channel>", "<@U999>", "خادم البريد معطل", "🕰️")
    assert [ring for ring in desk.slack.rings if ring.what == "channel"] == []


async def test_a_guest_is_refused_politely(desk: Desk) -> None:
    desk.slack.change_person("outsider", is_restricted=True)
    await desk.slack.quiet()
    answer = await desk.outsider.runs("/incident VPN is down")
    assert "Guests can ask a member" in answer.text
    assert desk.outsider.modal is None
