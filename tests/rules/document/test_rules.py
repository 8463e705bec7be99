"""A document's text by headings, how versions differ, its days, its templates, and its list."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules.document import reviewing, templates
from bot.rules.document import text as texts
from bot.rules.document.flow import DocumentState
from bot.rules.document.list_filter import STANDING, read
from bot.rules.document.policy import Documents
from bot.rules.document.refusals import BadDocumentList, NoSuchSort
from bot.rules.document.templates import Filling, clauses_of, drawn, sort_named
from bot.rules.iso.clauses import CLAUSES
from bot.rules.iso.criteria import Document
from handlers.blocks import kit

TEXT = "Before.\n\n# One\n\nFirst\n\n```\n# not a heading\n```\n\n## Two ##\n\n- a\n- b\n\n### Three"


def test_a_text_falls_into_its_headings_and_together_again():
    found = texts.parts(TEXT)
    assert [one.heading for one in found] == ["", "One", "Two", "Three"]
    assert "# not a heading" in found[1].body
    assert texts.together(found) == TEXT
    assert texts.parts("") == []
    changed = texts.with_part(TEXT, 2, "- c")
    assert "- c" in changed
    assert "- a" not in changed
    assert texts.parts(changed)[1] == found[1]
    with pytest.raises(IndexError):
        texts.with_part(TEXT, 4, "x")


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# One #\n#Two\n## Two ##  \n#### Four", ["One", "Two ##"]),
        ("# a# #\n# #\n# ##", ["a#", "#", "#"]),
        ("```\n# a\n~~~\n# b\n```  \n# c", ["", "c"]),
        ("```sh\n# a\n~~~\n# b", ["", "a", "b"]),
        ("```\n```\n# a\n```", ["", "a"]),
    ],
)
def test_headings_are_those_outside_of_code_that_ends(text: str, headings: list[str]) -> None:
    assert [one.heading for one in texts.parts(text)] == headings


@pytest.mark.parametrize("of", ["# a{}a", "```\n# a{}b", "x{}x"])
@pytest.mark.parametrize("filling", ["\t", "# ", "```x\n", "~~~\n# x\n```\n", "# a\n"])
def test_a_text_as_long_as_may_be_is_taken_apart_at_once(of: str, filling: str) -> None:
    """Each of these took minutes, from 200,000 places to the end of the text, while nobody else was served."""
    text = of.format(filling * ((texts.TEXT_MOST - len(of)) // len(filling)))
    assert texts.parts(texts.together(texts.parts(text))) == texts.parts(text)
    assert kit.written(text).count("\n") == text.count("\n")


def test_versions_differ_line_by_line():
    long = "\n".join(f"line {n}" for n in range(40))
    found = texts.differences(long, long.replace("line 3\n", "line three\n").replace("line 39", "line last"))
    assert [one for one in found if one[0] in "-+"] == ["-line 3", "+line three", "-line 39", "+line last"]
    assert found.count("…") == 1
    assert texts.differences(TEXT, TEXT) == []
    assert texts.differences("", "a\nb") == ["+a", "+b"]


def test_reviews_are_reminded_of_before_on_and_after_their_day():
    rules, utc = Documents(), ZoneInfo("UTC")
    day = date(2026, 6, 30)
    early = reviewing.reminders(rules, day, utc, datetime(2026, 1, 1, tzinfo=UTC))
    assert list(early) == ["2026-06-30-30", "2026-06-30-7", "2026-06-30-due"]
    assert early["2026-06-30-7"] == datetime(2026, 6, 23, 9, tzinfo=UTC)
    late = reviewing.reminders(rules, day, utc, datetime(2026, 7, 10, tzinfo=UTC))
    assert list(late) == ["2026-06-30+2026-07-14"]
    assert reviewing.review_day(rules, day) == day + timedelta(days=365)


@pytest.mark.parametrize("sort", Document)
def test_each_sort_has_a_template_in_which_the_policy_stands(sort):
    clause = CLAUSES["8.6.1"] if sort is Document.PROCESS else None
    text = drawn(sort, Filling(known={"services": ["VPN, owned by Network"], "groups": ["Desk"]}), clause)
    assert text.startswith(f"# {templates.title_of(sort, clause)}\n")
    assert len(texts.parts(text)) >= 3, "headings that can be written one by one"
    assert not [line for line in text.splitlines() if len(line) > 300]


def test_templates_are_filled_and_known_by_short_names():
    assert "- VPN, owned by Network" in drawn(Document.SCOPE, Filling(known={"services": ["VPN, owned by Network"]}))
    assert "- P1" in drawn(Document.PROCESS, Filling(known={"targets": ["P1"]}), CLAUSES["8.6.1"])
    assert sort_named("POLICY") is sort_named("service management policy") is Document.POLICY
    assert sort_named("audit-programme") is Document.AUDIT
    assert clauses_of(Document.POLICY) == ["5.1", "5.2"]
    assert clauses_of(Document.PROCESS) == []
    asked = {number for one in Document for number in clauses_of(one)}
    process = {one.number for one in CLAUSES.values() if Document.PROCESS in templates.asked_by(one)}
    assert asked | process == {one.number for one in CLAUSES.values() if templates.asked_by(one)}
    with pytest.raises(NoSuchSort, match="“novel” is no sort"):
        sort_named("novel")


def test_lists_are_read_from_words():
    assert read("").states == STANDING
    found = read('in-force mine late 8.6.3 "vpn"')
    assert (found.states, found.mine, found.late, found.unread) == ({DocumentState.IN_FORCE}, True, True, False)
    assert (found.clause, found.words) == ("8.6.3", ("vpn",))
    assert read("all").states == set(DocumentState)
    with pytest.raises(BadDocumentList):
        read("8.6.9")
