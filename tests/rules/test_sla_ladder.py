"""The ladder of alarms: thresholds, repeats, and who hears which."""

from datetime import timedelta

import pytest

from bot.rules.notices import NoticeKind
from bot.rules.policy import parse
from bot.rules.priority import Priority
from bot.rules.sla import ClockKind, Owner
from bot.rules.sla_ladder import Ladder, Level, goal
from bot.rules.sla_notices import Circle, promise_at_risk

HOUR = timedelta(hours=1)
RESPONSE, RESOLUTION = ClockKind.RESPONSE, ClockKind.RESOLUTION
CIRCLE = Circle(
    lanes=("#service-desk",),
    assignee="U1",
    taken_by=None,
    groups={"group": ["U2", "U3"], "manager": ["U9"], "group:cab": ["U4"]},
    channels={"channel:changes": "changes"},
)


def ladder(text: str = "", kind: ClockKind = RESPONSE, priority: Priority = Priority.P1) -> Ladder:
    policy = parse(text)
    return Ladder.of(policy.alarms, policy.warn_at, kind, priority)


def heard(text: str, level: Level, circle: Circle = CIRCLE) -> dict[str, str]:
    """Whom each lane's message calls by name."""
    rungs = ladder(text).told(level).values()
    told = promise_at_risk("INC-1", "response", level, rungs, circle)
    return {notice.to: str(notice.data["mention"]) for notice in told}


def test_the_default_warns_at_warn_at_and_tells_the_breach():
    assert ladder().thresholds == [75, 100]
    assert ladder("warn_at = 60").thresholds == [60, 100]


def test_a_breach_is_recorded_even_if_nobody_is_told():
    assert ladder("[alarms]\nbreach = false\nreminder = false").thresholds == [100]


def test_rungs_narrow_to_kinds_and_priorities():
    text = '[alarms.early]\nat = 50\nto = ["channel"]\nkinds = ["resolution"]\npriorities = ["P1"]'
    assert 50 in ladder(text, RESOLUTION).thresholds
    assert 50 not in ladder(text, RESPONSE).thresholds
    assert 50 not in ladder(text, RESOLUTION, Priority.P2).thresholds


def test_rungs_speak_of_the_desks_promises_unless_they_name_other_owners():
    policy = parse('[alarms.early]\nat = 50\nto = ["group"]\nowners = ["supplier"]')
    rungs = {
        owner: set(Ladder.of(policy.alarms, policy.warn_at, RESOLUTION, Priority.P1, owner).rungs) for owner in Owner
    }
    assert rungs == {
        Owner.DESK: {"reminder", "breach"},
        Owner.GROUP: {"owed-reminder", "owed-breach"},
        Owner.SUPPLIER: {"owed-reminder", "owed-breach", "early"},
    }


def test_the_highest_threshold_passed_is_the_one_that_is_told():
    rungs = ladder('[alarms.early]\nat = 50\nto = ["channel"]')
    assert [rungs.highest(HOUR, HOUR * share / 100) for share in (49, 50, 74, 80, 100, 300)] == [
        0,
        50,
        50,
        75,
        100,
        100,
    ]


def test_repeats_come_every_so_often_and_after_an_outage_the_next_lies_ahead():
    rungs = ladder('[alarms.breach]\nagain_every = "30m"\nagain_most = 3')
    first = rungs.next_repeat(Level(1, 100), HOUR, HOUR)
    assert first == (Level(1, 100, 1), 1.5 * HOUR)
    assert rungs.next_repeat(Level(1, 100), HOUR, 2.25 * HOUR) == (Level(1, 100, 3), 2.5 * HOUR)
    assert rungs.next_repeat(Level(1, 100, 3), HOUR, 2.5 * HOUR) is None
    assert rungs.next_repeat(Level(1, 75), HOUR, HOUR) is None


def test_a_repeat_speaks_for_the_rungs_that_repeat():
    text = '[alarms.breach]\nagain_every = "30m"\n[alarms.more]\nat = 100\nto = ["manager"]'
    assert set(heard(text, Level(1, 100))) == {"#service-desk", "@U1", "@U9"}
    assert set(heard(text, Level(1, 100, 1))) == {"#service-desk", "@U1"}


@pytest.mark.parametrize("level", [Level(1, 75), Level(2, 100, 12), Level(1, 90, 0, "night-shift")])
def test_a_level_is_written_as_it_is_read(level: Level):
    assert Level.parse(str(level)) == level


def test_what_is_no_level_is_refused():
    with pytest.raises(ValueError, match="no occurrence"):
        Level.parse("75")


def test_a_share_is_exact():
    assert goal(timedelta(seconds=7), 75) == timedelta(seconds=5.25)


def test_each_hears_whom_the_rung_names():
    text = '[alarms.breach]\nto = ["assignee", "group", "manager", "channel:changes", "group:cab"]'
    assert set(heard(text, Level(1, 100))) == {"@U1", "@U2", "@U3", "@U9", "#changes", "@U4"}


def test_a_mention_calls_in_the_channel_those_whom_it_concerns():
    text = '[alarms.breach]\nto = ["channel", "manager", "assignee"]\nmention = true'
    assert heard(text, Level(1, 100)) == {"#service-desk": "U9 U1", "@U9": "", "@U1": ""}


def test_an_alarm_for_a_vacant_post_is_told_in_the_channel():
    nobody = Circle(("#service-desk",), None, None, {}, {})
    assert set(heard('[alarms.breach]\nto = ["assignee"]', Level(1, 100), nobody)) == {"#service-desk"}


def test_whoever_has_it_hears_further_levels_alone_and_the_breach_is_told_to_all():
    has = Circle(CIRCLE.lanes, "U1", "U7", CIRCLE.groups, CIRCLE.channels)
    text = '[alarms.breach]\nagain_every = "1h"\n[alarms.widen]\nat = 150\nto = ["manager"]'
    assert set(heard(text, Level(1, 75), has)) == {"@U7"}
    assert set(heard(text, Level(1, 100), has)) == {"#service-desk", "@U1"}
    assert set(heard(text, Level(1, 100, 1), has)) == {"@U7"}
    assert set(heard(text, Level(1, 150), has)) == {"@U7"}


def test_a_clock_a_cycle_and_a_threshold_make_one_message_a_lane():
    rungs = ladder().told(Level(1, 100)).values()
    told = [promise_at_risk("INC-1", "response", Level(cycle, 100), rungs, CIRCLE) for cycle in (1, 1, 2)]
    keys = {notice.dedupe_key for notices in told for notice in notices}
    assert len(keys) == 4
    assert {notice.kind for notices in told for notice in notices} == {NoticeKind.SLA_BREACH}
