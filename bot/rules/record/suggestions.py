"""What was typed, and is taken by no verb, but may be meant for one: what it would be then."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import ne

from bot.rules.record import command_text, refs
from bot.rules.record.refs import Noun, Ref

_ANY = re.IGNORECASE | re.ASCII | re.DOTALL
_NAME, _RECORD = r"@?[\w.-]+", r"[A-Z]{2,3}[- ]?[0-9]+\b.*"
SHAPES = {
    verb: re.compile(behind, re.IGNORECASE | re.DOTALL)
    for verb, behind in {
        "assign": rf"me|@{_NAME}.*|[\w-]+",
        "attend": r"@.+",
        "chair": r"@.+",
        "handover": r"@.+",
        "impact": r"(?:high|medium|low)\b.*",
        "link": rf"(?:[\w-]+\s+)?{_RECORD}",
        "merge": r"(?:[A-Z]{3}[- ]?|#)?[0-9]+",
        "priority": r"P?[1-5]\b.*|matrix\b.*",
        "rate": r"[1-5]\b.*",
        "role": rf"{_NAME}(?:\s+@?{_NAME})?",
        "share": r"@.+",
        "unlink": _RECORD,
        "urgency": r"(?:high|medium|low)\b.*",
    }.items()
}
"""What stands behind these verbs and a number, where that is the command: “share 2 mailboxes” is none."""
TITLES = frozenset({
    "accept", "action", "add", "cancel", "class", "close", "draw", "drop", "extend", "finish", "items", "postpone",
    "problem", "service", "update", "verify",
})  # fmt: skip
"""Verbs that titles begin with: “close 2 ports” is asked back where words that are no command open a form."""


@dataclass(frozen=True)
class Meant:
    text: str
    """The command, without its slash."""
    ref: str = ""
    """The record that must be there, so that it is meant; empty where the verb says enough."""
    plain: bool = False
    """Hardly meant as anything else: it need not be asked."""


@dataclass(frozen=True)
class Grammar:
    """What a table of commands understands."""

    noun: Noun
    about: Collection[str]
    """What may stand before a reference."""
    words: Collection[str]
    """What its other verbs begin with."""
    takes: Callable[[str], bool]
    """Whether one of its verbs takes this, with its reference written out."""
    lists_by: Callable[[str], bool]
    """Whether this is what its list is filtered by, and nothing else."""
    worded: Collection[str] = ()
    """Those of `about` that are followed by words behind the reference."""
    opens: bool = False
    """Whether words that are no command open a form."""
    alone: Collection[str] = ()
    """Verbs that are typed alone."""
    buttons: Mapping[str, str] = field(default_factory=dict)
    """Verbs by what stands on their buttons, in lower case: “put off” is `extend`."""

    @cached_property
    def verbs(self) -> Sequence[str]:
        """What a command may begin with."""
        return tuple(dict.fromkeys([*filter(None, self.about), *self.words]))


def meant(text: str, grammar: Grammar) -> Meant | None:
    """The command that was hardly anything else, or that it may be; None for somebody's own words."""
    text = text.strip()
    if not text:
        return None
    numbered = _numbered(text, grammar) or _as_on_its_button(text, grammar) or _mistyped(text, grammar)
    return numbered or _alone(text, grammar) or _listed(text, grammar) or _named(text, grammar)


def spoken_list(text: str, noun: Noun, lists_by: Callable[[str], bool]) -> str:
    """“list of open incidents” as “list open”; empty for any other sentence."""
    verb, *rest = text.lower().split() or [""]
    name = f"{refs.ABOUT[noun]}s"
    by = " ".join(word for word in rest if word not in ("of", "the", name))
    return f"list {by}".strip() if verb == "list" and name in rest and (not by or lists_by(by)) else ""


def misspelled(text: str, words: Collection[str], takes: Callable[[str], bool]) -> Meant | None:
    """The same of a table without records: its verbs alone may be meant."""
    first, _, rest = text.strip().partition(" ")
    commands = (f"{verb} {rest}".strip() for verb in near(first, words))
    return next((Meant(command) for command in commands if takes(command)), None)


def near(word: str, verbs: Iterable[str]) -> list[str]:
    """Verbs that a word is one slip of the pen away from: a letter more, less, another, or two changed about."""
    word, long = word.lower(), len(word)
    if long <= 2:
        return []
    begins, ends = word[0], word[-1]
    return [
        verb
        for verb in verbs
        # One slip leaves the first letter or the last.
        if (verb[:1] == begins or verb[-1:] == ends)
        and len(verb) > 2
        and -2 < len(verb) - long < 2
        and is_one_edit(word, verb)
    ]


def is_one_edit(one: str, other: str) -> bool:
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = [*map(ne, one, other), True].index(True)
    a, b = one[at:], other[at:]
    swapped = a[:2] == b[1::-1] and len(a) > 1 and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def _numbered(text: str, grammar: Grammar) -> Meant | None:
    found = command_text.counts_or_names(text, grammar.noun, grammar.about)
    if found is None:
        return None
    return Meant(f"{found.verb} {found.ref} {found.words}", found.ref, _is_plain(found.verb, found.words, grammar))


def _is_plain(verb: str, words: str, grammar: Grammar) -> bool:
    """Whether words behind a short number are what this verb is followed by, and hardly part of a title."""
    shape = SHAPES.get(verb)
    if shape is not None:
        return shape.fullmatch(words.strip()) is not None
    return verb in grammar.worded and not (grammar.opens and verb in TITLES)


def _as_on_its_button(text: str, grammar: Grammar) -> Meant | None:
    """“put off ACT-3 friday later”: people type what they have read on the button."""
    found = re.match(rf"(?P<said>\D+?)\s+(?P<ref>{grammar.noun}-[1-9][0-9]{{0,8}})(?P<rest>\s.*)?$", text, _ANY)
    verb = grammar.buttons.get(found["said"].lower().replace("-", " ")) if found else None
    return Meant(f"{verb} {found['ref']}{found['rest'] or ''}") if found and verb else None


def _mistyped(text: str, grammar: Grammar) -> Meant | None:
    """A first word that is nearly a verb, where what follows is what that verb is followed by."""
    first, _, rest = text.partition(" ")
    for verb in near(first, grammar.verbs):
        command = refs.spelled_out(f"{verb} {rest}".strip(), grammar.noun, grammar.about)
        if grammar.takes(command):
            return Meant(command)
        if found := _numbered(command, grammar):
            return Meant(found.text, found.ref)
    return None


def _alone(text: str, grammar: Grammar) -> Meant | None:
    """A verb that is typed alone with one word behind it: as behind “list”, several are somebody's own."""
    verb = " ".join(text.lower().split()[:-1])
    return Meant(verb) if verb in grammar.alone else None


def _listed(text: str, grammar: Grammar) -> Meant | None:
    return Meant(f"list {text}") if grammar.lists_by(text) else None


def _named(text: str, grammar: Grammar) -> Meant | None:
    """A verb that is spelled quite otherwise; or a record that is named somewhere."""
    named = command_text.names_one(text, grammar.noun)
    verbs = list(filter(None, grammar.about))
    if named and command_text.is_near(named.verb, verbs):
        return Meant(f"{command_text.nearest(named.verb, verbs)} {named.ref} {named.words}".strip())
    found = re.search(rf"(?<![\w-]){grammar.noun}-([1-9][0-9]{{0,8}})(?![\w-])", text, re.IGNORECASE | re.ASCII)
    if found is None:
        return None
    ref = str(Ref(grammar.noun, int(found[1])))
    return Meant(ref, ref) if grammar.takes(ref) else None
