"""One declaration, every road: what an action does by command, with words and without, by mention and by button."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from cast import Desk

from bot.rules.change.action_phrases import PHRASE, ChangeAct
from bot.rules.incident.action_phrases import IncidentAct
from bot.rules.incident.flow import IncidentStep
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.sandbox import messages
from bot.sandbox.person.people import Person
from handlers.blocks import kit
from handlers.change.actions import ACTIONS as OF_CHANGES
from handlers.incident.actions import ACTIONS as OF_INCIDENTS
from handlers.records.actions import Action, button

WORDS = {"pend": "vendor waits", "assign": "me", "class": "impact:high", "impact": "high", "urgency": "high",
         "service": "email", "priority": "P2 why", "link": "CHG-1", "share": "@engineer", "merge": "INC-2",
         "rate": "5 well done", "postpone": "to Friday it rains"}  # fmt: skip
INFINITIVES = {"add", "apply", "ask", "assign", "back", "cancel", "change", "close", "edit", "have", "let", "link",
               "mark", "merge", "raise", "say", "set", "start", "write", "answer", "undo"}  # fmt: skip
SAID_OTHERWISE = {"approve", "approve-if", "reject", "ask", "withdraw", "propose", "review"}
FOR_ALL = {"metoo", "share"}
"""Open to all members, or refused for another reason than the role: nobody asked for this person's vote."""


def shows(desk: Desk, *buttons: dict[str, Any]) -> None:
    """Somebody's old message with these buttons."""
    bot, place = desk.slack.bot_user.id, desk.slack.channel("general")
    messages.post(
        desk.slack, place, user=bot, text="Old", blocks=[kit.actions(*buttons)], bot_id=desk.slack.bot_id,
        app_id=desk.slack.app_id,
    )  # fmt: skip


async def by_every_road(desk: Desk, who: Person, action: Action, seen: RecordVersion) -> dict[str, str]:
    """What somebody hears by command, with words and without, and by button."""
    heard = {}
    if action.typed:
        command = f"/{action.whole_command.split()[0][1:]} {action.verb} {seen.ref}"
        heard["alone"] = (await who.runs(command)).text
        heard["with words"] = (await who.runs(f"{command} {WORDS.get(action.verb, 'some words')}")).text
    if action.label:
        shows(desk, button(action, seen))
        await who.clicks(action.label, "general")
        heard["by button"] = who.notes("general")[-1]
    assert who.modal is None, f"{action.verb} opened a form"
    return heard


async def refusals(desk: Desk, actions: Mapping[str, Action], ref: Ref) -> dict[str, set[str]]:
    found = {}
    for verb, action in actions.items():
        if verb not in FOR_ALL or (verb == "share" and ref.noun is Noun.INCIDENT):
            found[verb] = set((await by_every_road(desk, desk.outsider, action, RecordVersion(ref, 1))).values())
    return found


def phrase(action: Action, ref: Ref) -> str:
    """The one place that says what somebody cannot do."""
    step: Any = action.step
    if isinstance(step, IncidentStep):
        return f"mark an incident {step}"
    return str(
        step if isinstance(step, IncidentAct | ChangeAct | RecordAct) else PHRASE.get(step, "have {ref} {step}")
    ).format(ref=ref, step=step)


@pytest.mark.slow
async def test_an_outsider_hears_one_sentence_by_every_road_of_every_action(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.reports("Mail is slow", Service="Email")
    await desk.asks_for_change()
    for noun, actions in ((Noun.INCIDENT, OF_INCIDENTS), (Noun.CHANGE, OF_CHANGES)):
        ref = Ref(noun, 1)
        for verb, said in (await refusals(desk, actions, ref)).items():
            assert len(said) == 1, f"{verb} is refused in several ways: {said}"
            (sentence,) = said
            if verb not in SAID_OTHERWISE or noun is Noun.INCIDENT:
                assert re.match(r"Only (members of|who|the) ", sentence), sentence
                assert f" can {phrase(actions[verb], ref)}." in sentence
                assert phrase(actions[verb], ref).split()[0] in INFINITIVES
            assert sentence.endswith(".")


async def test_words_behind_a_verb_are_done_and_open_no_form(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change()
    assert "Who stands by?" in (await desk.approver.runs("/change ask chg1 Who stands by?")).text
    assert "looks good" in (await desk.approver.runs("/change approve CHG-1 looks good")).text
    await desk.channel("changes").hears("CHG-1", "Approved by @approver", "looks good")
    moved = (await desk.requester.runs("/change postpone CHG-1 to Friday The supplier is late")).text
    assert "Waiting for one of" in moved, "a window is part of what was approved"
    await desk.channel("changes").hears("was revised", "The supplier is late", "Mar 6, 2026")
    assert "Not on a Friday" in (await desk.approver.runs("/change reject chg 1 Not on a Friday")).text
    assert "Cancelled" in (await desk.requester.runs("/change cancel CHG-1 too risky")).text
    await desk.channel("changes").hears("CHG-1", "Cancelled", "too risky")
    assert desk.requester.modal is desk.approver.modal is None


async def test_the_work_is_told_in_words_and_its_outcome_before_a_colon(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for number in (1, 2):
        await desk.asks_for_change(f"Upgrade gateway {number}")
        await desk.approver.runs(f"/change approve {number}")
    desk.clock.forward(days=1, hours=1)
    for number in (1, 2):
        await desk.requester.runs(f"/change start #{number}")
    assert "In review (success)" in (await desk.requester.runs("/change finish CHG-1 all went well")).text
    assert "all went well" in (await desk.requester.runs("/change 1")).text
    assert "In review (failed)" in (await desk.requester.runs("/change finish CHG-2 failed: the disk was full")).text
    assert "In review (backed out)" in (await desk.requester.runs("/change back-out CHG-2 restored it")).text
    assert "Closed" in (await desk.requester.runs("/change close CHG-2 Look at the disk before")).text
    assert desk.requester.modal is None


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/change aprove CHG-1", "Did you mean /change approve CHG-1?"),
        ("/change canel chg1 too risky", "Did you mean /change cancel CHG-1 too risky?"),
        ("/change frobnicate CHG-1", "Did you mean /change CHG-1?"),
        ("/incident resolv INC-1 done", "Did you mean /incident resolve INC-1 done?"),
        ("/incident approve CHG-1", "CHG-1 belongs to another command: type /change approve CHG-1."),
        ("/change note INC-1 seen", "INC-1 belongs to another command: type /incident note INC-1."),
        ("/change cancel 1 too risky", "Did you mean /change cancel CHG-1 too risky?"),
        ("/incident ack 1 printer is broken", "Did you mean /incident ack INC-1 printer is broken?"),
        ("/change postpone CHG-1 the supplier is late", "“the supplier is late” names no day."),
        ("/change edit CHG-1 please", ""),
    ],
)
async def test_what_begins_like_a_verb_and_a_reference_is_no_title(
    desk_on_sqlite: Desk, typed: str, answer: str
) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.asks_for_change()
    said = (await desk.requester.runs(typed)).text
    assert answer in said
    assert (desk.requester.modal is None) is bool(answer)
    if not answer:
        assert desk.requester.modal.title == "Edit CHG-1"


async def test_a_mention_does_what_the_command_does_for_every_noun(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.asks_for_change()
    approver, agent = desk.approver, desk.agent
    await approver.join("changes")
    await agent.join("changes")

    async def hears(who: Person, said: str, thread: Any = None) -> str:
        await who.says(f"@deskbell {said}", "changes", thread)
        await desk.settles()
        return who.notes("changes")[-1]

    assert "Did you mean /change approve CHG-1?" in await hears(approver, "aprove CHG-1")
    assert "Upgrade the VPN gateway" in await hears(agent, "CHG-1")
    assert "VPN is down" in await hears(agent, "INC-1")
    assert "was not sent to you" in await hears(agent, "approve CHG-1 fine")
    assert "A form asks for the rest" in await hears(approver, "reject CHG-1")
    await approver.clicks("Reject", "changes")
    assert approver.modal.title == "Reject CHG-1"
    await approver.closes()
    card = next(one for one in approver.messages("changes") if "CHG-1" in one.text)
    assert "by @approver" in await hears(approver, "approve in the night, please", card)
    await desk.channel("changes").hears("Approved by @approver", "in the night, please")
    assert "Shall I log" in await hears(agent, "approve of the new VPN, it is slow")
    assert "Shall I log" in await hears(agent, "the CHG-1 window is too short")


async def test_a_button_of_an_earlier_release_is_answered(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    shows(desk, kit.button("acknowledge", "I'm on it", RecordVersion(Ref(Noun.INCIDENT, 1), 1)))
    await desk.agent.clicks("I'm on it", "general")
    assert "earlier Deskbell" in desk.agent.notes("general")[-1]
    await desk.channel("service-desk").hears("INC-1", "New, with")


async def test_what_incidents_can_changes_can(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.asks_for_change()
    requester = desk.requester
    assert "CHG-1 has your note." in (await requester.runs("/change note CHG-1 The supplier is slow")).text
    assert "CHG-1 is linked." in (await requester.runs("/change link chg1 INC-1")).text
    assert "CHG-1 is shared with them." in (await requester.runs("/change share CHG-1 @outsider")).text
    assert "CHG-1 is with @engineer now." in (await requester.runs("/change assign CHG-1 @engineer")).text
    told = (await requester.runs("/change timeline CHG-1")).text
    assert "The supplier is slow" in told
    assert "linked it to INC-1" in told
    assert "The supplier is slow" not in (await desk.outsider.runs("/change timeline CHG-1")).text
    assert "Upgrade the VPN gateway" in (await requester.runs("/change list service:vpn mine")).text
    assert "No change matches that" in (await requester.runs("/change list closed")).text
    await desk.settles()
    await requester.clicks("More…", "changes")
    assert {"Note…", "Assign…", "Link…", "Cancel change", "Timeline"} <= set(requester.modal.buttons)
    assert "Approve" not in requester.modal.buttons
    await requester.clicks("Note…")
    assert await requester.submits(Note="It is here") == {}
    assert requester.modal is None
    assert "It is here" in (await requester.runs("/change timeline 1")).text
