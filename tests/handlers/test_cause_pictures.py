"""The tree of causes as pictures: large letters, however many causes there are; and the same in words."""

from dataclasses import dataclass
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.rules.problem.causes import CauseStatus, CausesView
from handlers.problem.views import pictures

CATEGORIES = ("Technology", "Process", "People")


@dataclass
class Cause:
    number: int
    under: int | None
    category: str
    statement: str
    status: str
    evidence: str


@st.composite
def trees(draw: st.DrawFn) -> list[Cause]:
    found: list[Cause] = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        under = draw(st.none() | st.integers(1, number - 1)) if number > 1 else None
        found.append(
            Cause(number, under, draw(st.sampled_from([*CATEGORIES, "Other"])), draw(st.text(min_size=1, max_size=300)),
                  draw(st.sampled_from(CauseStatus)), draw(st.sampled_from(["", "a graph"])))
        )  # fmt: skip
    return found


@pytest.mark.parametrize("view", CausesView)
@settings(deadline=None, max_examples=25)
@given(trees(), st.text(max_size=150))
def test_any_tree_is_drawn_as_wide_as_a_phone_holds(view: CausesView, causes: list[Cause], title: str) -> None:
    image = Image.open(BytesIO(pictures.png(view, title, causes, CATEGORIES)))
    assert image.width == pictures.WIDTH
    # A phone shows 1080 dots on about 375 points: the letters come out at 11 points and more.
    assert pictures.TEXT * 375 / image.width > 11


@pytest.mark.parametrize("view", CausesView)
def test_the_words_say_each_cause_its_status_and_what_lacks_evidence(view: CausesView) -> None:
    causes = [
        Cause(1, None, "Technology", "Out of memory", CauseStatus.CONFIRMED, "graph"),
        Cause(2, 1, "Technology", "Log never rotated", CauseStatus.SUPPOSED, ""),
    ]
    said = pictures.in_words(view, "The VPN drops", causes, CATEGORIES)
    for words in (
        view.label,
        "The VPN drops",
        "Out of memory (confirmed)",
        "Log never rotated (supposed, without evidence)",
    ):
        assert words in said
    assert "no cause was named yet" in pictures.in_words(view, "The VPN drops", [], CATEGORIES)
    assert len(pictures.in_words(view, "x", causes * 100, CATEGORIES)) <= pictures.WORDS_MOST
