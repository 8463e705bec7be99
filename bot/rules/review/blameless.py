"""Hints at words that blame. A hint is never a refusal: it says what to ask instead."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ERROR = "Errors are where the question begins: what made it easy to do, and hard to notice?"
_HINDSIGHT = "Said with what is known now. What was known then, and what did they see?"
_PERSON = "Describe what was done and what made sense at that time; leave out what somebody is like."
_CAREFUL = "Care does not last. What would make it hard to get wrong, or quick to notice?"
_SINGLE = "Seldom is there one. What else had to be so, for this to happen?"
_HINTS: tuple[tuple[str, str], ...] = (
    (r"human errors?|operator errors?|user errors?|user mistakes?", _ERROR),
    (r"(?:should|could|ought to|would)(?: not|n[’']t)? have|(?:should|could)[’']ve|if only", _HINDSIGHT),
    (r"careless(?:ly|ness)?|negligen(?:t|tly|ce)|stupid(?:ly|ity)?|lazy|incompeten(?:t|ce)|sloppy", _PERSON),
    (r"blames?|to blame|at fault|(?:his|her|their) fault|forgot|neglected to|failed to|did not bother", _PERSON),
    (r"(?:be|being|been) more careful|more care|pay (?:more|better|closer) attention|try harder", _CAREFUL),
    (r"the (?:one |only |single |sole )?(?:root )?cause (?:is|was)|(?:single|sole|only) (?:root )?cause", _SINGLE),
)  # fmt: skip
_FOUND = [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), says) for words, says in _HINTS]


@dataclass(frozen=True)
class Hint:
    where: str
    """The section's title, or the action's reference."""
    words: str
    """As they were typed."""
    says: str


def hints(texts: Mapping[str, str]) -> list[Hint]:
    """Each word once in each place, in the order in which they stand there."""
    return [hint for where, text in texts.items() for hint in _of(where, text)]


def _of(where: str, text: str) -> Iterable[Hint]:
    found = sorted((one.start(), one[0], says) for pattern, says in _FOUND for one in pattern.finditer(text))
    told = set[str]()
    for _, words, says in found:
        if words.casefold() not in told:
            told.add(words.casefold())
            yield Hint(where, words, says)
