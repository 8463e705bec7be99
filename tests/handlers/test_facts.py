"""What facts say is one truth for all nouns: who acted, and what the record engine and approvals do."""

from datetime import UTC, datetime

import pytest

from bot.rules.record.facts import OPERATOR, SYSTEM, Fact, FactKind
from bot.rules.record.refs import Noun
from handlers.blocks import facts, kit
from handlers.nouns import kinds

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOLD = {noun: kind.says for noun, kind in kinds().items() if kind.says}


def fact(kind: FactKind, /, **data: str | int) -> Fact:
    return Fact(kind, "X-1", "U0000000002", AT, 1, data, {})


def test_most_nouns_are_asked() -> None:
    assert len(TOLD) >= 14


@pytest.mark.parametrize("noun", TOLD)
def test_a_link_that_was_undone_and_an_approval_read_the_same_for_each_noun(noun: Noun) -> None:
    says = TOLD[noun]
    assert says(fact(FactKind.RECORD_UNLINKED, other="PRB-1")) == "undid its link to PRB-1"
    voted = fact(FactKind.APPROVAL_VOTED, vote="approve", seat="U0000000009", stage=1)
    assert says(voted) == "voted: approve, for <@U0000000009>", "a stand-in's vote says whose it is"
    assert says(fact(FactKind.APPROVAL_RECOUNTED, stage=1)) == "counted again who may vote"


@pytest.mark.parametrize("noun", TOLD)
def test_what_is_typed_into_a_fact_mentions_nobody(noun: Noun) -> None:
    linked = [one for one in FactKind if one.endswith("_linked")]
    for one in linked:
        assert "<!channel>" not in TOLD[noun](fact(one, other="<!channel>", kind="<!channel>")), one


def test_who_is_no_account_is_named() -> None:
    assert (kit.mention(SYSTEM), kit.mention(OPERATOR)) == ("Deskbell", "the operator")


def test_each_noun_has_a_fact_of_what_the_record_engine_does_and_it_is_said_by_its_ending() -> None:
    noted = [one for one in FactKind if one.endswith("_noted")]
    assert {facts.said(fact(one), {}) for one in noted} == {"noted"}
