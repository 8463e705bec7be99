"""What somebody promised to do: given, reminded of, done, verified by somebody else; whatever became of its record."""

from cast import Desk

from bot.rules.action.flow import FLOW, ActionState
from storage.journal import journal

NEW = {"Due on": "2026-03-09", "Owner": "agent", "How it will be verified": "The graph stays flat"}


async def test_an_action_is_given_done_and_verified_by_somebody_else(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.clicks("More…", "service-desk")
    await desk.agent.clicks("Add an action…")
    assert desk.agent.modal.title == "Action of INC-1"
    assert "over" in str(await desk.agent.submits(NEW | {"What is to be done": "Restart it", "Due on": "2026-03-01"}))
    assert not await desk.agent.submits(NEW | {"What is to be done": "Restart it nightly", "Owner": "engineer"})
    await desk.dm(desk.engineer).hears("ACT-1", "is yours", "Restart it nightly", "Mon 9 Mar 2026", "of INC-1")
    await desk.channel("service-desk").hears("INC-1", "ACT-1")
    assert "Only who owns it" in (await desk.requester.runs("/action start ACT-1")).text
    await desk.engineer.clicks("Start", "DM")
    await desk.dm(desk.engineer).hears("ACT-1", "being done")
    await desk.engineer.clicks("Done…", "DM")
    assert not await desk.engineer.submits({"What was done": "A timer restarts it at 3"})
    await desk.dm(desk.agent).hears("ACT-1", "did it", "A timer restarts it at 3")
    refused = (await desk.engineer.runs("/action verify ACT-1 It works")).text
    assert "Only somebody else can verify ACT-1: you did it yourself. Members of Service desk" in refused
    await desk.agent.clicks("Send back…", "DM")
    assert not await desk.agent.submits({"Reason": "It did not run on Sunday"})
    await desk.dm(desk.engineer).hears("sent it back", "It did not run on Sunday")
    assert "is done" in (await desk.engineer.runs("/action done act-1 Now it does")).text
    assert "is verified" in (await desk.agent.runs("/action verify act1 I looked at the graph")).text
    assert "cannot be dropped" in (await desk.manager.runs("/action drop ACT-1 No need")).text
    told = (await desk.outsider.runs("/action timeline ACT-1")).text
    for said in ("raised it, due on Mon 9 Mar 2026", "started it", "did it", "sent it back", "verified it"):
        assert said in told
    async with desk.bot.database.read() as tx:
        assert FLOW.replay(await journal.timeline(tx, "ACT-1")) is ActionState.VERIFIED


async def test_reminders_outlive_the_record_and_are_one_digest_a_day(desk: Desk) -> None:
    await desk.reports()
    for what in ("Restart it nightly", "Ask the vendor"):
        assert "INC-1 has ACT-" in (await desk.agent.runs(f"/incident action INC-1 @engineer 2026-03-12 {what}")).text
    await desk.agent.runs("/incident resolve INC-1 Fixed: done")
    await desk.requester.runs("/incident close INC-1")
    engineer = desk.dm(desk.engineer)
    desk.clock.forward(days=3, hours=1)
    assert await engineer.count("What you promised", "2 due soon", "ACT-1", "ACT-2") == 1
    assert "is put off" in (await desk.engineer.runs("/action extend ACT-2 2026-03-20 The vendor is away")).text
    for _ in range(7):
        desk.clock.forward(days=1)
        await desk.settles()
    assert await engineer.count("What you promised", "1 due today", "ACT-1") == 1
    assert await engineer.count("What you promised") == 3, "7 d and 1 d before, and on the day"
    agent = desk.dm(desk.agent)
    assert await agent.count("Of your groups") == 0
    for _ in range(7):
        desk.clock.forward(days=1)
        await desk.settles()
    await agent.hears("Of your groups", "1 late", "ACT-1", "late by 7 days")
    late = (await desk.outsider.runs("/action list late")).text
    assert "ACT-1" in late
    assert "ACT-2" not in late
    assert "put off once" in (await desk.engineer.runs("/action ACT-2")).text


async def test_who_leaves_hands_actions_to_the_group_which_is_told(desk: Desk) -> None:
    await desk.agent.runs("/action Look through the alarms")
    assert not await desk.agent.submits(NEW | {"Owner": "engineer", "Again?": "Each quarter"})
    desk.slack.change_person("engineer", deleted=True)
    await desk.settles()
    told = await desk.dm(desk.agent).hears("ACT-1", "gave it to the group", "has left")
    assert "Look through the alarms" in told
    await desk.agent.clicks("Assign…", "DM")
    assert "cannot take part" in str(await desk.agent.submits({"Person": "engineer"}))
    assert not await desk.agent.submits({"Person": "manager"})
    await desk.dm(desk.manager).hears("ACT-1", "is yours")


async def test_a_planned_interval_is_kept_or_missed_on_record(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/action Review the supplier")
    faults = await desk.agent.submits(NEW | {"Or by a rule": "FREQ=WEEKLY;BYDAY=SU"})
    assert "must be a day that the rule names" in str(faults)
    assert not await desk.agent.submits(NEW | {"Or by a rule": "FREQ=WEEKLY;COUNT=3"})
    await desk.agent.runs("/action done ACT-1 Talked to them")
    desk.clock.forward(days=8)
    await desk.settles()
    assert (
        "counted the interval that was due on Mon 9 Mar 2026 as kept"
        in (await desk.agent.runs("/action timeline ACT-1")).text
    )
    assert "Mon 16 Mar 2026" in (await desk.agent.runs("/action ACT-2")).text
    desk.clock.forward(days=30)
    await desk.settles()
    assert "as missed" in (await desk.agent.runs("/action timeline ACT-2")).text
    listed = (await desk.agent.runs("/action list")).text
    assert (await desk.agent.runs("/desk actions")).text == listed
    assert "ACT-3" in listed
    assert "ACT-4" not in listed


async def test_an_action_of_a_private_incident_is_for_those_who_may_see_that(desk: Desk) -> None:
    await desk.reports("Keys were stolen", Privacy=["Private: about security or people"])
    assert "There is no INC-1" in (await desk.agent.runs("/incident action INC-1 friday Change the locks")).text
    await desk.manager.runs("/incident action INC-1")
    faults = await desk.manager.submits(NEW | {"What is to be done": "Change the locks", "Owner": "engineer"})
    assert "may not see INC-1" in str(faults)
    assert not await desk.manager.submits(NEW | {"What is to be done": "Change the locks", "Owner": "manager"})
    await desk.settles()
    for who in (desk.agent, desk.engineer, desk.outsider):
        for typed in ("ACT-1", "timeline ACT-1", "done ACT-1 I did", "drop ACT-1 no", "link ACT-1 INC-1"):
            assert "There is no ACT-1" in (await who.runs(f"/action {typed}")).text
        assert "No action is open" in (await who.runs("/action list")).text
    assert "ACT-1" in (await desk.manager.runs("/action list INC-1")).text
    assert "There is no ACT-1" in (await desk.agent.runs("/action verify ACT-1 Seen")).text
