"""Problems and requests: a judge in plain Python reads the same facts, hour by hour, and agrees."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.record.facts import Fact, FactKind
from bot.rules.report.figures import figure
from bot.rules.report.history import replayed
from bot.rules.report.measures.measures import MEASURES
from bot.rules.report.periods import Period

K = FactKind
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
FAR = 10_000
PROMISE = 40
"""Hours within which a request is to be fulfilled."""
PROBLEM_WAYS = {
    ("new", "know"): ("known", K.PROBLEM_CAUSE_KNOWN),
    ("new", "dismiss"): ("ended", K.PROBLEM_DISMISSED),
    ("known", "watch"): ("watched", K.PROBLEM_WATCHED),
    ("known", "investigate"): ("new", K.PROBLEM_INVESTIGATED),
    ("watched", "close"): ("closed", K.PROBLEM_CLOSED),
    ("watched", "reopen"): ("new", K.PROBLEM_REOPENED),
    ("closed", "reopen"): ("new", K.PROBLEM_REOPENED),
}
REQUEST_WAYS = {
    ("approval", "approve"): ("approved", K.REQUEST_APPROVED),
    ("approval", "reject"): ("rejected", K.REQUEST_REJECTED),
    ("approval", "expire"): ("expired", K.APPROVAL_EXPIRED),
    ("approved", "take back"): ("approval", K.APPROVAL_WITHDRAWN),
    ("approved", "start"): ("doing", K.REQUEST_STARTED),
    ("new", "fulfil"): ("done", K.REQUEST_FULFILLED),
    ("approved", "fulfil"): ("done", K.REQUEST_FULFILLED),
    ("doing", "fulfil"): ("done", K.REQUEST_FULFILLED),
    ("done", "send back"): ("doing", K.REQUEST_SENT_BACK),
    ("done", "confirm"): ("closed", K.REQUEST_CONFIRMED),
    **{(one, "withdraw"): ("withdrawn", K.REQUEST_WITHDRAWN) for one in ("new", "approval", "approved", "doing")},
}
OF_PROBLEMS = ("problems-raised", "problems-ended", "problem-backlog", "time-to-cause", "problem-recurrence")
OF_REQUESTS = (
    "requests-asked", "requests-ended", "request-backlog", "requests-in-time", "time-to-fulfil",
    "request-approval-wait",
)  # fmt: skip
JUDGED = (*OF_PROBLEMS, *OF_REQUESTS)
OVER = {"ended", "closed", "done", "rejected", "expired", "withdrawn"}


def at(hours):
    return MONDAY + timedelta(hours=hours)


def moves(ways):
    verbs = sorted({verb for _, verb in ways})
    return st.lists(st.tuples(st.sampled_from(verbs), st.integers(1, 60)), max_size=12)


def life(ways, state, start, wanted):
    """[(hour, state from then on, the fact)], as far as the ways let it through."""
    hour, told = start, []
    for verb, after in wanted:
        hour += after
        if (state, verb) in ways:
            state, kind = ways[state, verb]
            told.append((hour, state, kind))
    return told


def open_at(told, hour):
    """In the hour before this one."""
    states = [state for when, state, _ in told if when < hour]
    return not states or states[-1] not in OVER


def agreed(facts, judged, begin, end):
    for name, wanted in judged.items():
        found = figure(MEASURES[name], replayed(facts), Period(at(begin), at(end)), at(FAR))
        assert sorted(found.counted) == sorted(wanted), name
        if not wanted:
            assert found.value in (None, 0.0), "unknown is never 0, and a count of none is 0"
            assert (found.value is None) == (not name.endswith(("raised", "asked", "ended", "backlog"))), name


SPANS = {"begin": st.integers(0, 300), "long": st.integers(1, 300)}


@given(lives=st.lists(st.tuples(st.integers(0, 200), moves(PROBLEM_WAYS)), min_size=1, max_size=5), **SPANS)
def test_a_judge_agrees_on_problems(lives, begin, long):
    end, facts = begin + long, []
    judged = {name: [] for name in OF_PROBLEMS}
    for number, (start, wanted) in enumerate(lives, 1):
        ref, told = f"PRB-{number}", life(PROBLEM_WAYS, "new", start, wanted)
        facts.append(Fact(K.PROBLEM_RAISED, ref, "U1", at(start), 1, {"service": "vpn", "priority": "P2"}))
        facts += [Fact(kind, ref, "U2", at(hour), 1) for hour, _, kind in told]
        if begin <= start < end:
            judged["problems-raised"].append((ref, 1))
        if told and told[-1][1] in OVER and begin <= told[-1][0] < end:
            judged["problems-ended"].append((ref, 1))
        if start < end and open_at(told, end):
            judged["problem-backlog"].append((ref, (end - start) * 3600.0))
        known = [hour for hour, _, kind in told if kind is K.PROBLEM_CAUSE_KNOWN]
        if known and begin <= known[0] < end:
            judged["time-to-cause"].append((ref, (known[0] - start) * 3600.0))
        mended = [hour for hour, _, kind in told if kind is K.PROBLEM_WATCHED]
        if mended and begin <= mended[0] < end:
            back = any(kind is K.PROBLEM_REOPENED and hour >= mended[0] for hour, _, kind in told)
            judged["problem-recurrence"].append((ref, float(back)))
    agreed(facts, judged, begin, end)


@given(
    lives=st.lists(st.tuples(st.integers(0, 200), st.booleans(), moves(REQUEST_WAYS)), min_size=1, max_size=5), **SPANS
)
@example(lives=[(0, True, [("approve", 1), ("take back", 1), ("approve", 1)])], begin=0, long=44)
def test_a_judge_agrees_on_requests(lives, begin, long):
    end, facts = begin + long, []
    judged = {name: [] for name in OF_REQUESTS}
    withdrawn = []
    for number, (start, approved, wanted) in enumerate(lives, 1):
        ref, told = f"REQ-{number}", life(REQUEST_WAYS, "approval" if approved else "new", start, wanted)
        asked = {"service": "laptops", "item": "laptop", "promise": PROMISE * 3600}
        facts.append(Fact(K.REQUEST_ASKED, ref, "U1", at(start), 1, asked))
        if approved:
            facts.append(Fact(K.REQUEST_TO_APPROVE, ref, "U1", at(start), 1))
            facts.append(Fact(K.APPROVAL_ASKED, ref, "U1", at(start), 1, {"revision": 1}))
        facts += [Fact(kind, ref, "U2", at(hour), 1, {"revision": 1}) for hour, _, kind in told]
        if begin <= start < end:
            judged["requests-asked"].append((ref, 1))
        ended = [hour for (hour, state, _) in told if state in OVER and state != "closed"]
        if told and told[-1][1] in OVER and begin <= ended[-1] < end:
            judged["requests-ended"].append((ref, 1))
        if start < end and open_at(told, end):
            judged["request-backlog"].append((ref, (end - start) * 3600.0))
        state = told[-1][1] if told else "new"
        runs = start if not approved else None
        for hour, _, kind in told:
            runs = hour if kind is K.REQUEST_APPROVED else None if kind is K.APPROVAL_WITHDRAWN else runs
        done = ended[-1] if state in ("done", "closed") else None
        if done is not None and begin <= done < end:
            judged["time-to-fulfil"].append((ref, (done - runs) * 3600.0))
        if runs is not None:
            due = runs + PROMISE
            if done is not None and done <= due:
                judged["requests-in-time"] += [(ref, 1.0)] if begin <= done < end else []
            elif state == "withdrawn" and ended[-1] <= due:
                withdrawn += [ref] if begin <= ended[-1] < end else []
            elif begin <= due < end:
                judged["requests-in-time"].append((ref, 0.0))
        votes = [(hour, kind) for hour, _, kind in told if kind in (K.REQUEST_APPROVED, K.REQUEST_REJECTED)]
        undecided = (
            any(kind is K.APPROVAL_WITHDRAWN and hour > votes[-1][0] for hour, _, kind in told) if votes else True
        )
        if votes and not undecided and begin <= votes[-1][0] < end:
            judged["request-approval-wait"].append((ref, (votes[-1][0] - start) * 3600.0))
    agreed(facts, judged, begin, end)
    in_time = figure(MEASURES["requests-in-time"], replayed(facts), Period(at(begin), at(end)), at(FAR))
    assert sorted(in_time.left_out.get("withdrawn", [])) == sorted(withdrawn)


def test_a_workaround_counts_and_what_is_private_is_not_known():
    facts = []
    for number, private in ((1, False), (2, False), (3, True), (4, True)):
        opened = {"service": "vpn", "priority": "P2", "private": private}
        facts.append(Fact(K.INCIDENT_OPENED, f"INC-{number}", "U1", at(1), 1, opened))
        facts.append(Fact(K.INCIDENT_RESOLVED, f"INC-{number}", "U2", at(2), 1))
    facts += [Fact(K.KNOWN_ERROR_USED, "KE-1", "U2", at(2), 1, {"incident": one}) for one in ("INC-1", "INC-4", None)]
    found = figure(MEASURES["known-error-use"], replayed(facts), Period(at(0), at(9)), at(FAR))
    assert found.counted == [("INC-1", 1.0), ("INC-2", 0.0), ("INC-4", 1.0)]
    assert found.left_out == {"private": ["INC-3"]}
