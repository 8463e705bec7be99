"""The Block Kit validator: each limit at its edge and one past it."""

from typing import Any

import pytest
from block_samples import BAD_BLOCKS, GOOD_BLOCKS, Json, field, home, menu, modal, mrkdwn, plain, section, words
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk

from bot.sandbox.blocks import check_message, check_view


def _name(block: Any) -> str:
    return str(block)[:70]


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=_name)
def test_a_sound_block_passes_on_every_surface(block: Json):
    assert check_message([block]) == []
    assert check_view(modal(block)) == []
    assert check_view(home(block)) == []


@pytest.mark.parametrize(("block", "at", "says"), BAD_BLOCKS, ids=_name)
def test_a_faulty_block_is_refused_with_a_pointer_to_the_fault(block: Any, at: str, says: str):
    for surface, faults in (
        ("/blocks", check_message([block])),
        ("/view/blocks", check_view(modal(block))),
        ("/view/blocks", check_view(home(block))),
    ):
        assert len(faults) == 1
        assert faults[0].startswith(f"[json-pointer:{surface}/0{at}] ")
        assert says in faults[0]


SURFACES: list[tuple[Json, set[str]]] = [
    ({"type": "markdown", "text": "x" * 12_000}, {"message"}),
    ({"type": "markdown", "text": "x" * 12_001}, set()),
    (
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0"},
                }
            ],
        },
        {"message"},
    ),
    (field({"type": "file_input", "max_files": 10}), {"modal"}),
    (field({"type": "file_input", "max_files": 11}), set()),
    (field(menu("conversations_select", response_url_enabled=True)), {"modal"}),
]


@pytest.mark.parametrize(("block", "allowed"), SURFACES, ids=_name)
def test_some_blocks_are_at_home_on_one_surface_only(block: Json, allowed: set[str]):
    judged = {
        "message": check_message([block]),
        "modal": check_view(modal(block)),
        "home": check_view(home(block)),
    }
    assert {surface for surface, faults in judged.items() if not faults} == allowed


GOOD_VIEWS: list[Json] = [
    modal(title=plain("x" * 24), submit=plain("x" * 24), close=plain("x" * 24)),
    modal(private_metadata="x" * 3000, callback_id="x" * 255, external_id="x" * 255, notify_on_close=True),
    modal(*[{"type": "divider"}] * 100),
    {"type": "modal", "title": plain(), "blocks": [section()]},
    home(private_metadata="", callback_id="home"),
]

BAD_VIEWS: list[tuple[Any, str, str]] = [
    (None, "/view", "must be an object"),
    ({"type": "sheet"}, "/view/type", "unsupported view type"),
    (modal(title=plain("x" * 25)), "/view/title/text", "less than 25"),
    (modal(submit=plain("x" * 25)), "/view/submit/text", "less than 25"),
    (modal(close=plain("x" * 25)), "/view/close/text", "less than 25"),
    (modal(title=mrkdwn()), "/view/title/type", "unsupported text type"),
    ({"type": "modal", "blocks": []}, "/view", "missing required field: title"),
    (modal(private_metadata="x" * 3001), "/view/private_metadata", "less than 3001"),
    (modal(callback_id="x" * 256), "/view/callback_id", "less than 256"),
    (modal(*[{"type": "divider"}] * 101), "/view/blocks", "no more than 100"),
    ({"type": "modal", "title": plain(), "blocks": [words()]}, "/view", "missing required field: submit"),
    (home(title=plain()), "/view", "invalid additional property: title"),
    (
        modal(words(focus_on_load=True), words(focus_on_load=True)),
        "/view/blocks/1",
        "only one element may have focus_on_load",
    ),
    (modal(section(block_id="a"), section(block_id="a")), "/view/blocks/1/block_id", "already used: a"),
    (modal(*[section(text=mrkdwn("é" * 3000))] * 50), "/view", "less than 250 KB"),
]


@pytest.mark.parametrize("view", GOOD_VIEWS, ids=_name)
def test_a_sound_view_passes(view: Json):
    assert check_view(view) == []


@pytest.mark.parametrize(("view", "at", "says"), BAD_VIEWS, ids=_name)
def test_a_faulty_view_is_refused(view: Any, at: str, says: str):
    (told,) = check_view(view)
    assert told.startswith(f"[json-pointer:{at}] ")
    assert says in told


def test_a_message_holds_fifty_blocks():
    assert check_message([{"type": "divider"}] * 50) == []
    assert check_message([{"type": "divider"}] * 51) == ["[json-pointer:/blocks] no more than 50 items allowed"]


def test_a_messages_blocks_hold_thirteen_thousand_characters_in_all():
    full = [section(text=mrkdwn("x" * 2600))] * 5
    assert check_message(full) == []
    assert check_message([*full, section(text=mrkdwn("x"))]) == [
        "[json-pointer:/blocks] must have less than 13001 characters of text in all"
    ]


def test_blocks_that_are_no_list_are_refused():
    assert check_message({"type": "divider"}) == ["[json-pointer:/blocks] must be an array"]


def test_every_fault_is_told():
    assert len(check_message([section(colour=1, size=2), {"type": "header", "text": mrkdwn()}])) == 3


def test_what_the_official_client_models_build_passes():
    built = [
        sdk.SectionBlock(text="*Hello*", accessory=sdk.ButtonElement(text="Go", action_id="go", value="1")),
        sdk.ActionsBlock(
            elements=[sdk.StaticSelectElement(placeholder="Pick", options=[sdk.Option(value="a", label="A")])]
        ),
        sdk.InputBlock(label="Name", element=sdk.PlainTextInputElement(action_id="name", multiline=True)),
        sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="small")]),
        sdk.HeaderBlock(text="Head"),
        sdk.DividerBlock(),
    ]
    assert check_message([block.to_dict() for block in built]) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "text", "elements", "element", "options", "blocks", "title"]), inner)
        | st.dictionaries(st.just("type"), st.sampled_from(["section", "actions", "input", "modal", "home", "button"]))
    ),
    max_leaves=12,
)


@given(ANYTHING)
def test_nonsense_is_told_so_and_never_breaks_the_validator(nonsense: Any):
    for told in (*check_message(nonsense), *check_view(nonsense)):
        assert told.startswith("[json-pointer:/")


@given(st.sampled_from(GOOD_BLOCKS), st.text("abcxyz", min_size=30, max_size=31))
def test_an_unknown_key_is_refused_wherever_it_stands(block: Json, key: str):
    assert check_message([{**block, key: True}]) == [f"[json-pointer:/blocks/0] invalid additional property: {key}"]


def _data_table(*rows: list[str], **more: Any) -> Json:
    cells = [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]
    return {"type": "data_table", "caption": "Figures", "rows": cells, **more}


ROW = ["one", "two"]


def _points(*labels: str) -> list[Json]:
    return [{"label": one, "value": at + 1} for at, one in enumerate(labels)]


def _chart(kind: str = "bar", labels: list[str] = ROW, series: int = 1, **more: Any) -> Json:
    data = [{"name": f"Series {at}", "data": _points(*labels)} for at in range(series)]
    chart = {"type": kind, "series": data, "axis_config": {"categories": labels}} | more
    return {"type": "data_visualization", "title": "Figures", "chart": chart}


def _pie(*labels: str) -> Json:
    return {"type": "data_visualization", "title": "Figures", "chart": {"type": "pie", "segments": _points(*labels)}}


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([_chart(kind) for kind in ("bar", "line")], ""),
        ([_chart("area", [f"{at}" for at in range(20)], 6), _pie(*ROW)], ""),
        ([_pie(*"abcdef")], ""),
        ([_pie(*"abcdefg")], "no more than 6 items"),
        ([_chart(series=7)], "no more than 6 items"),
        ([_chart(labels=[f"{at}" for at in range(21)])], "no more than 20 items"),
        ([_chart(labels=["x" * 21])], "must be less than 21 characters"),
        ([_chart(labels=["one", "one"])], "must be unique"),
        ([_chart(axis_config={"categories": ["one"]})], "must have one point for each category"),
        ([_chart("radar")], "unsupported chart in a data_visualization block: radar"),
        ([_chart() | {"title": "x" * 51}], "must be less than 51 characters"),
        ([_chart()] * 3, "no more than 2 in a message"),
    ],
)
def test_a_chart_has_few_series_short_labels_and_a_point_for_each(blocks: list[Json], fault: str):
    """Slack: “Data visualization block”."""
    found = check_message(blocks)
    assert bool(found) is bool(fault), found
    assert not fault or fault in str(found)
    assert check_view(modal(blocks[0])), "it is for messages"


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        (_data_table(ROW, ROW), ""),
        (_data_table(ROW, *[ROW] * 100, page_size=100, row_header_column_index=1), ""),
        (_data_table(["x"] * 20, ["x"] * 20), ""),
        (_data_table(ROW), "no fewer than 2 items"),
        (_data_table(ROW, *[ROW] * 101), "no more than 101 items"),
        (_data_table(["x"] * 21, ["x"] * 21), "no more than 20 items"),
        (_data_table(ROW, ["one"]), "must have as many cells as the header"),
        (_data_table(ROW, ROW, page_size=101), "must be between 1 and 100"),
        ({key: value for key, value in _data_table(ROW, ROW).items() if key != "caption"}, "caption"),
    ],
    ids=_name,
)
def test_a_data_table_has_a_header_rows_of_one_length_and_a_caption(block: Json, fault: str):
    """Slack: “Data table block”; held to the lowest limits that are published."""
    found = check_message([block])
    assert bool(found) is bool(fault)
    assert not fault or fault in str(found)
    assert check_view(modal(block)), "it is for messages"
