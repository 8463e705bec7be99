"""What `/audit list …` and `/finding list …` list: words of a small language, read into values."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bot.rules.audit.flow import LIVE, OWED, AuditState, FindingKind, FindingState
from bot.rules.audit.refusals import BadAuditList
from bot.rules.iso.clauses import CLAUSES
from bot.rules.record.list_filter import ListFilter, read_into, says_enough, states_by_word, tokens, word_of

_FLAGS = ("mine", "late")
_AUDITS = states_by_word(AuditState, LIVE)
_FINDINGS = states_by_word(FindingState, OWED)
_KINDS = {str(kind): kind for kind in FindingKind}


@dataclass(frozen=True)
class AuditFilter(ListFilter):
    mine: bool = False
    late: bool = False
    clause: str | None = None
    kinds: Collection[FindingKind] = ()
    """Of findings; none stands for all."""


def audits(typed: str) -> AuditFilter:
    """Raises BadAuditList."""

    def clause(found: AuditFilter, token: str) -> AuditFilter:
        return _with_clause(found, token, _AUDITS)

    return read_into(AuditFilter({*LIVE, AuditState.REPORTED}), tokens(typed), _AUDITS, _FLAGS, clause)


def findings(typed: str) -> AuditFilter:
    """Raises BadAuditList."""

    def kind_or_clause(found: AuditFilter, token: str) -> AuditFilter:
        if (word := word_of(token)) in _KINDS:
            return replace(found, kinds=(*found.kinds, _KINDS[word]))
        return _with_clause(found, token, [*_FINDINGS, *_KINDS])

    return read_into(AuditFilter(OWED), tokens(typed), _FINDINGS, _FLAGS, kind_or_clause)


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, {*_AUDITS, *_FINDINGS, *_KINDS, *CLAUSES})


def _with_clause(found: AuditFilter, token: str, known: Iterable[str]) -> AuditFilter:
    if (word := word_of(token)) not in CLAUSES:
        raise BadAuditList(typed=token, states=", ".join(one for one in known if one != "all"))
    return replace(found, clause=word)
