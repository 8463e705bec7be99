"""What has become of items since a baseline, told from their facts: the first before and the last after."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.rules.configuration_item.flow import CiState
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun

_NAMED = re.compile(rf"\b{Noun.CI}-[0-9]{{1,9}}\b")
KINDS = (FactKind.CI_ADDED, FactKind.CI_CHANGED, FactKind.CI_MOVED)


@dataclass
class Difference:
    added: bool = False
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Before and now, of what is not as it was."""

    @property
    def retired(self) -> bool:
        return not self.added and self.fields.get("state", ("", ""))[1] == CiState.RETIRED

    @property
    def related(self) -> set[str]:
        """The items that its fields name."""
        return {ref for pair in self.fields.values() for text in pair for ref in _NAMED.findall(text)}

    def without(self, hidden: Collection[str], instead: str) -> "Difference":
        """The same, with other words for these."""

        def told(text: str) -> str:
            return _NAMED.sub(lambda one: instead if one[0] in hidden else one[0], text)

        return Difference(self.added, {name: (told(old), told(new)) for name, (old, new) in self.fields.items()})


def since(facts: Iterable[Fact]) -> Mapping[str, Difference]:
    """By reference, in the order in which they were touched first. What is again as it was is no difference."""
    found: dict[str, Difference] = {}
    for fact in facts:
        if fact.kind not in KINDS:
            continue
        one = found.setdefault(fact.subject, Difference())
        one.added = one.added or fact.kind is FactKind.CI_ADDED
        for name, (before, after) in _told(fact).items():
            first = one.fields[name][0] if name in one.fields else before
            one.fields[name] = (first, after)
    for one in found.values():
        one.fields = {name: pair for name, pair in one.fields.items() if pair[0] != pair[1]}
    return {ref: one for ref, one in found.items() if one.added or one.fields}


def _told(fact: Fact) -> dict[str, tuple[str, str]]:
    if fact.kind is FactKind.CI_MOVED:
        return {"state": (str(fact.data.get("from", "")), str(fact.data.get("state", "")))}
    before, after = (json.loads(str(fact.data.get(side, "{}"))) for side in ("before", "after"))
    return {name: (before.get(name, ""), value) for name, value in after.items()}
