"""A review from the end of an incident to its published version: asked for, written, approved, amended, exported."""

from datetime import timedelta

from cast import Desk

from bot.rules.policy.policy import parse
from bot.rules.review.flow import FLOW, ReviewState
from bot.usecases import policy as desk_policy
from storage.journal import journal

P1 = {"Impact": "High", "Urgency": "High"}


async def state(desk: Desk, ref: str) -> ReviewState:
    """As the journal tells it."""
    async with desk.bot.database.read() as tx:
        return FLOW.replay(await journal.timeline(tx, ref))


async def of_p1(desk: Desk) -> None:
    """Of each incident of the highest priority a review is asked for."""
    async with desk.bot.database.begin() as tx:
        added = '[reviews]\npriorities = ["P1"]\n'
        await desk_policy.adopt(tx, parse(added), by="operator", now=desk.clock.now())


async def written(desk: Desk) -> None:
    """A P1 that was resolved, and the draft of its review."""
    await of_p1(desk)
    await desk.reports("The VPN is down for everybody", **P1)
    await desk.agent.runs("/incident take INC-1")
    await desk.agent.runs("/incident resolve INC-1 Restarted the gateway")
    for section, words in (
        ("what-happened", "At two the gateway was out of memory; @requester saw it first."),
        ("causes", "The log was never rotated."),
        ("went-well", "The requester called at once."),
    ):
        assert "has what you wrote" in (await desk.agent.runs(f"/review write REV-1 {section} {words}")).text


async def test_a_review_is_asked_for_written_approved_and_published(desk: Desk) -> None:
    await of_p1(desk)
    await desk.reports("The VPN is down for everybody", **P1)
    await desk.agent.runs("/incident take INC-1")
    await desk.agent.runs("/incident resolve INC-1 Restarted the gateway")
    card = desk.channel("service-desk")
    await card.hears("REV-1", "review of INC-1", "due", "Why it is asked for: it was P1", "What happened (required)")
    await desk.dm(desk.agent).hears("REV-1", "Deskbell asked for it")
    assert "REV-1" in (await desk.requester.runs("/incident INC-1")).text
    refused = (await desk.outsider.runs("/review begin REV-1")).text
    assert refused.startswith("Only the facilitator, members of Service desk and those who work on INC-1")
    await desk.agent.clicks("Write…", "service-desk")
    await desk.agent.clicks("Write What happened")
    assert not await desk.agent.submits({"What happened": "It was human error: he should have looked.\n\n- One\n- Two"})
    await card.hears("REV-1", "draft", "says “human error”", "says “should have”")
    assert "“What contributed”, “What went well” are empty" in (await desk.agent.runs("/review submit REV-1")).text
    assert "has no section “luk”" in (await desk.agent.runs("/review write REV-1 luk We had some")).text
    await desk.agent.runs("/review write REV-1 causes The log was never rotated")
    await desk.agent.runs("/review write REV-1 went-well Called at once")
    assert "is put to review" in (await desk.agent.runs("/review submit REV-1")).text
    await card.hears("REV-1", "in review", "waits for @manager")
    assert "cannot be changed now" in (await desk.agent.runs("/review write REV-1 causes More")).text
    assert "somebody else must approve it" in (await desk.agent.runs("/review approve REV-1")).text
    await desk.manager.clicks("Reject", "DM")
    assert not await desk.manager.submits({"Reason": "Say what was known then"})
    await card.hears("REV-1", "draft")
    await desk.agent.runs("/review submit REV-1")
    await desk.settles()
    await desk.manager.runs("/review approve REV-1")
    assert "The log was never rotated" in desk.manager.modal.text, "nothing is approved unread"
    await desk.manager.closes()
    await desk.manager.opens_home()
    await desk.settles()
    await desk.manager.clicks("Read and vote", where="home")
    assert "The log was never rotated" in desk.manager.modal.text
    assert not await desk.manager.submits()
    await card.hears("REV-1", "published", "version 1")
    assert await state(desk, "REV-1") is ReviewState.PUBLISHED
    assert "is a draft again" in (await desk.agent.runs("/review amend REV-1 The time was wrong")).text
    assert "was published as version 1" in (await desk.manager.runs("/review decline REV-1 No")).text


async def test_two_who_write_at_once_lose_nothing(desk: Desk) -> None:
    await written(desk)
    await desk.settles()
    await desk.agent.clicks("Write…", "service-desk")
    await desk.agent.clicks("Write What happened")
    await desk.manager.runs("/review write REV-1 what-happened The night shift saw it too.")
    assert not await desk.agent.submits({"What happened": "Mine"})
    assert "wrote here meanwhile" in desk.agent.modal.text
    assert "The night shift saw it too." in desk.agent.modal.text
    assert not await desk.agent.submits({"What happened": "Mine, and the night shift saw it too."})
    await desk.settles()
    async with desk.bot.database.read() as tx:
        told = [one.words["text"] for one in await journal.timeline(tx, "REV-1") if one.kind == "review_written"]
    assert next(one for one in told if "night shift" in one).startswith("At two the gateway")
    assert told[-1] == "Mine, and the night shift saw it too."


async def test_it_is_reminded_of_until_it_is_declined_with_a_reason(desk: Desk) -> None:
    await of_p1(desk)
    await desk.reports("The VPN is down for everybody", **P1)
    await desk.agent.runs("/incident take INC-1")
    await desk.agent.runs("/incident resolve INC-1 Restarted the gateway")
    await desk.agent.runs("/incident close INC-1")
    await desk.settles()
    desk.clock.forward(days=8)
    await desk.dm(desk.agent).hears("The review", "REV-1", "is due on")
    refused = (await desk.agent.runs("/review decline REV-1 No time")).text
    assert refused.startswith("Only members of Change managers can decline")
    assert "is declined" in (await desk.manager.runs("/review decline REV-1 It was a drill")).text
    await desk.channel("service-desk").hears("REV-1", "declined", "It was a drill")
    await desk.dm(desk.agent).hears("REV-1", "It is declined now")
    heard = await desk.dm(desk.agent).count("The review")
    desk.clock.forward(days=30)
    await desk.settles()
    assert await desk.dm(desk.agent).count("The review") == heard
    assert "is due again" in (await desk.agent.runs("/review reopen REV-1")).text


async def test_a_file_has_roles_for_names_and_refresh_says_what_is_new(desk: Desk) -> None:
    await written(desk)
    await desk.agent.runs("/incident update INC-1 All is well again")
    await desk.settles()
    await desk.agent.clicks("More…", "service-desk", message="review of INC-1")
    await desk.agent.clicks("Refresh…")
    assert "All is well again" in desk.agent.modal.text
    await desk.agent.clicks("Take what is new")
    assert "Nothing has happened" in (await desk.agent.runs("/review refresh REV-1")).text
    assert "on its way into the thread" in (await desk.agent.runs("/review export REV-1 md")).text
    await desk.settles()
    (file,) = [one.content.decode() for one in desk.slack.files.values() if one.complete]
    assert "reporter saw it first" in file
    assert "requester" not in file.replace("The requester called", "")
    assert "All is well again" in file
    assert "**Drawn from:** what was on record up to" in file


def canvases(desk: Desk) -> list[str]:
    return [one.content.decode() for one in desk.slack.files.values() if one.is_canvas]


async def test_a_canvas_is_a_tab_of_the_channel_and_written_anew_by_the_next_export(desk: Desk) -> None:
    await written(desk)
    desk.slack.faults.add("files.info", drop=True, times=3)  # Where it is, is not said: it is not made again for that.
    await desk.agent.runs("/review export REV-1 canvas")
    await desk.channel("service-desk").hears("REV-1 is written out as a canvas")
    assert "rev-1-1.md" not in {one.name for one in desk.slack.files.values()}
    (canvas,) = canvases(desk)
    assert "reporter saw it first" in canvas
    assert desk.slack.channel("service-desk").canvases == [one.id for one in desk.slack.files.values() if one.is_canvas]
    await desk.agent.runs("/review write REV-1 causes A disk was full")
    desk.slack.faults.add("files.info", error="file_not_found")
    await desk.agent.runs("/review export REV-1 canvas")
    await desk.channel("service-desk").hears("written out as a canvas", "a tab of this channel")
    (canvas,) = canvases(desk)
    assert "A disk was full" in canvas


async def test_a_workspace_that_takes_no_canvas_gets_a_file(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await written(desk)
    desk.slack.faults.add("canvases.create", error="canvas_disabled_user_team")
    await desk.agent.runs("/review export REV-1 canvas")
    await desk.channel("service-desk").hears("takes no canvas from Deskbell, so that it is a file")
    # Nor is a canvas made twice where the answer to the first was lost.
    desk.slack.faults.add("canvases.create", drop=True, accept=True)
    await desk.agent.runs("/review export REV-1 canvas")
    await desk.settles()
    desk.clock.forward(minutes=5)
    await desk.settles()
    assert len(canvases(desk)) == 1
    assert {"rev-1-1.md", "rev-1-2.md"} <= {one.name for one in desk.slack.files.values()}


async def test_milestones_are_in_order_and_unknown_ones_are_unknown(desk: Desk) -> None:
    await written(desk)
    await desk.settles()
    await desk.agent.clicks("Read", "service-desk", message="review of INC-1")
    told = desk.agent.modal.text
    assert "declared: unknown" in told
    assert "Time to detect: unknown" in told
    await desk.agent.closes()
    await desk.agent.clicks("More…", "service-desk", message="review of INC-1")
    await desk.agent.clicks("Milestone…")
    started = {"What happened": "Started: it began to go wrong", "Evidence": "The graph of memory"}
    at = desk.clock.now()
    assert "still to come" in str(await desk.agent.submits(started | {"When": at + timedelta(hours=1)}))
    assert not await desk.agent.submits(started | {"When": at - timedelta(hours=1)})
    await desk.agent.clicks("Read", "service-desk", message="review of INC-1")
    assert "Time to detect: unknown" not in desk.agent.modal.text
    assert "The graph of memory" in desk.agent.modal.text


async def test_actions_of_a_review_are_actions_and_stand_in_it(desk: Desk) -> None:
    await written(desk)
    assert "REV-1 has ACT-" in (await desk.agent.runs("/review action REV-1 @agent friday Be more careful")).text
    await desk.channel("service-desk").hears("REV-1", "ACT-1 says “Be more careful”")
    await desk.agent.clicks("Read", "service-desk", message="review of INC-1")
    assert "ACT-1" in desk.agent.modal.text


async def test_a_private_incident_has_a_private_review(desk: Desk) -> None:
    await of_p1(desk)
    await desk.requester.runs("/incident Phished mailbox")
    box = {"Privacy": ["Private: about security or people"]}
    assert not await desk.requester.submits({"Service": "Email", "Impact": "Everyone", "Urgency": "High"} | box)
    await desk.settles()
    await desk.manager.runs("/incident take INC-1")
    await desk.manager.runs("/incident resolve INC-1 Reset")
    await desk.settles()
    assert "review of INC-1" in "".join(one.text for one in desk.manager.messages("private-incidents"))
    assert await desk.channel("service-desk").count("REV-1") == 0
    for typed in ("REV-1", "write REV-1 causes x", "begin REV-1", "timeline REV-1"):
        assert "There is no REV-1" in (await desk.outsider.runs(f"/review {typed}")).text
    assert "REV-1" not in (await desk.outsider.runs("/review list")).text


async def test_a_review_is_asked_for_by_hand_once(desk: Desk) -> None:
    await desk.reports("Mail is slow", Impact="Low", Urgency="Low")
    assert "has a review: REV-" in (await desk.agent.runs("/incident ask-review INC-1 It is the third time")).text
    await desk.channel("service-desk").hears("REV-1", "review of INC-1", "It is the third time")
    assert "has a review already: REV-1 is due" in (await desk.agent.runs("/incident ask-review INC-1 Again")).text
    assert "REV-1" in (await desk.requester.runs("/review INC-1")).text
    assert "REV-1" in (await desk.requester.runs("/incident INC-1")).text
