"""Tables, charts, markdown, alerts, cards and containers: each limit at its edge and one past it, and what they say."""

from typing import Any

import pytest
from block_samples import Json, button, modal, mrkdwn, plain, section

from bot.sandbox.blocks import check_message, check_view
from bot.sandbox.person.block_text import controls, shown
from bot.sandbox.text.mrkdwn import Reader

PICTURE = {"type": "image", "image_url": "https://x.test/a", "alt_text": "a"}


def raw(text: str = "a") -> Json:
    return {"type": "raw_text", "text": text}


def number(value: Any = 1.5, **more: str) -> Json:
    return {"type": "raw_number", "value": value, **more}


def table(rows: list[list[Json]], **more: Any) -> Json:
    return {"type": "table", "rows": rows, **more}


def data_table(rows: list[list[Json]], **more: Any) -> Json:
    return {"type": "data_table", "caption": "Figures", "rows": rows, **more}


def card(**parts: Any) -> Json:
    return {"type": "card", **parts}


def container(*children: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain("x" * 150), "child_blocks": list(children), **more}


def chart(kind: str = "bar", categories: int = 20, series: int = 6, title: str = "x" * 50, label: str = "") -> Json:
    names = [f"{label}{n}" for n in range(categories)]
    data = [{"label": name, "value": 1} for name in names]
    plotted = {"series": [{"name": str(n), "data": data} for n in range(series)], "axis_config": {"categories": names}}
    segments = {"segments": [{"label": str(n), "value": n + 1} for n in range(series)]}
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": kind, **(segments if kind == "pie" else plotted)},
    }


GOOD: list[Json] = [
    table([[raw("x" * 2000)] * 20] * 100, column_settings=[{"align": "right", "is_wrapped": True}, None]),
    table([[raw(), number(1, text="one")]]),
    data_table([[raw()] * 20, *[[number()] * 20] * 100], page_size=100, row_header_column_index=19),
    chart(), chart("line", 1, 1), chart("area"), chart("pie"),
    {"type": "markdown", "text": "x" * 12_000},
    card(title=mrkdwn("x" * 150), subtitle=plain("x" * 150), body=mrkdwn("x" * 200), hero_image=PICTURE, icon=PICTURE),
    card(actions=[button(action_id=str(n)) for n in range(5)]),
    {"type": "carousel", "elements": [card(body=plain())] * 10},
    container(*[section()] * 10, width="full", is_collapsible=True, default_collapsed=True, icon=PICTURE),
    container(data_table([[raw()], [number()]]), card(body=plain()), has_header_divider=True),
]  # fmt: skip
BAD: list[tuple[Json, str, str]] = [
    (table([]), "/rows", "no fewer than 1"),
    (table([[raw()]] * 101), "/rows", "no more than 100"),
    (table([[raw()] * 21]), "/rows/0", "no more than 20"),
    (table([[raw()], [raw(), raw()]]), "/rows/1", "as many cells"),
    (table([[number("1")]]), "/rows/0/0/value", "a number"),
    (table([[raw()]], column_settings=[{"align": "middle"}]), "/column_settings/0/align", "one of: left"),
    (data_table([[raw()]]), "/rows", "no fewer than 2"),
    (data_table([[raw()]] * 102), "/rows", "no more than 101"),
    (data_table([[number()], [raw()]]), "/rows/0/0", "raw_text in the header"),
    (data_table([[raw()], [raw()]], page_size=101), "/page_size", "between 1 and 100"),
    (chart(title="x" * 51), "/title", "less than 51"),
    (chart(series=7), "/chart/series", "no more than 6"),
    (chart("pie", series=7), "/chart/segments", "no more than 6"),
    (chart(categories=1, series=1, label="x" * 20), "/chart/series/0/data/0/label", "less than 21"),
    ({"type": "markdown", "text": "x" * 12_001}, "/text", "less than 12001"),
    (card(icon=PICTURE), "", "a title"),
    (card(body=mrkdwn("x" * 201)), "/body/text", "less than 201"),
    (card(title=mrkdwn("x" * 151)), "/title/text", "less than 151"),
    (card(actions=[{"type": "datepicker"}]), "/actions/0/type", "unsupported element in a card"),
    ({"type": "carousel", "elements": [section()]}, "/elements/0/type", "unsupported element in a carousel"),
    ({"type": "carousel", "elements": [card(body=plain())] * 11}, "/elements", "no more than 10"),
    (container(), "/child_blocks", "no fewer than 1"),
    (container(*[section()] * 11), "/child_blocks", "no more than 10"),
    (container(container(section())), "/child_blocks/0/type", "unsupported block type in a container"),
    ({"type": "container", "child_blocks": [section()]}, "", "a title or a rich_text_title"),
    (container(section(), width="broad"), "/width", "one of: narrow"),
    (container(section(), default_collapsed=True), "/default_collapsed", "is_collapsible"),
    ({"type": "alert", "text": plain()}, "/type", "unsupported block type in a message"),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block)[:50])
def test_what_stands_at_its_limits_may_be_posted(block: Json) -> None:
    faults = check_message([block])
    assert [one for one in faults if "characters of text in all" not in one] == []
    assert check_view(modal(block)), "in messages alone"


@pytest.mark.parametrize(("block", "at", "says"), BAD, ids=lambda value: str(value)[:50])
def test_what_goes_past_them_is_refused_with_a_pointer(block: Json, at: str, says: str) -> None:
    faults = check_message([block])
    assert faults
    assert faults[0].startswith(f"[json-pointer:/blocks/0{at}")
    assert says in faults[0]


def test_three_charts_are_one_too_many_and_alerts_are_of_modals() -> None:
    assert check_message([chart()] * 2) == []
    assert "no more than 2" in check_message([chart()] * 3)[0]
    for level in ("default", "info", "warning", "error", "success"):
        assert check_view(modal({"type": "alert", "text": mrkdwn("x" * 200), "level": level})) == []
    assert "less than 201" in check_view(modal({"type": "alert", "text": mrkdwn("x" * 201)}))[0]
    assert "one of: default" in check_view(modal({"type": "alert", "text": plain(), "level": "loud"}))[0]


def test_what_is_held_by_others_is_read_and_pressed() -> None:
    pressed = card(title=plain("Server"), body=plain("Rack 7"), actions=[button("Open")])
    blocks = [
        container(pressed, table([[raw("Name")], [number(2)]]), subtitle=plain("Two")),
        {"type": "carousel", "elements": [pressed]},
    ]
    said = shown(Reader.__new__(Reader), blocks)
    for words in ("Two", "Server", "Rack 7", "Name", "2"):
        assert words in said
    assert [element["text"]["text"] for _, element in controls(blocks)] == ["Open", "Open"]
