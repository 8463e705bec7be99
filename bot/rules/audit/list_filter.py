"""What `/audit list …` and `/finding list …` list: words of a small language, read into values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.rules.audit.flow import LIVE, OWED, AuditState, FindingState
from bot.rules.audit.refusals import BadAuditList
from bot.rules.iso.clauses import CLAUSES
from bot.rules.record.list_filter import quoted, says_enough, states_by_word, tokens, word_of

_FLAGS = ("mine", "late")
_AUDITS = states_by_word(AuditState, LIVE)
_FINDINGS = states_by_word(FindingState, OWED)


@dataclass(frozen=True)
class AuditFilter:
    states: Collection[Any]
    mine: bool = False
    late: bool = False
    clause: str | None = None
    words: tuple[str, ...] = ()


def audits(typed: str) -> AuditFilter:
    """Raises BadAuditList."""
    return _read(typed, AuditFilter({*LIVE, AuditState.REPORTED}), _AUDITS)


def findings(typed: str) -> AuditFilter:
    """Raises BadAuditList."""
    return _read(typed, AuditFilter(OWED), _FINDINGS)


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, {*_AUDITS, *_FINDINGS, *CLAUSES})


def _read(typed: str, found: AuditFilter, known: Mapping[str, Collection[Any]]) -> AuditFilter:
    states = set[Any]()
    for token in tokens(typed):
        word = word_of(token)
        if word in known:
            states |= set(known[word])
        elif (text := quoted(token)) is not None:
            found = replace(found, words=(*found.words, text))
        elif word == "mine":
            found = replace(found, mine=True)
        elif word == "late":
            found = replace(found, late=True)
        elif word in CLAUSES:
            found = replace(found, clause=word)
        else:
            raise BadAuditList(typed=token[:40], states=", ".join(known))
    return replace(found, states=frozenset(states)) if states else found
