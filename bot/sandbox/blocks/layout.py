"""Blocks, by the surface they stand on (Slack: “Blocks”)."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from bot.sandbox.blocks import charts, elements, groups
from bot.sandbox.blocks.checks import Check, below, exactly_one, fault, flag, listing, record, text, typed
from bot.sandbox.blocks.objects import ID, KIND, PICTURE, any_text, plain
from bot.sandbox.blocks.rich_text import RICH_TEXT


class Surface(StrEnum):
    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


def _block(needed: dict[str, Check], may: dict[str, Check], *rules: Check) -> Check:
    return record({"type": KIND, **needed}, {"block_id": ID, **may}, *rules)


def _says_something(block: Any, at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield fault(at, "must have text, fields or both")


def _unique_actions(block: Any, at: str) -> Iterator[str]:
    """action_id is unique within its block."""
    seen: set[str] = set()
    for n, element in enumerate(block["elements"]):
        name = element.get("action_id")
        if name in seen:
            yield fault(below(below(below(at, "elements"), n), "action_id"), f"already used in this block: {name}")
        if name is not None:
            seen.add(name)


def _answers_by_url_only_in_forms(block: Any, at: str) -> Iterator[str]:
    """response_url_enabled belongs to a modal's input blocks."""
    for n, element in enumerate(block.get("elements", [block.get("accessory") or {}])):
        if "response_url_enabled" in element:
            where = below(below(at, "elements"), n) if "elements" in block else below(at, "accessory")
            yield fault(below(where, "response_url_enabled"), "only allowed in a modal's input blocks")


def _input(form: dict[str, Check], *rules: Check) -> Check:
    return _block(
        {"label": plain(2000), "element": typed(form, "element in an input block")},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
        *rules,
    )


def _no_url_answer(block: Any, at: str) -> Iterator[str]:
    if "response_url_enabled" in block["element"]:
        yield fault(f"{at}/element/response_url_enabled", "only allowed in a modal's input blocks")


EVERYWHERE: dict[str, Check] = {
    "section": _block(
        {},
        {
            "text": any_text(3000),
            "fields": listing(any_text(2000), 10),
            "accessory": typed(elements.ACCESSORIES, "element in a section block"),
            "expand": flag,
        },
        _says_something,
        _answers_by_url_only_in_forms,
    ),
    "header": _block({"text": plain(150)}, {}),
    "divider": _block({}, {}),
    "context": _block(
        {"elements": listing(typed({**elements.CONTEXT, **elements.CONTEXT_TEXT}, "element in a context block"), 10)},
        {},
    ),
    "actions": _block(
        {"elements": listing(typed(elements.ACTIONS, "element in an actions block"), 25)},
        {},
        _unique_actions,
        _answers_by_url_only_in_forms,
    ),
    "image": _block(
        {"alt_text": text(2000)}, {"title": plain(2000), **PICTURE}, exactly_one("image_url", "slack_file")
    ),
    "rich_text": RICH_TEXT,
    "input": _input(elements.FORM, _no_url_answer),
}

_IN_MESSAGES: dict[str, Check] = {
    **EVERYWHERE,
    "markdown": _block({"text": text(12_000)}, {}),
    "data_visualization": _block({"title": text(charts.TITLE_MOST), "chart": charts.CHART}, {}),
    "context_actions": _block(
        {"elements": listing(typed(elements.CONTEXT_ACTIONS, "element in a context_actions block"), 5)},
        {},
        _unique_actions,
    ),
    "table": groups.TABLE,
    "data_table": groups.DATA_TABLE,
    "card": groups.CARD,
    "carousel": groups.CAROUSEL,
}

ON: dict[Surface, dict[str, Check]] = {
    Surface.MESSAGE: {**_IN_MESSAGES, "container": groups.container(_IN_MESSAGES)},
    Surface.MODAL: {
        **EVERYWHERE,
        "alert": groups.ALERT,
        "input": _input({**elements.FORM, "file_input": elements.FILE_INPUT}),
    },
    Surface.HOME: EVERYWHERE,
}


def blocks_on(surface: Surface, most: int) -> Check:
    """An array of up to so many blocks, each at home on this surface, no block_id twice."""
    members = listing(typed(ON[surface], f"block type in a {surface}"), most, least=0)

    def check(value: Any, at: str) -> Iterator[str]:
        faults = list(members(value, at))
        yield from faults
        if not faults:
            yield from _unique_blocks(value, at)
            yield from _one_focus(value, at)
            yield from charts.few_charts(value, at)

    return check


def _unique_blocks(blocks: Any, at: str) -> Iterator[str]:
    seen: set[str] = set()
    for n, block in enumerate(blocks):
        name = block.get("block_id")
        if name in seen:
            yield fault(below(below(at, n), "block_id"), f"already used: {name}")
        if name is not None:
            seen.add(name)


def _one_focus(blocks: Any, at: str) -> Iterator[str]:
    """Only one element may take the focus when a view opens."""
    focused = [(n, e) for n, block in enumerate(blocks) for e in elements_of(block) if e.get("focus_on_load")]
    yield from (fault(below(at, n), "only one element may have focus_on_load") for n, _ in focused[1:])


def elements_of(block: Any) -> list[Any]:
    """The elements in a block, wherever its type keeps them."""
    if block["type"] in ("actions", "context_actions"):
        return list(block["elements"])
    return [block[key] for key in ("accessory", "element") if key in block]
