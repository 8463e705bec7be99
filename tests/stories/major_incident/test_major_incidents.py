"""A major incident: declared, staffed, told of at a cadence, handed over and ended."""

from datetime import timedelta

import pytest
from cast import Desk
from sqlmodel import col, select

from bot.rules.major_incident.flow import MajorTimer
from bot.sandbox.person.screen import SeenMessage
from storage.tables import Timer

NAME = "inc-1-vpn-is-down"


async def declared(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.clicks("Declare major", "service-desk")
    await desk.settles()


async def test_a_p1_suggests_to_declare_it_and_declaring_makes_a_channel_with_everything_in_it(desk: Desk) -> None:
    await desk.reports()
    await desk.channel("service-desk").hears("is this a major incident?")
    (asks,) = [one["accessory"] for one in desk.agent.messages("service-desk")[-1].blocks if "accessory" in one]
    assert "A channel is made for it" in asks["confirm"]["text"]["text"], "it asks back first"
    await desk.agent.clicks("Declare major", "service-desk")
    announced = await desk.channel("major-incidents").hears("Major incident", "INC-1", "VPN is down", "Investigating")
    assert f"#{NAME}" in announced
    channel = desk.slack.channel(NAME)
    assert {desk.requester.id, desk.agent.id} <= set(channel.members)
    assert channel.topic["value"] == "INC-1 · P1 · Investigating · nobody leads yet · VPN is down"
    assert [one["title"] for one in channel.bookmarks] == ["INC-1 card", "Major incidents"]
    await desk.channel(NAME).hears("INC-1", "Acknowledged, with @agent", "Response in time")
    await desk.channel(NAME).hears("Incident commander", "nobody yet", "Next update by")
    card = await desk.channel("service-desk").hears("INC-1", "Major incident", f"#{NAME}")
    assert "is this a major" not in card


async def test_a_command_declares_one_too_and_only_once(desk: Desk) -> None:
    await desk.reports("Mail is slow", Impact="Low", Urgency="Low")
    assert "INC-1 is a major incident now" in (await desk.agent.runs("/incident major inc-1")).text
    await desk.settles()
    again = await desk.agent.runs("/incident major INC-1")
    assert again.text == "INC-1 was already declared a major incident, by Agent."
    assert len([p for p in desk.slack.channels.values() if (p.name or "").startswith("inc-")]) == 1
    assert await desk.channel("major-incidents").count("Major incident", "INC-1") == 1


async def test_who_is_not_of_the_desk_declares_nothing(desk: Desk) -> None:
    await desk.reports()
    await desk.outsider.clicks("Declare major", "service-desk")
    assert "Only members of Service desk can declare a major incident" in desk.outsider.notes()[-1]
    assert await desk.channel("major-incidents").count("INC-1") == 0


async def test_a_summary_that_begins_with_a_verb_of_major_incidents_is_a_summary(desk_on_sqlite: Desk) -> None:
    for words in ("major outage of the web shop", "status page is red", "role of printers is unclear", "export fails"):
        await desk_on_sqlite.requester.runs(f"/incident {words}")
        assert desk_on_sqlite.requester.modal.value("Summary") == words
        await desk_on_sqlite.requester.closes()


async def test_roles_are_taken_by_button_and_given_by_command(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    await desk.channel(NAME).hears("Incident commander\n@agent")
    await desk.channel("major-incidents").hears("INC-1", "Commander\n@agent")
    assert "led by Agent" in desk.slack.channel(NAME).topic["value"]
    given = await desk.agent.runs("/incident role INC-1 scribe @engineer")
    assert "@engineer is Scribe of INC-1 now" in given.text
    await desk.channel(NAME).hears("Scribe\n@engineer")
    assert desk.engineer.id in desk.slack.channel(NAME).members
    await desk.engineer.clicks("Lead communications", NAME)
    await desk.channel(NAME).hears("Communications lead\n@engineer")


async def test_the_second_to_take_a_role_hears_who_has_it(desk: Desk) -> None:
    await declared(desk)
    desk.slack.change_usergroup("service-desk", ["agent", "engineer"])
    await desk.slack.quiet()
    board = next(message for message in desk.agent.messages(NAME) if "Take command" in message.buttons)
    await desk.agent.clicks("Take command", NAME, message=board)
    await desk.engineer.clicks("Take command", NAME, message=board)
    assert desk.engineer.notes()[-1].startswith("Agent is Incident commander of INC-1.")


async def test_a_role_that_is_none_and_one_who_cannot_hold_it_are_refused(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    unknown = (await desk.agent.runs("/incident role INC-1 captain @agent")).text
    assert "“captain” is no role. The roles are commander, communications, scribe" in unknown
    desk.slack.change_person("outsider", is_restricted=True)
    await desk.slack.quiet()
    assert "cannot hold a role" in (await desk.agent.runs("/incident role INC-1 scribe @outsider")).text


async def test_open_roles_are_asked_for_until_they_are_taken(desk: Desk) -> None:
    await declared(desk)
    channel = desk.channel(NAME)
    desk.clock.forward(minutes=11)
    await channel.hears("Nobody has taken these roles", "Incident commander", "Communications lead", "Scribe")
    await desk.agent.clicks("Take command", NAME)
    for minutes, asked in ((10, 1), (11, 2), (21, 2), (20, 3)):
        desk.clock.forward(minutes=minutes)
        assert await channel.count("Nobody has taken", "Scribe") == asked
    first, *later = [said for said in desk.agent.messages(NAME) if "Nobody has taken" in said.text]
    assert "Incident commander" not in first.text
    assert {said.raw.thread_ts for said in later} == {first.ts}
    for label in ("Lead communications", "Be the scribe"):
        await desk.agent.clicks(label, NAME)
    asked_so_far = await channel.count("Nobody has taken")
    desk.clock.forward(hours=3)
    assert await channel.count("Nobody has taken") == asked_so_far


async def test_a_status_update_is_posted_where_people_follow_and_promises_the_next(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Post update", NAME)
    assert desk.agent.modal.title == "Update INC-1"
    assert await desk.agent.submits({"Status": "Identified", "Update": "The certificate has expired"}) == {}
    for place in (NAME, "major-incidents"):
        await desk.channel(place).hears("INC-1", "Identified", "The certificate has expired", "Next update by")
    await desk.channel("major-incidents").hears("Major incident", "Identified", "The certificate has expired")
    await desk.dm(desk.requester).hears("INC-1", "The certificate has expired")
    assert "Identified" in desk.slack.channel(NAME).topic["value"]


async def test_an_update_may_be_promised_sooner_than_the_cadence_and_never_later(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.runs("/incident status INC-1")
    late, past = desk.clock.now() + timedelta(minutes=40), desk.clock.now() - timedelta(minutes=1)
    said = {"Status": "Monitoring", "Update": "Better"}
    faults = await desk.agent.submits(said | {"Next update by": late})
    assert faults == {"Next update by": "People are told at least every 30 minutes. Choose an earlier time."}
    assert "has passed" in (await desk.agent.submits(said | {"Next update by": past}))["Next update by"]
    assert await desk.agent.submits({"Update": " \u200b "}) != {}
    soon = desk.clock.now() + timedelta(minutes=10)
    assert await desk.agent.submits(said | {"Next update by": soon}) == {}
    desk.clock.forward(minutes=11)
    await desk.channel(NAME).hears("the status update promised for", "is late")


async def test_the_commander_is_nudged_before_the_update_is_due_and_the_channel_when_it_has_lapsed(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    desk.clock.forward(minutes=25)
    await desk.dm(desk.agent).hears("INC-1", "The next status update is due")
    assert await desk.channel(NAME).count("is late") == 0
    desk.clock.forward(minutes=5)
    await desk.channel(NAME).hears("INC-1", "is late", "@agent")
    desk.clock.forward(minutes=30)
    assert await desk.channel(NAME).count("is late") == 2
    await desk.agent.clicks("Post update", "DM")
    assert await desk.agent.submits({"Update": "Still looking"}) == {}
    desk.clock.forward(minutes=24)
    assert await desk.channel(NAME).count("is late") == 0
    assert await desk.channel(NAME).count("the status update was given") == 2, "what reminded of it says so"
    assert "Post update" not in [label for one in desk.agent.messages("DM") for label in one.buttons]


async def test_snoozing_moves_one_nudge_and_never_the_cadence(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    desk.clock.forward(minutes=25)
    nudges = desk.dm(desk.agent)
    assert await nudges.count("The next status update is due") == 1
    for _ in range(2):
        await desk.agent.clicks("Remind me later", "DM")
    desk.clock.forward(minutes=2)
    assert await nudges.count("The next status update is due") == 1
    desk.clock.forward(minutes=2)
    assert await nudges.count("The next status update is due") == 2
    desk.clock.forward(minutes=2)
    await desk.channel(NAME).hears("is late")
    assert await nudges.count("The next status update is due") == 2


async def test_the_second_of_two_updates_written_at_once_hears_of_the_first(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.runs("/incident role INC-1 scribe @engineer")
    for person in (desk.agent, desk.engineer):
        await person.runs("/incident status INC-1")
    assert await desk.agent.submits({"Update": "From the agent"}) == {}
    faults = await desk.engineer.submits({"Update": "From the engineer"})
    assert "Another update of INC-1 was posted while you wrote" in str(faults)
    assert desk.engineer.modal is not None, "what was typed is not lost"


async def test_after_an_outage_a_late_update_is_called_late_and_not_due(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    desk.clock.forward(hours=1)
    assert await desk.channel(NAME).count("is late") == 1
    assert await desk.dm(desk.agent).count("next status update is due") == 0


async def test_the_topic_follows_the_priority(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.runs("/incident priority INC-1 P2 Few are at home")
    await desk.settles()
    assert "INC-1 · P2 · Investigating" in desk.slack.channel(NAME).topic["value"]


async def test_a_handover_tells_what_happened_in_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.runs("/incident ack INC-1")
    desk.clock.forward(hours=4, minutes=1)
    said = await desk.requester.says("The gateway answers again", NAME)
    await desk.agent.reacts("pushpin", said)
    await desk.settles()
    await desk.agent.runs("/incident handover INC-1 @manager")
    told = await desk.channel(NAME).hears("@manager takes command", "@requester: The gateway answers again")
    assert "declared a major incident by @agent" in told
    assert "resolution promise breached" in told
    assert "sla " not in told.lower()


@pytest.mark.parametrize("by_update", [True, False], ids=["by its last update", "with the incident"])
async def test_resolving_ends_it_all(desk: Desk, by_update: bool) -> None:
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    await desk.settles()
    if by_update:
        await desk.agent.clicks("Post update", NAME)
        assert await desk.agent.submits({"Status": "Resolved", "Update": "The VPN is back"}) == {}
        await desk.channel("major-incidents").hears("INC-1", "Resolved", "The VPN is back", "The last update")
        # Who hears that it is resolved hears these words there, and once.
        assert await desk.dm(desk.requester).count("The last update") == 0
    else:
        await desk.agent.clicks("Resolve", "service-desk")
        assert await desk.agent.submits({"Resolution note": "The VPN is back"}) == {}
        await desk.channel("major-incidents").hears("INC-1", "is over as a major incident")
    await desk.channel("major-incidents").hears("Major incident, over")
    assert "INC-1 · P1 · Resolved" in desk.slack.channel(NAME).topic["value"]
    await desk.channel("service-desk").hears("INC-1", "Resolved by @agent", "The VPN is back", "Resolution in time")
    await desk.dm(desk.requester).hears("INC-1", "was resolved by @agent", "The VPN is back")
    await desk.channel(NAME).hears("What is left", "Archive this channel")
    said = await desk.channel(NAME).count("")
    desk.clock.forward(hours=5)
    assert await desk.channel(NAME).count("is late") == 0
    assert await desk.channel(NAME).count("") <= said + 1
    assert await desk.dm(desk.agent).count("The next status update is due") == 0
    await desk.agent.runs("/incident status INC-1")
    assert desk.agent.modal is None


async def test_command_is_handed_over_in_one_step_with_where_things_stand(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    await desk.agent.runs("/incident status INC-1")
    await desk.agent.submits({"Status": "Identified", "Update": "The certificate has expired"})
    await desk.agent.runs("/incident role INC-1 scribe @manager")
    await desk.settles()
    await desk.agent.clicks("Hand over", NAME)
    assert await desk.agent.submits({"New commander": "engineer", "Note": "The vendor calls at ten"}) == {}
    for place in (desk.channel(NAME), desk.dm(desk.engineer)):
        told = await place.hears("@engineer takes command from @agent", "The vendor calls at ten", "Identified")
        assert "The certificate has expired" in told
        assert "@manager is Scribe now" in told
        assert "declared a major incident" not in told, "that was told before"
        assert "Open roles: Communications lead" in told
    await desk.channel(NAME).hears("Incident commander\n@engineer")
    assert desk.engineer.id in desk.slack.channel(NAME).members


async def test_inside_its_own_channel_the_number_can_be_left_out(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.runs("/incident role commander @agent", channel=NAME)
    await desk.channel(NAME).hears("Incident commander\n@agent")
    await desk.agent.runs("/incident handover @manager", channel=NAME)
    await desk.channel(NAME).hears("@manager takes command from @agent")
    await desk.agent.runs("/incident ack", channel=NAME)
    await desk.agent.runs("/incident note the vendor calls back", channel=NAME)
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent")
    assert "the vendor calls back" in (await desk.agent.runs("/incident timeline INC-1")).text
    elsewhere = await desk.agent.runs("/incident status")
    assert "Say which incident" in elsewhere.text
    elsewhere = await desk.agent.runs("/incident resolve", channel="general")
    assert "Which one? Type /incident resolve INC-n" in elsewhere.text


async def test_what_comes_back_is_declared_again_in_the_channel_that_it_has(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.runs("/incident status INC-1")
    done = {"Status": "Resolved", "Update": "The VPN is back", "The incident": []}
    assert await desk.agent.submits(done) == {}
    await desk.settles()
    card = await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent")
    assert "is this a major incident" not in card, "it was one, so nobody is asked anew"
    assert "is over as a major incident" in (await desk.agent.runs("/incident role INC-1 scribe @agent")).text
    assert "INC-1 is a major incident now" in (await desk.agent.runs("/incident major INC-1")).text
    await desk.channel("major-incidents").hears("Major incident", "INC-1", "Investigating")
    desk.clock.forward(minutes=31)
    await desk.channel(NAME).hears("is late")
    assert len([place for place in desk.slack.channels.values() if (place.name or "").startswith("inc-")]) == 1


async def test_no_timer_is_left_on_what_is_over(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.clicks("Resolve", "service-desk")
    await desk.agent.submits({"Resolution note": "The VPN is back"})
    async with desk.bot.database.read() as tx:
        left = await tx.exec(select(Timer).where(col(Timer.fired_at).is_(None), col(Timer.cancelled_at).is_(None)))
        assert [timer.kind for timer in left if timer.kind in set(MajorTimer)] == []


async def test_it_is_suggested_where_the_policy_says_and_stood_down_again(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports("Laptop fan is loud", Impact="Low", Urgency="Low")
    card = desk.agent.messages("service-desk")[-1]
    assert "Declare major" not in card.buttons
    assert ":white_circle:" in card.text
    assert ":red_circle:" not in card.text
    await desk.agent.clicks("More…", "service-desk")
    await desk.agent.clicks("Declare major")
    await desk.agent.closes()
    place = "inc-1-laptop-fan-is-loud"
    await desk.channel(place).hears("Incident commander", "nobody yet")
    desk.clock.forward(minutes=10)
    await desk.channel(place).hears("Nobody has taken these roles")
    assert "Only members" in (await desk.outsider.runs("/incident stand-down INC-1")).text
    await desk.agent.clicks("Stand down", place)
    for where in (place, "major-incidents"):
        await desk.channel(where).hears("INC-1", "no major incident after all", "@agent stood it down")
    await desk.channel("service-desk").hears("INC-1", "Acknowledged, with @agent")
    assert await desk.channel(place).count("Nobody has taken") == 0
    await desk.channel(place).hears("Roles in INC-1: it is over")
    board = await desk.channel(place).hears("Stood down · Over since", "Incident commander")
    told = await desk.channel("major-incidents").hears("Major incident, over", "Stood down")
    assert "Resolved" not in board + told + desk.slack.channel(place).topic["value"]
    assert "nobody yet" not in board + told
    desk.clock.forward(days=1)
    assert await desk.channel(place).count("is late") == 0


async def test_a_promise_of_an_update_that_is_broken_says_so_where_it_was_made(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.runs("/incident status INC-1")
    await desk.agent.submits({"Status": "Identified", "Update": "The certificate has expired"})
    await desk.channel("major-incidents").hears("The certificate has expired", "Next update by")
    desk.clock.forward(minutes=31)
    late = "The next update was promised for"
    await desk.channel("major-incidents").hears("The certificate has expired", late, "is late")
    await desk.agent.runs("/incident status INC-1")
    await desk.agent.submits({"Update": "A new one is on its way"})
    await desk.channel("major-incidents").hears("The certificate has expired", "A later update is below")


async def test_the_room_for_all_hears_that_it_began_and_ended_and_its_thread_what_was_between(desk: Desk) -> None:
    await declared(desk)
    began = since(await desk.channel("major-incidents").hears("Major incident", "Investigating since"))
    for state, words in (("Investigating", "We look"), ("Monitoring", "It holds"), ("Identified", "It broke again")):
        desk.clock.forward(minutes=20)
        await desk.agent.runs("/incident status INC-1")
        assert await desk.agent.submits({"Status": state, "Update": words}) == {}
        card = await desk.channel("major-incidents").hears("Major incident", "Commander")
        assert f"{state} since" in card, "the card in the room is kept true"
        assert words in card
        assert (since(card) == began) is (state == "Investigating")
        assert "Next update by" in card
    await desk.agent.runs("/incident resolve INC-1 The gateway is back")
    await desk.settles()
    first, *below = the_room(desk)
    assert {said.raw.thread_ts for said in below} == {first.ts}
    shown = [said.text for said in below if said.raw.broadcast]
    assert [words in text for words, text in zip(("It broke again", "is over as a major"), shown, strict=True)]
    assert [
        said.raw.thread_ts for said in desk.agent.messages(NAME) if "It holds" in said.text and said.raw.is_reply
    ] == []


async def test_what_is_declared_again_is_told_of_below_its_new_announcement(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.runs("/incident stand-down INC-1")
    await desk.settles()
    await desk.agent.runs("/incident major INC-1")
    await desk.settles()
    await desk.agent.runs("/incident update INC-1 It is one after all")
    await desk.settles()
    first, stood_down, again, update = the_room(desk)
    assert (stood_down.raw.thread_ts, stood_down.raw.broadcast) == (first.ts, True)
    assert (update.raw.thread_ts, update.raw.broadcast) == (again.ts, False)


async def test_what_was_stood_down_and_resolved_at_once_does_not_go_on(desk_on_sqlite: Desk) -> None:
    """A channel takes a message a second: the second place reads how the incident stands by then."""
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.runs("/incident stand-down INC-1")
    await desk.agent.runs("/incident resolve INC-1 It was one user")
    await desk.settles()
    said = [one.text for one in desk.agent.messages(NAME) if "no major incident after all" in one.text]
    assert said[-1].endswith("The incident is resolved.")


def the_room(desk: Desk) -> list[SeenMessage]:
    return [said for said in desk.agent.messages("major-incidents") if "INC-1" in said.text]


def since(card: str) -> str:
    return card.partition(" since ")[2].splitlines()[0]
