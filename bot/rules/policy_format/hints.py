"""How a list of names is written in a sentence, and which of them was probably meant."""

import difflib
from collections.abc import Iterable


def listed(names: Iterable[str], last: str = "and") -> str:
    """“a”, “b” and “c”."""
    quoted = [f"“{name}”" for name in names]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


def hint(name: str, known: Iterable[str]) -> str:
    """How a sentence that names what is not there ends."""
    close = nearest(name.casefold(), known)
    return f"; did you mean “{close}”?" if close else "."


def nearest(name: str, known: Iterable[str]) -> str:
    """The one of `known` that was probably meant; nothing where none is like it."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return close[0] if close else ""
