"""Incidents, promises, calls, changes and complaints: a judge in plain Python reads the same facts and agrees.

Together with the other judges it speaks of every measure that there is.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st
from rules.report import test_figures, test_judge_of_work

from bot.rules.change.flow import Result
from bot.rules.record.facts import Fact, FactKind
from bot.rules.report.figures import figure
from bot.rules.report.history import replayed
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period

K = FactKind
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
FAR = 10_000
SPANS = {"begin": st.integers(0, 300), "long": st.integers(1, 300)}
OF_INCIDENTS = (
    "incidents-opened", "incidents-ended", "first-time-fix", "reassignments", "known-error-use", "satisfaction",
    "response-rate", "on-call-calls", "on-call-at-night",
)  # fmt: skip
OF_PROMISES = {"response": "response-kept", "resolution": "resolution-kept", "update": "updates-kept"}
OF_CHANGES = (
    "change-success", "change-failure-rate", "emergency-share", "unapproved-share", "change-frequency",
    "change-lead-time", "approval-wait",
)  # fmt: skip
OF_COMPLAINTS = ("complaints", "complaints-in-time", "time-to-answer")
OF_SURVEYS = ("survey-satisfaction", "survey-response-rate")
BY_MINUTES = ("availability",)
"""Judged minute by minute in test_availability.py."""


def at(hours):
    return MONDAY + timedelta(hours=hours)


def agreed(facts, judged, left_out, begin, end, **more):
    records = replace(replayed(facts), **more)
    for name, wanted in judged.items():
        found = figure(MEASURES[name], records, Period(at(begin), at(end)), at(FAR))
        assert sorted(found.counted) == sorted(wanted), name
        told = {(reason, ref) for reason, refs in found.left_out.items() for ref in refs}
        assert told == left_out.get(name, set()), name


def test_no_measure_is_without_a_judge():
    judged = {*OF_INCIDENTS, *OF_PROMISES.values(), *OF_CHANGES, *OF_COMPLAINTS, *OF_SURVEYS, *BY_MINUTES}
    assert judged | {*test_figures.JUDGED, *test_judge_of_work.JUDGED} == set(MEASURES)


INCIDENT = {
    "ack": ({"new"}, "taken", K.INCIDENT_ACKNOWLEDGED), "resolve": ({"new", "taken"}, "resolved", K.INCIDENT_RESOLVED),
    "close": ({"resolved"}, "closed", K.INCIDENT_CLOSED),
    "cancel": ({"new", "taken"}, "cancelled", K.INCIDENT_CANCELLED),
    "reopen": ({"resolved", "closed", "cancelled"}, "taken", K.INCIDENT_REOPENED),
    "U3": ({"new", "taken"}, "", K.INCIDENT_ASSIGNED), "network": ({"new", "taken"}, "", K.INCIDENT_ASSIGNED),
    "call": ({"new", "taken"}, "", K.INCIDENT_ASSIGNED), "helped": ({"taken", "resolved"}, "", K.KNOWN_ERROR_USED),
    "rate": ({"closed"}, "", K.INCIDENT_RATED),
}  # fmt: skip
GIVEN = {
    "U3": {"assignee": "U3"}, "network": {"group": "network"}, "call": {"assignee": "U4", "rota": "rota:vpn"},
    "rate": {"rating": 2},
}  # fmt: skip
LIVES = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.booleans(),
        st.lists(st.tuples(st.sampled_from(sorted(INCIDENT)), st.integers(0, 60)), max_size=14),
    ),
    min_size=1,
    max_size=4,
)


def _hands(told):
    """How often it went from one person or group to another, when somebody or some group had it."""
    person = last = group = None
    passed = 0
    for _, verb in told:
        if verb in ("ack", "resolve"):
            new, to = person or "U2", group
        elif verb in ("U3", "call", "network"):
            new, to = GIVEN[verb].get("assignee"), GIVEN[verb].get("group")
        else:
            continue
        if (new and last and new != last) or (to and to != group and (group or last)):
            passed += 1
        person, last, group = new, new or last, to
    return passed


@given(lives=LIVES, **SPANS)
@example(lives=[(0, False, [("cancel", 0), ("reopen", 0), ("resolve", 0)])], begin=0, long=1)
def test_a_judge_agrees_on_incidents_and_calls(lives, begin, long):
    end, facts = begin + long, []
    judged, left_out = {name: [] for name in OF_INCIDENTS}, {"satisfaction": set(), "known-error-use": set()}
    for number, (start, private, moves) in enumerate(lives, 1):
        ref, state, hour, told = f"INC-{number}", "new", start, []
        opened = {"service": "vpn", "priority": "P2", "private": private}
        facts.append(Fact(K.INCIDENT_OPENED, ref, "U1", at(start), 1, opened))
        for verb, after in moves:
            hour += after
            ways, to, kind = INCIDENT[verb]
            if state in ways:
                state = to or state
                told.append((hour, verb))
                data = {"incident": None if private else ref} if verb == "helped" else GIVEN.get(verb, {})
                facts.append(Fact(kind, "KE-1" if verb == "helped" else ref, "U2", at(hour), 1, data))

        def hours(*verbs, told=told):
            return [hour for hour, verb in told if verb in verbs]

        def within(hour):
            return begin <= hour < end

        if within(start):
            judged["incidents-opened"].append((ref, 1))
        if state in ("resolved", "closed", "cancelled") and within(hours("resolve", "cancel")[-1]):
            judged["incidents-ended"].append((ref, 1))
        if (fixed := hours("resolve")) and within(fixed[0]):
            first = next(place for place, (_, verb) in enumerate(told) if verb == "resolve")
            again, hands = any(verb == "reopen" for _, verb in told[first:]), _hands(told)
            judged["first-time-fix"].append((ref, float(not again and not hands)))
            judged["reassignments"].append((ref, hands))
            if private:
                left_out["known-error-use"].add(("private", ref))
            else:
                judged["known-error-use"].append((ref, float(bool(hours("helped")))))
        if state == "closed" and within(hours("close")[-1]):
            rated = bool(hours("rate"))
            judged["response-rate"].append((ref, float(rated)))
            if rated:
                judged["satisfaction"].append((ref, 2.0))
            else:
                left_out["satisfaction"].add(("not rated", ref))
        for called in filter(within, hours("call")):
            there = called + 9  # Tokyo has no summer time
            judged["on-call-calls"].append((ref, 1))
            unsociable = not 7 <= there % 24 < 22 or there // 24 % 7 >= 5
            judged["on-call-at-night"].append((ref, float(unsociable)))
    agreed(facts, judged, left_out, begin, end, zones={"rota:vpn": ZoneInfo("Asia/Tokyo")})


PROMISE = {
    "meet": ({"running"}, "kept", K.SLA_MET), "break": ({"running"}, "broken", K.SLA_BREACHED),
    "miss": ({"broken"}, "missed", K.SLA_MISSED), "void": ({"running"}, "void", K.SLA_CANCELLED),
    "again": ({"kept", "void"}, "running", K.SLA_REOPENED), "excuse": ({"broken", "missed"}, "", K.SLA_EXCUSED),
}  # fmt: skip


@given(
    lives=st.lists(
        st.tuples(
            st.sampled_from(sorted(OF_PROMISES)),
            st.integers(0, 200),
            st.lists(st.tuples(st.sampled_from(sorted(PROMISE)), st.integers(0, 60)), max_size=8),
        ),
        min_size=1,
        max_size=5,
    ),
    **SPANS,
)
def test_a_judge_agrees_on_promises(lives, begin, long):
    end, facts = begin + long, []
    judged, left_out = {name: [] for name in OF_PROMISES.values()}, {name: set() for name in OF_PROMISES.values()}
    for number, (clock, start, moves) in enumerate(lives, 1):
        ref, state, hour, settled, excused = f"INC-{number}", "running", start, None, False
        data = {"clock": clock, "cycle": 1}
        facts.append(Fact(K.SLA_STARTED, ref, "U1", at(start), 1, data | {"service": "vpn", "priority": "P2"}))
        for verb, after in moves:
            hour += after
            ways, to, kind = PROMISE[verb]
            if state not in ways:
                continue
            facts.append(Fact(kind, ref, "U2", at(hour), 1, data))
            state, excused = to or state, excused or verb == "excuse"
            if verb in ("meet", "break", "void"):
                settled = hour
        name = OF_PROMISES[clock]
        if state == "running" or settled is None or not begin <= settled < end:
            continue
        if state == "void":
            left_out[name].add(("cancelled", ref))
        elif excused:
            left_out[name].add(("excused", ref))
        else:
            judged[name].append((ref, float(state == "kept")))
    agreed(facts, judged, left_out, begin, end)


RESULTS = [str(one) for one in Result]


@given(
    lives=st.lists(
        st.tuples(
            st.sampled_from(["normal", "emergency"]),
            st.integers(0, 200),
            st.one_of(st.none(), st.tuples(st.integers(0, 40), st.sampled_from(["approve", "reject", "expire"]))),
            st.booleans(),
            st.one_of(st.none(), st.tuples(st.integers(-20, 90), st.sampled_from(RESULTS))),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    ),
    **SPANS,
)
def test_a_judge_agrees_on_changes(lives, begin, long):
    end, facts = begin + long, []
    judged, left_out = {name: [] for name in OF_CHANGES}, {"change-lead-time": set(), "approval-wait": set()}
    kinds = {"approve": K.CHANGE_APPROVED, "reject": K.CHANGE_REJECTED, "expire": K.APPROVAL_EXPIRED}
    for number, (kind, start, vote, unapproved, done, caused) in enumerate(lives, 1):
        ref = f"CHG-{number}"
        facts.append(Fact(K.CHANGE_SUBMITTED, ref, "U1", at(start), 1, {"type": kind, "service": "vpn"}))
        if vote:
            facts.append(Fact(K.APPROVAL_ASKED, ref, "U1", at(start), 1, {"revision": 1}))
            facts.append(Fact(kinds[vote[1]], ref, "U2", at(start + vote[0]), 1, {"revision": 1}))
            if begin <= start + vote[0] < end and vote[1] == "expire":
                left_out["approval-wait"].add(("left undecided", ref))
            elif begin <= start + vote[0] < end:
                judged["approval-wait"].append((ref, vote[0] * 3600.0))
        if unapproved:
            facts.append(Fact(K.CHANGE_BEGUN_UNAPPROVED, ref, "U2", at(start), 1))
        if not done:
            continue
        finished, result = start + done[0], done[1]
        told = {"finished_at": at(finished).isoformat(), "result": result}
        facts.append(Fact(K.CHANGE_FINISHED, ref, "U2", at(start + 100), 1, told))
        if caused:
            facts.append(Fact(K.CHANGE_CAUSED, ref, "U2", at(start + 101), 1, {"incident": "INC-1"}))
        if not begin <= finished < end:
            continue
        judged["change-success"].append((ref, float(result == "success" and not caused)))
        judged["change-failure-rate"].append((ref, float(caused or result in (Result.FAILED, Result.BACKED_OUT))))
        judged["emergency-share"].append((ref, float(kind == "emergency")))
        judged["unapproved-share"].append((ref, float(unapproved)))
        judged["change-frequency"].append((ref, 1.0))
        if done[0] < 0:
            left_out["change-lead-time"].add(("before asked", ref))
        else:
            judged["change-lead-time"].append((ref, done[0] * 3600.0))
    agreed(facts, judged, left_out, begin, end)


@given(
    lives=st.lists(
        st.tuples(
            st.integers(0, 200),
            st.integers(1, 60),
            st.one_of(st.none(), st.integers(0, 120)),
            st.one_of(st.none(), st.integers(0, 120)),
        ),
        min_size=1,
        max_size=6,
    ),
    **SPANS,
)
def test_a_judge_agrees_on_complaints(lives, begin, long):
    """One that is answered is not withdrawn any more, and the other way round."""
    end, facts = begin + long, []
    judged, left_out = {name: [] for name in OF_COMPLAINTS}, {name: set() for name in OF_COMPLAINTS}
    for number, (start, promise, answer, withdrawal) in enumerate(lives, 1):
        ref, due = f"CMP-{number}", start + promise
        answered = start + answer if answer is not None else None
        withdrawn = start + withdrawal if withdrawal is not None and answer is None else None
        facts.append(Fact(K.COMPLAINT_RECEIVED, ref, "U1", at(start), 1, {"promised_by": at(due).isoformat()}))
        facts += [Fact(K.COMPLAINT_ANSWERED, ref, "U2", at(answered), 1)] if answered is not None else []
        facts += [Fact(K.COMPLAINT_WITHDRAWN, ref, "U1", at(withdrawn), 1)] if withdrawn is not None else []
        if begin <= start < end:
            judged["complaints"].append((ref, 1))
            if answered is not None:
                judged["time-to-answer"].append((ref, (answered - start) * 3600.0))
            else:
                reason = "not yet answered" if withdrawn is None else "withdrawn"
                left_out["time-to-answer"].add((reason, ref))
        if answered is not None and answered <= due:
            judged["complaints-in-time"] += [(ref, 1.0)] if begin <= answered < end else []
        elif withdrawn is not None and withdrawn <= due:
            left_out["complaints-in-time"] |= {("withdrawn", ref)} if begin <= withdrawn < end else set()
        elif begin <= due < end:
            judged["complaints-in-time"].append((ref, 0.0))
    agreed(facts, judged, left_out, begin, end)


@given(
    lives=st.lists(
        st.tuples(
            st.integers(0, 10), st.lists(st.integers(1, 5), max_size=8), st.one_of(st.none(), st.integers(0, 400))
        ),
        min_size=1,
        max_size=5,
    ),
    least=st.integers(1, 6),
    **SPANS,
)
def test_a_judge_agrees_on_surveys(lives, least, begin, long):
    """Each who was asked counts once; marks of too few are in no fact."""
    end, facts = begin + long, []
    judged, left_out = {name: [] for name in OF_SURVEYS}, {name: set() for name in OF_SURVEYS}
    for number, (silent, marks, closed) in enumerate(lives, 1):
        ref, asked = f"SVY-{number}", silent + len(marks)
        facts.append(Fact(K.SURVEY_SENT, ref, "desk", at(0), 1, {"asked": asked, "service": None}))
        counts = [marks.count(one) for one in range(1, 6)]
        told = {"answered": len(marks), "results": str([counts, counts]) if len(marks) >= least else None}
        facts += [Fact(K.SURVEY_CLOSED, ref, "desk", at(closed), 1, told)] if closed is not None else []
        if closed is None or not begin <= closed < end:
            continue
        judged["survey-response-rate"] += [(ref, 1.0)] * len(marks) + [(ref, 0.0)] * silent
        left_out["survey-satisfaction"] |= {("not answered", ref)} if silent else set()
        if len(marks) >= least:
            judged["survey-satisfaction"] += [(ref, float(one)) for one in marks]
        elif marks:
            left_out["survey-satisfaction"].add(("too few answers", ref))
    agreed(facts, judged, left_out, begin, end)
