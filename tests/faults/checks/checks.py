"""Holds what was found on record and on the screen against what is promised; finding.py has the columns."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from checks.delivery_checks import (
    lanes_are_in_order,
    limits_are_kept,
    nobody_settles_for_another,
    recovery,
    transactions_come_about,
)
from checks.observation import Finding, Records, records
from environment import Ground
from load import MEMBERS

from bot.rules.sla.clocks import BREACH
from bot.rules.sla.escalation import Level
from storage.tables import Clock, Timer


async def judge(ground: Ground, reports: Mapping[str, bool] | None = None) -> Finding:
    """`reports`: what people reported, by a word that only its summary has; whether their form closed."""
    known, found = await records(ground), Finding()
    seen = seen_by_mark(ground)
    found.messages = sum(map(len, seen.values()))
    found.faults = len([one for one in ground.hurts if one[1] not in ("slack", "429")]) + _faulty_calls(ground)
    found.points = tuple(len({one[key] for one in known.diary if key in one}) for key in ("struck_at", "point"))  # type: ignore[assignment]
    _rows_end(known, seen, found)
    _timers_have_rows(ground, known, found)
    _forms_are_saved_once(known, reports or {}, found)
    lanes_are_in_order(ground, known, seen, found)
    _nothing_is_early(ground, known, seen, found)
    limits_are_kept(ground, known, found)
    nobody_settles_for_another(known, found)
    transactions_come_about(ground, known, found)
    recovery(ground, known, found)
    for complaint in ground.slack.complaints:
        found.breach("lost", f"Slack would have dropped: {complaint}")
    return found


def _faulty_calls(ground: Ground) -> int:
    return sum(one.lost or one.status >= 429 or one.error == "connection_dropped" for one in ground.slack.calls)


def seen_by_mark(ground: Ground) -> dict[str, list[str]]:
    """The timestamps at which each row's message stands."""
    seen: dict[str, list[str]] = defaultdict(list)
    for place in ground.slack.channels.values():
        for said in place.messages:
            mark = ((said.metadata or {}).get("event_payload") or {}).get("mark")
            if mark:
                seen[mark].append(said.ts)
    return seen


def _rows_end(known: Records, seen: Mapping[str, list[str]], found: Finding) -> None:
    """Every row ends sent, bundled or visibly dead; what is sent is seen, and once."""
    for row in known.rows:
        if row.state not in ("sent", "bundled", "dead"):
            found.breach("lost", f"row {row.id} ({row.kind} about {row.about} to {row.lane}) is still {row.state}")
        elif row.state == "dead":
            found.breach("dead", f"row {row.id} ({row.kind} about {row.about} to {row.lane}): {row.error}")
        elif row.verb == "post" and row.state == "sent" and not seen.get(row.mark):
            found.breach("lost", f"row {row.id} ({row.kind} about {row.about} to {row.lane}) is sent and not seen")
        if len(seen.get(row.mark, [])) > 1:
            found.breach(
                "repeated", f"row {row.id} ({row.kind} about {row.about} to {row.lane}) is seen at {seen[row.mark]}"
            )
    ours = {row.mark for row in known.rows}
    for mark in seen.keys() - ours:
        found.breach("repeated", f"a message of no row is seen at {seen[mark]}")


def _timers_have_rows(ground: Ground, known: Records, found: Finding) -> None:
    """Every due occurrence of the load has exactly the rows that the policy names, and no other."""
    services = {f"INC-{one.number}": one.service for one in known.incidents if one.reporter == "deskbell"}
    expected = Counter[tuple[str, str, str]]()
    for timer in known.timers:
        clock, level = known.clocks.get((timer.subject, timer.kind, 1)), _level(timer)
        if timer.subject not in services or clock is None or level is None or level.threshold > ground.load.rungs:
            continue
        if timer.fired_at is None:
            found.breach("lost", f"the timer {timer.occurrence} of {timer.subject} ({timer.kind}) never rang")
        elif not _passed_over(ground, clock, level, timer):
            number = int(services[timer.subject][1:])
            people = [ground.slack.person(f"member-{number % 10}-{m}").id for m in range(MEMBERS)]
            for lane in (f"#team-{number}", *(f"@{one}" for one in people)):
                expected[timer.subject, lane, f"{timer.kind}:{level}"] += 1
    told = Counter(
        (row.about, row.lane, row.dedupe_key.split(f"{row.about}:", 1)[1])
        for row in known.rows
        if row.verb == "post" and row.kind.startswith("sla_") and row.about in services
    )
    for reminder in [one for one in told if int(one[2].rsplit(":", 1)[1]) > ground.load.rungs]:
        del told[reminder]  # what a clock that ran ahead broke is told as well
    for missing in expected - told:
        found.breach("lost", f"the reminder {missing} has no row")
    for spare in told - expected:
        found.breach("repeated", f"the reminder {spare} has a row too many")


def _passed_over(ground: Ground, clock: Clock, level: Level, timer: Timer) -> bool:
    """After an outage several are due: each is on record, and only the highest is told."""
    assert timer.fired_at is not None
    spent = timer.fired_at - clock.started_at
    higher = [*range(level.threshold + 1, ground.load.rungs + 1), BREACH]
    return any(ground.load.target * at / BREACH <= spent for at in higher)


def _level(timer: Timer) -> Level | None:
    try:
        return Level.parse(timer.occurrence)
    except ValueError:
        return None


def _forms_are_saved_once(known: Records, reports: Mapping[str, bool], found: Finding) -> None:
    saved = Counter(one.summary for one in known.incidents)
    for word, closed in reports.items():
        if saved[word] > 1:
            found.breach("repeated", f"the report “{word}” was saved {saved[word]} times")
        if closed and not saved[word]:
            found.breach("lost", f"the form of “{word}” closed and nothing was saved")


def _nothing_is_early(ground: Ground, known: Records, seen: Mapping[str, list[str]], found: Finding) -> None:
    """By the desk's clock always; and by the workspace's where no clock was moved."""
    due = {}
    for timer in known.timers:
        if timer.fired_at is not None and timer.fired_at < timer.due_at:
            found.breach("early", f"the timer {timer.occurrence} of {timer.subject} rang before {timer.due_at}")
        due[timer.subject, f"{timer.kind}:{timer.occurrence}"] = timer.due_at
    if any(what.startswith("clock") for _, what in ground.hurts) and not ground.on_postgres:
        return
    for row in known.rows:
        at = due.get((row.about, row.dedupe_key.split(f"{row.about}:", 1)[-1]))
        for ts in seen.get(row.mark, []) if at else []:
            if float(ts) < at.timestamp() - 0.002:
                found.breach("early", f"row {row.id} ({row.kind} about {row.about}) is seen before {at}")
