"""A management review from its plan to its frozen minutes: inputs from records, decisions that are actions."""

from datetime import timedelta

from cast import Desk

from bot.rules.management_review.flow import FLOW, MeetingState
from storage.journal import journal


async def test_a_review_is_held_with_inputs_and_its_minutes_are_frozen(desk: Desk) -> None:
    await desk.reports()
    assert "Only members of Change managers can plan" in (await desk.agent.runs("/management-review plan")).text
    await desk.manager.runs("/management-review plan Spring")
    day = (desk.clock.now() + timedelta(days=2)).date()
    form = {"Records of": "2026-Q1", "On": day, "Chair": "approver"}
    assert await desk.manager.submits(form | {"Records of": "soon"})
    assert not await desk.manager.submits(form)
    await desk.dm(desk.approver).hears("MR-1", "Spring", "planned")
    assert "There is no MR-1" in (await desk.agent.runs("/management-review MR-1")).text
    desk.clock.forward(days=2)
    await desk.dm(desk.approver).hears("MR-1", "is planned for")
    assert "is being held" in (await desk.approver.runs("/management-review hold MR-1")).text
    shown = (await desk.manager.runs("/management-review MR-1")).text
    assert "How the services did" in shown
    assert "is no topic" in (await desk.manager.runs("/management-review say MR-1 weather Fine")).text
    said = "/management-review say MR-1 performance Two promises were late; the gateway is old"
    assert "has what was said" in (await desk.manager.runs(said)).text
    assert "A decision needs an owner" in (await desk.manager.runs("/management-review decide MR-1 friday Buy")).text
    decided = "/management-review decide MR-1 @engineer friday Buy a second gateway"
    assert "MR-1 has ACT-1 now: " in (await desk.manager.runs(decided)).text
    assert "drew its inputs of quarter 1 of 2026" in (await desk.manager.runs("/management-review timeline MR-1")).text
    await desk.dm(desk.engineer).hears("ACT-1", "Buy a second gateway")
    assert "◌" not in (await desk.manager.runs("/iso 9.3")).text
    await desk.manager.runs("/management-review attend MR-1 @engineer")
    assert "is closed" in (await desk.approver.runs("/management-review close MR-1")).text
    assert "cannot be changed now" in (await desk.manager.runs(said)).text
    card = (await desk.engineer.runs("/management-review MR-1")).text
    assert "Minutes frozen" in card
    await desk.engineer.clicks("Read")
    minutes = desk.engineer.modal.text
    assert "Two promises were late; the gateway is old" in minutes
    assert "Incidents opened: " in minutes
    assert "Availability: " in minutes
    assert "ACT-1 Buy a second gateway: Engineer" in minutes
    assert "● Done: conforming" in (await desk.manager.runs("/iso 9.3")).text
    async with desk.bot.database.read() as tx:
        assert FLOW.replay(await journal.timeline(tx, "MR-1")) is MeetingState.CLOSED


async def test_somebody_else_chairs_a_review_whose_chair_has_left(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/management-review plan Spring")
    day = (desk.clock.now() + timedelta(days=20)).date()
    assert not await desk.manager.submits({"Records of": "2026-Q1", "On": day, "Chair": "engineer"})
    await desk.settles()
    await desk.dm(desk.engineer).hears("MR-1", "Spring")
    desk.slack.change_person("engineer", deleted=True)
    await desk.settles()
    await desk.dm(desk.manager).hears("MR-1", "who chairs it, has left")
    desk.clock.forward(days=1)
    await desk.settles()
    assert await desk.dm(desk.manager).count("who chairs it, has left") == 1, "once"
    await desk.manager.clicks("Another chair…", "DM")
    assert not await desk.manager.submits(Chair="approver")
    await desk.settles()
    await desk.dm(desk.approver).hears("MR-1", "Spring", "planned")
    assert "Another chair…" not in desk.manager.messages("DM")[-1].buttons
    assert "is being held" in (await desk.approver.runs("/management-review hold MR-1")).text
    timeline = (await desk.manager.runs("/management-review timeline MR-1")).text
    assert "said that @approver chairs it, no longer @engineer" in timeline
