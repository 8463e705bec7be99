"""A major incident's timeline: facts, pinned messages, the scribe's lines, and the whole as a file."""

from datetime import timedelta

from cast import Desk

NAME = "inc-1-vpn-is-down"


async def declared(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident major INC-1")
    await desk.settles()


async def exported(desk: Desk) -> str:
    """What the newest file in the channel says."""
    await desk.settles()
    files = [upload for upload in desk.slack.files.values() if upload.complete]
    assert files, "no file was posted"
    return files[-1].content.decode()


async def test_the_timeline_is_posted_as_a_file_with_facts_and_pinned_messages_in_order(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Be the scribe", NAME)
    desk.clock.forward(minutes=3)
    said = await desk.requester.says("The *gateway* answers again", NAME)
    await desk.requester.says("Lunch?", NAME)
    await desk.agent.reacts("pushpin", said)
    await desk.settles()
    desk.clock.forward(minutes=2)
    await desk.agent.runs("/incident status INC-1")
    assert await desk.agent.submits({"Status": "Monitoring", "Update": "Back since 9:03"}) == {}
    await desk.settles()
    await desk.agent.clicks("Export timeline", NAME)
    text = await exported(desk)
    assert text.startswith("# INC-1 VPN is down\n")
    for line in ("Scribe: Agent", "Requester: The \\*gateway\\* answers again ([message](https://", "Back since 9:03"):
        assert line in text
    assert text.index("reported by Requester") < text.index("answers again") < text.index("Back since 9:03")
    assert "Lunch" not in text
    shared = [m for m in desk.slack.channel(NAME).messages if m.subtype == "file_share"]
    assert len(shared) == 1


async def test_a_message_leaves_the_timeline_with_the_last_pin_on_it(desk: Desk) -> None:
    await declared(desk)
    said = await desk.requester.says("It was the switch", NAME)
    for person in (desk.agent, desk.requester):
        await person.reacts("pushpin", said)
    await desk.agent.unreacts("pushpin", said)
    await desk.agent.runs("/incident export", channel=NAME)
    assert "It was the switch" in await exported(desk)
    await desk.requester.unreacts("pushpin", said)
    await desk.agent.runs("/incident export", channel=NAME)
    assert "It was the switch" not in await exported(desk)
    await desk.agent.reacts("pushpin", said)
    await desk.agent.runs("/incident export", channel=NAME)
    assert "It was the switch" in await exported(desk)


async def test_other_reactions_and_pins_elsewhere_mean_nothing(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    cheer = await desk.requester.says("Hooray", NAME)
    await desk.agent.reacts("tada", cheer)
    elsewhere = await desk.requester.says("Not here", "general")
    await desk.agent.reacts("pushpin", elsewhere)
    await desk.agent.runs("/incident export INC-1")
    text = await exported(desk)
    assert "Hooray" not in text
    assert "Not here" not in text


async def test_a_pinned_message_is_kept_although_slack_is_busy(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    said = await desk.requester.says("It was the switch", NAME)
    desk.slack.faults.add("conversations.history", status=429, retry_after=4)
    await desk.agent.reacts("pushpin", said)
    await desk.agent.runs("/incident export INC-1")
    assert "It was the switch" in await exported(desk)


async def test_the_scribe_adds_mends_and_takes_out_entries(desk: Desk) -> None:
    await declared(desk)
    await desk.agent.clicks("Edit timeline", NAME)
    assert "Only the scribe and the commander edit the timeline" in desk.agent.notes()[-1]
    await desk.agent.clicks("Be the scribe", NAME)
    await desk.settles()
    desk.clock.forward(minutes=10)
    at = desk.clock.now() - timedelta(minutes=5)
    await desk.agent.clicks("Edit timeline", NAME)
    await desk.agent.clicks("Add entry", where="modal")
    later = desk.clock.now() + timedelta(minutes=5)
    assert "still to come" in (await desk.agent.submits({"When": later, "Words": "The vendor called"}))["When"]
    assert await desk.agent.submits({"When": at, "Words": "The vendor caled"}) == {}
    assert desk.agent.modal is None
    await desk.agent.clicks("Edit timeline", NAME)
    await desk.agent.clicks("Edit", where="modal")
    assert desk.agent.modal.value("Words") == "The vendor caled"
    assert await desk.agent.submits({"Words": "The vendor called"}) == {}
    await desk.agent.clicks("Export timeline", NAME)
    text = await exported(desk)
    assert f"{at:%H:%M:%S} Agent: The vendor called (edited by Agent)" in text
    await desk.agent.clicks("Edit timeline", NAME)
    await desk.agent.clicks("Edit", where="modal")
    assert await desk.agent.submits({"Words": ""}) == {}
    await desk.agent.clicks("Export timeline", NAME)
    assert "Agent: The vendor called" not in await exported(desk)


async def test_every_step_is_on_record(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    await desk.agent.runs("/incident priority INC-1 P2 Few are at home")
    await desk.agent.runs("/incident status INC-1")
    await desk.agent.submits({"Status": "Resolved", "Update": "Back"})
    await desk.settles()
    await desk.agent.clicks("Export timeline", NAME)
    text = await exported(desk)
    told = ("declared a major incident by Agent", f"#{NAME.replace('_', '')} was opened", "Agent is Incident commander")
    told = (*told, "Agent changed priority to P2, set by hand: Few are at home")
    for line in (*told, "told by Agent: resolved", "over as a major incident", "exported by Agent"):
        assert line in text


async def test_what_people_did_is_told_by_the_incidents_own_timeline_too(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await declared(desk)
    await desk.agent.clicks("Take command", NAME)
    await desk.settles()
    told = (await desk.agent.runs("/incident timeline INC-1")).text
    for line in ("declared a major incident", f"opened #{NAME}", "made @agent commander"):
        assert line in told
