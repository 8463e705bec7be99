"""What a type says of the values within it: models of pydantic, tables, lists, and None instead of any of them."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel


def opened(kind: Any, notes: tuple[object, ...] = ()) -> tuple[Any, tuple[object, ...]]:
    """The type itself and all that is noted of it, without None where that may stand instead."""
    others = [one for one in get_args(kind) if one is not type(None)]
    if get_origin(kind) is Annotated:
        return opened(others[0], (*notes, *others[1:]))
    if len(others) == 1 and type(None) in get_args(kind):
        return opened(others[0], notes)
    return kind, notes


def model_of(kind: Any) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def entries_of(kind: Any) -> tuple[Any, Any]:
    """The types of a table's keys and of its entries; None and None for what is no table of like entries."""
    origin = get_origin(kind)
    key, entry = get_args(kind) if isinstance(origin, type) and issubclass(origin, Mapping) else (None, None)
    return key, entry


def item_of(kind: Any) -> Any:
    """The type of what a list holds; None for what is no list."""
    return get_args(kind)[0] if get_origin(kind) in (tuple, list) else None


def fields_at(kind: Any, path: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand in the table at a path, as a file writes them."""
    for part in path:
        kind = _inside(opened(kind)[0], part)
    model = model_of(opened(kind)[0])
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude] if model else []


def _inside(kind: Any, part: str | int) -> Any:
    """The type of what stands under a key, or at a place of a list; None where nothing may stand there."""
    if model := model_of(kind):
        named = {field.alias or name: field for name, field in model.model_fields.items()}
        return named[str(part)].annotation if str(part) in named else None
    return item_of(kind) if isinstance(part, int) else entries_of(kind)[1]
