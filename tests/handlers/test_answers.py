"""What is answered to a command is a sentence about the record."""

import pytest

from bot.usecases.records.declared import kind_of
from handlers import nouns
from handlers.records.kinds import Kind

VERBS = {"is", "has", "goes", "affects", "comes", "stays", "waits"}


@pytest.mark.parametrize("noun", nouns.kinds())
def test_every_answer_has_a_verb_behind_the_reference(noun) -> None:
    """“INC-9 pending.” is none."""
    known = nouns.kinds()[noun].all
    assert [one.done for one in known if one.done and one.done.split()[0] not in VERBS] == []


@pytest.mark.parametrize(
    "kind", [kind for one in nouns.NOUNS for kind in (one.records, *one.beside) if kind], ids=lambda kind: kind.noun
)
def test_what_was_seen_of_a_record_has_a_revision(kind: Kind) -> None:
    """Where its use cases ask for it, and on the buttons of its menu."""
    assert (kind.any_revision and not kind.has_menu) or hasattr(kind_of(kind.noun).table, "revision")
