"""The timeline of a record of any noun, drawn."""

from collections.abc import Callable, Collection, Sequence

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Ref
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Message

ENTRY_MOST = 290
TOLD_MOST = 40
"""Facts of a timeline: the latest, so that all fit into a message."""
NAMES = ("title", "summary", "why", "plan", "note")
"""Words of a fact in the order in which they are read; all others stand behind them."""
OF_THEMSELVES = {
    FactKind.SLA_STARTED: "the clock “{clock}” started",
    FactKind.SLA_PAUSED: "the clock “{clock}” paused",
    FactKind.SLA_RESUMED: "the clock “{clock}” runs again",
    FactKind.SLA_RETARGETED: "the clock “{clock}” has another target",
    FactKind.SLA_WARNED: "“{clock}” stands at {threshold} %",
    FactKind.SLA_BREACHED: "“{clock}” was breached",
    FactKind.SLA_MET: "“{clock}” was done in time",
    FactKind.SLA_MISSED: "“{clock}” was done late",
    FactKind.SLA_CANCELLED: "the clock “{clock}” ended: nothing more is promised",
    FactKind.SLA_REOPENED: "the clock “{clock}” runs on",
}
"""Whole sentences: a clock starts and stops by itself, whoever took the step that it follows."""


def drawn(ref: Ref, title: str, facts: Sequence[Fact], say: Callable[[Fact], str]) -> Message:
    """What happened, oldest first; of a long story the latest. A fact of which `say` says nothing is no entry."""
    left_out, told = len(facts), list[tuple[Fact, str]]()
    while left_out and len(told) < TOLD_MOST:
        left_out -= 1
        if said := say(facts[left_out]):
            told.append((facts[left_out], said))
    blocks = [kit.header(f"{ref} {title}")]
    if left_out:
        blocks.append(kit.context(f"{left_out} earlier entries are not shown."))
    blocks += [kit.context(fitting.cut(_entry(fact, said), ENTRY_MOST)) for fact, said in reversed(told)]
    return Message(f"What happened to {ref}", blocks)


def _entry(fact: Fact, said: str) -> str:
    by = "" if fact.kind in OF_THEMSELVES else f"{kit.mention(fact.by)} "
    words = " ".join(f"“{kit.excerpt(text, 250)}”" for text in _typed(fact))
    return f"{kit.when(fact.at)} · {by}{said}" + (f" {words}" if words else "")


def _typed(fact: Fact) -> Collection[str]:
    """What it is called comes first, and then what was said of it: a fact's words are kept by name."""
    names = sorted(fact.words, key=lambda name: NAMES.index(name) if name in NAMES else len(NAMES))
    return [fact.words[name] for name in names if fact.words[name]]
