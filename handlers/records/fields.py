"""What an action asks for. Each kind of field knows how it is typed, how it is drawn and how it is read.

Kinds are functions that are named as types are: `Words(…)` reads as what it makes.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused, UnknownReference
from bot.rules.record.text import WORDS_MOST
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.blocks.services import group_options
from handlers.ids import Field
from handlers.records.form_values import Filled
from handlers.records.typed_values import Said, Shown, every_one, group_named, next_word, one_of, only, reference

REFERENCE_MOST = 20


def nothing(_shown: Shown) -> Any:
    return None


@dataclass(frozen=True)
class Ask:
    """One field of an action."""

    field: Field
    label: str
    element: Callable[[Shown, Any], Block]
    """Draws it with a value in it."""
    read: Callable[[Filled, Field], Any]
    parse: Callable[[Said], tuple[Any, str]] | None = None
    """The value and the words left; None where it is not typed and its first value holds."""
    usage: str = ""
    hint: str = ""
    optional: bool | Callable[[Shown], bool] = False
    first: Callable[[Shown], Any] = nothing
    """The value that the form begins with."""
    any_words: bool = False
    """Typed, it is all that is left, whatever that is."""

    def drawn(self, shown: Shown) -> Block:
        optional = self.optional(shown) if callable(self.optional) else self.optional
        element = self.element(shown, self.first(shown))
        if not optional:
            element = kit.only_choice(element)
        return kit.ask(self.field, self.label, element, hint=self.hint, optional=optional)


def _typed(shown: Shown) -> Any:
    return shown.typed


def Words(
    field: Field, label: str, hint: str = "", usage: str = "words", optional: bool | Callable[[Shown], bool] = False
) -> Ask:
    """A long text; typed, it takes all that is left."""

    def element(_shown: Shown, value: Any) -> Block:
        return kit.text_input(value or "", most=WORDS_MOST, lines=True)

    return Ask(
        field, label, element, Filled.text, lambda said: (said.words, ""), usage, hint, optional, _typed, any_words=True
    )  # fmt: skip


def comment(label: str, hint: str, usage: str, *, optional: bool = False) -> Sequence[Ask]:
    """Words alone, that go on record with what is done."""
    return (Words(Field.COMMENT, label, hint, usage, optional=optional),)


def Line(
    field: Field, label: str, hint: str, *, first: Callable[[Shown], Any] = nothing, optional: bool = False
) -> Ask:
    """A short text, as a reference is, written in the form alone."""

    def element(_shown: Shown, value: Any) -> Block:
        return kit.text_input(value or "", most=REFERENCE_MOST)

    return Ask(field, label, element, Filled.text, hint=hint, optional=optional, first=first)


def Choice(
    field: Field, label: str, scale: type[StrEnum], *, what: str, usage: str = "", labels: Callable[[Any], str] = str,
    first: Callable[[Shown], Any] = nothing,
) -> Ask:  # fmt: skip
    """One of a scale; typed, it is the next word. `what` it is called where a word is none."""
    options = [kit.option(labels(one), one) for one in scale]

    def parse(said: Said) -> tuple[Any, str]:
        word, rest = next_word(said.words)
        return one_of(word, scale, what), rest

    return Ask(
        field, label, lambda _, value: kit.select(options, value), lambda filled, of: filled.one_of(of, scale), parse,
        usage or "|".join(scale), first=first,
    )  # fmt: skip


def Person(
    field: Field, label: str, hint: str = "", *, first: Callable[[Shown], Any] = nothing, optional: bool = False
) -> Ask:
    """A member of the workspace; typed, the one who is named with an @."""

    def parse(said: Said) -> tuple[str, str]:
        return only(said), re.sub(r"^@\S+\s*", "", said.words)

    return Ask(
        field,
        label,
        lambda _, value: kit.people_input(value),
        _or_none(Filled.person) if optional else Filled.person,
        parse,
        "@person",
        hint,
        optional,
        first,
    )


def several_people(said: Said) -> tuple[tuple[str, ...], str]:
    """All who are named with an @. Raises NoSuchPerson."""
    return every_one(said), ""


def Group(field: Field, label: str, *, first: Callable[[Shown], Any] = nothing, optional: bool = False) -> Ask:
    """A group of the policy's."""

    def element(shown: Shown, value: Any) -> Block:
        return kit.select(group_options(shown.policy), value)

    def parse(said: Said) -> tuple[str, str]:
        return group_named(said.words, said.shown.policy), ""

    return Ask(
        field,
        label,
        element,
        _or_none(Filled.choice) if optional else Filled.choice,
        parse,
        "group",
        optional=optional,
        first=first,
    )


def Reference(field: Field, label: str, hint: str, usage: str, noun: Noun | None = None) -> Ask:
    """Another record: of one noun, or of any."""

    def read(filled: Filled, of: Field) -> Ref:
        try:
            return reference(filled.text(of), noun)
        except UnknownReference as refused:
            raise FormRefused({of: refused.sentence}) from None

    drawn = Line(field, label, hint)
    return replace(drawn, read=read, parse=lambda said: (reference(said.words, noun), ""), usage=usage)


def Instant(field: Field, label: str, first: Callable[[Shown], datetime]) -> Ask:
    """A date and a time, chosen in the form alone."""
    return Ask(field, label, lambda _, value: kit.datetime_input(value), Filled.instant, first=first)


def _or_none(read: Callable[[Filled, Field], str]) -> Callable[[Filled, Field], str | None]:
    """For what may be left empty."""
    return lambda filled, field: read(filled, field) or None
