"""The ladder of alarms: thresholds, repeats, and who hears which."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import parse
from bot.rules.policy_format.faults import PolicyFaults
from bot.rules.record.notices import NoticeKind
from bot.rules.sla.clocks import ClockKind, Owner
from bot.rules.sla.escalation import Escalation, Level, Ring, goal, is_told, speaking, unseen
from bot.rules.sla.notices import Recipients, called, promise_at_risk
from bot.rules.time.quiet_hours import awake_at

HOUR = timedelta(hours=1)
RESPONSE, RESOLUTION = ClockKind.RESPONSE, ClockKind.RESOLUTION
CIRCLE = Recipients(
    lanes=("#service-desk",),
    assignee="U1",
    taken_by=None,
    groups={"group": ["U2", "U3"], "manager": ["U9"], "group:cab": ["U4"]},
    channels={"channel:changes": "changes"},
)


def ladder(text: str = "", kind: ClockKind = RESPONSE, priority: Priority = Priority.P3) -> Escalation:
    policy = parse(text)
    return Escalation.of(policy.alarms, policy.warn_at, kind, priority)


def heard(text: str, level: Level, circle: Recipients = CIRCLE) -> dict[str, str]:
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
    text = '[alarms.early]\nat = 50\nto = ["channel"]\nkinds = ["resolution"]\npriorities = ["P3"]'
    assert 50 in ladder(text, RESOLUTION).thresholds
    assert 50 not in ladder(text, RESPONSE).thresholds
    assert 50 not in ladder(text, RESOLUTION, Priority.P4).thresholds


def test_rungs_speak_of_the_desks_promises_unless_they_name_other_owners():
    policy = parse('[alarms.early]\nat = 50\nto = ["group"]\nowners = ["supplier"]')
    rungs = {
        owner: set(Escalation.of(policy.alarms, policy.warn_at, RESOLUTION, Priority.P3, owner).rungs)
        for owner in Owner
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
    nobody = Recipients(("#service-desk",), None, None, {}, {})
    assert set(heard('[alarms.breach]\nto = ["assignee"]', Level(1, 100), nobody)) == {"#service-desk"}


def test_whoever_has_it_hears_further_levels_alone_and_the_breach_is_told_to_all():
    has = Recipients(CIRCLE.lanes, "U1", "U7", CIRCLE.groups, CIRCLE.channels)
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


NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TWO_RUNGS = """
[alarms.breach]
again_every = "2h"
again_most = 5
[alarms.later]
at = 100
to = ["manager"]
[alarms.same]
at = 150
to = ["channel", "assignee"]
"""


def ring(text: str, due: float, fired: float | None = None) -> Ring:
    """“1:100+1”, with its times in hours from noon."""
    at = NOON + due * HOUR
    return Ring(Level.parse(text), at, None if fired is None else NOON + fired * HOUR)


@pytest.mark.parametrize(
    ("mine", "others", "told"),
    [
        pytest.param(ring("1:150", 0), [], True, id="the highest threshold"),
        pytest.param(ring("1:100", 0), [ring("1:150", 0)], False, id="a lower one after an outage"),
        pytest.param(ring("1:100+1", 0), [ring("1:150", -2, -2)], True, id="a repeat after a later threshold"),
        pytest.param(ring("1:100+5", 0), [ring("1:150", -9, -9), ring("1:100+4", -2, -2)], True, id="the fifth"),
        pytest.param(ring("1:100+1", -2), [ring("1:150", -1)], False, id="a backlog in which the threshold waits"),
        pytest.param(ring("1:100+1", -1), [ring("1:150", -2, 0)], False, id="a backlog in which the threshold spoke"),
        pytest.param(ring("1:75+3", -2), [ring("1:100+1", -1)], False, id="a backlog of repeats: the last speaks"),
        pytest.param(ring("1:100+1", -1), [ring("1:75+3", -2, 0)], True, id="that last one"),
        pytest.param(ring("1:75+3", 0), [ring("1:100+1", 0)], True, id="two repeats of one moment"),
        pytest.param(ring("1:100+1", 0), [ring("2:150", 0)], True, id="another round is no matter"),
        pytest.param(ring("1:100+1", 0), [ring("1:150", 3)], True, id="what is still to come is no matter"),
        pytest.param(ring("1:75~reminder", 0), [ring("1:150", -9, -9)], True, id="put off, and overtaken meanwhile"),
        pytest.param(ring("1:75~reminder", -2), [ring("1:150", -1)], False, id="put off, and in a backlog"),
        pytest.param(ring("1:100~breach", 0), [ring("1:100+1~breach", 0)], False, id="put off twice: told once"),
        pytest.param(ring("1:100+1~breach", 0), [ring("1:100~breach", 0)], True, id="that once"),
        pytest.param(ring("1:100~later", 0), [ring("1:100+1~breach", 0)], True, id="put off, for others"),
        pytest.param(ring("1:100~breach", 0), [ring("1:150~same", 0)], False, id="put off, for the same"),
    ],
)
def test_repeats_and_what_was_put_off_are_told_and_a_backlog_is_one_message(mine, others, told):
    assert is_told(mine, [mine, *others], ladder(TWO_RUNGS), 150, NOON) is told


def test_a_mention_may_name_people_who_get_no_message_of_their_own():
    text = '[alarms.breach]\nto = ["channel", "assignee"]\ncalls = ["group", "group:cab"]'
    assert heard(text, Level(1, 100)) == {"#service-desk": "U2 U3 U4", "@U1": ""}


def test_what_is_urgent_calls_the_group_its_members_and_the_managers_as_shipped():
    urgent = ladder(priority=Priority.P2)
    assert urgent.thresholds == [75, 100, 150], "what is told at 0 needs no timer"
    assert called(urgent.at(0).values(), CIRCLE) == ["U2", "U3"]
    assert called(ladder().at(0).values(), CIRCLE) == []

    def lanes(at: int) -> dict[str, str]:
        told = promise_at_risk("INC-1", "response", Level(1, at), urgent.at(at).values(), CIRCLE)
        return {one.to: str(one.data["mention"]) for one in told}

    assert lanes(75) == {"#service-desk": "U2 U3", "@U1": ""}
    assert set(lanes(100)) == {"#service-desk", "@U1", "@U2", "@U3"}
    assert set(lanes(150)) == {"@U9"}


@pytest.mark.parametrize(
    ("rung", "fault"),
    [
        ('at = 0\nto = ["channel"]\nhours = "always"', "whatever the hour"),
        ('at = 0\nto = ["channel"]\nkinds = ["resolution"]', "leave owners and kinds out"),
        ('at = 0\nto = ["channel"]\nowners = ["group"]', "leave owners and kinds out"),
        ('to = ["channel"]\ncalls = ["channel"]', "nobody to mention"),
        ('to = ["channel"]\ncalls = ["group:nope"]', "nope"),
        ('to = ["channel"]\ncalls = "group"', "must be a list"),
    ],
)
def test_a_rung_that_makes_no_sense_is_refused(rung: str, fault: str):
    with pytest.raises(PolicyFaults) as refused:
        parse(f"[alarms.odd]\n{rung}")
    assert fault in str(refused.value)
    assert len(refused.value.faults) == 1, str(refused.value)


def test_in_a_backlog_the_highest_speaks_to_those_whom_only_lower_ones_name():
    urgent = ladder(priority=Priority.P1)
    levels = [Level(1, 150), Level(1, 75), Level(1, 100)]
    assert [key for _, key, _ in speaking(urgent, levels)] == ["urgent-escalation", "breach", "urgent-breach"]
    rings = [ring("1:75", -3, 0), ring("1:100", -2, 0), ring("1:150", -1)]
    assert unseen(rings[2], rings, NOON) == [Level(1, 75), Level(1, 100)]
    rings[0] = ring("1:75", -3, -3)
    assert unseen(rings[2], rings, NOON) == [Level(1, 100)], "the first was told in its time"


@pytest.mark.parametrize(
    ("at", "zone", "quiet", "awake"),
    [
        ("2026-03-25T23:00", "Europe/London", ["22:00-07:00"], "2026-03-26T07:00"),
        ("2026-03-25T06:59", "Europe/London", ["22:00-07:00"], "2026-03-25T07:00"),
        ("2026-03-25T07:00", "Europe/London", ["22:00-07:00"], "2026-03-25T07:00"),
        ("2026-03-28T23:00", "Europe/London", ["22:00-07:00"], "2026-03-29T06:00"),
        ("2026-03-25T12:00", "Asia/Kathmandu", ["17:00-20:00", "20:00-23:00"], "2026-03-25T17:15"),
        ("2026-03-25T12:00", "America/New_York", ["22:00-07:00"], "2026-03-25T12:00"),
    ],
)
def test_quiet_hours_are_of_a_persons_own_clocks(at: str, zone: str, quiet: list[str], awake: str) -> None:
    found = awake_at(datetime.fromisoformat(at).replace(tzinfo=UTC), ZoneInfo(zone), quiet)
    assert f"{found:%Y-%m-%dT%H:%M}" == awake


def test_what_is_put_off_for_one_person_names_them() -> None:
    level = Level.parse("2:100+3~night@U1")
    assert (level.rung_key, level.person, str(level)) == ("night", "U1", "2:100+3~night@U1")
    rungs = ladder('[alarms.night]\nat = 100\nto = ["group"]\nquiet = ["22:00-07:00"]')
    assert list(rungs.told(Level(1, 100, rung="night@U1"))) == ["night"]
    with pytest.raises(PolicyFaults, match="quiet: is for what rings later"):
        parse('[alarms.night]\nat = 0\nto = ["group"]\nquiet = ["22:00-07:00"]')
