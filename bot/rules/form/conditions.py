"""When a question is asked: a condition on earlier answers, read from a table of the policy.

when = { need = "A repair" }                          one answer
when = { need = ["A repair", "A loan"], urgent = true }   one of several, and another beside
when = { or = [{ need = "A loan" }, { not = { urgent = true } }] }
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

Answer: TypeAlias = str | tuple[str, ...]
"""Of whatever type: one text, or several where several may be chosen. “yes” and “no”, “2026-03-09”, “4.5”."""
Answers: TypeAlias = Mapping[str, Answer]
"""By the question's id; what nobody answered is left out."""

AND, OR, NOT = "and", "or", "not"
WORDS = frozenset({AND, OR, NOT})
"""What no question can be called."""
DEEPEST = 5


class BadCondition(ValueError):
    """A `when` that cannot be read; the text is what to say."""


@dataclass(frozen=True)
class Is:
    """The question has one of these answers; of several answers, one is among them."""

    question: str
    among: frozenset[str]

    def holds(self, answers: Answers) -> bool:
        given = answers.get(self.question)
        return not self.among.isdisjoint((given,) if isinstance(given, str) else given or ())

    def parts(self) -> Iterator["Is"]:
        yield self


@dataclass(frozen=True)
class Every:
    of: "tuple[Condition, ...]"

    def holds(self, answers: Answers) -> bool:
        return all(one.holds(answers) for one in self.of)

    def parts(self) -> Iterator[Is]:
        for one in self.of:
            yield from one.parts()


@dataclass(frozen=True)
class Either:
    of: "tuple[Condition, ...]"

    def holds(self, answers: Answers) -> bool:
        return any(one.holds(answers) for one in self.of)

    def parts(self) -> Iterator[Is]:
        for one in self.of:
            yield from one.parts()


@dataclass(frozen=True)
class Not:
    """A question that has no answer does not have this one either."""

    of: "Condition"

    def holds(self, answers: Answers) -> bool:
        return not self.of.holds(answers)

    def parts(self) -> Iterator[Is]:
        yield from self.of.parts()


Condition: TypeAlias = Is | Every | Either | Not


def read(when: object, depth: int = 0) -> Condition:
    """Several keys must hold together. Raises BadCondition."""
    if not isinstance(when, Mapping) or not when:
        raise BadCondition("must be a table of questions and answers, as in { need = “A repair” }")
    if depth == DEEPEST:
        raise BadCondition("is nested too deeply to be read")
    found = tuple(_part(str(key), value, depth + 1) for key, value in when.items())
    return found[0] if len(found) == 1 else Every(found)


def _part(key: str, value: object, depth: int) -> Condition:
    if key == NOT:
        return Not(read(value, depth))
    if key not in WORDS:
        return Is(key, frozenset(_answers(key, value)))
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise BadCondition(f"“{key}” must be a list of tables, as in {key} = [{{ need = “A repair” }}, …]")
    parts = tuple(read(one, depth) for one in value)
    return Every(parts) if key == AND else Either(parts)


def _answers(key: str, value: object) -> Iterator[str]:
    several = value if isinstance(value, list | tuple) else [value]
    if not several:
        raise BadCondition(f"names no answer to “{key}”, so it would never hold")
    for one in several:
        if isinstance(one, bool):
            yield "yes" if one else "no"
        elif isinstance(one, int | float):
            yield number_text(str(one))
        elif isinstance(one, str):
            yield one
        else:
            raise BadCondition(f"has an answer to “{key}” that is no text, number, true or false")


def number_text(typed: str) -> str:
    """A number as answers have it: “4.50” is “4.5”. Raises ValueError."""
    try:
        number = Decimal(typed.strip())
    except InvalidOperation:
        raise ValueError("is not a number") from None
    if not number.is_finite() or abs(number.adjusted()) > 15:
        raise ValueError("is not a number that can be kept")
    return f"{number.normalize():f}" if number else "0"
