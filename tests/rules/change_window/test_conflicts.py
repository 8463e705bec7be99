"""What a change runs into, and at which services."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.change_window.conflicts import CollisionKind, Meeting, Planned, Trouble, collisions, met
from bot.rules.change_window.windows import Window, WindowKind
from bot.rules.configuration.dependencies import below
from bot.rules.policy.policy import PolicyFaults, parse

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEEDS = {"payroll": ("database",), "database": ("network",), "network": (), "website": ("network",)}
MINE = Planned("CHG-1", "Mine", ("database",), AT, AT + 2 * HOUR)


def other(services, starts=0, ends=1, ref="CHG-2"):
    return Planned(ref, "Theirs", tuple(services), AT + starts * HOUR, AT + ends * HOUR)


def window(services=(), *, kind=WindowKind.FREEZE, hard=True, starts=0, ends=8, number=1):
    starts_at, ends_at = AT + starts * HOUR, AT + ends * HOUR
    return Window(number, kind, hard, frozenset(services), "Audit", starts_at, ends_at, "UTC")


@pytest.mark.parametrize(
    ("mine", "theirs", "meeting"),
    [
        (["database"], ["database"], Meeting("database", "database")),
        (["payroll"], ["network"], Meeting("payroll", "network")),
        (["network"], ["payroll"], Meeting("payroll", "network")),
        (["payroll"], ["website"], None),
        (["website", "payroll"], ["payroll", "network"], Meeting("payroll", "payroll")),
        (["gone"], ["network"], None),
    ],
)
def test_two_things_meet_on_a_service_or_where_one_depends_on_the_other(mine, theirs, meeting):
    assert met(mine, theirs, NEEDS) == meeting


def test_all_services_at_which_two_changes_meet_are_named():
    both = Planned("CHG-1", "Mine", ("database", "website"), AT, AT + 2 * HOUR)
    (found,) = collisions(both, [], [other(["website", "database"])], [], NEEDS)
    assert (found.at, found.also) == (Meeting("database", "database"), (Meeting("website", "website"),))


def test_dependence_reaches_all_the_way_down():
    assert below(NEEDS, "payroll") == {"database", "network"}


@pytest.mark.parametrize(
    ("starts", "ends", "meets"), [(-1, 0, False), (-1, 1, True), (0, 2, True), (2, 3, False), (1, 3, True)]
)
def test_changes_meet_in_time_half_open(starts, ends, meets):
    found = collisions(MINE, [], [other(["database"], starts, ends)], [], NEEDS)
    assert bool(found) == meets


def test_a_change_does_not_run_into_itself():
    assert collisions(MINE, [], [other(["database"], ref="CHG-1")], [], NEEDS) == []


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        (window(["database"]), CollisionKind.FREEZE),
        (window(), CollisionKind.FREEZE),
        (window(["database"], hard=False), CollisionKind.SOFT_FREEZE),
        (window(["payroll"]), CollisionKind.NEAR_FREEZE),
        (window(["network"], hard=False), CollisionKind.NEAR_FREEZE),
        (window(["database"], kind=WindowKind.MAINTENANCE, starts=5), CollisionKind.OUTSIDE),
    ],
)
def test_each_window_is_told_as_what_it_does(held, kind):
    assert [one.kind for one in collisions(MINE, [held], [], [], NEEDS)] == [kind]


@pytest.mark.parametrize("held", [window(["website"]), window(["database"], starts=2), window(["database"], ends=0)])
def test_a_window_of_another_service_or_time_is_none(held):
    assert collisions(MINE, [held], [], [], NEEDS) == []


def test_the_weightiest_comes_first():
    majors = [Trouble("INC-1", "Down", "network")]
    windows = [window(["payroll"], number=2), window(["database"])]
    found = collisions(MINE, windows, [other(["database"])], majors, NEEDS)
    assert [one.ref for one in found] == ["WIN-1", "WIN-2", "INC-1", "CHG-2"]
    assert [one.at for one in found][2] == Meeting("database", "network")


def _faults(text):
    with pytest.raises(PolicyFaults) as refused:
        parse(text)
    return [str(fault) for fault in refused.value.faults]


def test_a_policy_whose_services_depend_on_nothing_known_or_on_themselves_is_refused_by_line():
    (told,) = _faults('[services.vpn]\ndepends_on = ["netwrok"]\n')
    assert told.startswith("line 2, services.vpn.depends_on: there is no service “netwrok”; did you mean “network”?")
    told = _faults('[services.vpn]\ndepends_on = ["email"]\n[services.email]\ndepends_on = ["network", "vpn"]\n')
    assert [one.partition(":")[0] for one in told] == [
        "line 2, services.vpn.depends_on",
        "line 4, services.email.depends_on",
    ]
    assert "would depend on itself" in told[0]


def test_a_freeze_asks_a_group_that_there_is():
    (told,) = _faults('[changes]\nfreeze_approvers = "any of cabb"\n')
    assert told.startswith("line 2, changes.freeze_approvers: there is no group “cabb”; did you mean “cab”?")


def test_what_services_stand_on_outlives_being_kept():
    policy = parse('[services.vpn]\ndepends_on = ["network"]\n')
    assert policy.needs["vpn"] == ("network",)
    assert policy.needs["email"] == ()


def test_what_items_carry_is_met_only_where_nothing_that_was_said_is() -> None:
    start, end = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    mine = Planned("CHG-1", "", ("web",), start, end, ("vpn", "mail"))
    said = Planned("CHG-2", "Said", ("web",), start, end, ("vpn",))
    carried = Planned("CHG-3", "Carried", ("fax",), start, end, ("mail",))
    apart = Planned("CHG-4", "Apart", ("fax",), start, end)
    found = {one.ref: one for one in collisions(mine, [], [said, carried, apart], [Trouble("INC-1", "", "vpn")], {})}
    assert {ref: one.by_items for ref, one in found.items()} == {"CHG-2": False, "CHG-3": True, "INC-1": True}
    assert (found["CHG-2"].at, found["CHG-3"].at) == (Meeting("web", "web"), Meeting("mail", "mail"))
