"""`/iso`: where an organisation stands, what is missing, and mending it; a walk that can stop and go on."""

import asyncio
from datetime import timedelta

import pytest
from cast import Desk

from bot.rules.iso.trend import Stood
from bot.usecases.iso import history
from storage.incident import incidents

BOX = {"Privacy": ["Private: about security or people"]}


async def test_the_picture_has_all_clauses_and_the_worst_gaps(desk: Desk) -> None:
    await desk.reports()
    shown = (await desk.manager.runs("/iso")).text
    assert "Step 1 of 7: Understand" in shown
    assert "4.1 Understanding the organization and its context | ○ not addressed | ○ not addressed | ? unknown" in shown
    assert "8.6.1 Incident management | ● conforming | ● conforming | ? unknown | 1 | 100 %" in shown
    assert shown.count(": not addressed. ") == 10
    assert "the auditor decides" in shown
    assert "compliant" not in shown.casefold()
    one = (await desk.manager.runs("/iso 8.6.1")).text
    assert "Is each incident recorded, classified" in one
    assert "1 in the period, 1 complete. INC-1" in one
    assert "incidents that began in the period" in one
    below = (await desk.manager.runs("/iso 8.6")).text
    assert "8.6.3 Problem management" in below
    assert "There is no clause “8.6.9”" in (await desk.manager.runs("/iso 8.6.9")).text


@pytest.mark.slow
async def test_a_large_desk_is_counted_by_another_process_and_from_samples(
    desk_on_sqlite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says is the same: a year of it is neither read on the loop nor anew."""
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident ack INC-1")
    await desk.agent.runs("/incident resolve INC-1 fixed: Restarted it")
    desk.clock.forward(days=1)
    await desk.settles()
    await desk.bot.jobs.seal()
    here = [(await desk.manager.runs(f"/iso {one}")).text for one in ("", "8.6.1", "9.1")]
    monkeypatch.setattr(incidents, "READ_HERE_MOST", 0)
    await desk.bot.jobs.figure_samples()
    there = []
    for one in ("", "8.6.1", "9.1"):
        answer = await desk.manager.runs(f"/iso {one}")
        await desk.bot.bolt.rest(60)
        await desk.slack.quiet()
        there.append(answer.text)
    assert there == here
    assert "1 complete" in there[1]


async def test_a_gap_is_mended_by_a_judgement_and_time_makes_that_stale(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/iso 4.1")
    await desk.manager.clicks("Mend 4.1 designed")
    modal = desk.manager.modal.text
    assert "Put a document in force: context." in modal
    assert desk.manager.modal.title == "New document"
    await desk.manager.clicks("Another way…")
    assert desk.manager.modal.title == "Judge 4.1"
    said = {"How it stands": "Conforming", "Because": "The list of March, page 2"}
    assert await desk.manager.submits(said) == {}
    shown = (await desk.manager.runs("/iso 4.1")).text
    assert "● Designed: conforming" in shown
    assert "The list of March, page 2" in shown
    desk.clock.forward(days=366)
    assert "◌ Designed: stale" in (await desk.manager.runs("/iso 4.1")).text


async def test_a_form_that_was_closed_before_it_could_be_drawn_is_no_failure(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/iso 4.1")
    await asyncio.gather(*(desk.manager.clicks("Mend 4.1 done", "general") for _ in range(3)))
    assert "Mend" in desk.manager.modal.title
    assert "went wrong" not in str(desk.manager.notes())


@pytest.mark.slow
async def test_a_gap_is_mended_by_an_action_that_repeats(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/iso 4.4")
    await desk.manager.clicks("Mend 4.4 done")
    assert "One that repeats is evidence that it is done." in desk.manager.modal.text
    due = desk.clock.now().date() + timedelta(days=30)
    assert await desk.manager.submits({"Due on": due, "Again?": "Each quarter"}) == {}
    shown = (await desk.manager.runs("/iso 4.4")).text
    assert "◐ Done: started" in shown
    assert "ACT-1 is due on Wed 1 Apr 2026 for the first time" in shown
    await desk.manager.runs("/action done ACT-1 Audited the desk")
    assert "● Done: conforming" in (await desk.manager.runs("/iso 4.4")).text
    desk.clock.forward(days=200)
    await desk.settles()
    assert "◌ Done: stale" in (await desk.manager.runs("/iso 4.4")).text


async def test_mend_opens_the_form_of_what_is_missing(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/iso 4.3")
    await desk.manager.clicks("Mend 4.3 designed")
    assert await desk.manager.submits({}) == {}
    await desk.settles()
    document = (await desk.manager.runs("/document DOC-1")).text
    assert "4.3" in document
    await desk.manager.runs("/iso 4.3")
    await desk.manager.clicks("Mend 4.3 designed")
    assert "DOC-1" in desk.manager.modal.text, "the draft that is there already, with what can be done to it"
    assert "It is a draft" in desk.manager.modal.text
    await desk.manager.closes()
    await desk.manager.runs("/iso 9.2")
    await desk.manager.clicks("Mend 9.2 done")
    day = desk.clock.now().date() + timedelta(days=30)
    assert await desk.manager.submits({"Auditor": "approver", "On": day}) == {}
    assert "AUD-1 is planned for" in (await desk.manager.runs("/iso 9.2")).text
    await desk.manager.runs("/iso 9.3")
    await desk.manager.clicks("Mend 9.3 done")
    assert desk.manager.modal.title == "Plan a review"
    await desk.manager.closes()
    await desk.manager.runs("/iso 4.2")
    await desk.manager.clicks("Mend 4.2 done")
    assert "Interested parties" in desk.manager.modal.text
    await desk.manager.clicks("Another way…")
    assert desk.manager.modal.title == "Mend 4.2"


async def test_the_walk_stops_and_goes_on(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.manager.runs("/iso walk")
    assert desk.manager.modal.title == "Clause 4.1"
    assert "0 of 45 were gone through" in desk.manager.modal.text
    stands = "Does something in force say how it is done?"
    assert await desk.manager.submits({stands: "Started", "Because": "There is a draft"}) == {}
    assert desk.manager.modal.title == "Clause 4.2", "it goes on in its place"
    assert await desk.manager.submits({stands: "Not addressed", "Because": "No list"}) == {}
    assert desk.manager.modal.title == "Clause 4.3", "and so does each that follows"
    await desk.manager.closes()
    await desk.manager.runs("/iso walk")
    assert desk.manager.modal.title == "Clause 4.3", "it goes on where it stopped"
    await desk.manager.closes()
    shown = (await desk.manager.runs("/iso")).text
    assert "Step 2 of 7: Gap analysis" in shown
    assert "2 of 45 clauses were gone through" in shown
    assert "◐ started" in shown


async def test_private_records_count_and_are_not_named(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/incident Phished mailbox")
    assert await desk.requester.submits({"Service": "Email", "Impact": "Everyone", "Urgency": "High"} | BOX) == {}
    shown = (await desk.manager.runs("/iso 8.6.1")).text
    assert "1 in the period, 1 complete." in shown
    assert "INC-1" not in shown


async def test_it_is_for_those_who_manage(desk_on_sqlite: Desk) -> None:
    for person in (desk_on_sqlite.outsider, desk_on_sqlite.requester):
        for typed in ("/iso", "/iso 8.6.1", "/iso walk"):
            assert "is for" in (await person.runs(typed)).text


async def test_what_moved_since_the_quarter_before_is_shown(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    assert "axes stand better" not in (await desk.manager.runs("/iso")).text, "nothing is on record yet"
    desk.clock.forward(days=1)
    await desk.bot.jobs.long_timers()
    await desk.reports()
    shown = (await desk.manager.runs("/iso")).text
    assert "Since Tue 3 Mar 2026: 4 axes stand better, 1 worse." in shown
    assert "↑ 8.6.1 done: not addressed → conforming" in shown
    assert "● conforming ↑" in shown
    for days in (20, 100):
        desk.clock.forward(days=days)
        await desk.bot.jobs.long_timers()
    shown = (await desk.manager.runs("/iso")).text
    assert "↓ 8.6.1 done: conforming → stale" in shown
    async with desk.bot.database.read() as tx:
        kept = [one.at.date().isoformat() for one in await history.known(tx)]
    assert kept[0] == "2026-03-03"
    assert len(kept) >= 2


async def test_how_clauses_stand_in_a_large_desk_waits_for_its_samples(
    desk_on_sqlite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    monkeypatch.setattr(incidents, "READ_HERE_MOST", 0)

    async def on_record() -> list[Stood]:
        async with desk.bot.database.read() as tx:
            return await history.known(tx)

    desk.clock.forward(days=1)
    await desk.bot.jobs.long_timers()
    assert not await on_record(), "a year would be read for it, and again for the samples"
    await desk.bot.jobs.figure_samples()
    desk.clock.forward(minutes=6)
    await desk.bot.jobs.long_timers()
    assert await on_record()
