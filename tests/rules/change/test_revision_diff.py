"""Which edits ask for something else, and how the difference is told."""

import pytest

from bot.rules.change.revision_diff import Difference, apart, differences, told

WHY = "The present release gets no fixes from next month on, and the vendor has said so twice."


@pytest.mark.parametrize(
    ("field", "before", "after", "material"),
    [
        ("why", WHY, WHY.replace("vendor", "vendour"), False),
        ("why", WHY, WHY.replace("next month", "2026"), True),
        ("why", WHY, "Somebody asked for it.", True),
        ("why", "10 people", "90 people", True),
        ("communication", "Tell the desk an hour before.", "Tell the desk an hour before", False),
        ("links", "a", "b", False),
        ("why", "Do it now", "do it, now!", False),
        ("plan", "1. Drain. 2. Upgrade", "1. drain\n2. upgrade.", True),
        ("plan", "Do not stop the database.", "Do not. Stop the database!", True),
        ("plan", "Keep 1.5 GB free", "Keep 1 5 GB free", True),
        ("plan", "1. Drain\n2. Upgrade", "1. Drain  \n2. Upgrade\t\n", False),
        ("plan", "1. Drain\n2. Upgrade", "1. Drain\n\n2. Upgrade", True),
        ("plan", "rm -r old/ new", "rm -r old / new", True),
        ("test_plan", "Do not ping it", "Do not. Ping it", True),
        ("backout", "Switch back, then tell", "Switch back then tell", True),
        ("title", "Stop DB-1", "Stop DB 1", True),
        ("title", "Stop DB-1", "stop DB-1", True),
        ("plan", "Enable the rule", "Disable the rule", True),
        ("plan", "Upgrade the standby", "Upgrade the standbyy", True),
        ("backout", "Switch back", "", True),
        ("title", "Upgrade the gateway", "Remove the gateway", True),
        ("service", "vpn", "email", True),
        ("touches", "", "email", True),
        ("starts_at", "2026-03-03T10:00:00+00:00", "2026-03-03T11:00:00+00:00", True),
        ("implementer", "U1", "U2", True),
        ("answers", "{}", '{"backout": 0}', True),
        ("incident", "INC-1", "INC-2", True),
    ],
)
def test_an_edit_voids_votes_unless_it_mends_a_slip(field, before, after, material):
    assert Difference(field, before, after).material is material


def test_the_difference_is_told_from_where_the_texts_part():
    before = {"plan": "Drain the standby, upgrade the standby, switch over", "title": "Upgrade"}
    found = differences(before, before | {"plan": "Drain the standby, upgrade both, switch over"})
    assert [one.field for one in found] == ["plan"]
    assert (
        told(found)
        == "plan (“…standby, upgrade the standby, switch over” is now “…standby, upgrade both, switch over”)"
    )
    assert differences(before, before) == []
    assert told([]) == "nothing that was asked for"
    assert told(differences({"plan": "a b"}, {"plan": "a\nb"})) == "plan (its lines or spaces)"


def test_a_difference_is_short_however_long_the_texts():
    assert max(map(len, apart("a " * 900, "b " * 900))) <= 60
