"""What becomes of alerts: cases that went wrong elsewhere, and what holds of any sequence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.alert.alerts import Alert, AlertState
from bot.rules.alert.decision import Does, Known, KnownAlert, KnownGroup, Standing, decide, silent, steady
from bot.rules.alert.policy import Source
from bot.rules.alert.rehearsal import Rehearsal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
F, A, R, N = AlertState.FIRING, AlertState.ACKNOWLEDGED, AlertState.RESOLVED, AlertState.NO_DATA


def rule(**more):
    return Source.model_validate({"format": "alertmanager", "key": "env:K", "service": "vpn", **more})


def alert(state=F, key="a", group="g", starts=0, ends=None, severity=""):
    at = {"starts_at": NOW + timedelta(minutes=starts)} | ({"ends_at": NOW + timedelta(minutes=ends)} if ends else {})
    return Alert(key, group, state, "Down", severity=severity, **at)


def play(*events, **more):
    """Each event is an alert and the minute that it comes at."""
    desk = Rehearsal(rule(**more))
    return [desk.hear(one, NOW + timedelta(minutes=minute)).decision.does for one, minute in events]


def test_a_group_is_one_incident_and_resolves_with_its_last_alert():
    fires = ((alert(key="a"), 0), (alert(key="b"), 0), (alert(key="a"), 5))
    ends = ((alert(R, "a", ends=6), 6), (alert(R, "b", ends=7), 7))
    assert play(*fires, *ends) == [Does.OPEN, Does.LINE, Does.NOTHING, Does.LINE, Does.RESOLVE]


def test_the_same_delivery_twice_does_nothing():
    assert play((alert(), 0), (alert(), 0), (alert(R, ends=5), 5), (alert(R, ends=5), 5)) == [
        Does.OPEN, Does.NOTHING, Does.RESOLVE, Does.NOTHING]  # fmt: skip


def test_a_firing_that_was_overtaken_by_its_resolve_reopens_nothing():
    assert play((alert(), 0), (alert(R, ends=5), 5), (alert(starts=0), 6)) == [Does.OPEN, Does.RESOLVE, Does.NOTHING]


def test_what_still_fires_long_after_the_resolve_counts_again():
    assert play((alert(), 0), (alert(R, ends=5), 5), (alert(starts=0), 12))[-1] is Does.REOPEN


def test_a_resolve_of_an_earlier_firing_ends_no_later_one():
    assert play((alert(starts=10), 10), (alert(R, starts=0, ends=5), 11)) == [Does.OPEN, Does.NOTHING]


def test_resolved_without_firing_is_kept_and_opens_nothing():
    assert play((alert(R, ends=1), 2), (alert(R, ends=1), 3)) == [Does.NOTHING, Does.NOTHING]


@pytest.mark.parametrize(("minute", "does"), [(20, Does.REOPEN), (36, Does.OPEN)])
def test_the_reopen_window(minute, does):
    assert play((alert(), 0), (alert(R, ends=5), 5), (alert(starts=minute), minute))[-1] is does


def test_flapping_is_told_once_and_then_quiet():
    events = [(alert(F if minute % 2 == 0 else R, starts=minute, ends=minute), minute) for minute in range(1, 12)]
    does = play((alert(), 0), *events, flapping={"changes": 4, "within": "30m"})
    assert does[:4] == [Does.OPEN, Does.RESOLVE, Does.REOPEN, Does.RESOLVE]
    assert (does[4], set(does[5:])) == (Does.REOPEN, {Does.NOTHING}), "open while it flaps"


def test_flapping_ends_by_itself():
    known = KnownAlert(R, NOW, NOW, NOW, (NOW,) * 6, flapping=True)
    assert not steady(known, rule(), NOW + timedelta(minutes=29))
    assert steady(known, rule(), NOW + timedelta(minutes=31))


def test_a_storm_is_one_incident():
    does = play(*((alert(key=f"k{n}", group=f"g{n}"), 0) for n in range(30)), storm={"groups": 5, "within": "1m"})
    assert does == [Does.OPEN] * 5 + [Does.STORM] + [Does.ATTACH] * 24
    posts = play(
        *((alert(key=f"k{n}", group=f"g{n}"), 0) for n in range(9)), opens="alert", storm={"groups": 5, "within": "1m"}
    )
    assert posts == [Does.POST] * 6 + [Does.NOTHING] * 3, "the sixth says that there is a storm"


@pytest.mark.parametrize(
    ("more", "group", "does"),
    [
        ({}, {}, Does.RESOLVE),
        ({}, {"taken": True}, Does.PROPOSE),
        ({"auto_resolve": False}, {}, Does.PROPOSE),
        ({}, {"firing": 2}, Does.LINE),
        ({}, {"storm": True}, Does.LINE),
        ({}, {"standing": Standing.RESOLVED}, Does.NOTHING),
        ({"opens": "nothing"}, {}, Does.NOTHING),
        ({"opens": "alert"}, {"taken": True}, Does.PROPOSE),
        ({"opens": "alert"}, {"standing": Standing.NONE}, Does.POST),
    ],
)
def test_what_resolves_an_incident(more, group, does):
    known = Known(KnownAlert(F, NOW, NOW, NOW), replace(KnownGroup(0, 1, "INC-1", Standing.OPEN, told=True), **group))
    assert decide(alert(R, ends=1), rule(**more), known, NOW + timedelta(minutes=1)).does is does


@pytest.mark.parametrize(
    ("more", "known", "does"),
    [
        ({"opens": "nothing"}, {}, Does.NOTHING),
        ({"only": ["critical"]}, {}, Does.NOTHING),
        ({}, {"muted_by": "WIN-1"}, Does.NOTHING),
        ({"mute_in_maintenance": False}, {"muted_by": "WIN-1"}, Does.OPEN),
        ({}, {"storm": "INC-9"}, Does.ATTACH),
        ({}, {"group": KnownGroup(0, 1, "INC-1", Standing.CANCELLED)}, Does.OPEN),
    ],
)
def test_what_a_firing_opens(more, known, does):
    assert decide(alert(), rule(**more), Known(**known), NOW).does is does


def test_what_still_fires_after_maintenance_opens():
    muted = Known(KnownAlert(F, NOW, NOW, NOW), KnownGroup(0, 1), muted_by="WIN-1")
    later = NOW + timedelta(hours=1)
    assert decide(alert(), rule(), muted, later).muted
    assert decide(alert(), rule(), replace(muted, muted_by=""), later).does is Does.OPEN


def test_no_data_changes_nothing():
    assert play((alert(), 0), (alert(N), 1), (alert(A), 2), (alert(R, ends=3), 3)) == [
        Does.OPEN, Does.NOTHING, Does.LINE, Does.RESOLVE]  # fmt: skip


def test_silence_is_an_alert_where_a_heartbeat_is_promised():
    assert silent(rule(), NOW, NOW + timedelta(days=9)) == ""
    assert silent(rule(heartbeat="1h"), NOW, NOW + timedelta(minutes=61)) == "nothing was heard for more than 1 hour"
    assert silent(rule(heartbeat="1h"), NOW, NOW + timedelta(minutes=60)) == ""


STATES = st.sampled_from([F, F, R, R, A, N])
EVENTS = st.lists(
    st.tuples(STATES, st.sampled_from("abc"), st.sampled_from("gh"), st.integers(0, 3)), min_size=1, max_size=40
)


@given(EVENTS, st.booleans())
def test_any_sequence_twice_leads_to_no_more_incidents(events, doubled):
    """Each group has at most one open incident, and a delivery that comes twice changes nothing the second time."""
    desk, once, minute = Rehearsal(rule()), Rehearsal(rule()), 0
    for state, key, group, wait in events:
        minute += wait
        one = alert(state, f"{group}{key}", group, starts=minute, ends=minute if state is R else None)
        now = NOW + timedelta(minutes=minute)
        first = desk.hear(one, now).decision
        assert first.does is once.hear(one, now).decision.does
        if doubled:
            again = desk.hear(one, now).decision.does
            assert again is Does.NOTHING
    assert desk.incidents == once.incidents
    assert desk.alerts.keys() == once.alerts.keys()
