"""A document from its template to its end: written, approved by somebody else, in force, read, revised, withdrawn."""

from datetime import timedelta

from cast import Desk

from bot.rules.document.flow import FLOW, DocumentState
from storage.journal import journal

PROCESS = {"Title": "Incident process", "What it is": "Process", "Clauses": "8.1"}


async def state(desk: Desk, ref: str) -> DocumentState:
    """As the journal tells it."""
    async with desk.bot.database.read() as tx:
        return FLOW.replay(await journal.timeline(tx, ref))


async def begun(desk: Desk) -> None:
    """A draft of the agent's, with a process in it."""
    await desk.agent.runs("/document new Incident process")
    assert not await desk.agent.submits(PROCESS)
    await desk.settles()


async def approves(desk: Desk) -> None:
    """Nothing is approved unread: the command opens what is voted on."""
    await desk.approver.runs("/document approve DOC-1")
    assert "how we do it" in desk.approver.modal.text
    assert not await desk.approver.submits()
    assert "has your vote" in desk.approver.notes("general")[-1]
    await desk.settles()


async def in_force(desk: Desk) -> None:
    await begun(desk)
    assert "is put to review" in (await desk.agent.runs("/document submit DOC-1 All of it")).text
    await approves(desk)


async def test_a_document_is_written_approved_by_somebody_else_and_evidence(desk: Desk) -> None:
    await begun(desk)
    card = desk.channel("service-desk")
    await card.hears("DOC-1", "Incident process", "draft", "for clause 8.1")
    assert "○ Designed: not addressed" in (await desk.manager.runs("/iso 8.1")).text
    await desk.agent.clicks("Write…", "service-desk")
    assert "What starts it, and what ends it" in desk.agent.modal.text
    await desk.agent.clicks("Write Operational planning and control: how we do it")
    assert not await desk.agent.submits({"Operational planning and control: how we do it": "We plan on Mondays."})
    refused = (await desk.outsider.runs("/document submit DOC-1 Mine")).text
    assert refused.startswith("Only the owner and members of Change managers can put DOC-1 to review")
    assert "is put to review" in (await desk.agent.runs("/document submit DOC-1 First version")).text
    await card.hears("DOC-1", "in review", "waits for", "First version")
    assert "somebody else must approve it" in (await desk.agent.runs("/document approve DOC-1")).text
    await desk.approver.clicks("Read", "DM")
    assert "We plan on Mondays." in desk.approver.modal.text
    assert "#" not in desk.approver.modal.text, "a heading is drawn as one"
    await desk.approver.clicks("Reject", "DM")
    assert not await desk.approver.submits({"Reason": "Say who plans"})
    await card.hears("DOC-1", "draft")
    assert "has what" not in (await desk.agent.runs("/document submit DOC-1 With names")).text
    await desk.settles()
    await approves(desk)
    await card.hears("DOC-1", "in force", "version 1", "review by Tue 2 Mar 2027")
    assert await state(desk, "DOC-1") is DocumentState.IN_FORCE
    shown = (await desk.manager.runs("/iso 8.1")).text
    assert "● Designed: conforming" in shown
    assert "DOC-1 version 1, in force since Mon 2 Mar 2026" in shown
    told = (await desk.agent.runs("/document timeline DOC-1")).text
    assert told.index("approved it") < told.index("put version 1 in force")
    desk.clock.forward(days=360)
    await desk.dm(desk.agent).hears("DOC-1", "to be looked through by")
    desk.clock.forward(days=10)
    assert "◌ Designed: stale" in (await desk.manager.runs("/iso 8.1")).text
    assert "DOC-1" in (await desk.agent.runs("/document list late mine")).text
    assert "is confirmed" in (await desk.agent.runs("/document confirm DOC-1 Read it, it holds")).text
    assert "● Designed: conforming" in (await desk.manager.runs("/iso 8.1")).text


async def test_it_is_read_and_understood_by_those_who_are_asked(desk: Desk) -> None:
    await in_force(desk)
    assert "◌" not in (await desk.manager.runs("/iso 5.2")).text
    assert "is for these clauses" in (await desk.agent.runs("/document clauses DOC-1 5.2 8.1")).text
    assert "There is no clause “9.9”" in (await desk.agent.runs("/document clauses DOC-1 9.9")).text
    assert "is asked of its readers" in (await desk.agent.runs("/document readers DOC-1 change-approvers")).text
    assert "no group “nobody”" in (await desk.agent.runs("/document readers DOC-1 nobody")).text
    await desk.channel("service-desk").hears("DOC-1", "read and understood by 0 of 2")
    await desk.dm(desk.approver).hears("Please read version 1 of", "DOC-1")
    assert "0 of 2 who were asked have read" in (await desk.manager.runs("/iso 5.2")).text
    assert "DOC-1" in (await desk.approver.runs("/document list unread")).text
    await desk.approver.clicks("I have read and understood it", "DM")
    await desk.dm(desk.approver).hears("Please read version 1", "You said so")
    heard = await desk.dm(desk.manager).count("Please read version 1")
    desk.clock.forward(days=8)
    assert await desk.dm(desk.manager).count("Please read version 1") == heard + 1, "who has not read is reminded"
    assert await desk.dm(desk.approver).count("Please read version 1") == 1
    assert "Thank you" in (await desk.manager.runs("/document understood DOC-1")).text
    assert "● Done: conforming" in (await desk.manager.runs("/iso 5.2")).text
    assert "is a draft; its version stays in force" in (await desk.agent.runs("/document revise DOC-1 More")).text
    shown = (await desk.agent.runs("/document DOC-1")).text
    assert "version 1 in force meanwhile" in shown
    assert "● Designed: conforming" in (await desk.manager.runs("/iso 8.1")).text
    assert "says the same as version 1" in (await desk.agent.runs("/document submit DOC-1 Nothing")).text
    assert "is left as it was" in (await desk.agent.runs("/document discard DOC-1")).text
    await desk.agent.runs("/document revise DOC-1 Steps were missing")
    await desk.agent.runs("/document DOC-1")
    await desk.agent.clicks("Write…")
    await desk.agent.clicks("Write Operational planning and control: how we do it")
    assert not await desk.agent.submits({"Operational planning and control: how we do it": "New words."})
    await desk.agent.runs("/document submit DOC-1 New words")
    await desk.approver.runs("/document DOC-1")
    await desk.approver.clicks("What is new")
    assert "+New words." in desk.approver.modal.text
    await desk.approver.closes()
    await approves(desk)
    await desk.dm(desk.approver).hears("Please read version 2")
    await desk.channel("service-desk").hears("DOC-1", "version 2", "read and understood by 0 of 2")


async def test_it_comes_into_force_on_its_day_and_is_withdrawn(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await begun(desk)
    day = (desk.clock.now() + timedelta(days=5)).date()
    await desk.agent.clicks("Put to review…", "service-desk")
    assert not await desk.agent.submits({"What is new": "All", "In force from": day})
    await desk.settles()
    await approves(desk)
    card = desk.channel("service-desk")
    await card.hears("DOC-1", "approved", "in force from Sat 7 Mar 2026")
    assert "● Designed" not in (await desk.manager.runs("/iso 8.1")).text
    assert "No version of DOC-1 is in force yet" in (await desk.approver.runs("/document understood DOC-1")).text
    desk.clock.forward(days=6)
    await card.hears("DOC-1", "in force", "version 1")
    assert "● Designed: conforming" in (await desk.manager.runs("/iso 8.1")).text
    assert "is withdrawn" in (await desk.manager.runs("/document withdraw DOC-1 We do it otherwise")).text
    await card.hears("DOC-1", "withdrawn", "We do it otherwise")
    assert "○ Designed: not addressed" in (await desk.manager.runs("/iso 8.1")).text
    assert "It was withdrawn" not in (await desk.agent.runs("/document list")).text
    assert "is withdrawn, so that cannot be changed" in (await desk.agent.runs("/document clauses DOC-1 8.2.1")).text
