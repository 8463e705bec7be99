"""Which changes an incident is asked about."""

import pytest

from bot.rules.change.suspected_cause import CauseCandidate, suspect
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import UnknownReference

NEEDS = {"payroll": ["database"], "database": ["network"], "website": ["network"], "network": []}


@pytest.mark.parametrize(
    ("changed", "broken", "asked"),
    [
        ({"network"}, "network", True),
        ({"network"}, "database", True),
        ({"network"}, "payroll", True),
        ({"email", "database"}, "payroll", True),
        ({"payroll"}, "network", False),
        ({"website"}, "payroll", False),
        ({"network"}, "gone-from-the-catalogue", False),
        ({"gone-from-the-catalogue"}, "gone-from-the-catalogue", True),
        (set(), "network", False),
    ],
)
def test_a_change_is_suspected_of_what_stands_on_it(changed: set[str], broken: str, asked: bool) -> None:
    assert suspect(changed, broken, NEEDS) is asked


def test_a_button_carries_both_records() -> None:
    about = CauseCandidate(RecordVersion(Ref(Noun.INCIDENT, 7), 2), RecordVersion(Ref(Noun.CHANGE, 3), 1))
    assert CauseCandidate.parse(str(about)) == about


@pytest.mark.parametrize("value", ["", "INC-7@2", "CHG-3@1 INC-7@2", "INC-7 CHG-3", "INC-7@2 CHG-3@1 CHG-4@1"])
def test_what_no_button_holds_is_refused(value: str) -> None:
    with pytest.raises(UnknownReference):
        CauseCandidate.parse(value)
