"""The policy's section on incidents tells its faults by line."""

import pytest

from bot.rules.policy.policy import PolicyFaults, parse


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[incidents]\nremind_after = 5", "the reminder must come before the closing"),
        ('[incidents]\ncodes = ["Fixed", "fixed"]', "two resolution codes are the same"),
        ("[incidents]\ncodes = []", "incidents.codes"),
        ('[incidents]\ncalendar = "moon"', "line 2, incidents.calendar: there is no calendar “moon”"),
        ('[incidents.private]\ngroup = "securty"', "line 2, incidents.private.group: there is no group “securty”"),
        ('[incidents.private]\nchannel = "changes"', "must be a channel that says `private = true`"),
        ('[incidents]\nreopen_within = "soon"', "is not a length of time"),
    ],
)
def test_each_fault_is_told(text, says):
    with pytest.raises(PolicyFaults, match=says.replace("(", r"\(")) as refused:
        parse(text)
    assert "line" in str(refused.value)


def test_the_shipped_section_works_untouched():
    rules = parse("").incidents
    assert (rules.remind_after, rules.close_after, rules.codes[0]) == (3, 5, "Fixed")
