"""An assessment as values for JSON and as sentences: the same at the terminal, in Slack and in the evidence pack."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.rules.iso.assessment import Assessment
from bot.rules.iso.criteria import Axis, Status
from bot.rules.iso.findings import Finding
from bot.rules.record.text import per_cent

MARK = {
    Status.CONFORMING: "●",
    Status.STARTED: "◐",
    Status.INCONSISTENT: "◑",
    Status.STALE: "◌",
    Status.UNKNOWN: "?",
    Status.NOT_ADDRESSED: "○",
}


def as_dict(one: Assessment) -> dict[str, Any]:
    """The shape that programs read: nine names, and no other."""
    return {
        "clause": one.clause.number,
        "title": one.clause.title,
        "designed": str(one.axes[Axis.DESIGNED]),
        "done": str(one.axes[Axis.DONE]),
        "works": str(one.axes[Axis.WORKS]),
        "n": one.n,
        "completeness": None if one.completeness is None else round(one.completeness, 4),
        "stale": one.stale,
        "evidence": [evidence(finding) for finding in one.findings],
    }


def evidence(one: Finding) -> dict[str, Any]:
    return {
        "axis": str(one.axis),
        "kind": type(one.criterion).__name__.casefold(),
        "asks": one.criterion.says,
        "query": one.criterion.query,
        "status": str(one.status),
        "found": one.says,
        "n": one.n,
        "complete": one.complete,
        "records": list(one.refs),
        "lacking": [{"ref": ref, "lacks": list(parts)} for ref, parts in one.lacking],
        "newest": None if one.since is None else zulu(one.since),
        "mend": one.mend or None,
    }


def lines(one: Assessment) -> Iterator[str]:
    yield f"{one.clause.number} {one.clause.title}"
    yield f"  {one.clause.asks}"
    share = "nothing to count" if one.completeness is None else f"{per_cent(one.completeness)} complete"
    yield f"  Evidence that it is done: {one.n:,} ({share})." + (" Part of it is stale." if one.stale else "")
    for axis in Axis:
        yield f"  {MARK[one.axes[axis]]} {axis}: {one.axes[axis]}"
        for finding in one.of(axis):
            yield f"    {MARK[finding.status]} {finding.criterion.says}"
            yield f"      {finding.says}"
            yield f"      looked at: {finding.criterion.query}"
            if finding.mend:
                yield f"      to mend it: {finding.mend}"


def zulu(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
