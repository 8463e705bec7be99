"""What became different of an incident's class and priority, in words: for its timeline, its news and exports."""

from collections.abc import Callable

from bot.rules.record.facts import Fact


def changes(fact: Fact, written: Callable[[str], str]) -> str:
    """“impact to high, priority to P2, set by hand”; `written` is how a value is written where it is told."""
    said = {name: value for name, value in fact.data.items() if name not in ("revision", "overridden")}
    changed = [f"{name} to {written(str(value))}" for name, value in said.items()]
    by_hand = fact.data.get("overridden")
    if by_hand is not None:
        how = "set by hand" if by_hand else "set by impact and urgency"
        changed = [*changed, how] if changed else [f"the priority to be {how}"]
    return ", ".join(changed)
