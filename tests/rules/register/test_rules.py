"""Registers as policy data: prefixes, stages, scores, their faults, and lists of entries."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.policy.policy import PolicyFaults, parse
from bot.rules.register.flow import EntryState
from bot.rules.register.list_filter import read
from bot.rules.register.refusals import BadEntryList

OWN = """
[registers.asset]
title = "Assets"
prefix = "AST"
clauses = ["8.2.5"]
stages = ["in use", "retired"]
review_every = "30d"
score = ["value"]

[[registers.asset.questions]]
id = "value"
asks = "What is it worth?"
type = "number"
required = true
"""


def test_the_shipped_registers_are_there_and_an_organisation_adds_its_own():
    shipped = parse("").registers
    assert list(shipped) == ["risk", "party", "supplier", "improvement"]
    assert shipped["risk"].prefix == "RSK"
    assert shipped["risk"].clauses == ("6.1",)
    assert shipped["risk"].stages[0] == "identified"
    own = parse(OWN).registers
    assert set(own) == {*shipped, "asset"}
    assert own["asset"].key == "asset"


def test_a_score_multiplies_numbers_and_the_numbers_that_choices_begin_with():
    risk, asset = parse("").registers["risk"], parse(OWN).registers["asset"]
    assert risk.scored({"likelihood": "3 possible", "impact": "4 much"}) == 12
    assert risk.scored({"likelihood": "3 possible"}) is None
    assert asset.scored({"value": "2.5"}) == 2.5
    assert parse("").registers["party"].scored({}) is None
    assert risk.stage("In-Treatment") == "in treatment"
    assert risk.stage("gone") is None


MOVES = (
    OWN.replace('["in use", "retired"]', '["in use", "lent", "retired"]')
    + """
[registers.asset.moves]
lent = { after = ["in use"], who = ["service-desk"], within = "14d" }
retired = { after = ["in use"], approval = "documents" }
"""
)


def test_where_an_entry_goes_is_the_registers_to_say():
    asset, free = parse(MOVES).registers["asset"], parse(OWN).registers["asset"]
    assert asset.ways("in use") == ("lent", "retired")
    assert asset.ways("lent") == ("in use",), "what is not named is entered from anywhere"
    assert asset.ways("retired") == ("in use",)
    assert free.ways("retired") == ("in use",)
    assert asset.move("retired").approval == "documents"
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert asset.leaves_by("lent", at) == at + timedelta(days=14)
    assert asset.leaves_by("in use", at) is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('lent = { after = ["in use"]', 'gone = { after = ["in use"]'), "“gone” is no stage of it"),
        (('after = ["in use"], who', 'after = ["away"], who'), "“away” is no stage of it"),
        (('after = ["in use"], who', 'after = ["lent"], who'), "cannot come after itself"),
        (('after = ["in use"], approval', 'after = ["in use"], within = "1d", approval'), "closes an entry"),
        (('who = ["service-desk"]', 'who = ["nobody"]'), "there is no group “nobody”"),
        (('"documents"', '"someone"'), "there is no approval “someone”"),
        (('within = "14d"', 'within = "soon"'), "within"),
        (('within = "14d"', 'until = "14d"'), "until"),
        (('after = ["in use"], approval', 'after = ["lent"], approval'), None),
    ],
)
def test_a_move_that_cannot_be_is_told(changed, said):
    text = MOVES.replace(*changed)
    assert text != MOVES
    if said is None:
        assert parse(text)
        return
    with pytest.raises(PolicyFaults) as refused:
        parse(text)
    assert said in str(refused.value)


def test_a_stage_that_no_way_leads_to_is_told():
    text = MOVES.replace('lent = { after = ["in use"]', 'lent = { after = ["retired"]')
    text = text.replace('retired = { after = ["in use"]', 'retired = { after = ["lent"]')
    with pytest.raises(PolicyFaults, match="no way leads from “in use” to “lent”"):
        parse(text)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('prefix = "AST"', 'prefix = "RSK"'), "prefix of “risk” already"),
        (('prefix = "AST"', 'prefix = "INC"'), "is what other records are called"),
        (('prefix = "AST"', 'prefix = ["AST"]'), "must be text"),
        (('prefix = "AST"', 'prefix = "a1"'), "prefix"),
        (('["8.2.5"]', '["8.2.9"]'), "there is no clause “8.2.9”"),
        (('["in use", "retired"]', '["in use"]'), "stages"),
        (('["in use", "retired"]', '["in use", "In use"]'), "the same stands there twice"),
        (('score = ["value"]', 'score = ["worth"]'), "is no question"),
        (('type = "number"', 'type = "text"'), "no question of the type number or choice"),
        (('title = "Assets"', 'title = "Assets"\nmanager = "nobody"'), "nobody"),
    ],
)
def test_what_can_never_work_is_told(changed, said):
    with pytest.raises(PolicyFaults) as found:
        parse(OWN.replace(*changed))
    assert said in str(found.value)


def test_lists_are_read_from_words():
    found = read('risk mine late closed "vpn"', ["risk"])
    assert (found.register, found.mine, found.late, found.words) == ("risk", True, True, ("vpn",))
    assert found.states == {EntryState.CLOSED}
    with pytest.raises(BadEntryList, match="a register \\(risk\\)"):
        read("risks", ["risk"])
