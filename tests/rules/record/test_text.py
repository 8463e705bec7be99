"""What people type is kept as they see it; what nobody sees is no text."""

import pytest

from bot.rules.record import text

INVISIBLE = (
    0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180E, 0x180F, 0x200B, 0x200C, 0x200D, 0x200E,
    0x2028, 0x2060, 0x2064, 0x2065, 0x206F, 0x2800, 0x3000, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0, 0x1BCA0,
    0x13441, 0x13442, 0x16FE4, 0x1D159, 0x1D173, 0xE0001, 0xE0020, 0xE0100, 0xE01EF, 0xE0FFF, 0x0301, 0xE000, 0x00A0,
)  # fmt: skip


@pytest.mark.parametrize("code", INVISIBLE, ids=hex)
def test_what_shows_nothing_is_no_text(code: int) -> None:
    assert text.clean(chr(code)) == ""
    assert text.one_line(f" {chr(code)} {chr(code)}\n{chr(code)}") == ""
    assert text.faults({"why": ("The reason", text.clean(chr(code) * 3), 10)}) == {
        "why": "The reason is empty. Write a few words."
    }


@pytest.mark.parametrize("code", INVISIBLE, ids=hex)
def test_a_word_among_it_is_kept(code: int) -> None:
    assert "VPN" in text.clean(f"{chr(code)}VPN{chr(code)}")


@pytest.mark.parametrize(
    "typed", ["?", "1", "한", "ㅋ", "⠃", "❤\ufe0f", "👩\u200d💻", "é", "e\u0301", "क्षि", "ا", "។", "…"]
)
def test_whatever_shows_is_text(typed: str) -> None:
    assert text.clean(typed) == typed


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("Hi all, the printer jams. Anyone else?", "Hi all, the printer jams."),
        ("Is it me?\nThe VPN is slow", "Is it me?"),
        ("Version 2.1 is broken", "Version 2.1 is broken"),
        ("no end\nsecond line", "no end"),
        ("", ""),
    ],
)
def test_the_first_sentence_is_the_heading(said: str, first: str) -> None:
    assert text.first_sentence(said) == first
