"""What people type behind `/change list`, read into values."""

from datetime import timedelta

import pytest

from bot.rules.change.flow import OPEN, ChangeState, ChangeType, Risk
from bot.rules.change.list_filter import ChangeFilter, is_filter, read
from bot.rules.change.refusals import BadChangeList

SERVICES = {"vpn": "VPN", "email": "Email server"}


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", ChangeFilter()),
        ("service:vpn", ChangeFilter(service="vpn")),
        ("open closed", ChangeFilter(states=OPEN | {ChangeState.CLOSED})),
        ("mine open", ChangeFilter(states=OPEN, mine=True)),
        ("vpn", ChangeFilter(service="vpn")),
        ('service:"Email server" mine', ChangeFilter(states=frozenset(ChangeState), service="email", mine=True)),
        ("service:“email server”", ChangeFilter(service="email")),
        ("state:closed", ChangeFilter(states={ChangeState.CLOSED})),
        ("closed cancelled", ChangeFilter(states={ChangeState.CLOSED, ChangeState.CANCELLED})),
        ("mine", ChangeFilter(states=frozenset(ChangeState), mine=True)),
        ("mine scheduled", ChangeFilter(states={ChangeState.SCHEDULED}, mine=True)),
        ("assigned", ChangeFilter(assigned=True)),
        ("mine missed", ChangeFilter(states=frozenset(ChangeState), mine=True, missed=True)),
        ("held vpn", ChangeFilter(service="vpn", held=True)),
        ("all emergency risk:high", ChangeFilter(frozenset(ChangeState), type=ChangeType.EMERGENCY, risk=Risk.HIGH)),
        ("open starts<3d", ChangeFilter(starts_within=timedelta(days=3))),
        ("“gateway” Email", ChangeFilter(words=("gateway",), service="email")),
    ],
)
def test_words_are_read_into_values(typed, wanted):
    assert read(typed, SERVICES) == wanted


def test_what_is_open_is_listed_unless_told():
    assert read("vpn", SERVICES).states == OPEN


@pytest.mark.parametrize("typed", ["nonsense", "service:fax", "starts<soon", "risk:awful"])
def test_what_is_no_filter_is_refused(typed):
    with pytest.raises(BadChangeList, match="is not something to list by"):
        read(typed, SERVICES)


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("mine", True),
        ("service:vpn closed", True),
        ("the owners", False),
        ("owners of the vpn", False),
        ("vpn mine high", True),
        ("vpn mine", True),
    ],
)
def test_a_title_is_no_filter(typed, is_one):
    assert is_filter(typed, SERVICES) is is_one
