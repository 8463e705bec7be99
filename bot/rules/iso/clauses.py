"""The 45 leaves of ISO/IEC 20000-1:2018, clauses 4 to 10, in order.

Numbers and short titles were taken from secondary sources, which were compared with one another, and not from the
standard itself. Every question and every sentence about evidence is our own. Whoever prepares for an audit reads the
standard beside it.
"""

from types import MappingProxyType

from bot.rules.iso.criteria import Clause, Clauses
from bot.rules.iso.leaves_context_to_support import LEAVES as FIRST
from bot.rules.iso.leaves_evaluation import LEAVES as LAST
from bot.rules.iso.leaves_operation import LEAVES as OPERATION
from bot.rules.iso.refusals import NoSuchClause
from bot.rules.policy_format.hints import listed

SOURCE = (
    "Clause numbers and short titles are from secondary sources; the sentences are ours. "
    "This helps you prepare; the auditor decides."
)
CLAUSES: Clauses = MappingProxyType({one.number: one for one in (*FIRST, *OPERATION, *LAST)})


def named(typed: str) -> tuple[Clause, ...]:
    """The leaf of this number, or all leaves below it: “8.6.3”, “8.6”, “8”. Raises NoSuchClause."""
    number = typed.strip().rstrip(".").removeprefix("clause ")
    if number in CLAUSES:
        return (CLAUSES[number],)
    below = tuple(one for one in CLAUSES.values() if one.number.startswith(f"{number}."))
    if not number or not below:
        raise NoSuchClause(typed=typed.strip(), close=_close(number))
    return below


CLOSE = 8
"""More than so many are no hint."""


def _close(number: str) -> str:
    """The nearest that there are: those beneath the longest part that is known."""
    parts = number.split(".")[:-1][: max(one.count(".") for one in CLAUSES) + 1]
    while parts:
        below = [one for one in CLAUSES if one.startswith(f"{'.'.join(parts)}.") or one == ".".join(parts)]
        if 0 < len(below) <= CLOSE:
            return f" Did you mean {listed(below, 'or')}?"
        parts.pop()
    return " They are 4.1 to 10.2: `/iso` shows them all."
