"""What is promised, held against the database and against what the workspace's people saw.

Each column counts breaches of one promise; every one must be nought:
  lost      a reminder that fell due without its row, a row that never ended, a message on record that nobody sees,
            a form that closed and saved nothing, a person's transaction half done
  repeated  a row that is seen twice, a reminder with two rows, one form saved twice
  disorder  a message seen before one that had stood before it in its lane when it was taken
  early     seen before it was due, by the clock the desk goes by
  hasty     a call to Slack inside Retry-After, by whoever could know of it
  stale     settled by a replica whose lane was another's by then
  dead      given up, where nothing was wrong with it
  failed    a transaction that did not come about, though its database was there
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import evidence
import psycopg
from ground import Ground
from load import MEMBERS
from sqlmodel import col, select

from bot.rules.sla import BREACH
from bot.rules.sla_ladder import Level
from bot.sandbox.state import Call
from storage.tables import Alarm, Clock, Incident, Outbox

EXAMPLES = 5
"""That are told of each column."""

COLUMNS = ("lost", "repeated", "disorder", "early", "hasty", "stale", "dead", "failed")


@dataclass
class Finding:
    """What one run came to."""

    messages: int = 0
    """Seen by people."""
    faults: int = 0
    """How often something was done to the desk, or Slack went wrong."""
    points: tuple[int, int] = (0, 0)
    """At how many of the named points a process was struck, and how many were passed at all."""
    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    recovery: float = 0.0
    """The longest that a message in flight at a death waited for its end, in shares of lease + settle."""
    taken_over: int = 0
    """Messages that were in flight when their process died or was frozen past its lease."""

    def breach(self, column: str, what: str) -> None:
        self.counts[column] += 1
        if self.counts[column] <= EXAMPLES:
            self.examples.append(f"{column}: {what}")

    @property
    def clean(self) -> bool:
        return not any(self.counts[column] for column in COLUMNS)

    def __str__(self) -> str:
        return "\n".join([f"{self.messages} messages, {dict(self.counts)}", *self.examples])


@dataclass
class Records:
    rows: Sequence[Outbox]
    alarms: Sequence[Alarm]
    clocks: Mapping[tuple[str, str, int], Clock]
    incidents: Sequence[Incident]
    diary: list[dict[str, Any]]


async def records(ground: Ground) -> Records:
    async with ground.database.read() as tx:
        rows = (await tx.exec(select(Outbox).order_by(col(Outbox.id)))).all()
        alarms = (await tx.exec(select(Alarm))).all()
        clocks = {(one.subject, one.kind, one.cycle): one for one in await tx.exec(select(Clock))}
        incidents = (await tx.exec(select(Incident))).all()
    return Records(rows, alarms, clocks, incidents, list(evidence.read(ground.folder)))


async def judge(ground: Ground, reports: Mapping[str, bool] | None = None) -> Finding:
    """`reports`: what people reported, by a word that only its summary has; whether their form closed."""
    known, found = await records(ground), Finding()
    seen = seen_by_mark(ground)
    found.messages = sum(map(len, seen.values()))
    found.faults = len([one for one in ground.hurts if one[1] not in ("slack", "429")]) + _faulty_calls(ground)
    found.points = tuple(len({one[key] for one in known.diary if key in one}) for key in ("struck_at", "point"))  # type: ignore[assignment]
    _rows_end(known, seen, found)
    _alarms_have_rows(ground, known, found)
    _forms_are_saved_once(known, reports or {}, found)
    _lanes_are_in_order(ground, known, seen, found)
    _nothing_is_early(ground, known, seen, found)
    _limits_are_kept(ground, known, found)
    _nobody_settles_for_another(known, found)
    _transactions_come_about(ground, known, found)
    _recovery(ground, known, found)
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


def _alarms_have_rows(ground: Ground, known: Records, found: Finding) -> None:
    """Every due occurrence of the load has exactly the rows that the policy names, and no other."""
    services = {f"INC-{one.number}": one.service for one in known.incidents if one.reporter == "deskbell"}
    expected = Counter[tuple[str, str, str]]()
    for alarm in known.alarms:
        clock, level = known.clocks.get((alarm.subject, alarm.kind, 1)), _level(alarm)
        if alarm.subject not in services or clock is None or level is None or level.threshold > ground.load.rungs:
            continue
        if alarm.fired_at is None:
            found.breach("lost", f"the alarm {alarm.occurrence} of {alarm.subject} ({alarm.kind}) never rang")
        elif not _passed_over(ground, clock, level, alarm):
            number = int(services[alarm.subject][1:])
            people = [ground.slack.person(f"member-{number % 10}-{m}").id for m in range(MEMBERS)]
            for lane in (f"#team-{number}", *(f"@{one}" for one in people)):
                expected[alarm.subject, lane, f"{alarm.kind}:{level}"] += 1
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


def _passed_over(ground: Ground, clock: Clock, level: Level, alarm: Alarm) -> bool:
    """After an outage several are due: each is on record, and only the highest is told."""
    assert alarm.fired_at is not None
    spent = alarm.fired_at - clock.started_at
    higher = [*range(level.threshold + 1, ground.load.rungs + 1), BREACH]
    return any(ground.load.target * at / BREACH <= spent for at in higher)


def _level(alarm: Alarm) -> Level | None:
    try:
        return Level.parse(alarm.occurrence)
    except ValueError:
        return None


def _forms_are_saved_once(known: Records, reports: Mapping[str, bool], found: Finding) -> None:
    saved = Counter(one.summary for one in known.incidents)
    for word, closed in reports.items():
        if saved[word] > 1:
            found.breach("repeated", f"the report “{word}” was saved {saved[word]} times")
        if closed and not saved[word]:
            found.breach("lost", f"the form of “{word}” closed and nothing was saved")


def _lanes_are_in_order(ground: Ground, known: Records, seen: Mapping[str, list[str]], found: Finding) -> None:
    """A message may only be seen before an older row's where that row was not there yet when it was taken."""
    late = _committed_after(ground) if ground.on_postgres else set[tuple[int, int]]()
    by_lane: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row in known.rows:
        if row.verb == "post" and row.mark in seen:
            by_lane[row.lane].append((float(seen[row.mark][0]), row.id or 0))
    for lane, said in by_lane.items():
        numbers = [number for _, number in sorted(said)]
        for before, after in _inversions(numbers):
            if (after, before) not in late:
                found.breach("disorder", f"in {lane} row {before} is seen before row {after}")


def _inversions(numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Pairs that stand the wrong way round: each number with those smaller ones that come behind it."""
    for index, number in enumerate(numbers):
        if any(later < number for later in numbers[index + 1 : index + 40]):
            yield from ((number, later) for later in numbers[index + 1 :] if later < number)


def _committed_after(ground: Ground) -> set[tuple[int, int]]:
    """Rows that could not be seen when a younger one of their lane was taken: (the older, the younger)."""
    query = """
        SELECT older.id, younger.id FROM outbox younger JOIN outbox older
        ON older.lane = younger.lane AND older.id < younger.id AND older.id > younger.id - 5000
        WHERE younger.taken_in IS NOT NULL AND NOT pg_visible_in_snapshot(older.written_in, younger.taken_in)
    """
    with psycopg.connect(ground.url) as connection:
        return {(older, younger) for older, younger in connection.execute(query)}


def _nothing_is_early(ground: Ground, known: Records, seen: Mapping[str, list[str]], found: Finding) -> None:
    """By the desk's clock always; and by the workspace's where no clock was moved."""
    due = {}
    for alarm in known.alarms:
        if alarm.fired_at is not None and alarm.fired_at < alarm.due_at:
            found.breach("early", f"the alarm {alarm.occurrence} of {alarm.subject} rang before {alarm.due_at}")
        due[alarm.subject, f"{alarm.kind}:{alarm.occurrence}"] = alarm.due_at
    if any(what.startswith("clock") for _, what in ground.hurts) and not ground.on_postgres:
        return
    for row in known.rows:
        at = due.get((row.about, row.dedupe_key.split(f"{row.about}:", 1)[-1]))
        for ts in seen.get(row.mark, []) if at else []:
            if float(ts) < at.timestamp() - 0.002:
                found.breach("early", f"row {row.id} ({row.kind} about {row.about}) is seen before {at}")


def _limits_are_kept(ground: Ground, known: Records, found: Finding) -> None:
    """After a 429 nobody calls that method until Retry-After is over, who began after the desk had noted it."""
    noted: dict[Any, float] = {}
    began: dict[Any, list[float]] = defaultdict(list)
    committed = {(line["by"], line["settled"], line["fence"]): line["at"] for line in known.diary if "settled" in line}
    for line in known.diary:
        key = line.get("mark") or tuple(line.get("place") or ())
        if "took" in line and key:
            began[key].append(line["since"])
        if line.get("verdict") == "Limited" and key:
            noted[key, line["fence"]] = committed.get((line["by"], line["row"], line["fence"]), float("inf"))
    for method in ("chat.postMessage", "chat.update"):
        calls = [one for one in ground.slack.calls if one.method == method]
        _method_is_spared(ground, calls, noted, began, found)


def _method_is_spared(
    ground: Ground, calls: Sequence[Call], noted: Mapping[Any, float], began: Mapping[Any, list[float]], found: Finding
) -> None:
    by_key: dict[Any, list[float]] = defaultdict(list)
    for (key, _), at in noted.items():
        by_key[key].append(at)
    closed: list[tuple[float, float]] = []
    for call in sorted(calls, key=lambda one: one.at):
        at, key = ground.monotonic_of(call.at), _key(call)
        mine = max((one for one in began.get(key, []) if one <= at), default=0.0)
        for since, until in closed:
            if since < mine and at < until - 0.02:
                found.breach("hasty", f"{call.method} {until - at:.1f} s before Retry-After was over")
        if call.retry_after is not None:
            known_at = min((one for one in by_key.get(key, []) if one >= at), default=float("inf"))
            closed.append((known_at, at + call.retry_after * ground.pace.scale))


def _key(call: Call) -> Any:
    metadata = call.args.get("metadata")
    if isinstance(metadata, str):
        metadata = json.loads(metadata)
    mark = ((metadata or {}).get("event_payload") or {}).get("mark") if metadata else None
    return mark or (call.args.get("channel"), call.args.get("ts"))


def _nobody_settles_for_another(known: Records, found: Finding) -> None:
    """A verdict was recorded under a fence after a higher one had been given out."""
    leases: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for line in known.diary:
        if "leased" in line:
            leases[line["leased"]].append((line["at"], line["fence"]))
    for line in known.diary:
        if "verdict" in line and line["held"]:
            newer = [fence for at, fence in leases[line["lane"]] if at < line["since"] and fence > line["fence"]]
            if newer:
                found.breach("stale", f"row {line['row']} was settled under fence {line['fence']} after {max(newer)}")


def _transactions_come_about(ground: Ground, known: Records, found: Finding) -> None:
    """A deadlock, or a lock that nobody lets go of, fails what a person did for no reason that they could see."""
    if {"crash", "locked", "full", "freeze"} & {what for _, what in ground.hurts}:
        return
    for line in known.diary:
        if "failed" in line:
            found.breach("failed", f"{line['failed']}: {line['why']}")


def _recovery(ground: Ground, known: Records, found: Finding) -> None:
    """How long what was in flight at a death or a freeze waited for its end."""
    ended: dict[int, list[float]] = defaultdict(list)
    open_takes: dict[tuple[str, int, int], dict[str, Any]] = {}
    last_line: dict[str, float] = {}
    for line in known.diary:
        last_line[line["by"]] = line["at"]
        if "took" in line:
            open_takes[line["by"], line["took"], line["fence"]] = line
        if "settled" in line:
            open_takes.pop((line["by"], line["settled"], line["fence"]), None)
            ended[line["settled"]].append(line["at"])
    promised = ground.pace.recovery
    for (_, row, _), line in open_takes.items():
        found.taken_over += 1
        after = [at for at in ended[row] if at > line["at"]]
        if after:
            found.recovery = max(found.recovery, (max(after) - line["at"]) / promised)
