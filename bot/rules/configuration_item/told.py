"""A plan as it is told: as JSON for a program, and as lines for somebody who reads."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rules.configuration_item.plan_values import Plan, Planned

SHOWN_MOST = 20


def as_dict(plan_id: str, plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan_id,
        "created": [_entry(one) for one in plan.created],
        "changed": [{**_entry(one), "changes": _changes(one)} for one in plan.changed],
        "retired": [{"key": one.key, "type": one.item.type, "name": one.item.name} for one in plan.retired],
        "unchanged": len(plan.same),
        "refused": [{"line": one.line, "because": one.because} for one in plan.refused],
        "ambiguous": [{"line": one.line, "candidates": one.candidates, "ref": one.ref} for one in plan.ambiguous],
        "dangling": [
            {"line": one.line, "ref": one.ref, "relation": one.relation, "key": one.key} for one in plan.dangling
        ],
        "held": [{"key": one.key, "type": one.item.type} for one in plan.held],
        "notes": list(plan.notes),
    }


def summary(plan: Plan) -> dict[str, int]:
    return {
        "created": len(plan.created),
        "changed": len(plan.changed),
        "retired": len(plan.retired),
        "unchanged": len(plan.same),
        "refused": len(plan.refused),
        "ambiguous": len(plan.ambiguous),
        "dangling": len(plan.dangling),
        "held": len(plan.held),
    }


def lines(plan: Plan, most: int = SHOWN_MOST) -> Iterator[str]:
    """What it would do, by kind; of each kind the first few."""
    yield from _some(
        "created", [f"{_at(one.line)}{one.item.type} {one.key}, “{one.item.name}”" for one in plan.created], most
    )
    changed = [f"{_at(one.line)}{one.item.type} {one.key}: {_said(one)}" for one in plan.changed]
    yield from _some("changed", changed, most)
    yield from _some("retired", [f"{one.item.type} {one.key}, “{one.item.name}”" for one in plan.retired], most)
    yield f"{len(plan.same)} unchanged"
    yield from _some("refused", [f"{_at(one.line)}{one.because}" for one in plan.refused], most)
    doubtful = [f"{_at(one.line)}“{one.ref}” may be {' or '.join(one.candidates)}" for one in plan.ambiguous]
    yield from _some("ambiguous", doubtful, most)
    astray = [f"{_at(one.line)}{one.relation} “{one.ref}” leads nowhere yet" for one in plan.dangling]
    yield from _some("dangling", astray, most)
    if plan.held:
        yield from _some("gone from the file, not retired", [f"{one.item.type} {one.key}" for one in plan.held], most)
        yield "  A file that lacks so many may be short. With --really they are retired."
    yield from plan.notes


def _some(what: str, found: list[str], most: int) -> Iterator[str]:
    if found:
        yield f"{len(found)} {what}"
        yield from (f"  {one}" for one in found[:most])
        if len(found) > most:
            yield f"  and {len(found) - most} more"


def _at(line: int) -> str:
    return f"line {line}: " if line else ""


def _said(one: Planned) -> str:
    told = [f"{name} “{before}” → “{after}”" for name, (before, after) in one.changes.items()]
    return "; ".join(told)


def _entry(one: Planned) -> dict[str, Any]:
    return {"line": one.line, "key": one.key, "type": one.item.type, "name": one.item.name}


def _changes(one: Planned) -> Mapping[str, list[str]]:
    return {name: list(pair) for name, pair in one.changes.items()}
