"""Where two things meet: every service, not the first alone."""

import pytest

from bot.rules.change_window.conflicts import Meeting, meetings

NEEDS = {"mail": {"vpn": ()}, "web": {"mail": ()}}


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        (["vpn", "mail", "pay"], ["pay", "mail"], [("mail", "mail"), ("pay", "pay"), ("mail", "vpn")]),
        (["vpn"], ["mail", "web"], [("mail", "vpn"), ("web", "vpn")]),
        (["vpn", "pay"], ["pay", "mail"], [("pay", "pay"), ("mail", "vpn")]),
        (["vpn", "mail"], ["vpn", "mail"], [("vpn", "vpn"), ("mail", "mail")]),
        (["pay"], ["vpn"], []),
    ],
)
def test_two_things_meet_at_every_service_that_both_touch_or_depend_on(mine, theirs, found):
    assert meetings(mine, theirs, NEEDS) == [Meeting(*one) for one in found]
