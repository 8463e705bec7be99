"""What is drawn fits Slack however long it is, says by how much it was shortened, and keeps its buttons."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.approval.voting import Vote
from bot.rules.change.flow import ChangeState
from bot.rules.policy.policy import parse
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.sandbox.blocks import check_message, check_view, text_of
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Message
from handlers.blocks.samples import AT
from handlers.change.views import samples as change_samples
from handlers.change.views.approval_status import standing
from handlers.ids import Field
from handlers.records.standard_actions import reading

POLICY = parse("")
PIECES = ("word ", "&amp;", "&lt;", "&gt;", "<@U0AGENT>", "<!date^1^{time}|2026-03-02 09:00 UTC>", "\n", "```", "ساعة")
SEEN = RecordVersion(Ref(Noun.CHANGE, 7), 2)
ESCAPED = st.lists(st.sampled_from(PIECES), max_size=600).map("".join)


def _texts(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(text_of(blocks))


def _buttons(blocks: list[dict[str, Any]]) -> list[str]:
    return [one["value"] for block in blocks for one in block.get("elements", []) if one["type"] == "button"]


@given(ESCAPED, st.integers(150, 3000))
def test_a_text_is_cut_to_its_bound_and_in_no_mention_link_or_entity(text: str, most: int) -> None:
    shown = fitting.cut(text, most)
    assert len(shown) <= most
    kept = shown.partition("…")[0] if len(text) > most else shown
    assert text.startswith(kept)
    rest = text[len(kept) :]
    assert kept.count("<") == kept.count(">")
    assert not any(rest.startswith(piece[1:]) and kept.endswith("&") for piece in ("&amp;", "&lt;", "&gt;"))
    assert len(text) <= most or shown.count("```") % 2 == 0


def test_a_text_says_by_how_many_typed_characters_it_was_shortened() -> None:
    shown = fitting.cut(kit.esc("<" * 3000), 3000)
    kept, _, said = shown.partition("…")
    assert said == f" _(shortened by {3000 - len(html.unescape(kept)):,} characters)_"


def test_a_text_that_was_shortened_before_says_the_sum() -> None:
    shown = fitting.cut(kit.excerpt("x" * 5000, 1000), 500)
    kept, _, said = shown.partition("…")
    assert said == f" _(shortened by {5000 - len(kept):,} characters)_"


def test_fences_are_closed_where_a_text_is_cut() -> None:
    assert fitting.cut("```" + "code " * 900, 3000).count("```") == 2


@pytest.mark.parametrize("count", [49, 50, 51, 200])
def test_a_message_of_many_rows_says_how_many_did_not_fit(count: int) -> None:
    blocks = Message("list", [kit.section(f"row {n}") for n in range(count)]).blocks
    assert check_message(blocks) == []
    shown = _texts(blocks)
    if count <= 50:
        assert "did not fit" not in shown
    else:
        assert f"_and {count - 49} more, which did not fit_" in shown


def test_buttons_outlive_all_words() -> None:
    rows = [kit.section("x" * 3000) for _ in range(60)]
    buttons = [kit.actions(kit.button(f"act_{n}", "Press", n)) for n in range(1, 31)]
    blocks = Message("x" * 90_000, [*rows, *buttons]).blocks
    assert check_message(blocks) == []
    assert _buttons(blocks) == [str(n) for n in range(1, 31)]


def test_the_longest_texts_give_way_first() -> None:
    blocks = Message("card", [kit.section("short"), *(kit.section("y" * 2900) for _ in range(8))]).blocks
    assert blocks[0]["text"]["text"] == "short"
    assert sum(map(len, text_of(blocks))) <= fitting.MESSAGE_ROOM
    assert all("shortened by" in block["text"]["text"] for block in blocks[1:])


def test_fields_and_contexts_fit_too() -> None:
    blocks = Message("card", [kit.fields("z" * 9000), kit.context(*["c" * 9000] * 14), kit.header("h" * 900)]).blocks
    assert check_message(blocks) == []
    assert "and 5 more, which did not fit" in _texts(blocks)


def test_fitting_again_counts_on() -> None:
    once = Message("list", [kit.section(f"row {n}") for n in range(60)])
    again = Message("list", [*once.blocks, kit.section("more"), kit.actions(kit.button("act", "Press", "1"))])
    assert check_message(again.blocks) == []
    assert "_and 13 more, which did not fit_" in _texts(again.blocks)
    assert _buttons(again.blocks) == ["1"]


def test_more_than_25_buttons_stand_in_several_rows() -> None:
    blocks = Message("x", [kit.actions(*(kit.button(f"a{n}", "Go", n) for n in range(1, 61)))]).blocks
    assert check_message(blocks) == []
    assert len(_buttons(blocks)) == 60


def test_a_text_is_what_a_redraw_takes() -> None:
    assert len(Message("x" * 50_000, []).text) <= 4000


def test_a_form_keeps_what_was_typed() -> None:
    typed = kit.text_input("&" * 3000, most=3000, lines=True)
    form = kit.form("f", "Title", "Send", [kit.section("s" * 4000)] * 150 + [kit.ask(Field.WHY, "Why", typed)])
    assert check_view(form) == []
    assert form["blocks"][-1]["element"]["initial_value"] == "&" * 3000


@pytest.mark.parametrize("letter", ["ع", "🕰", "&"])
def test_a_view_is_small_enough_in_any_script(letter: str) -> None:
    view = kit.list_view("Long", [kit.section(kit.esc(letter * 3000)) for _ in range(100)])
    assert check_view(view) == []


def test_an_excerpt_says_how_many_lines_or_characters_are_left_out() -> None:
    steps = "\n".join(f"{n}. Step" for n in range(1, 50))
    assert kit.excerpt(steps, 600, 3) == "1. Step\n2. Step\n3. Step… _(46 more lines)_"
    assert kit.excerpt("short", 600, 3) == "short"
    assert kit.excerpt("x" * 700, 600).endswith("… _(shortened by 101 characters)_")
    assert fitting.cut(kit.excerpt(steps, 600, 30), 160).endswith("more lines)_")


@given(st.text(alphabet="ab<&\n ", max_size=9000), st.integers(1, 60))
def test_what_is_read_whole_has_every_word_on_pages_that_fit(text: str, times: int) -> None:
    blocks = reading.whole([reading.Passage("Plan", text)] * times)
    pages = fitting.pages(blocks)
    assert [block for page in pages for block in page] == blocks
    for number in range(len(pages)):
        view = reading.view(SEEN, reading.Reading("Title", [reading.Passage("Plan", text)] * times), number)
        assert check_view(view) == []
    said = "".join(block["text"]["text"] for block in blocks)
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", f"*Plan*{kit.esc(text)}" * times if text else "")


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("# Policy\n\nWe keep it.\n\n## Who & why", "*Policy*\n\nWe keep it.\n\n*Who &amp; why*"),
        ("### The *bold* one ##", "*The bold one*"),
        ("#1 is no heading, nor is #", "#1 is no heading, nor is #"),
        ("Item #3\n####### seven", "Item #3\n####### seven"),
        ("# <!channel>", "*&lt;!channel&gt;*"),
        ("", ""),
    ],
)
def test_headings_are_bold_and_all_else_is_as_it_was(kept, shown):
    assert kit.written(kept) == shown


def test_each_condition_of_many_votes_is_whole_on_a_card() -> None:
    """Slack shows two thousand characters of a text of a context: of all votes in one the last were cut."""
    words = [f"{number} {'only until the spring ' * 11}end{number}" for number in range(12)]
    shown = change_samples.sheet(change_samples.sample(ChangeState.SCHEDULED, POLICY, {}), POLICY, {})
    votes = [
        one.model_copy(update={"vote": Vote.CONDITION, "voted_by": one.approver, "voted_at": AT, "comment": said})
        for one, said in zip(shown.poll.seats, words, strict=True)
    ]
    drawn = standing(replace(shown, poll=replace(shown.poll, seats=votes)))
    text = _texts(fitting.message(drawn))
    assert [number for number in range(12) if f"end{number}”" in text] == list(range(9))
    assert "and 3 more" in text
