"""What the types find wrong with a policy, in words for the person who wrote it."""

import re
from collections.abc import Iterator

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.rules.policy_format.document import Path
from bot.rules.policy_format.faults import Sensed
from bot.rules.policy_format.hints import listed, nearest
from bot.rules.policy_format.kinds import fields_at
from bot.rules.policy_format.sections import removable

HINTED_MOST = 100
"""Unknown keys for which somebody is told what they probably meant: to look for that takes a millisecond each."""


def in_shape(error: ValidationError, policy: type[BaseModel]) -> Iterator[Sensed]:
    """Each fault that the types of this policy found."""
    found = [(_path(detail), detail) for detail in error.errors(include_url=False)]
    wrong = {path[:length] for path, _ in found for length in range(len(path))}
    extra = [path for path, detail in found if _is_extra(detail)][:HINTED_MOST]
    close = {path: nearest(str(path[-1]), fields_at(policy, path[:-1])) for path in extra}
    meant = {(*path[:-1], name) for path, name in close.items()}
    misnamed = {path for path, detail in found if "[key]" in detail["loc"]}
    for path, detail in found:
        if "[key]" not in detail["loc"] and any(path[:length] in misnamed for length in range(1, len(path) + 1)):
            continue  # it has no business there, so what is wrong inside it is no matter
        if detail["type"] == "too_short" and path in wrong:
            continue  # what is wrong with its items left it too short
        if detail["type"] == "missing" and path in meant:
            continue  # it stands there, misspelled, and that is said
        yield _of_field(path, _in_words(detail, path, policy, close.get(path, "")), fields_at(policy, path))


def unknown(error: ValidationError) -> list[Path]:
    """Where a key stands that this policy does not have."""
    return [_path(detail) for detail in error.errors(include_url=False) if _is_extra(detail)]


def _path(detail: ErrorDetails) -> Path:
    return tuple(part for part in detail["loc"] if part != "[key]")


def _is_extra(detail: ErrorDetails) -> bool:
    return detail["type"] == "extra_forbidden"


def _of_field(path: Path, words: str, fields: list[str]) -> Sensed:
    """Of a whole table; may begin with the key that it is about, and name others: “hours: there are none”."""
    key, colon, rest = words.partition(": ")
    if not colon or key not in fields:
        return Sensed(path, words)
    named = [key, *(one for one in fields if one in rest.split())]
    return Sensed((*path, key), rest, tuple((*path, one) for one in named))


def _in_words(detail: ErrorDetails, path: Path, policy: type[BaseModel], close: str) -> str:
    """`close`: what was probably meant by a key that there is not."""
    values = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            hint = f" Did you mean “{close}”?" if close else ""
            return f"is not a key that belongs here.{hint} What does: {listed(fields_at(policy, path[:-1]))}"
        case "enum" | "literal_error":
            return _one_of(str(values["expected"]), detail["input"])
        case "model_type" | "dict_type":
            return _not_a_table(detail, path, policy)
        case "string_type":
            return "must be text, in quotes"
        case "string_too_long":
            return f"is longer than {values['max_length']} characters"
        case "string_too_short":
            return "is empty"
        case "too_short":
            return f"must have at least {_items(values['min_length'])}"
        case "too_long":
            return f"must have at most {_items(values['max_length'])}"
        case "bool_type":
            return "must be true or false, without quotes"
        case "tuple_type" | "list_type":
            return "must be a list, in square brackets"
        case "int_type" | "int_from_float":
            return "must be a whole number"
        case "greater_than_equal":
            return f"must be {values['ge']} or more"
        case "less_than_equal":
            return f"must be {values['le']} or less"
        case "less_than":
            return f"must be less than {values['lt']}"
        case "greater_than":
            return f"must be more than {values['gt']}"
        case "value_error":
            return str(values["error"])
        case _:
            return "is not what belongs here; `deskbell policy show` prints the default as an example"


NAMED_MOST = 12
"""Values that a fault lists; of more it names those that are like what was written."""


def _one_of(expected: str, given: object) -> str:
    known = re.findall(r"'([^']*)'", expected)
    close = nearest(str(given), known) if isinstance(given, str) else ""
    hint = f"; did you mean “{close}”?" if close else ""
    if len(known) > NAMED_MOST:
        return f"“{given}” is none of the {len(known)} that there are{hint}"
    return f"must be one of {expected}{hint}"


def _items(count: int) -> str:
    return f"{count} item" if count == 1 else f"{count} items"


def _not_a_table(detail: ErrorDetails, path: Path, policy: type[BaseModel]) -> str:
    if detail["input"] is False and len(path) == 2 and path[0] in removable(policy):
        return "there is no such entry in the default policy, so there is nothing to take away"
    return "must be a table of keys and values"
