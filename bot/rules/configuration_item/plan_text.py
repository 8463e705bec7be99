"""A plan as it is told: as JSON for a program, and as lines for somebody who reads."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.configuration_item.candidates import Refused
from bot.rules.configuration_item.diagram import UNNAMED, private_items
from bot.rules.configuration_item.items import Item, Schema
from bot.rules.configuration_item.plan_values import Ambiguous, Plan, Planned
from bot.rules.record.plan_store import Numbered, Rows
from bot.rules.record.text import from_to

SHOWN_MOST = 20


def as_dict(plan_id: str, plan: Plan) -> dict[str, Any]:
    """What there may be thousands of are iterators: they are made as they are printed."""
    return {
        "plan": plan_id,
        "created": (_entry(one) for one in plan.created),
        "changed": ({**_entry(one), "changes": _changes(one)} for one in plan.changed),
        "retired": ({"key": one.key, "type": one.item.type, "name": one.item.name} for one in plan.retired),
        "unchanged": len(plan.same),
        "refused": [{"line": one.line, "because": one.because} for one in plan.refused],
        "ambiguous": [{"line": one.line, "candidates": one.candidates, "ref": one.ref} for one in plan.ambiguous],
        "dangling": [
            {"line": one.line, "ref": one.ref, "relation": one.relation, "key": one.key} for one in plan.dangling
        ],
        "held": ({"key": one.key, "type": one.item.type} for one in plan.held),
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


@dataclass(frozen=True)
class InChannel:
    """What a plan may say where everybody reads it: of private items how many there are, and no name."""

    schema: Schema
    items: Numbered[Item]
    created: frozenset[int]
    """Numbers of new items that are private."""

    @classmethod
    def of(cls, plan: Plan, items: Numbered[Item], schema: Schema) -> "InChannel":
        return cls(schema, items, frozenset(one.item.number for one in plan.created if schema.hides(one.item)))

    def type(self, key: str) -> str:
        """As people call it."""
        return self.schema.types[key].title if key in self.schema.types else key

    def part(self, type_: str, name: str) -> str:
        """An attribute or a relation, as people call it."""
        kind, relation = self.schema.types.get(type_), self.schema.relations.get(name)
        attribute = kind.attributes.get(name) if kind else None
        if attribute:
            return attribute.title or name
        return relation.title.lower() if relation else name

    def hides(self, number: int) -> bool:
        item = self.items.get(number)
        return number in self.created or (item is not None and self.schema.hides(item))

    def named(self, found: Iterable[Planned], most: int) -> tuple[list[Planned], int]:
        """The first that may be named, and how many may not."""
        shown: list[Planned] = []
        private = 0
        for one in found:
            if self.schema.hides(one.before or one.item) or self.schema.hides(one.item):
                private += 1
            elif len(shown) < most:
                shown.append(one)
        return shown, private

    def private(self, one: Planned) -> set[str]:
        """Its relations that lead, or led, to a private item."""
        groups = (*one.item.groups, *(one.before.groups if one.before else ()))
        return {
            group.relation for group in groups
            if any(isinstance(member, int) and self.hides(member) for member in group.members)
        }  # fmt: skip


def lines(plan: Plan, most: int = SHOWN_MOST, within: InChannel | None = None) -> Iterator[str]:
    """What it would do, by kind; of each kind the first few. `within`: where it is read, if not at the terminal."""

    def named(what: str, found: Rows[Planned], told: Callable[[Planned], str]) -> Iterator[str]:
        shown, private = (found[:most], 0) if within is None else within.named(found, most)
        yield from _some(what, [told(one) for one in shown], len(found), private)

    yield from named("created", plan.created, lambda one: f"{_at(one.line)}{_named(one, within)}")
    yield from named("changed", plan.changed, lambda one: f"{_at(one.line)}{_item(one, within)}: {_said(one, within)}")
    yield from named("retired", plan.retired, lambda one: _named(one, within))
    yield f"{len(plan.same)} unchanged"
    because = [f"{_at(one.line)}{_because(one, within)}" for one in plan.refused[:most]]
    yield from _some("refused", because, len(plan.refused))
    doubtful = [f"{_at(one.line)}“{one.ref}” may be {_candidates(one, within)}" for one in plan.ambiguous[:most]]
    yield from _some("ambiguous", doubtful, len(plan.ambiguous))
    astray = [
        f"{_at(one.line)}{_relation(one.relation, within)} “{one.ref}” leads nowhere yet"
        for one in plan.dangling[:most]
    ]
    yield from _some("dangling", astray, len(plan.dangling))
    if len(plan.held):
        yield from named("gone from the file, not retired", plan.held, lambda one: _item(one, within))
        yield "  A file that lacks so many may be short. With --really they are retired."
    yield from plan.notes


def withheld(told: Sequence[str], words: Collection[str]) -> list[str]:
    """The lines of a plan, without those that have one of these words: names and keys of what became private since."""
    any_of = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words)))})(?!\w)")
    return [f"  {UNNAMED}" if one.startswith("  ") and any_of.search(one) else one for one in told]


def _some(what: str, found: Sequence[str], count: int, private: int = 0) -> Iterator[str]:
    """The first of so many, some of which are counted and not named."""
    if count:
        yield f"{count} {what}"
        yield from (f"  {one}" for one in found)
        if private:
            yield f"  {private_items(private)}"
        if count > len(found) + private:
            yield f"  and {count - len(found) - private} more"


def _item(one: Planned, within: InChannel | None) -> str:
    """By its type's key where the file is written by it, at the terminal."""
    return f"{within.type(one.item.type) if within else one.item.type} {one.key}"


def _named(one: Planned, within: InChannel | None) -> str:
    if within and one.key == one.item.name:
        return f"{within.type(one.item.type)} “{one.item.name}”"
    return f"{_item(one, within)}, “{one.item.name}”"


def _relation(key: str, within: InChannel | None) -> str:
    return within.part("", key) if within else key


def _because(one: Refused, within: InChannel | None) -> str:
    return "A private item does not allow it." if within and within.hides(one.other) else one.because


def _candidates(one: Ambiguous, within: InChannel | None) -> str:
    hidden = [number for number in one.about if within and within.hides(number)]
    return "several items, private ones among them" if hidden else " or ".join(one.candidates)


def _at(line: int) -> str:
    return f"line {line}: " if line else ""


def _said(one: Planned, within: InChannel | None) -> str:
    private = within.private(one) if within else set()

    def called(name: str) -> str:
        return within.part(one.item.type, name) if within else name

    told = [
        f"{called(name)}, of private items" if name in private else f"{called(name)} {from_to(before, after)}"
        for name, (before, after) in one.changes.items()
    ]
    return "; ".join(told)


def _entry(one: Planned) -> dict[str, Any]:
    return {"line": one.line, "key": one.key, "type": one.item.type, "name": one.item.name}


def _changes(one: Planned) -> Mapping[str, list[str]]:
    return {name: list(pair) for name, pair in one.changes.items()}
