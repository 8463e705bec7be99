"""What is promised of the relay's work: order, Slack's limits, fences, transactions, and how soon it recovers."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from checks.observation import Finding, Records
from environment import Ground

from bot.sandbox.state import Call


def lanes_are_in_order(ground: Ground, known: Records, seen: Mapping[str, list[str]], found: Finding) -> None:
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


def limits_are_kept(ground: Ground, known: Records, found: Finding) -> None:
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


def nobody_settles_for_another(known: Records, found: Finding) -> None:
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


def transactions_come_about(ground: Ground, known: Records, found: Finding) -> None:
    """A deadlock, or a lock that nobody lets go of, fails what a person did for no reason that they could see."""
    if {"crash", "locked", "full", "freeze"} & {what for _, what in ground.hurts}:
        return
    for line in known.diary:
        if "failed" in line:
            found.breach("failed", f"{line['failed']}: {line['why']}")


def recovery(ground: Ground, known: Records, found: Finding) -> None:
    """How long what was in flight at a death waited for its end, from when it was last taken by somebody who died."""
    ended: dict[int, float] = {}
    given_up: dict[tuple[str, int, int], float] = {}
    for line in known.diary:
        if "took" in line:
            given_up[line["by"], line["took"], line["fence"]] = line["at"]
        if "settled" in line:
            given_up.pop((line["by"], line["settled"], line["fence"]), None)
            ended[line["settled"]] = max(ended.get(line["settled"], 0.0), line["at"])
    last: dict[int, float] = {}
    for (_, row, _), at in given_up.items():
        last[row] = max(last.get(row, 0.0), at)
    found.taken_over = len(given_up)
    waits = [ended.get(row, at) - at for row, at in last.items()]
    found.recovery = max(waits, default=0.0) / ground.pace.recovery
