"""Facts as sentences: what a timeline, a handover and an export say happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.rules.incident import reclassified
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.sla.clocks import BREACH, Party

_LINES: Mapping[FactKind, str] = MappingProxyType(
    {
        FactKind.INCIDENT_OPENED: "reported by {by}",
        FactKind.INCIDENT_IMPORTED: "moved in from {source} ({old_ref})",
        FactKind.INCIDENT_RECLASSIFIED: "{by} changed {changes}",
        FactKind.MAJOR_DECLARED: "declared a major incident by {by}",
        FactKind.MAJOR_CHANNEL_OPENED: "#{name} was opened",
        FactKind.MAJOR_STEP_HINDERED: "Slack held something up ({error})",
        FactKind.MAJOR_ROLE_TAKEN: "{holder} is {role} now",
        FactKind.MAJOR_ROLE_VACATED: "{role} is free: {holder} has left",
        FactKind.INCIDENT_INFORMED: "{by} added",
        FactKind.MAJOR_HANDED_OVER: "command passed to {to}",
        FactKind.MAJOR_UPDATED: "told by {by}: {state}",
        FactKind.MAJOR_UPDATE_LAPSED: "the promised update did not come in time",
        FactKind.MAJOR_ENDED: "over as a major incident",
        FactKind.TIMELINE_EXPORTED: "the timeline was exported by {by}",
        FactKind.SLA_PAUSED: "{clock} promise paused",
        FactKind.SLA_RESUMED: "{clock} promise runs on",
        FactKind.SLA_REOPENED: "{clock} promise runs again",
        FactKind.SLA_RETARGETED: "{clock} promise has another target",
        FactKind.SLA_CANCELLED: "{clock} promise fell away",
        FactKind.SLA_TAKEN: "{by} is on it",
        FactKind.SLA_EXCUSED: "breach of the {clock} promise excused by {by}",
        FactKind.SLA_WARNED: "{clock} promise at risk",
        FactKind.SLA_BREACHED: "{clock} promise breached",
        FactKind.SLA_MET: "{clock} promise kept",
        FactKind.SLA_MISSED: "{clock} done, too late",
    }
)
UNTOLD = frozenset(
    {
        FactKind.TIMELINE_PINNED,
        FactKind.TIMELINE_UNPINNED,
        FactKind.TIMELINE_EDITED,
        FactKind.INCIDENT_NOTED,
        FactKind.INCIDENT_NOTE_IMPORTED,
        FactKind.SLA_STARTED,
    }
)
"""Stand in the timeline as what was pinned or written, are for the desk alone, or go with what they promise about."""


def is_told(fact: Fact) -> bool:
    """Whether the story tells it. A breach is a fact of its own beside the alarm that rings with it."""
    rings_at_breach = fact.kind is FactKind.SLA_WARNED and int(str(fact.data.get("threshold", 0))) >= BREACH
    return fact.kind not in UNTOLD and not rings_at_breach


_PEOPLE = ("holder", "to", "person", "from", "assignee")


@dataclass(frozen=True)
class Teller:
    """How people, roles and what was typed are written where the story is told."""

    who: Callable[[str], str]
    role: Callable[[str], str]
    text: Callable[[str], str]

    def line(self, fact: Fact) -> str:
        """A fact without its time; kinds that have no sentence here are told by their name."""
        by = "Deskbell" if fact.by == SYSTEM else self.who(fact.by)
        pattern = _LINES.get(fact.kind, fact.kind.value.replace("_", " ") + " by {by}")
        values = {key: self._value(key, value) for key, value in fact.data.items()}
        values["clock"] = self.text(said_clock(str(fact.data.get("clock", "…"))))
        if fact.kind is FactKind.INCIDENT_RECLASSIFIED:
            values["changes"] = reclassified.changes(fact, self.text)
        said = pattern.format_map(_Blank(values | {"by": by}))
        typed = " · ".join(self.text(words) for words in fact.words.values() if words)
        return f"{said}: {typed}" if typed else said

    def _value(self, key: str, value: object) -> str:
        if key in _PEOPLE and isinstance(value, str):
            return self.who(value)
        return self.role(str(value)) if key == "role" else self.text(str(value))


class _Blank(dict[str, str]):
    """A fact of an older version may lack what its sentence names."""

    def __missing__(self, key: str) -> str:
        return "…"


def said_clock(name: str) -> str:
    """“response”; of what others owe the desk “resolution by network”."""
    kind, _, owner = name.partition(":")
    return f"{kind} by {Party.parse(owner).key}" if owner else kind


def people_in(fact: Fact) -> set[str]:
    """Everybody whom its sentence names."""
    named = {str(fact.data[key]) for key in _PEOPLE if isinstance(fact.data.get(key), str)}
    return named if fact.by == SYSTEM else named | {fact.by}
