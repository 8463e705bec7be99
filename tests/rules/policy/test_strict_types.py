"""No key of the policy takes a value of another type for its own: “yes” is not true, nor is "5" the number."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.rules.policy.policy import Policy

WRONG: dict[Any, tuple[Any, ...]] = {
    bool: ("yes", "true", 1, 0),
    int: ("5", True, 1.5),
    float: ("1.5", True),
    str: (5, True, 1.5),
}


def bare(kind: Any) -> set[Any]:
    """The types at the bottom of an annotation."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return set().union(*map(bare, get_args(kind)))
    return {get_origin(kind) or kind}


def within(kind: Any, where: str, seen: set[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Where a scalar is read, as what, and by which type."""
    bottom = bare(kind) - {type(None)}
    if len(bottom) == 1 and (one := bottom.copy().pop()) in WRONG:
        yield where, one, kind
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind not in seen:
            seen.add(kind)
            for name, field in kind.model_fields.items():
                read = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
                yield from () if field.exclude else within(read, f"{kind.__name__}.{name}", seen)
    else:
        for part in get_args(kind):  # of several types at once, as an answer is, each may stand there
            if (isinstance(part, type) or get_args(part)) and not (len(bottom) > 1 and part in WRONG):
                yield from within(part, where, seen)


SCALARS = list(within(Policy, "Policy", set()))


def test_there_are_keys_to_try() -> None:
    assert len(SCALARS) > 150


@pytest.mark.parametrize(("where", "one", "kind"), SCALARS, ids=[where for where, _, _ in SCALARS])
def test_a_value_of_another_type_is_refused(where: str, one: Any, kind: Any) -> None:
    reader = TypeAdapter(kind)
    for wrong in WRONG[one]:
        with pytest.raises(ValidationError):
            reader.validate_python(wrong)
