"""What facts say is one truth for all nouns: who acted, and what the record engine and approvals do."""

from datetime import UTC, datetime

import pytest

from bot.rules.record.facts import OPERATOR, SYSTEM, Fact, FactKind
from bot.rules.record.refs import Noun, Ref
from handlers.blocks import facts, kit, timeline
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


def test_what_is_counted_is_one_or_several() -> None:
    says = TOLD[Noun.AUDIT]
    assert says(fact(FactKind.AUDIT_REPORTED, findings=1)) == "reported it with 1 finding"
    assert says(fact(FactKind.AUDIT_REPORTED, findings=2)) == "reported it with 2 findings"
    assert kit.clauses(["8.6.1"]) == "clause 8.6.1"
    assert kit.clauses(["8.6.1", "9.1"]) == "clauses 8.6.1, 9.1"


@pytest.mark.parametrize("name", ["due_on", "until", "anything"])
def test_a_day_of_a_fact_is_read_as_a_day(name: str) -> None:
    assert kit.told({name: "2026-03-09"})[name] == "Mon 9 Mar 2026"
    for none in ("2026-13-09", "2026-02-30", "0000-01-01"):
        assert kit.told({name: none})[name] == none, "no day"


def test_the_name_of_a_stage_is_told_from_the_sentence_around_it() -> None:
    said = TOLD[Noun.ENTRY](fact(FactKind.REGISTER_ASKED, before="asked for", stage="granted"))
    assert said == "asked for its move from “asked for” to “granted”"


def test_a_timeline_says_what_it_is_called_before_what_was_said_of_it() -> None:
    words = {"backout": "Switch back", "description": "It drops", "plan": "Switch", "summary": "VPN is down"}
    reported = Fact(FactKind.INCIDENT_OPENED, "INC-1", "U0000000002", AT, 1, {}, words)
    drawn = str(timeline.drawn(Ref(Noun.INCIDENT, 1), "VPN is down", [reported], lambda _: "reported it").blocks)
    read = ["“VPN is down”", "“Switch”", "“Switch back”", "“It drops”"]
    assert sorted(read, key=drawn.index) == read
