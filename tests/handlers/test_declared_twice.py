"""What is declared twice is refused as the program starts: one would silently stand for both."""

from dataclasses import replace

import pytest

from bot.rules.record.refs import Noun
from handlers import nouns
from handlers.records.actions import of
from handlers.records.standard_actions.standard import STANDARD


def test_two_actions_of_a_noun_have_two_verbs() -> None:
    with pytest.raises(ValueError, match="CHG has two actions “note”"):
        of(Noun.CHANGE, "change", *STANDARD, next(one for one in STANDARD if one.verb == "note"))


def test_two_nouns_answer_two_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    first = nouns.NOUNS[0]
    key = next(iter(first.actions))

    async def other() -> None:
        return

    doubled = replace(first, actions={key: other})
    monkeypatch.setattr(nouns, "NOUNS", (*nouns.NOUNS, doubled))
    with pytest.raises(ValueError, match=f"two nouns answer {key}"):
        nouns.gathered(lambda one: one.actions)
