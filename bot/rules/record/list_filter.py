"""What lists of all nouns are filtered by: the words of a small language, and services by their names."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

StateT = TypeVar("StateT", bound=StrEnum)
FilterT = TypeVar("FilterT", bound="ListFilter")

_DOUBLE, _OPENS, _CLOSES = '“”„‟«»"', "'‘‚‹", "'’‘›"
_QUOTES = _DOUBLE + _OPENS + _CLOSES
_SINGLE = rf"[{_OPENS}](?=\S)(?:[^{_CLOSES}]|[{_CLOSES}](?=\w)){{0,200}}[{_CLOSES}](?!\w)"
"""An apostrophe within a word ends nothing: ‘can't print’. Of many each would look through what is left of the text."""
_TOKEN = re.compile(rf"(?:[a-z]+:)?(?:[{_DOUBLE}][^{_DOUBLE}]*[{_DOUBLE}]|{_SINGLE})|[^\s,;]+", re.IGNORECASE)
MAY_NAME = 6
"""Words that a service's name may have."""
WORDS_MOST = 30
"""Looked for each by itself: a statement has so many conditions."""
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def tokens(typed: str) -> list[str]:
    """Words, parted by blanks or commas, and what stands in quotes of whatever language as one, with
    what it is about: “service:"My office"”."""
    return _TOKEN.findall(typed)


def word_of(token: str) -> str:
    """As lists of all nouns understand it: “my” is “mine”."""
    return {"my": "mine"}.get(token.lower(), token.lower())


def states_by_word(scale: type[StateT], still_open: Collection[StateT]) -> dict[str, frozenset[StateT]]:
    """States by what people say: by their names and labels, and “open”, “closed” and “all” where these are no names."""
    every = frozenset(scale)
    said = {"open": frozenset(still_open), "closed": every - frozenset(still_open), "all": every}
    labels = {str(getattr(one, "label", one)).replace(" ", "-"): frozenset({one}) for one in scale}
    return labels | said | {one.replace(" ", "-"): frozenset({one}) for one in scale}


@dataclass(frozen=True)
class ListFilter:
    """What every list is filtered by; a noun's own derives from it."""

    states: Collection[Any] = ()
    words: tuple[str, ...] = ()
    """Each was quoted, and has to be found; of more than WORDS_MOST all as one, as in `words`."""


def read_into(
    found: FilterT,
    said: Iterable[str],
    states: Mapping[str, Collection[Any]],
    flags: Collection[str],
    own: Callable[[FilterT, str], FilterT],
) -> FilterT:
    """The filter with what was said, in any order. Flags are its fields; a state that is named stands for those that
    it begins with, several stand beside each other. `own` reads what else the noun knows, and refuses the rest.
    """
    wanted = set[Any]()
    for token in said:
        word = word_of(token)
        if (text := quoted(token)) is not None:
            found = replace(found, words=(*found.words, text))
        elif word in states:
            wanted |= set(states[word])
        elif word in flags:
            flag: dict[str, Any] = {word: True}
            found = replace(found, **flag)
        else:
            found = own(found, token)
    found = replace(found, words=at_most(found.words))
    return replace(found, states=frozenset(wanted)) if wanted else found


def at_most(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words that each have to be found; of many, which make too large a statement, all as one."""
    return words if len(words) <= WORDS_MOST else (" ".join(words),)


def says_enough(typed: str, flags: Collection[str], others: Collection[str] = ()) -> bool:
    """Whether these are words to list by and nothing else, one of them such as “mine”: hardly a title."""
    words = [word_of(token) for token in tokens(typed)]
    return any(word in flags for word in words) and all(word in flags or word in others for word in words)


def quoted(token: str) -> str | None:
    """What stands in the quotes; None for a word without them, which may begin with an apostrophe: “'s-Gravenhage”."""
    in_quotes = token[0] in _DOUBLE or (token[0] in _OPENS and token[-1] in _CLOSES and len(token) > 1)
    return token.strip(_QUOTES) if in_quotes else None


def words(typed: str) -> list[str]:
    """Each that has to be found, where nothing but words is typed; those in quotes are one, and many are one too."""
    found = [token if (text := quoted(token)) is None else text for token in tokens(typed)]
    return [one for one in found if one] if len(found) <= WORDS_MOST else [" ".join(typed.split())]


def as_words(typed: str) -> str:
    """Words of one's own as what a list is filtered by; empty where there are none."""
    bare = " ".join(re.sub(rf"[{_DOUBLE}]", " ", typed).split())
    return f'"{bare}"' if bare else ""


def key_of(typed: str, names: Mapping[str, str]) -> str | None:
    """The key that is meant, by key or name; `names` are names by key."""
    wanted = _bare(typed)
    return next((key for key, name in names.items() if wanted in (_bare(key), _bare(name))), None)


def is_filter(typed: str, looks_right: Callable[[str], bool], services: Mapping[str, str] | None = None) -> bool:
    """Whether what stands behind “list” is what a list is filtered by, in any combination, and no sentence.

    Without `services`, names by key, whether it may be. Refused rather than reported is a single word that is none,
    what has no letters, and what has as many words to list by as others.
    """
    found = tokens(typed)
    if len(found) <= 1 or all(map(looks_right, found)) or not any(one.isalpha() for one in typed):
        return True
    if services is None:
        return any(map(looks_right, found)) or len(found) <= MAY_NAME
    every = list(joined(found, services))
    strange = [one for one in every if not looks_right(one) and key_of(one, services) is None]
    return 2 * len(strange) <= len(every)


def joined(found: Sequence[str], services: Mapping[str, str]) -> Iterator[str]:
    """Tokens, where the words of a service's name are one."""
    names = {_parted(name) for name in services.values()}
    rest, longest = list(found), max((len(name.split()) for name in names), default=1)
    while rest:
        most = next((n for n in range(min(len(rest), longest), 1, -1) if " ".join(rest[:n]).casefold() in names), 1)
        yield " ".join(rest[:most])
        rest = rest[most:]


def _parted(name: str) -> str:
    """As `tokens` has its words."""
    return " ".join(re.split(r"[\s,;]+", name.casefold())).strip()


def _bare(name: str) -> str:
    """Without quotes around it, which a name may itself begin or end with: “Users'”."""
    return _parted(name.strip().strip(_QUOTES))
