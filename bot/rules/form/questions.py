"""A form's questions: what a policy says of them, and what an answer to each must be."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from bot.rules.form.conditions import WORDS, Answer, BadCondition, Condition, number_text, read
from bot.rules.form.files import MOST_FILES, SentFile
from bot.rules.policy_format.types import Key, Rule, words
from bot.rules.record import text
from bot.rules.record.years import day_of

MOST_OPTIONS = 100
"""Of a Slack menu (“Select menu element”)."""
OPTION_MOST = 75
"""Characters of an option's text (Slack: “Option object”)."""
ASKS_MOST = 150
HELP_MOST = 300
MOST_PEOPLE = 30
_ITEM = re.compile(r"CI-[1-9][0-9]{0,8} \S.*", re.ASCII | re.DOTALL)
_ID = re.compile(r"[A-Z][A-Z0-9]{1,20}", re.ASCII)


class QuestionType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    PERSON = "person"
    PEOPLE = "people"
    CHANNEL = "channel"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes or no"
    SERVICE = "service"
    CI = "configuration item"
    FILE = "file"


_T = QuestionType
WITH_OPTIONS = frozenset({_T.CHOICE, _T.CHOICES})
BOUNDED = frozenset({_T.TEXT, _T.LONG_TEXT, _T.NUMBER, _T.PEOPLE, _T.CHOICES, _T.FILE})
"""Types with a most; a number has a least too."""
DECIDING = frozenset({_T.CHOICE, _T.CHOICES, _T.YES_NO, _T.SERVICE, _T.NUMBER, _T.TEXT})
"""Types whose answers a condition can name."""
YES_OR_NO = ("yes", "no")


class BadAnswer(ValueError):
    """What was answered cannot be; the text says why, and what to do."""


@dataclass(frozen=True)
class Known:
    """What answers are looked up in."""

    services: Mapping[str, str] = field(default_factory=dict)
    """Names by key."""


class Question(Rule):
    id: Key
    asks: Annotated[str, words(longest=ASKS_MOST)]
    """The words of the question."""
    type: QuestionType
    options: Annotated[tuple[Annotated[str, words(longest=OPTION_MOST)], ...], Field(max_length=MOST_OPTIONS)] = ()
    required: StrictBool = False
    help: Annotated[str, words(longest=HELP_MOST)] | None = None
    """Stands below the question."""
    default: str | int | bool | tuple[str, ...] | None = None
    """What the form begins with."""
    least: StrictInt | None = None
    most: StrictInt | None = None
    """Of a number its value, of a text its characters, else how many may be chosen."""
    when: dict[str, Any] | None = None
    """Asked only while this holds; always where it is left out."""

    @cached_property
    def condition(self) -> Condition | None:
        return None if self.when is None else read(self.when)

    @cached_property
    def begins(self) -> Answer | None:
        """The default as an answer."""
        if self.default is None:
            return None
        if isinstance(self.default, bool):
            return YES_OR_NO[not self.default]
        return self.default if isinstance(self.default, tuple) else str(self.default)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.id in WORDS:
            raise ValueError(f"id: “{self.id}” joins conditions, so that no question can be called so")
        if (self.type in WITH_OPTIONS) != bool(self.options):
            must = "needs options to choose from" if self.type in WITH_OPTIONS else "has no options"
            raise ValueError(f"options: a question of the type “{self.type}” {must}")
        if len(set(self.options)) < len(self.options):
            raise ValueError("options: the same is offered twice")
        if (self.most is not None and self.type not in BOUNDED) or (self.least is not None and self.type != _T.NUMBER):
            raise ValueError(f"a question of the type “{self.type}” has no such bound")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("least: is more than the most, so that no number would do")
        if self.type is _T.FILE and self.default is not None:
            raise ValueError("default: a form of Slack cannot begin with a file")
        if self.most is not None and self.type != _T.NUMBER and self.most < 1:
            raise ValueError("most: must be 1 or more")
        try:
            _ = self.condition
        except BadCondition as bad:
            raise ValueError(f"when: {bad}") from None
        return self._default_is_an_answer()

    def _default_is_an_answer(self) -> Self:
        if self.begins is not None and self.type != _T.SERVICE:
            try:
                checked(self, self.begins, Known())
            except BadAnswer as bad:
                raise ValueError(f"default: {bad}") from None
        return self


def field_of(question: str) -> str:
    """What a form calls the input of a question: faults are told by it."""
    return f"question_{question}"


def checked(question: Question, given: Answer | None, known: Known) -> Answer | None:
    """The answer as it is kept; None where there is none. Raises BadAnswer."""
    if not given:
        return None
    if question.type in _SEVERAL:
        return _several(question, (given,) if isinstance(given, str) else given)
    if not isinstance(given, str):
        raise BadAnswer("Give one answer.")
    return _ONE[question.type](question, given, known) or None


def said(question: Question, answer: Answer, known: Known) -> str:
    """An answer as a sentence has it; people and channels are ids, which Slack's side draws."""
    if question.type is _T.SERVICE and isinstance(answer, str):
        return known.services.get(answer, answer)
    if question.type is _T.FILE:
        return ", ".join(SentFile.parse(one).said for one in answer)
    return answer if isinstance(answer, str) else ", ".join(answer)


def items(kept: Iterable[tuple[str, Answer]]) -> list[str]:
    """The references of the configuration items among answers, each given with its question's type."""
    return [str(answer).partition(" ")[0] for kind, answer in kept if kind == _T.CI]


def _text(question: Question, given: str, _: Known) -> str:
    short = question.type is _T.TEXT
    cleaned = text.one_line(given) if short else text.clean(given)
    most = longest(question)
    if len(cleaned) > most:
        raise BadAnswer(f"This has {len(cleaned):,} characters; {most:,} is the most. Shorten it.")
    return cleaned


def longest(question: Question) -> int:
    """Characters of a text."""
    most = text.SUMMARY_MOST if question.type is _T.TEXT else text.WORDS_MOST
    return min(question.most or most, text.WORDS_MOST)


def _number(question: Question, given: str, _: Known) -> str:
    try:
        number = number_text(given)
    except ValueError:
        raise BadAnswer("Write a number, like 4 or 4.5.") from None
    if question.least is not None and Decimal(number) < question.least:
        raise BadAnswer(f"{number} is too little: {question.least} is the least.")
    if question.most is not None and Decimal(number) > question.most:
        raise BadAnswer(f"{number} is too much: {question.most} is the most.")
    return number


def _date(_question: Question, given: str, _: Known) -> str:
    try:
        return day_of(given).isoformat()
    except ValueError:
        raise BadAnswer("Choose a day.") from None


def _time(_question: Question, given: str, _: Known) -> str:
    try:
        return f"{time.fromisoformat(given):%H:%M}"
    except ValueError:
        raise BadAnswer("Choose a time.") from None


def _id(_question: Question, given: str, _: Known) -> str:
    if not _ID.fullmatch(given):
        raise BadAnswer("Choose one from the list.")
    return given


def _option(question: Question, given: str, _: Known) -> str:
    offered = question.options if question.type in WITH_OPTIONS else YES_OR_NO
    if given not in offered:
        raise BadAnswer(f"“{text.shorten(given, 40)}” is not offered. Choose one from the list.")
    return given


def _service(_question: Question, given: str, known: Known) -> str:
    if given not in known.services:
        raise BadAnswer("There is no such service any more. Choose one from the list.")
    return given


def _item(_question: Question, given: str, _: Known) -> str:
    """Its number and its name, as it was called then."""
    if not _ITEM.fullmatch(given):
        raise BadAnswer("Begin to type its name, and choose one from the list.")
    return given


_ONE: Mapping[QuestionType, Callable[[Question, str, Known], str]] = {
    _T.TEXT: _text,
    _T.LONG_TEXT: _text,
    _T.NUMBER: _number,
    _T.DATE: _date,
    _T.TIME: _time,
    _T.PERSON: _id,
    _T.CHANNEL: _id,
    _T.CHOICE: _option,
    _T.YES_NO: _option,
    _T.SERVICE: _service,
    _T.CI: _item,
}


def _file(_question: Question, given: str, _: Known) -> str:
    try:
        sent = SentFile.parse(given)
    except ValueError:
        raise BadAnswer("Choose a file in the form.") from None
    if sent.fault:
        raise BadAnswer(sent.fault)
    return str(sent)


_SEVERAL: Mapping[QuestionType, tuple[Callable[[Question, str, Known], str], int]] = {
    _T.PEOPLE: (_id, MOST_PEOPLE),
    _T.CHOICES: (_option, MOST_OPTIONS),
    _T.FILE: (_file, MOST_FILES),
}
"""Types of which several may be answered: what each must be, and how many are the most."""


def most_of(question: Question) -> int:
    """How many may be answered."""
    _, most = _SEVERAL[question.type]
    return min(question.most or most, most)


def _several(question: Question, given: tuple[str, ...]) -> tuple[str, ...]:
    one, _ = _SEVERAL[question.type]
    kept, most = tuple(dict.fromkeys(one(question, each, Known()) for each in given)), most_of(question)
    if len(kept) > most:
        raise BadAnswer(f"These are {len(kept)}; {most} is the most. Take some away.")
    return kept
