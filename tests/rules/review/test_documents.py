"""One document, three targets: whatever people type, it stays text."""

import html
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.rules.review import document as model
from bot.rules.review.document import Bullets, Document, Paragraph, Part, Rows
from bot.rules.review.written_out import Format, kept, restored, write

HOSTILE = st.text(st.sampled_from("ab |<>`*_[](){}#!\\~&-+.=1\"'@:/]\n$^") | st.characters(categories=["L", "N"]))
TAGS = frozenset("html head meta title body h1 h2 ul li strong p br table thead tbody tr th td".split())  # noqa: SIM905
LINE = HOSTILE.map(lambda text: " ".join(text.split())).filter(bool)
BLOCKS = st.one_of(
    st.lists(LINE, min_size=1, max_size=3).map(lambda some: Paragraph(tuple(some))),
    st.lists(LINE, min_size=1, max_size=3).map(lambda some: Bullets(tuple(some))),
    st.lists(st.tuples(LINE, LINE), max_size=3).map(lambda rows: Rows(("When", "What"), tuple(rows))),
)


def whole(*blocks: model.Block, title: str = "It broke") -> Document:
    return Document("REV-1", title, (("Review of", "INC-1"),), (Part("causes", "What contributed", tuple(blocks)),))


@given(LINE, st.lists(BLOCKS, max_size=3))
def test_no_text_makes_a_heading_table_link_or_tag_in_markdown(title: str, blocks: list[model.Block]) -> None:
    tokens = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .parse(write(whole(*blocks, title=title), Format.MARKDOWN))
    )
    kinds = [one.type for one in tokens]
    assert kinds.count("heading_open") == 2
    assert kinds.count("table_open") == sum(isinstance(one, Rows) for one in blocks)
    assert kinds.count("tr_open") == sum(1 + len(one.rows) for one in blocks if isinstance(one, Rows))
    assert not {"fence", "code_block", "blockquote_open", "html_block", "hr", "ordered_list_open"} & set(kinds)
    inline = [child for one in tokens for child in one.children or []]
    allowed = {"text", "strong_open", "strong_close", "hardbreak", "softbreak", "html_inline", "text_special"}
    assert {one.type for one in inline} <= allowed
    assert {one.content for one in inline if one.type == "html_inline"} <= {"<!-- -->"}


@given(LINE, st.lists(BLOCKS, max_size=3))
def test_html_is_well_formed_and_has_no_tag_of_a_text(title: str, blocks: list[model.Block]) -> None:
    page = write(whole(*blocks, title=title), Format.HTML)
    ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))  # noqa: S314 - our own
    stored = write(whole(*blocks, title=title), Format.CONFLUENCE)
    ElementTree.fromstring(f"<page>{stored}</page>")  # noqa: S314 - our own
    assert stored.strip() in page
    tags = set[str]()

    class Seen(HTMLParser):
        def handle_starttag(self, tag: str, _attrs: object) -> None:
            tags.add(tag)

    Seen().feed(page)
    assert tags <= TAGS
    for one in blocks:
        if isinstance(one, Paragraph):
            assert all(html.escape(line) in page for line in one.lines)


@given(LINE, st.lists(BLOCKS, max_size=3))
def test_json_says_the_same_texts_and_a_version_is_read_back(title: str, blocks: list[model.Block]) -> None:
    found = whole(*blocks, title=title)
    told = json.loads(write(found, Format.JSON))
    assert told["title"] == title
    assert [one["type"] for one in told["sections"][0]["blocks"]] == [type(one).__name__.lower() for one in blocks]
    assert restored(kept(found)) == found


def test_what_people_type_becomes_paragraphs_and_lists() -> None:
    assert model.written("One\ntwo\n\n- a\n- b\nthree\n\n\n") == (
        Paragraph(("One", "two")), Bullets(("a", "b")), Paragraph(("three",)),
    )  # fmt: skip
    assert model.written("  \n ") == ()


def test_people_are_roles_outside_and_typed_names_too() -> None:
    found = whole(Paragraph(("<@U01> and clerk restarted it; @Clerk knew, <@U09> and @cook asked. Mail a@b.org",)))
    told = model.told(found, {"U01": "incident commander"})
    outside = model.without_names(told, {"incident commander": ["clerk"]})
    (block,) = outside.parts[0].blocks
    assert block == Paragraph(
        ("incident commander and incident commander restarted it; incident commander knew, somebody and somebody asked."
         " Mail a@b.org",)
    )  # fmt: skip


@pytest.mark.parametrize("text", ["`rm -rf`", "a | b", "]]>", "<script>", "![x](y)", "www.example.org", "# x", "1. x"])
def test_single_signs(text: str) -> None:
    said = write(whole(Paragraph((text,)), Rows(("a",), ((text,),))), Format.MARKDOWN)
    canvas = write(whole(Paragraph((text,)), Rows(("a",), ((text,),))), Format.CANVAS)
    assert html.escape(text, quote=False) in MarkdownIt("commonmark").enable("table").render(canvas).replace(
        "&quot;", '"'
    )
    shown = MarkdownIt("commonmark").enable("table").render(said)
    assert "<script>" not in shown
    assert "<a " not in shown
    assert "<img" not in shown
    assert "<code>" not in shown


def test_a_long_table_is_several_of_a_canvas() -> None:
    said = write(whole(Rows(("When", "What"), tuple((str(one), "x") for one in range(400)))), Format.CANVAS)
    tables = [one for one in said.split("\n\n") if one.startswith("| When")]
    assert [table.count("\n| ") for table in tables] == [150, 150, 103]
    assert "| 399 | x |" in tables[-1]
