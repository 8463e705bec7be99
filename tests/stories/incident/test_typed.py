"""Commands as people type them: short, without the noun, at the wrong command."""

import pytest
from cast import Desk


@pytest.mark.parametrize("typed", ["ack 1", "ack #1", "Ack inc1", "ack inc 1"])
async def test_a_number_may_be_typed_short(desk_on_sqlite: Desk, typed: str) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    assert "INC-1 is yours" in (await desk.agent.runs(f"/incident {typed}")).text


async def test_one_record_is_shown_by_its_number_alone(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.asks_for_change()
    assert "VPN is down" in (await desk.agent.runs("/incident 1")).text
    assert "Upgrade the VPN gateway" in (await desk.agent.runs("/change #1")).text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/incident ack", "Which one? Type /incident ack INC-n."),
        ("/incident assign", "Which one? Type /incident assign INC-n me|@person|group."),
        ("/change start", "Which one? Type /change start CHG-n."),
        ("/change cab add", "Which one? Type /change cab add CHG-n."),
        ("/sla excuse", "Which one? Type /sla excuse INC-n."),
        ("/incident CHG-1", "CHG-1 belongs to another command: /change CHG-1 shows it."),
        ("/incident ack CHG-1", "CHG-1 belongs to another command: /change CHG-1 shows it."),
        ("/change INC-1", "INC-1 belongs to another command: /incident INC-1 shows it."),
        ("/incident list printers", "“printers” is not something to list by."),
        ("/change list printers", "“printers” is not something to list by."),
        ("/sla tomorrow", "“tomorrow” is no number of hours"),
        ("/sla 1000", "“1000” is no number of hours"),
        ("/sla service", "Some words are missing: type /sla service NAME"),
    ],
)
async def test_what_is_hardly_meant_as_a_summary_opens_no_form(desk_on_sqlite: Desk, typed: str, answer: str) -> None:
    assert answer in (await desk_on_sqlite.agent.runs(typed)).text
    assert desk_on_sqlite.agent.modal is None


@pytest.mark.parametrize(
    "summary",
    [
        "resolve 2 printers are broken",
        "shared mailbox is full",
        "Inc 2024 report is missing",
        "list of printers is empty",
    ],
)
async def test_what_reads_like_a_sentence_is_a_summary(desk_on_sqlite: Desk, summary: str) -> None:
    requester = desk_on_sqlite.requester
    await requester.runs(f"/incident {summary}")
    assert await requester.submits({"Service": "VPN"}) == {}
    await desk_on_sqlite.channel("service-desk").hears("INC-1", summary)


async def test_my_changes_are_listed(desk: Desk) -> None:
    await desk.asks_for_change("Upgrade the VPN gateway")
    await desk.engineer.runs("/change Replace a disk")
    await desk.engineer.submits({"Service": "VPN", "Why": "Old", "Plan": "Swap", "Backout plan": "Swap back"})
    mine = (await desk.engineer.runs("/change list mine")).text
    assert "Replace a disk" in mine
    assert "Upgrade the VPN gateway" not in mine
    assert "No change is yours" in (await desk.outsider.runs("/change list mine")).text


async def test_a_timeline_begins_with_the_report_and_says_who_sets_the_priority(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.agent.runs("/incident priority INC-1 P2 Few are at home")
    told = (await desk.agent.runs("/incident timeline INC-1")).text
    assert told.index("reported it") < told.index("the clock “response” started")
    assert "changed priority to P2, set by hand" in told
    await desk.agent.runs("/incident priority INC-1 matrix Many are")
    assert "changed priority to P1, set by impact and urgency" in (await desk.agent.runs("/incident timeline 1")).text
