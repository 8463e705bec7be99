"""Which service a report is about, by the words in it."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Protocol

UNSURE = "not-sure"
"""Stands for a service that the reporter does not know: the desk finds it out. No key of the policy's."""
NAME, ALSO, DESCRIBED = 4, 4, 2
"""What a word is worth that stands in a service's name, among its other words, in its description."""
LEAST = 3
"""Letters of a word that says anything."""
_COMMON = frozenset(
    """
    about access and any are can cannot for from has have its new not office our out outside public shared system
    the their them this use using was which with work working your
    """.split()  # noqa: SIM905 - a line each would hide what they are
)


class Described(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def also(self) -> Collection[str]: ...


def guess(text: str, services: Mapping[str, Described]) -> str | None:
    """The key of the service whose name stands in the text, else of that which has most of its words.

    None where no word is a service's, or where two have as many: a wrong guess costs more than none.
    """
    plain = text.lower() if text.isascii() else ""
    for key, service in services.items():
        # What holds no such letters is not searched: each form asks for every service.
        if plain and service.name.isascii() and service.name.lower() not in plain:
            continue
        if _named(service.name).search(text):
            return key
    said = _words(text)
    scores = {key: _score(said, service) for key, service in services.items()}
    best = max(scores.values(), default=0)
    found = [key for key, score in scores.items() if score == best]
    return found[0] if best and len(found) == 1 else None


@lru_cache(maxsize=1024)
def _named(name: str) -> re.Pattern[str]:
    """Each form asks for every service, and `re` keeps fewer patterns than a desk has services."""
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _score(said: Collection[str], service: Described) -> int:
    worth = _worth(service.name, service.description, " ".join(service.also))
    return sum(worth.get(word, 0) for word in said)


@lru_cache(maxsize=1024)
def _worth(name: str, description: str, also: str) -> Mapping[str, int]:
    worth = dict.fromkeys(_words(description), DESCRIBED)
    return worth | dict.fromkeys(_words(also), ALSO) | dict.fromkeys(_words(name), NAME)


def _words(text: str) -> set[str]:
    """Words without their plural, and those with a hyphen as one: “Wi-Fi” is “wifi”."""
    plain = re.sub(r"(?<=\w)[-‐‑’'](?=\w)", "", text.casefold())
    return {word for found in re.findall(r"\w+", plain) if (word := _singular(found)) and _says_something(word)}


def _says_something(word: str) -> bool:
    return len(word) >= LEAST and word not in _COMMON


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
