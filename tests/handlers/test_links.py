"""Numbers in what is drawn become links, and nothing else changes."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.record.refs import Noun, Ref
from bot.rules.record.text import instant
from bot.sandbox.blocks import check_message
from handlers.blocks import fitting, kit, links
from handlers.sla.views.lines import rounded

INC, CHG = Ref(Noun.INCIDENT, 12), Ref(Noun.CHANGE, 3)
ADDRESSES = {INC: "https://w.slack.com/archives/C1/p17", CHG: "https://w.slack.com/archives/C2/p18"}
LINK = "<https://w.slack.com/archives/C1/p17|INC-12>"


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("*INC-12* Printer", f"*{LINK}* Printer"),
        ("see INC-12, INC-12.", f"see {LINK}, {LINK}."),
        ("(INC-12)", f"({LINK})"),
        ("“INC-12”", f"“{LINK}”"),
        ("`/incident why INC-12`", "`/incident why INC-12`"),
        ("```INC-12```", "```INC-12```"),
        ("<https://x.example/INC-12|INC-12>", "<https://x.example/INC-12|INC-12>"),
        ("https://x.example/INC-12", "https://x.example/INC-12"),
        ("XINC-12 INC-120 INC-12a INC-12@3", "XINC-12 INC-120 INC-12a INC-12@3"),
        ("INC-13 has no card yet", "INC-13 has no card yet"),
    ],
)
def test_a_number_by_itself_leads_to_its_card(written: str, linked: str) -> None:
    assert links.message([kit.section(written)], ADDRESSES) == [kit.section(linked)]


def test_fields_contexts_and_every_noun_have_links_and_plain_text_has_none() -> None:
    blocks = [kit.header("INC-12 Printer"), kit.fields("INC-12", "CHG-3"), kit.context("INC-12")]
    drawn = links.message(blocks, ADDRESSES)
    assert drawn[0] == blocks[0]
    assert str(drawn[1:]).count("https://") == 3
    assert links.named_in(blocks) == {INC, CHG}
    assert not check_message(drawn)


def test_a_button_opens_the_card_and_is_left_out_where_there_is_none() -> None:
    row = kit.actions(kit.open_button(INC), kit.button("other", "Other"))
    assert links.named_in([row]) == {INC}
    (linked,) = links.message([row], ADDRESSES)
    assert linked["elements"][0]["url"] == ADDRESSES[INC]
    assert not check_message([linked])
    (without,) = links.message([row], {})
    assert [one["action_id"] for one in without["elements"]] == ["other"]
    assert links.message([kit.section("x"), kit.actions(kit.open_button(INC))], {}) == [kit.section("x")]


def test_links_cost_no_words() -> None:
    full = "INC-12 " + "x" * (fitting.SECTION_MOST - 7)
    assert links.message([kit.section(full)], ADDRESSES) == [kit.section(full)]
    crowd = kit.Message("many", [kit.section("INC-12 " + "y" * 2_380) for _ in range(5)]).blocks
    drawn = links.message(crowd, ADDRESSES)
    assert kit.Message("many", drawn).blocks == drawn
    assert 0 < str(drawn).count(LINK) < 5


def test_an_instant_in_a_refusal_is_shown_by_the_readers_clock() -> None:
    at = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert kit.dated(f"It opens {instant(at)}.") == f"It opens {kit.when(at)}."
    assert kit.dated("It opens 2026-02-31 at 16:00 UTC.") == "It opens 2026-02-31 at 16:00 UTC."


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(days=1, hours=23, minutes=54, seconds=23), "2 d"),
        (timedelta(minutes=5, seconds=36), "6 min"),
        (timedelta(hours=3, minutes=59, seconds=40), "4 h"),
        (timedelta(seconds=20), "less than a minute"),
    ],
)
def test_what_is_left_is_rounded_on_a_card(span: timedelta, said: str) -> None:
    assert rounded(span) == said
