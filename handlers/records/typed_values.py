"""What was typed behind a reference, and how single words of it are read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.rules.incident.refusals import NoSuchAssignee, NoSuchPerson, NotAValue, OneOfThem
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import NOUNS, Noun, Ref


@dataclass(frozen=True)
class Shown:
    """What a form is drawn for: a record, and who reads it when."""

    row: Any
    policy: Policy
    by: str
    now: datetime
    more: Any = None
    """What the action looked up beside the record."""
    typed: str = ""
    """What was typed before the form was asked for."""


@dataclass(frozen=True)
class Said:
    """What was typed behind the reference and is not read yet."""

    words: str
    people: tuple[str, ...]
    """Ids of those named with an @."""
    shown: Shown
    usage: str
    """All that could be typed, for refusals."""


def next_word(words: str) -> tuple[str, str]:
    word, *rest = words.strip().split(None, 1) or [""]
    return word, "".join(rest)


def one_of(typed: str, scale: type[StrEnum], what: str) -> Any:
    """Raises NotAValue."""
    found = next((one for one in scale if one.casefold() == typed.strip().casefold()), None)
    if found is None:
        raise NotAValue(typed=typed.strip(), what=what, known=", ".join(scale))
    return found


def group_named(typed: str, policy: Policy) -> str:
    """A group's key. Raises NoSuchAssignee."""
    wanted = typed.strip().lstrip("@").casefold()
    for key, group in policy.groups.items():
        if wanted in (key.casefold(), group.title.casefold(), (group.usergroup or key).casefold()):
            return key
    raise NoSuchAssignee(typed=typed, groups=", ".join(policy.groups))


def reference(typed: str, noun: Noun | None) -> Ref:
    """A reference of this noun, or of any. Raises UnknownReference."""
    before = typed.strip().upper().partition("-")[0]
    return Ref.parse(typed, noun or (Noun(before) if before in NOUNS else Noun.INCIDENT))


_NAMES = re.compile(r"(?:@\S+[\s,]*(?:and\s+)?)+")
_NAME = re.compile(r"(?<!\S)@\w[^\s,;]*")


def assignee(said: Said) -> Sequence[str | None]:
    """“me”, “@somebody” or a group: the person and the group's key, one of them None."""
    if said.words.strip().lower() == "me":
        return said.shown.by, None
    if said.people:
        return only(said), None
    return None, group_named(said.words, said.shown.policy)


def only(said: Said) -> str:
    """The one person that is named. Raises NoSuchPerson, and OneOfThem for several names alone."""
    if not said.people:
        raise NoSuchPerson(typed=said.words, example=said.usage)
    if _NAMES.fullmatch(said.words.strip()) and len(set(every_one(said))) > 1:
        raise OneOfThem(usage=said.usage)
    return said.people[0]


def every_one(said: Said) -> tuple[str, ...]:
    """All who are named with an @. Raises NoSuchPerson for words that name nobody, and for one of the names that is
    nobody's."""
    names = _NAME.findall(said.words)
    if not said.people or len(names) > len(said.people):  # the people are those who are named before it
        raise NoSuchPerson(typed=names[len(said.people)] if names else said.words, example=said.usage)
    return said.people


def leading(said: Said) -> tuple[str | None, Said]:
    """The person that the words begin with, None for nobody, and what stands behind. A name further on is part of what
    is said. Raises NoSuchPerson for a name of nobody."""
    if not said.words.lstrip().startswith("@"):
        return None, said
    name, words = next_word(said.words)
    if not said.people:
        raise NoSuchPerson(typed=name, example=said.usage)
    return said.people[0], replace(said, words=words)
