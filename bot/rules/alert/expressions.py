"""Expressions of JMESPath, which say where values stand. The library is imported where a policy has one."""

from functools import lru_cache
from typing import Any


class NotFound(ValueError):
    """An expression that cannot be read, or not be evaluated."""


def check(expression: str) -> None:
    """Raises NotFound for what is no expression."""
    _compiled(expression)


def found(expression: str | None, value: object) -> object:
    """What it finds in a value. Raises NotFound."""
    if expression is None:
        return None
    compiled = _compiled(expression)
    try:
        return compiled.search(value)
    except (TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as fault:
        # JMESPathError is a ValueError, and the library lets some faults of its functions through as Python's own.
        raise NotFound(str(fault)) from None


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Any:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.compile(expression)
    except JMESPathError as fault:
        raise NotFound(str(fault)) from None
