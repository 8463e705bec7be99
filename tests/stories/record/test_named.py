"""Whoever is shown a record is told the numbers of those records only that they may see."""

import re

from cast import Desk

from bot.sandbox.person.people import Person

KNOWN = {"What people see": "Phishing mail about invoices", "Workaround": "Delete it"}


async def of_a_private_incident(desk: Desk) -> None:
    """INC-1 of the requester, its problem PRB-1 with KE-1, and an action of that problem, which the engineer owns."""
    manager = desk.manager
    await desk.requester.runs("/incident Phishing mail opened by finance")
    assert not await desk.requester.submits({"Service": "Email", "Privacy": "Private: about security or people"})
    await manager.runs("/incident ack INC-1")
    await manager.runs("/incident problem INC-1 The phishing filter is weak")
    await manager.runs("/incident action INC-1 @manager 2026-03-12 Train the finance people")
    await manager.runs("/problem investigate PRB-1")
    await manager.runs("/problem known-error PRB-1")
    assert not await manager.submits(KNOWN)
    await manager.runs("/problem publish KE-1")
    await desk.settles()


def hidden(text: str) -> list[str]:
    return sorted(set(re.findall(r"(?:PRB|KE)-\d+", text)))


async def heard(person: Person) -> str:
    return "\n".join(one.text for one in person.messages("DM"))


async def test_a_reporter_reads_no_number_that_they_may_not_open(desk: Desk) -> None:
    await of_a_private_incident(desk)
    reader = desk.requester
    assert "There is no PRB-1" in (await reader.runs("/problem PRB-1")).text
    card = (await reader.runs("/incident INC-1")).text
    assert hidden(card) == []
    assert "ACT-1" in card, "what they may see is named as before"
    assert hidden((await reader.runs("/incident timeline INC-1")).text) == []
    assert "Delete it" in await heard(reader)
    assert hidden(await heard(reader)) == []
    assert "phishing filter" not in await heard(reader)
    await reader.opens_home()
    await desk.settles()
    assert hidden(reader.home.text) == []
    assert hidden((await desk.manager.runs("/incident INC-1")).text) == ["KE-1", "PRB-1"]


async def test_what_is_undone_or_mended_names_no_number_either(desk: Desk) -> None:
    await of_a_private_incident(desk)
    await desk.manager.runs("/incident unlink INC-1 PRB-1 A slip")
    await desk.manager.runs("/incident link INC-1 PRB-1")
    await desk.settles()
    assert hidden((await desk.requester.runs("/incident timeline INC-1")).text) == []
    assert hidden((await desk.requester.runs("/incident INC-1")).text) == []
    assert "undid its link to PRB-1" in (await desk.manager.runs("/incident timeline INC-1")).text


async def test_who_is_given_the_incident_alone_reads_no_number_of_its_problem(desk: Desk) -> None:
    await of_a_private_incident(desk)
    await desk.manager.runs("/incident share INC-1 @engineer")
    await desk.manager.runs("/incident assign INC-1 @engineer")
    await desk.settles()
    assert "There is no PRB-1" in (await desk.engineer.runs("/problem PRB-1")).text
    assert hidden((await desk.engineer.runs("/incident INC-1")).text) == []
    await desk.engineer.clicks("More…", "general")
    assert hidden(desk.engineer.modal.text) == []
    await desk.engineer.closes()
    assert hidden((await desk.engineer.runs("/incident timeline INC-1")).text) == []


async def test_an_owner_who_may_not_see_where_an_action_comes_from_reads_no_number_of_it(desk: Desk) -> None:
    await of_a_private_incident(desk)
    await desk.manager.runs("/problem assign PRB-1 @engineer")
    await desk.manager.runs("/problem action PRB-1 @engineer 2026-03-12 Look at the rules of the filter")
    await desk.settles()
    await desk.manager.runs("/problem assign PRB-1 @manager")
    await desk.settles()
    assert "There is no PRB-1" in (await desk.engineer.runs("/problem PRB-1")).text
    assert hidden((await desk.engineer.runs("/action ACT-2")).text) == []
    assert hidden((await desk.engineer.runs("/action list mine")).text) == []
    assert hidden((await desk.engineer.runs("/action timeline ACT-2")).text) == []
    await desk.engineer.opens_home()
    await desk.settles()
    assert "ACT-2" in desk.engineer.home.text
    assert hidden(desk.engineer.home.text) == []
    assert "of PRB-1" in (await desk.manager.runs("/action ACT-2")).text


async def test_an_exported_timeline_names_what_all_may_see_who_are_let_in(desk: Desk) -> None:
    await of_a_private_incident(desk)
    await desk.manager.runs("/incident unlink INC-1 PRB-1 A slip")
    await desk.manager.runs("/incident major INC-1")
    if desk.manager.modal:
        assert not await desk.manager.submits()
    await desk.settles()
    await desk.manager.runs("/incident export INC-1")
    await desk.settles()
    told = next(upload.content.decode() for upload in desk.slack.files.values() if upload.complete)
    assert "acknowledged" in told
    assert hidden(told) == []
