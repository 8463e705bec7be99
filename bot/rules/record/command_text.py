"""Commands as people type them: a verb, a reference, words."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from bot.rules.record.refs import Noun, Ref

NEAR = 0.75
"""How like a verb a word must be, to be one that was mistyped."""
_NAMES = re.compile(r"[@#]\S+|:[a-z0-9_+'-]+:", re.IGNORECASE)
_NUMBER = r"[1-9][0-9]{0,8}"
_NAMING = re.compile(
    rf"(?P<verb>[^\W\d][\w-]*)\s+(?P<noun>[A-Z]+)-?(?P<number>{_NUMBER})(?:\s+(?P<words>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_SPACE = re.compile(r"[^\S\n]+")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
_REFERENCE = re.compile(rf"(?:{'|'.join(Noun)})-?{_NUMBER}", re.IGNORECASE | re.ASCII)
_MARKED = re.compile(
    rf"(?P<verb>[a-z][a-z-]*(?:\s+[a-z]+)?(?=\s))?(?P<ref>\s*[A-Z]{{2,3}}-{_NUMBER})[,.:;!]+(?P<words>\s.*)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
"""A number behind which a sentence's mark stands: “resolve INC-1: the cache was full”."""
_HEAD = re.compile(
    rf"\A(?:(?:\S+[^\S\n]+){{0,2}}?(?:{'|'.join(Noun)})?(?:-|[^\S\n]*)#?{_NUMBER}(?:[^\S\n]+|\Z)|\S+[^\S\n]+)",
    re.IGNORECASE,
)
"""A command as far as its number, or its verb; behind it are words."""
_VERB = re.compile(r"[a-z<>:-]+|#?[0-9]+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Typed:
    """“cancel CHG-1 too risky” in its parts."""

    verb: str
    """In lower case, its words parted by one space."""
    ref: str
    """As it was typed, well-formed or not."""
    words: str


def in_plain_marks(text: str) -> str:
    """A command whose verb, number and references are of plain letters, where a keyboard or a page that it was copied
    from made wide ones, other digits or dashes, or put what is not to be seen into them; its words stay as they are.

    To be read by: what is no command is somebody's own words, and is kept as it was written.
    """
    if text.isascii() and text.isprintable():
        return text
    place = iter(range(len(text)))
    text = re.sub(r"\S+", lambda word: _plain(word[0], begins=next(place) < 2), text)
    return _HEAD.sub(lambda head: _SPACE.sub(" ", head[0]), text, count=1)


def _plain(word: str, *, begins: bool) -> str:
    """`begins`: it is one of the first two words, which may be a verb or a number."""
    if word.isascii():
        return word
    shown = "".join(one for one in word if unicodedata.category(one) != "Cf")
    plain = "".join(str(unicodedata.decimal(one, one)) for one in shown.translate(_DASHES))
    plain = "".join(unicodedata.normalize("NFKC", one) if "\uff01" <= one <= "\uff5e" else one for one in plain)
    return plain if _REFERENCE.fullmatch(plain) or (begins and _VERB.fullmatch(plain)) else word


def unmarked(text: str, verbs: Collection[str]) -> str:
    """A command without the mark behind its number, where a verb or nothing else stands before it."""
    found = _MARKED.fullmatch(text)
    verb = " ".join((found["verb"] or "").lower().split()) if found else ""
    if found is None or not (verb in verbs if verb else not found["words"]):
        return text
    return f"{found['verb'] or ''}{found['ref']}{found['words'] or ''}"


def says_something(text: str) -> bool:
    """Whether it has words beside numbers, marks, emoji, and names of people and channels."""
    return any(one.isalpha() for one in _NAMES.sub("", text))


def split(text: str, noun: Noun, verb: str = "") -> Typed | None:
    """The parts, where the text begins with a verb and a reference of this noun; `verb` asks for this one alone."""
    found = _pattern(noun, verb).fullmatch(text)
    return Typed(" ".join(found["verb"].lower().split()), found["ref"], found["words"]) if found else None


def names_one(text: str, noun: Noun) -> Typed | None:
    """The parts of a text whose second word is a reference (“CHG-1”, “chg1”), whatever the first is."""
    named, typed = _naming(text)
    return typed if named == noun else None


@lru_cache(maxsize=64)
def _naming(text: str) -> tuple[str, Typed | None]:
    """What is typed once is asked about every noun."""
    found = _NAMING.fullmatch(text.strip())
    if found is None:
        return "", None
    noun = found["noun"].upper()
    ref = f"{noun}-{int(found['number'])}"
    return noun, Typed(found["verb"].lower(), ref, (found["words"] or "").strip())


def is_one(text: str, noun: Noun) -> bool:
    """Whether the text is a reference and nothing else, well-formed or not."""
    return re.fullmatch(rf"{noun}-\S+", text, re.IGNORECASE) is not None


def counts_or_names(text: str, noun: Noun, verbs: Iterable[str]) -> Typed | None:
    """The parts of “resolve 2 printers are broken”: the number is a record's, or part of what is said."""
    found = _counting(tuple(verbs)).fullmatch(text)
    return Typed(found["verb"].lower(), str(Ref(noun, int(found["number"]))), found["words"]) if found else None


@lru_cache(maxsize=64)
def _counting(verbs: Sequence[str]) -> re.Pattern[str]:
    """One for each table of commands."""
    known = "|".join(re.escape(verb) for verb in verbs if verb)
    shape = rf"(?P<verb>{known})\s+#?(?P<number>{_NUMBER})\s+(?P<words>\S.*)"
    return re.compile(shape, re.IGNORECASE | re.ASCII | re.DOTALL)


def is_near(word: str, verbs: Iterable[str]) -> bool:
    """Whether a word is a verb with a slip of the pen in it."""
    return bool(get_close_matches(word.lower(), list(verbs), n=1, cutoff=NEAR))


def nearest(word: str, verbs: Iterable[str]) -> str:
    """The verb that a word is most like; empty where there are none."""
    return next(iter(get_close_matches(word.lower(), list(verbs), n=1, cutoff=0.0)), "")


@lru_cache(maxsize=256)
def _pattern(noun: Noun, verb: str) -> re.Pattern[str]:
    first = r"\s+".join(map(re.escape, verb.split())) if verb else r"[^\W\d][\w-]*"
    shape = rf"(?P<verb>{first})\s+(?P<ref>{noun}-\S+)\s*(?P<words>.*)"
    return re.compile(shape, re.IGNORECASE | re.DOTALL)
