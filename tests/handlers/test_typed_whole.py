"""Words that are typed behind a command and are too many for a heading are all in the form that it opens."""

import pytest
from cast import Desk

from bot.rules.record.text import headed
from bot.sandbox.person.people import Person

LONG = " ".join(f"w{n}" for n in range(140))  # 588 characters: more than any heading holds
COMMANDS = (
    "incident {}",
    "change {}",
    "change freeze {}",
    "change break-glass {}",
    "problem {}",
    "action {}",
    "complaint {}",
    "document new {}",
    "audit plan {}",
    "management-review plan {}",
    "register add risk {}",
    "ci add {}",
    "ci campaign {}",
)


def typed_into(person: Person) -> list[str]:
    """What stands in the inputs of the form that is open."""
    assert person.modal is not None
    elements = [block.get("element", {}) for block in person.modal.view.blocks]
    return [str(one.get("initial_value", "")) for one in elements]


@pytest.mark.parametrize("length", [588, 3400])
async def test_a_form_holds_all_that_was_typed_or_says_how_much_it_holds(desk_on_sqlite: Desk, length: int) -> None:
    words = (LONG * 7)[:length].strip()
    manager = desk_on_sqlite.manager
    for command in COMMANDS:
        answer = await manager.runs(f"/{command.format(words)}")
        assert manager.modal is not None, f"{command}: {answer.text if answer else ''}"
        held = max(typed_into(manager), key=len)
        hints = str([block.get("hint") for block in manager.modal.view.blocks])
        if length > 3000:
            assert held == words[:3000].rstrip() or f"You wrote {len(words):,} characters" in hints, command
        else:
            assert held == words, command
        await manager.closes()


async def test_too_long_a_heading_is_refused_beside_its_field_and_kept(desk_on_sqlite: Desk) -> None:
    manager = desk_on_sqlite.manager
    for command, label, answers in (
        ("action {}", "What is to be done", {"Due on": "2026-04-01"}),
        ("document new {}", "Title", {"What it is": "Process", "Clauses": "8.1"}),
        ("audit plan {}", "Title", {"Clauses": "6.1", "Auditor": "approver", "On": "2026-04-01"}),
        ("management-review plan {}", "Title", {"Records of": "2026-Q1", "On": "2026-04-01", "Chair": "approver"}),
        (
            "register add risk {}",
            "Title",
            {
                "What could happen, and what would follow?": "Much",
                "How likely is it?": "3 possible",
                "How much would it matter?": "4 much",
            },
        ),
        ("ci add {}", "Name", {"Type": "server"}),
        ("ci campaign {}", "Name", {"Until": "2026-04-01"}),
    ):
        await manager.runs(f"/{command.format(LONG)}")
        assert f"You wrote {len(LONG)} characters" in str(manager.modal.view.blocks), command
        faults = await manager.submits(answers)
        assert list(faults) == [label], (command, faults)
        assert manager.modal.value(label) == LONG
        assert not await manager.submits({label: "A short one"}), command


def test_a_heading_without_room_leaves_all_of_it_to_the_text_below() -> None:
    assert headed("VPN  is\ndown") == ("VPN is down", "")
    title, below = headed(LONG)
    assert len(title) == 150
    assert below == LONG
