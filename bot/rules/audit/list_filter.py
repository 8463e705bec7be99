"""What `/audit list …` and `/finding list …` list: words of a small language, read into values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from bot.rules.audit.flow import LIVE, OWED, AuditState, FindingKind, FindingState
from bot.rules.audit.refusals import BadAuditList
from bot.rules.iso.clauses import CLAUSES
from bot.rules.record.list_filter import quoted, says_enough, states_by_word, tokens, word_of

_FLAGS = ("mine", "late")
_AUDITS = states_by_word(AuditState, LIVE)
_FINDINGS = states_by_word(FindingState, OWED)
_KINDS = {str(kind): kind for kind in FindingKind}
NO_KINDS: Mapping[str, FindingKind] = MappingProxyType({})


@dataclass(frozen=True)
class AuditFilter:
    states: Collection[Any]
    mine: bool = False
    late: bool = False
    clause: str | None = None
    kinds: Collection[FindingKind] = ()
    """Of findings; none stands for all."""
    words: tuple[str, ...] = ()


def audits(typed: str) -> AuditFilter:
    """Raises BadAuditList."""
    return _read(typed, AuditFilter({*LIVE, AuditState.REPORTED}), _AUDITS)


def findings(typed: str) -> AuditFilter:
    """Raises BadAuditList."""
    return _read(typed, AuditFilter(OWED), _FINDINGS, _KINDS)


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, {*_AUDITS, *_FINDINGS, *_KINDS, *CLAUSES})


def _read(
    typed: str, found: AuditFilter, known: Mapping[str, Collection[Any]], kinds: Mapping[str, FindingKind] = NO_KINDS
) -> AuditFilter:
    states = set[Any]()
    for token in tokens(typed):
        word = word_of(token)
        if word in known:
            states |= set(known[word])
        elif word in kinds:
            found = replace(found, kinds=(*found.kinds, kinds[word]))
        elif (text := quoted(token)) is not None:
            found = replace(found, words=(*found.words, text))
        elif word == "mine":
            found = replace(found, mine=True)
        elif word == "late":
            found = replace(found, late=True)
        elif word in CLAUSES:
            found = replace(found, clause=word)
        else:
            raise BadAuditList(typed=token[:40], states=", ".join([*known, *kinds]))
    return replace(found, states=frozenset(states)) if states else found
