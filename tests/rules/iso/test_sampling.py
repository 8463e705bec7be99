"""A sample is the same for the same root and word, whoever draws it, and nobody can choose it."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.iso.populations import POPULATIONS
from bot.rules.iso.refusals import NoSuchPopulation, NoWord
from bot.rules.iso.sampling import draw, population_named, word_of

ROOT = "ab" * 32
REFS = [f"INC-{number}" for number in range(1, 101)]


def test_anybody_can_draw_it_again_from_three_lines():
    """Written apart from the rule."""
    seed = sha256(f"{ROOT}\nBlue horse".encode()).hexdigest()
    ranked = sorted(REFS, key=lambda ref: sha256(f"{seed}\n{ref}".encode()).hexdigest())
    found = draw(REFS, ROOT, "Blue horse", 25)
    assert (found.seed, list(found.drawn)) == (seed, ranked[:25])
    assert found.population_hash == sha256("".join(f"{ref}\n" for ref in REFS).encode()).hexdigest()


@given(st.lists(st.sampled_from(REFS), unique=True, min_size=1), st.text(min_size=1), st.integers(1, 120))
def test_a_sample_has_no_record_twice_and_none_from_elsewhere(refs, word, size):
    found = draw(refs, ROOT, word, size)
    assert len(found.drawn) == len(set(found.drawn)) == min(size, len(refs))
    assert set(found.drawn) <= set(refs)
    assert draw(refs, ROOT, word, size) == found
    assert list(draw(list(reversed(refs)), ROOT, word, size).drawn) == list(found.drawn), "no order of the table counts"
    assert list(draw(refs, ROOT, word, size + 1).drawn)[:size] == list(found.drawn), "a larger one begins with it"


def test_another_word_or_root_draws_others():
    first = draw(REFS, ROOT, "one", 10).drawn
    assert draw(REFS, ROOT, "two", 10).drawn != first
    assert draw(REFS, "cd" * 32, "one", 10).drawn != first


def test_every_record_is_as_likely_as_any_other():
    counts = dict.fromkeys(REFS, 0)
    for number in range(400):
        for ref in draw(REFS, ROOT, f"word {number}", 25).drawn:
            counts[ref] += 1
    assert min(counts.values()) > 60
    assert max(counts.values()) < 145


def test_a_word_is_needed_and_reads_the_same_however_it_was_typed():
    assert word_of("  Cafe\u0301 ") == "Caf\u00e9"
    with pytest.raises(NoWord, match="word is missing"):
        word_of(" \t")


def test_populations_are_named_and_a_slip_is_understood():
    assert population_named("Known Errors").name == "known-errors"
    assert population_named("incidents") is POPULATIONS["incidents"]
    with pytest.raises(NoSuchPopulation, match="Did you mean “incidents”"):
        population_named("incident")
