"""What `/document list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.document.flow import DocumentState
from bot.rules.document.refusals import BadDocumentList
from bot.rules.iso.clauses import CLAUSES
from bot.rules.record.list_filter import ListFilter, read_into, says_enough, states_by_word, tokens, word_of

STANDING = frozenset({*DocumentState} - {DocumentState.WITHDRAWN})
_STATES = states_by_word(DocumentState, STANDING)
_FLAGS = ("mine", "late", "unread")


@dataclass(frozen=True)
class DocumentFilter(ListFilter):
    states: Collection[DocumentState] = STANDING
    mine: bool = False
    late: bool = False
    """Past its day of review."""
    unread: bool = False
    """Those that the reader was asked to read and has not."""
    clause: str | None = None


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, {*_STATES, *CLAUSES})


def read(typed: str) -> DocumentFilter:
    """Raises BadDocumentList."""
    return read_into(DocumentFilter(), tokens(typed), _STATES, _FLAGS, _with)


def _with(found: DocumentFilter, token: str) -> DocumentFilter:
    if (word := word_of(token)) not in CLAUSES:
        raise BadDocumentList(typed=token)
    return replace(found, clause=word)
