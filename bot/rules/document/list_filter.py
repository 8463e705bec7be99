"""What `/document list …` lists: words of a small language, read into values."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.rules.document.flow import DocumentState
from bot.rules.document.refusals import BadDocumentList
from bot.rules.iso.clauses import CLAUSES
from bot.rules.record.list_filter import quoted, says_enough, states_by_word, tokens, word_of

STANDING = frozenset({*DocumentState} - {DocumentState.WITHDRAWN})
_STATES = states_by_word(DocumentState, STANDING)
_FLAGS = ("mine", "late", "unread")


@dataclass(frozen=True)
class DocumentFilter:
    states: Collection[DocumentState] = STANDING
    mine: bool = False
    late: bool = False
    """Past its day of review."""
    unread: bool = False
    """Those that the reader was asked to read and has not."""
    clause: str | None = None
    words: tuple[str, ...] = ()


def is_nothing_else(typed: str) -> bool:
    return says_enough(typed, _FLAGS, {*_STATES, *CLAUSES})


def read(typed: str) -> DocumentFilter:
    """Raises BadDocumentList."""
    found, states = DocumentFilter(), set[DocumentState]()
    for token in tokens(typed):
        word = word_of(token)
        if word in _STATES:
            states |= _STATES[word]
        else:
            found = _with(found, token)
    return replace(found, states=frozenset(states)) if states else found


def _with(found: DocumentFilter, token: str) -> DocumentFilter:
    word = word_of(token)
    if (text := quoted(token)) is not None:
        return replace(found, words=(*found.words, text))
    if word in _FLAGS:
        mine, late, unread = (known or word == name for name, known in _said(found))
        return replace(found, mine=mine, late=late, unread=unread)
    if word in CLAUSES:
        return replace(found, clause=word)
    raise BadDocumentList(typed=token[:40])


def _said(found: DocumentFilter) -> list[tuple[str, bool]]:
    return [("mine", found.mine), ("late", found.late), ("unread", found.unread)]
