"""An internal audit from its plan to its report, and a finding to its effect, with nobody who audits their own work."""

from datetime import timedelta

from cast import Desk

from bot.rules.audit.flow import AUDIT_FLOW, FINDING_FLOW, AuditState, FindingState
from bot.rules.record.refs import Noun, Ref
from bot.sandbox.person.people import Person
from bot.usecases.audit import audits
from storage.journal import journal
from storage.tables import AuditSample


async def planned(desk: Desk, clauses: str = "8.6.1 9.4", auditor: str = "approver") -> None:
    await desk.manager.runs("/audit plan Resolution")
    day = (desk.clock.now() + timedelta(days=3)).date()
    who = {"Auditor": auditor}
    assert not await desk.manager.submits({"Clauses": clauses, "On": day} | who)
    await desk.settles()


def buttons(person: Person, *words: str) -> list[str]:
    """Of the newest direct message that has all these words."""
    return [one.buttons for one in person.messages("DM") if all(word in one.text for word in words)][-1]


async def test_an_audit_is_held_by_somebody_independent_and_its_finding_takes_effect(desk: Desk) -> None:
    await desk.reports()
    await desk.agent.runs("/incident take INC-1")
    assert "Only members of Change managers can plan an audit" in await plan_refused(desk)
    await planned(desk)
    card = desk.channel("service-desk")
    await card.hears("AUD-1", "Resolution", "planned", "8.6.1: not checked yet")
    await desk.dm(desk.approver).hears("AUD-1", "planned it for Thu 5 Mar 2026")
    assert "Only the auditor can begin" in (await desk.agent.runs("/audit start AUD-1")).text
    await desk.approver.clicks("Begin", "service-desk")
    await desk.settles()
    refused = (await desk.approver.runs("/audit report AUD-1 Sound")).text
    assert "nobody has checked 8.6.1, 9.4" in refused
    assert "not in the scope of AUD-1" in (await desk.approver.runs("/audit check AUD-1 4.1 conforms It is")).text
    assert "is no verdict" in (await desk.approver.runs("/audit check AUD-1 9.4 fine It is")).text
    await desk.approver.clicks("Check a clause…", "service-desk")
    said = {"Clause": "8.6.1", "How it stands": "Minor nonconformity", "What you found": "INC-1 has no items",
            "Records": "INC-1", "Who answers a finding": "agent"}  # fmt: skip
    assert not await desk.approver.submits(said)
    assert "has what you found" in (await desk.approver.runs("/audit check AUD-1 9.4 conforms Reports came")).text
    assert "is reported" in (await desk.approver.runs("/audit report AUD-1 Sound as a whole")).text
    await card.hears("AUD-1", "reported", "8.6.1: Minor nonconformity", "Sound as a whole", "FND-1")
    shown = (await desk.manager.runs("/iso 9.2")).text
    assert "● Done: conforming" in shown
    assert "AUD-1" in shown
    await card.hears("FND-1", "Minor nonconformity", "open", "clause 8.6.1", "Seen in INC-1")
    await desk.dm(desk.agent).hears("FND-1", "due on Mon 16 Mar 2026")
    told = await desk.dm(desk.agent).hears("FND-1", "due on Mon 16 Mar 2026")
    assert told.count("INC-1 has no items") == 1, "its title is not said twice"
    assert "Answer…" in buttons(desk.agent, "FND-1", "due on"), "who owes something finds it where they read of it"
    assert "is answered" in (await desk.agent.runs("/finding answer FND-1 The form does not ask")).text
    await desk.settles()
    offered = buttons(desk.approver, "FND-1", "answered it")
    assert {"It took effect…", "Send back…"} <= set(offered)
    assert "it has no action" in (await desk.approver.runs("/finding close FND-1 Looked")).text
    assert "FND-1 has ACT-" in (await desk.agent.runs("/finding action FND-1 friday Ask for it in the form")).text
    assert "ACT-1 not verified" in (await desk.approver.runs("/finding close FND-1 Looked")).text
    await desk.agent.runs("/action done ACT-1 The form asks")
    assert "you own it" in (await desk.agent.runs("/finding close FND-1 Mine")).text
    await desk.manager.runs("/action verify ACT-1 Seen in the form")
    assert "is closed" in (await desk.approver.runs("/finding close FND-1 The last ten have them")).text
    await card.hears("FND-1", "closed", "The last ten have them")
    async with desk.bot.database.read() as tx:
        assert AUDIT_FLOW.replay(await journal.timeline(tx, "AUD-1")) is AuditState.REPORTED
        assert FINDING_FLOW.replay(await journal.timeline(tx, "FND-1")) is FindingState.CLOSED


async def plan_refused(desk: Desk) -> str:
    """The agent manages no audits: no form opens."""
    said = (await desk.agent.runs("/audit plan Mine")).text
    assert desk.agent.modal is None
    return said


async def test_nobody_audits_what_they_own_wrote_or_acted_in(desk: Desk) -> None:
    await desk.agent.runs("/document new Incident process")
    assert not await desk.agent.submits({"What it is": "Process", "Clauses": "8.6.1"})
    await desk.reports()
    await desk.manager.runs("/audit plan Own work")
    day = (desk.clock.now() + timedelta(days=3)).date()
    form = {"Clauses": "8.6", "Auditor": "agent", "On": day}
    assert "own DOC-1, which is for clause 8.6.1" in str(await desk.manager.submits(form))
    assert not await desk.manager.submits(form | {"Auditor": "engineer"})
    assert "own DOC-1" in (await desk.manager.runs("/audit assign AUD-1 @agent")).text
    assert "@engineer answers for 8.6.2" in (await desk.manager.runs("/iso owner 8.6.2 @engineer")).text
    refused = (await desk.engineer.runs("/audit start AUD-1")).text
    assert "own clause 8.6.2" in refused, "what came since counts too"
    assert "has another auditor" in (await desk.manager.runs("/audit assign AUD-1 @approver")).text
    await desk.approver.runs("/audit start AUD-1")
    await desk.approver.runs("/incident Printer is down")
    assert not await desk.approver.submits({"Service": "VPN", "Impact": "Just me", "Urgency": "Low"})
    await desk.approver.runs("/audit AUD-1")
    await desk.approver.clicks("Check a clause…")
    said = {"Clause": "8.6.1", "How it stands": "Conforms", "What you found": "Looked"}
    assert "acted in INC-2" in str(await desk.approver.submits(said | {"Records": "INC-1 INC-2"}))
    assert "There is no INC-9" in str(await desk.approver.submits(said | {"Records": "INC-9"}))
    assert not await desk.approver.submits(said | {"Records": "INC-1"})


async def test_an_audit_and_a_finding_are_reminded_of_and_observations_are_taken_note_of(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await planned(desk, "9.1")
    desk.clock.forward(days=4)
    await desk.dm(desk.approver).hears("AUD-1", "is planned for")
    await desk.approver.runs("/audit start AUD-1")
    found = (await desk.approver.runs("/audit check AUD-1 9.1 observation @agent Nobody reads the report")).text
    assert "as FND-1" in found
    desk.clock.forward(days=16)
    await desk.dm(desk.agent).hears("The finding", "FND-1", "is due on")
    assert "is closed" in (await desk.agent.runs("/finding take-note FND-1 It goes to the board now")).text
    await desk.dm(desk.agent).hears("The finding", "FND-1", "It is closed now")
    assert "AUD-1" in (await desk.manager.runs("/audit list 9.1")).text
    assert "is cancelled" in (await desk.manager.runs("/audit cancel AUD-1 Not needed")).text


async def test_each_record_of_a_sample_has_the_auditors_verdict(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for number in range(3):
        await desk.reports(f"VPN drops {number}")
    await planned(desk, "8.6.1")
    await desk.approver.runs("/audit start AUD-1")
    drawn = AuditSample(
        audit=1, number=0, population="incidents", period="2026-Q1", size=2, word="blue horse", seed="0",
        population_hash="0", refs="INC-3 INC-1", at=desk.clock.now(),
    )  # fmt: skip
    assert "is in no sample of AUD-1" in (await desk.approver.runs("/audit examine AUD-1 INC-1 meets Seen")).text
    async with desk.bot.database.begin() as tx:
        await audits.sample(tx, Ref(Noun.AUDIT, 1), drawn, by="operator", now=desk.clock.now())
    assert "is no verdict of a record" in (await desk.approver.runs("/audit examine AUD-1 INC-1 fine Seen")).text
    assert "There are INC-3, INC-1" in (await desk.approver.runs("/audit examine AUD-1 INC-2 meets Seen")).text
    assert "Only the auditor can" in (await desk.manager.runs("/audit examine AUD-1 INC-1 meets Seen")).text
    await desk.approver.runs("/audit examine AUD-1 INC-1 deviates No service was named")
    await desk.approver.runs("/audit AUD-1")
    await desk.approver.clicks("More…")
    await desk.approver.clicks("Look at a record…")
    assert not await desk.approver.submits(
        {"Record": "INC-3", "How it stands": "It meets what is asked", "What you saw": "All"}
    )
    await desk.settles()
    card = desk.channel("service-desk")
    await card.hears("AUD-1", "2 of 2 looked at, 1 deviate", "INC-1 deviates: No service was named")
    await desk.approver.runs("/audit check AUD-1 8.6.1 conforms Looked at two")
    await desk.approver.runs("/audit report AUD-1 Sound")
    async with desk.bot.database.read() as tx:
        told = (await journal.timeline(tx, "AUD-1"))[-1]
    assert (told.data["sampled"], told.data["examined"], told.data["deviate"]) == (2, 2, ["INC-1"])
