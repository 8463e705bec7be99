"""What `/audit list …` and `/finding list …` list: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.rules.audit.flow import LIVE, OWED, AuditState, FindingState
from bot.rules.audit.refusals import BadAuditList
from bot.rules.iso.clauses import CLAUSES
from bot.rules.record.list_filter import quoted, tokens


@dataclass(frozen=True)
class AuditFilter:
    states: Collection[Any]
    mine: bool = False
    late: bool = False
    clause: str | None = None
    words: tuple[str, ...] = ()


def audits(typed: str) -> AuditFilter:
    """Raises BadAuditList."""
    return _read(typed, AuditFilter({*LIVE, AuditState.REPORTED}), AuditState)


def findings(typed: str) -> AuditFilter:
    """Raises BadAuditList."""
    return _read(typed, AuditFilter(OWED), FindingState)


def _read(typed: str, found: AuditFilter, scale: type[StrEnum]) -> AuditFilter:
    known, states = {one.replace(" ", "-"): one for one in scale}, set[Any]()
    for token in tokens(typed):
        word = token.lower()
        if word in known:
            states.add(known[word])
        elif word == "all":
            states |= set(scale)
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
