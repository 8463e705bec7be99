"""What is answered to a command is a sentence about the record."""

import pytest

from handlers import nouns

VERBS = {"is", "has", "goes", "affects", "comes", "stays", "waits"}


@pytest.mark.parametrize("noun", nouns.kinds())
def test_every_answer_has_a_verb_behind_the_reference(noun) -> None:
    """“INC-9 pending.” is none."""
    known = nouns.kinds()[noun].all
    assert [one.done for one in known if one.done and one.done.split()[0] not in VERBS] == []
