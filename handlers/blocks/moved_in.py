"""What a timeline says of a record that was moved in, and of what was written on it there."""

from collections.abc import Mapping
from datetime import datetime

from bot.rules.record.facts import Fact, FactKind
from handlers.blocks import kit

NOTES = frozenset({FactKind.INCIDENT_NOTE_IMPORTED, FactKind.NOTE_IMPORTED})
_MOVED_IN = "moved it in from {source} as it was there: `{old_ref}`, {state}"
SAID: Mapping[FactKind, str] = {
    FactKind.INCIDENT_IMPORTED: _MOVED_IN,
    FactKind.CHANGE_IMPORTED: _MOVED_IN,
    FactKind.PROBLEM_IMPORTED: _MOVED_IN,
    FactKind.REQUEST_IMPORTED: _MOVED_IN,
    **dict.fromkeys(NOTES, "moved in what {author} wrote{said_at}"),
}


def known(fact: Fact) -> dict[str, str]:
    """Who wrote a note there, and when; nothing of any other fact."""
    if fact.kind not in NOTES:
        return {}
    data = fact.data
    author = kit.esc(fact.words.get("author", "")) or "somebody"
    at = f" {kit.when(datetime.fromisoformat(str(data['said_at'])))}" if "said_at" in data else ""
    return {"author": kit.mention(str(data["person"])) if "person" in data else author, "said_at": at}


def mark(old_ref: str | None, source: str | None) -> str:
    """On its card: under which number it is known there; empty of what was never anywhere else.

    As code, which is no link: another tool has an INC-12 of its own.
    """
    if not old_ref:
        return ""
    number = kit.esc(old_ref).replace("`", "'")
    return f":inbox_tray: `{number}` in {kit.esc(source or '')}"
