"""Which known errors read like what somebody is typing: by whole words and by service. Words, never patterns."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from bot.rules.record.refs import Noun, Ref

OFFERED = 3
LOOKED_AT = 12
"""Of those that share most words: the ones that are weighed."""
WORDS_MOST = 60
"""Of a text: what stands behind them is hardly about the symptom."""
_WORD = re.compile(r"[^\W_]{2,}")
_ENDINGS = ("ing", "ed", "es", "s")
_COMMON_WORDS = """
the a an and or of to in on at is are was were be been it its this that for from with by not no my our your i we you
they he she as but so if can cannot do does did has have had there when since again any all
"""
_COMMON = frozenset(_COMMON_WORDS.split())
SERVICE_WORD = "service:"
"""What a service begins with among the words that a known error is found by."""
Key = TypeVar("Key")


class Offered(NamedTuple):
    """What the offer of a known error shows."""

    number: int
    revision: int
    symptom: str
    workaround: str
    services: str
    """Keys, with spaces between them."""
    helped: int

    @property
    def ref(self) -> Ref:
        return Ref(Noun.KNOWN_ERROR, self.number)


def words_of(text: str) -> list[str]:
    """What is compared: each word once, in small letters, without its ending; common ones left out."""
    found = (_stem(word) for word in _WORD.findall(text.casefold()) if word not in _COMMON)
    return list(dict.fromkeys(found))[:WORDS_MOST]


def keys_of(text: str, services: Iterable[str]) -> list[str]:
    """The words, and the services as words of their own kind."""
    return [*words_of(text), *services_as_words(services)]


def services_as_words(services: Iterable[str]) -> list[str]:
    return [f"{SERVICE_WORD}{one}" for one in services]


def likeliest(typed: Sequence[str], known: Mapping[Key, Collection[str]], most: int = OFFERED) -> list[Key]:
    """The best first. A word counts by how few share it; the service alone offers nothing."""
    rarity = {word: 1 / sum(word in words for words in known.values()) for word in typed if _any(word, known)}
    scores: dict[Key, float] = {}
    for key, words in known.items():
        shared = [word for word in typed if word in words]
        plain = [word for word in shared if not word.startswith(SERVICE_WORD)]
        if len(plain) >= 2 or (plain and len(shared) > len(plain)):
            scores[key] = len(plain) + sum(rarity[word] for word in shared)
    return sorted(scores, key=lambda key: -scores[key])[:most]


def _any(word: str, known: Mapping[Key, Collection[str]]) -> bool:
    return any(word in words for words in known.values())


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
