"""The policy's additional fields of records: questions that a noun's own form asks beside what it always asks."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import BeforeValidator

from bot.rules.form import checks
from bot.rules.form.questions import Question, QuestionType
from bot.rules.policy_format.document import Table, tables
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.sections import Section
from bot.rules.policy_format.types import Key

MOST_FIELDS = 60
"""A Slack modal has 100 blocks, and a form has its own inputs and offers beside these (“Views”)."""


class FieldsOf(StrEnum):
    INCIDENT = "incident"
    CHANGE = "change"
    PROBLEM = "problem"


def _with_ids(entries: object) -> object:
    if not isinstance(entries, Mapping):
        return entries
    return {key: {**one, "id": key} if isinstance(one, Mapping) else one for key, one in entries.items()}


def _faults(fields: Table) -> Iterator[Sensed]:
    """What can never work, at the field that it stands in."""
    for noun, entries in tables(fields).items():
        keys = list(tables(entries))
        if len(keys) > MOST_FIELDS:
            yield Sensed((noun, keys[MOST_FIELDS]), f"a form of Slack has room for {MOST_FIELDS} more; these are more")
        questions = [{**one, "id": key} for key, one in tables(entries).items()]
        if noun == FieldsOf.CHANGE:
            for found in checks.files(questions):
                yield Sensed((noun, keys[int(found.where[0])], "type"), found.message)
        for found in checks.faults(questions):
            place, *rest = found.where
            yield Sensed((noun, keys[int(place)], *rest), found.message)


class _Serving(Protocol):
    @property
    def services(self) -> Mapping[str, object]: ...

    @property
    def fields(self) -> "Mapping[FieldsOf, Mapping[str, Question]]": ...


def _services(policy: _Serving) -> Iterator[Sensed]:
    """A condition on a field for a service, or the default of one, names one that there is."""
    for noun, entries in policy.fields.items():
        asks = {key for key, one in entries.items() if one.type is QuestionType.SERVICE}
        for key, one in entries.items():
            parts = one.condition.parts() if one.condition else ()
            for service in sorted({each for part in parts if part.question in asks for each in part.among}):
                if service not in policy.services:
                    yield Sensed(("fields", noun, key, "when"), f"there is no service “{service}”")
            if key in asks and one.begins is not None and one.begins not in policy.services:
                yield Sensed(("fields", noun, key, "default"), f"there is no service “{one.default}”")


Fields = Annotated[
    dict[FieldsOf, Annotated[dict[Key, Question], BeforeValidator(_with_ids)]],
    Section(checks=(_faults,), file_checks=(_services,)),
]
"""By the noun, each in the order of the form."""
