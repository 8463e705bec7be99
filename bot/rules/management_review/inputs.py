"""What a management review looks at: topics in our own words, each with what records say of it.

The topics are from secondary sources on clause 9.3. Whoever prepares a review reads the standard beside them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    EARLIER_ACTIONS = "earlier-actions"
    CONTEXT = "context"
    OBJECTIVES = "objectives"
    PERFORMANCE = "performance"
    NONCONFORMITIES = "nonconformities"
    AUDITS = "audits"
    CUSTOMERS = "customers"
    SUPPLIERS = "suppliers"
    RISKS = "risks"
    RESOURCES = "resources"
    CAPACITY = "capacity"
    IMPROVEMENTS = "improvements"

    @property
    def heading(self) -> str:
        return _TITLES[self]


_TITLES: Mapping[Topic, str] = {
    Topic.EARLIER_ACTIONS: "What earlier reviews decided",
    Topic.CONTEXT: "What changed around us",
    Topic.OBJECTIVES: "Policy, objectives and plans",
    Topic.PERFORMANCE: "How the services did",
    Topic.NONCONFORMITIES: "Nonconformities and what was done about them",
    Topic.AUDITS: "What audits found",
    Topic.CUSTOMERS: "What customers and users say",
    Topic.SUPPLIERS: "Suppliers and other parties",
    Topic.RISKS: "Risks and opportunities",
    Topic.RESOURCES: "People, money and other means",
    Topic.CAPACITY: "Demand and capacity",
    Topic.IMPROVEMENTS: "Improvements",
}
NOTHING = "Nothing of this is on record. Say what is known."


@dataclass(frozen=True)
class Input:
    topic: Topic
    lines: tuple[str, ...] = ()
    """From records."""
    said: str = ""
    """What was said of it in the meeting."""


def filled(found: Mapping[Topic, Iterable[str]], said: Mapping[Topic, str] | None = None) -> list[Input]:
    """Every topic, in order."""
    known = said or {}
    return [Input(one, tuple(found.get(one, ())), known.get(one, "")) for one in Topic]


def kept(inputs: Sequence[Input]) -> str:
    told = [{"topic": one.topic, "lines": list(one.lines), "said": one.said} for one in inputs]
    return json.dumps(told, ensure_ascii=False)


def restored(text: str) -> list[Input]:
    if not text:
        return filled({})
    found = {Topic(one["topic"]): Input(Topic(one["topic"]), tuple(one["lines"]), one["said"])
             for one in json.loads(text)}  # fmt: skip
    return [found.get(one, Input(one)) for one in Topic]


@dataclass(frozen=True)
class Minutes:
    """A review as it is written out."""

    ref: str
    title: str
    held: str
    facts: Sequence[tuple[str, str]]
    inputs: Sequence[Input]
    decisions: Sequence[str]


def written(one: Minutes) -> str:
    """As Markdown."""
    lines = [f"# {one.ref}: {one.title}", "", *(f"- {name}: {said}" for name, said in one.facts), ""]
    for each in one.inputs:
        lines += [f"## {each.topic.heading}", "", *(f"- {line}" for line in each.lines or (NOTHING,)), ""]
        lines += [each.said, ""] if each.said else []
    lines += ["## Decisions", "", *(f"- {line}" for line in one.decisions or ("None.",)), ""]
    return "\n".join(lines)


def digest(text: str) -> str:
    """SHA-256 of the minutes in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
