"""Bad input of every form that changes have: refused under its field, with what was typed still there."""

from datetime import timedelta

import pytest
from cast import CHANGE, MONDAY, Desk
from change_steps import HOUR, agreed, done_well, rules, uses

PAST = {"Start": MONDAY - HOUR, "End": MONDAY + HOUR}
INVERTED = {"Start": MONDAY + 2 * HOUR, "End": MONDAY + HOUR}
NOTHING_SEEN = "\u200b\u2060 \n\t"
"""Spaces, and characters that nobody sees."""


@pytest.fixture
async def desk(desk_on_sqlite: Desk) -> Desk:
    return desk_on_sqlite


@pytest.mark.parametrize("blank", [" ", "\n\n\t ", NOTHING_SEEN, "\u202e"])
async def test_a_backout_plan_of_spaces_is_none(desk: Desk, blank: str) -> None:
    await desk.requester.runs("/change Upgrade")
    faults = await desk.requester.submits(CHANGE | {"Backout plan": blank})
    assert faults == {"Backout plan": "The backout plan is empty. Write a few words."}
    assert desk.requester.modal.value("Plan") == CHANGE["Plan"]
    assert "No change is open" in (await desk.requester.runs("/change list")).text


async def test_an_edit_is_held_to_what_a_request_is_held_to(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.requester.runs("/change edit CHG-1")
    assert list(await desk.requester.submits(PAST)) == ["Start"]
    assert list(await desk.requester.submits(INVERTED)) == ["End"]
    assert list(await desk.requester.submits({**CHANGE, "End": MONDAY + 3 * HOUR, "Backout plan": " "})) == [
        "Backout plan"
    ]
    await desk.channel("changes").hears("CHG-1", "Waiting for one of", "Switch back")


async def test_who_edits_what_another_has_edited_meanwhile_hears_the_difference(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.requester.runs("/change edit CHG-1")
    await desk.manager.runs("/change edit CHG-1")
    assert await desk.manager.submits(Plan="Upgrade at night") == {}
    said = str(await desk.requester.submits(Plan="Upgrade at noon"))
    assert "CHG-1 has changed since this was drawn" in said
    assert "is now “Upgrade at night”" in said
    assert desk.requester.modal.value("Plan") == "Upgrade at noon"
    await desk.channel("changes").hears("CHG-1", "Upgrade at night")


async def test_an_implementer_who_is_the_only_approver_left_is_refused(desk: Desk) -> None:
    desk.slack.change_usergroup("change-approvers", ["approver"])
    await desk.slack.quiet()
    await desk.requester.runs("/change Upgrade")
    faults = await desk.requester.submits(CHANGE | {"Implementer": "approver"})
    assert "Change approvers has no other member" in faults["Implementer"]
    assert await desk.requester.submits({"Implementer": "engineer"}) == {}
    await desk.requester.runs("/change edit CHG-1")
    assert "Implementer" in await desk.requester.submits({"Implementer": "approver"})
    await desk.channel("changes").hears("CHG-1", "implemented by @engineer", "Waiting for one of @approver")


async def test_a_quorum_that_an_implementer_makes_impossible_is_refused(desk: Desk) -> None:
    await rules(desk, '[approvals.normal]\nstages = ["3 of cab"]\none_rejection = false\nremind = "8h"\nexpires = "2d"')
    await desk.requester.runs("/change Upgrade")
    faults = await desk.requester.submits(CHANGE | {"Implementer": "engineer"})
    assert "This takes 3 approvals of Change advisory board, and only 2 there may vote" in faults["Implementer"]


async def test_who_cannot_carry_out_changes_here_is_refused_as_implementer(desk: Desk) -> None:
    desk.slack.change_person("outsider", deleted=True)
    await desk.slack.quiet()
    await desk.requester.runs("/change Upgrade")
    faults = await desk.requester.submits(CHANGE | {"Implementer": "outsider"})
    assert "cannot carry out changes here" in faults["Implementer"]


async def test_a_broken_glass_is_held_to_sense(desk: Desk) -> None:
    await desk.agent.runs("/change break-glass Mend the VPN")
    blank = {"Service": "VPN", "Why": " ", "Plan": " ", "Backout plan": NOTHING_SEEN, "Incident": "7th"}
    wanted = {"Why", "Plan", "Backout plan", "Incident"}
    assert set(await desk.agent.submits(blank | {"End": MONDAY + HOUR})) == wanted
    assert "End" in await desk.agent.submits({"End": MONDAY - HOUR})
    words = {"Why": "Down", "Plan": "Restart", "Backout plan": "Restart again", "End": MONDAY + HOUR}
    assert list(await desk.agent.submits(words | {"Incident": "INC-9"})) == ["Incident"]
    assert "No change is open" in (await desk.agent.runs("/change list")).text


async def test_questions_and_answers_of_spaces_are_refused_and_one_answer_is_given(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.clicks("Ask a question", "DM")
    assert "Question" in await desk.approver.submits(Question=NOTHING_SEEN)
    assert await desk.approver.submits(Question="Who stands by?") == {}
    await desk.settles()
    asked = desk.requester.messages("DM")[-1]
    await desk.requester.clicks("Answer", message=asked)
    assert "Answer" in await desk.requester.submits(Answer=" ")
    assert await desk.requester.submits(Answer="Two of us") == {}
    await desk.requester.clicks("Answer", message=asked)
    assert "was already answered by Requester" in str(await desk.requester.submits(Answer="Three of us"))


async def test_a_stand_in_who_is_no_member_and_one_for_years_are_refused(desk: Desk) -> None:
    desk.slack.change_person("outsider", deleted=True)
    await desk.slack.quiet()
    await desk.approver.runs("/change delegate")
    faults = await desk.approver.submits({"Stand-in": "outsider"})
    assert faults == {"Stand-in": "Outsider is not a member who could vote here. Choose somebody else."}
    assert list(await desk.approver.submits({"Stand-in": "engineer", "Until": MONDAY + timedelta(days=400)})) == [
        "Until"
    ]


async def test_a_standard_change_is_held_to_sense_and_keeps_what_was_typed(desk: Desk) -> None:
    await agreed(desk)
    now = desk.clock.now()
    await desk.requester.runs("/change standard")
    await desk.requester.clicks("Use")
    assert set(await desk.requester.submits({"Why": NOTHING_SEEN, "Start": now - HOUR, "End": now})) == {"Why", "Start"}
    assert list(await desk.requester.submits({"Why": "It expires", "Start": now + 2 * HOUR, "End": now + HOUR})) == [
        "End"
    ]
    assert desk.requester.modal.value("Why") == "It expires"
    assert await desk.requester.submits({"End": now + 3 * HOUR}) == {}
    await desk.requester.runs("/change edit CHG-2")
    assert list(await desk.requester.submits({"Start": now + 5 * HOUR})) == ["End"]


async def test_a_template_that_got_another_version_under_ones_feet_is_refused(desk: Desk) -> None:
    await agreed(desk)
    await desk.agent.runs("/change standard")
    await desk.agent.clicks("Use")
    await done_well(desk, 2)
    await desk.requester.clicks("Make it a standard change", "changes", message="CHG-2")
    await desk.channel("changes").hears("STD-2", "version 2", "proposed")
    await desk.manager.clicks("Approve", "changes", message="STD-2")
    await desk.channel("changes").hears("STD-1", "retired")
    faults = await desk.agent.submits({"Why": "It expires"})
    assert "STD-1 Renew the certificate has changed or left use" in faults["Why"]
    await uses(desk, 3)


async def test_a_policy_without_the_service_under_ones_feet_is_refused(desk: Desk) -> None:
    await desk.requester.runs("/change Upgrade")
    await rules(desk, "[services]\nvpn = false\n")
    faults = await desk.requester.submits(CHANGE)
    assert "not in the catalogue any more" in faults["Service"]
    assert await desk.requester.submits({"Service": "Email"}) == {}


async def test_an_action_in_minutes_needs_words_if_somebody_is_to_do_it(desk: Desk) -> None:
    await rules(desk, '[approvals.normal]\nstages = ["2 of cab"]\nremind = "8h"\nexpires = "2d"')
    await desk.asks_for_change()
    await desk.manager.runs("/change cab")
    await desk.settles()
    await desk.manager.clicks("Note", "changes", message="On the agenda of CAB-1")
    assert list(await desk.manager.submits({"Note": "Said", "Who does it": "engineer"})) == ["Action"]
    assert await desk.manager.submits({"Action": "Test it"}) == {}
    await desk.channel("changes").hears("On the agenda of CAB-1", "Test it @engineer")
