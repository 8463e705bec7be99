"""Sound blocks at the edge of each limit, and faulty ones one past it, with where and what the fault is."""

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Text*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "one", text: str = "One", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(n)) for n in range(count)]


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def button(text: str = "Go", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def many_buttons(count: int) -> Json:
    return actions(*(button(action_id=str(n)) for n in range(count)))


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def menu(kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, **({"options": options(2)} if kind.endswith("static_select") else {}), **more}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No"), **more}


def words(**more: Any) -> Json:
    return field({"type": "plain_text_input", **more})


def rich(*inline: Json, kind: str = "rich_text_section", **more: Any) -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(inline), **more}]}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Save"), "blocks": list(blocks), **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


GOOD_BLOCKS: list[Json] = [
    section(),
    section(block_id="x" * 255, expand=True),
    section(text=mrkdwn("x" * 3000)),
    {"type": "section", "fields": [plain("x" * 2000), *[plain()] * 9]},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [mrkdwn()] * 9 + [{"type": "image", "image_url": "https://x.test/a", "alt_text": "a"}],
    },
    {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "x" * 2000, "title": plain("x" * 2000)},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
    many_buttons(25),
    actions(button("x" * 75, value="v" * 2000, url="u" * 3000, style="danger", accessibility_label="a" * 75)),
    actions(
        button(confirm=confirm(title=plain("x" * 100), text=mrkdwn("x" * 300), deny=plain("x" * 30), style="danger"))
    ),
    actions(menu(options=options(100), placeholder=plain("x" * 150))),
    actions(menu(options=[option("v" * 150, "t" * 75, description=plain("d" * 75))])),
    actions({"type": "static_select", "option_groups": [{"label": plain("x" * 75), "options": options(100)}]}),
    actions(menu(initial_option=option("0"))),
    actions({"type": "overflow", "options": options(5)}),
    actions({"type": "overflow", "options": [option(url="https://x.test")]}),
    actions({"type": "checkboxes", "options": options(10), "initial_options": options(2)}),
    actions({"type": "radio_buttons", "options": [{"text": mrkdwn(), "value": "a", "description": mrkdwn()}]}),
    actions({"type": "datepicker", "initial_date": "2026-02-28"}, {"type": "timepicker", "initial_time": "23:59"}),
    actions({"type": "datetimepicker", "initial_date_time": 1_700_000_000}),
    section(accessory=menu("users_select", initial_user="U1")),
    section(accessory=menu("multi_static_select", initial_options=options(2), max_selected_items=2)),
    section(accessory=menu("conversations_select", filter={"include": ["im", "public"]})),
    section(accessory=menu("external_select", min_query_length=0, initial_option=option())),
    section(accessory=button()),
    words(multiline=True, min_length=0, max_length=3000, initial_value="x" * 3000),
    words(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}),
    field(menu(), hint=plain("x" * 2000), optional=True, dispatch_action=True),
    field(
        {
            "type": "number_input",
            "is_decimal_allowed": True,
            "min_value": "-1.5",
            "max_value": "2",
            "initial_value": "0",
        }
    ),
    field({"type": "email_text_input", "focus_on_load": True}),
    field({"type": "url_text_input", "initial_value": "https://x.test"}),
    field({"type": "rich_text_input", "initial_value": rich({"type": "text", "text": "hello"})}),
    rich({"type": "text", "text": "hi", "style": {"bold": True}}, {"type": "user", "user_id": "U1"}),
    rich({"type": "link", "url": "https://x.test"}, kind="rich_text_preformatted", border=1),
    rich({"type": "rich_text_section", "elements": []}, kind="rich_text_list", style="bullet", indent=8),
]

BAD_BLOCKS: list[tuple[Any, str, str]] = [
    ("text", "", "must be an object"),
    ({}, "", "missing required field: type"),
    ({"type": "tabel"}, "/type", "unsupported block type"),
    (section(block_id="x" * 256), "/block_id", "less than 256"),
    (section(block_id=""), "/block_id", "more than 0"),
    (section(colour="red"), "", "invalid additional property: colour"),
    ({"type": "section"}, "", "must have text, fields or both"),
    (section(text="plain words"), "/text", "must be an object"),
    (section(text=mrkdwn("")), "/text/text", "more than 0"),
    (section(text=mrkdwn("x" * 3001)), "/text/text", "less than 3001"),
    (section(text={"type": "markdown", "text": "x"}), "/text/type", "unsupported text type"),
    (section(text={**mrkdwn(), "emoji": True}), "/text", "invalid additional property: emoji"),
    (section(text={**plain(), "verbatim": True}), "/text", "invalid additional property: verbatim"),
    (section(text={**plain(), "emoji": "yes"}), "/text/emoji", "true or false"),
    (section(fields=[]), "/fields", "no fewer than 1"),
    (section(fields=[plain()] * 11), "/fields", "no more than 10"),
    (section(fields=[plain("x" * 2001)]), "/fields/0/text", "less than 2001"),
    (section(accessory={"type": "datetimepicker"}), "/accessory/type", "unsupported element in a section"),
    (section(accessory={"type": "plain_text_input"}), "/accessory/type", "unsupported element in a section"),
    ({"type": "header", "text": plain("x" * 151)}, "/text/text", "less than 151"),
    ({"type": "header", "text": mrkdwn()}, "/text/type", "unsupported text type: mrkdwn"),
    ({"type": "header"}, "", "missing required field: text"),
    ({"type": "divider", "text": plain()}, "", "invalid additional property: text"),
    ({"type": "context", "elements": []}, "/elements", "no fewer than 1"),
    ({"type": "context", "elements": [mrkdwn()] * 11}, "/elements", "no more than 10"),
    ({"type": "context", "elements": [button()]}, "/elements/0/type", "unsupported element in a context"),
    ({"type": "image", "alt_text": "a"}, "", "exactly one of: image_url, slack_file"),
    ({"type": "image", "image_url": "x"}, "", "missing required field: alt_text"),
    ({"type": "image", "image_url": "x" * 3001, "alt_text": "a"}, "/image_url", "less than 3001"),
    ({"type": "image", "image_url": "x", "alt_text": "a" * 2001}, "/alt_text", "less than 2001"),
    (actions(), "/elements", "no fewer than 1"),
    (many_buttons(26), "/elements", "no more than 25"),
    ({"type": "actions", "elements": button()}, "/elements", "must be an array"),
    (actions({"type": "plain_text_input"}), "/elements/0/type", "unsupported element in an actions"),
    (actions(button(action_id="a"), button(action_id="a")), "/elements/1/action_id", "already used in this block: a"),
    (actions(button(action_id="a" * 256)), "/elements/0/action_id", "less than 256"),
    (actions(button("x" * 76)), "/elements/0/text/text", "less than 76"),
    (actions({"type": "button", "text": mrkdwn()}), "/elements/0/text/type", "unsupported text type"),
    (actions(button(value="v" * 2001)), "/elements/0/value", "less than 2001"),
    (actions(button(value=7)), "/elements/0/value", "must be a string"),
    (actions(button(url="u" * 3001)), "/elements/0/url", "less than 3001"),
    (actions(button(style="default")), "/elements/0/style", "one of: primary, danger"),
    (actions(button(confirm=confirm(title=plain("x" * 101)))), "/elements/0/confirm/title/text", "less than 101"),
    (actions(button(confirm=confirm(text=plain("x" * 301)))), "/elements/0/confirm/text/text", "less than 301"),
    (actions(button(confirm=confirm(confirm=plain("x" * 31)))), "/elements/0/confirm/confirm/text", "less than 31"),
    (
        actions(button(confirm={"title": plain(), "text": plain(), "confirm": plain()})),
        "/elements/0/confirm",
        "field: deny",
    ),
    (actions(menu(options=options(101))), "/elements/0/options", "no more than 100"),
    (actions(menu(options=[])), "/elements/0/options", "no fewer than 1"),
    (actions({"type": "static_select"}), "/elements/0", "exactly one of: options, option_groups"),
    (actions(menu(placeholder=plain("x" * 151))), "/elements/0/placeholder/text", "less than 151"),
    (actions(menu(options=[option("v" * 151)])), "/elements/0/options/0/value", "less than 151"),
    (actions(menu(options=[option(text="t" * 76)])), "/elements/0/options/0/text/text", "less than 76"),
    (
        actions(menu(options=[option(description=plain("d" * 76))])),
        "/elements/0/options/0/description/text",
        "less than 76",
    ),
    (actions(menu(options=[option(url="x")])), "/elements/0/options/0", "invalid additional property: url"),
    (
        actions(menu(options=[{"text": mrkdwn(), "value": "a"}])),
        "/elements/0/options/0/text/type",
        "unsupported text type",
    ),
    (actions(menu(initial_option=option("9"))), "/elements/0/initial_option", "exactly match one of the options"),
    (
        actions(menu(initial_option=option("0", "Other"))),
        "/elements/0/initial_option",
        "exactly match one of the options",
    ),
    (actions({"type": "overflow", "options": options(6)}), "/elements/0/options", "no more than 5"),
    (actions({"type": "checkboxes", "options": options(11)}), "/elements/0/options", "no more than 10"),
    (actions({"type": "radio_buttons", "options": options(11)}), "/elements/0/options", "no more than 10"),
    (
        actions({"type": "checkboxes", "options": options(1), "initial_options": options(2)}),
        "/elements/0/initial_options/1",
        "exactly match one of the options",
    ),
    (actions({"type": "datepicker", "initial_date": "2026-13-01"}), "/elements/0/initial_date", "YYYY-MM-DD"),
    (actions({"type": "timepicker", "initial_time": "24:00"}), "/elements/0/initial_time", "HH:mm"),
    (
        actions({"type": "datetimepicker", "initial_date_time": "1700000000"}),
        "/elements/0/initial_date_time",
        "an integer",
    ),
    (actions({"type": "datetimepicker", "initial_date_time": 999_999_999}), "/elements/0/initial_date_time", "between"),
    (
        section(accessory=menu("multi_static_select", initial_options=options(2), max_selected_items=1)),
        "/accessory/initial_options",
        "no more than 1 items",
    ),
    (
        section(accessory=menu("multi_users_select", initial_users=["U1", "U1"])),
        "/accessory/initial_users/1",
        "must not repeat",
    ),
    (section(accessory=menu("multi_users_select", max_selected_items=0)), "/accessory/max_selected_items", "between 1"),
    (section(accessory=menu("users_select", initial_users=["U1"])), "/accessory", "additional property: initial_users"),
    (section(accessory=menu("conversations_select", filter={})), "/accessory/filter", "at least one filter"),
    (
        section(accessory=menu("channels_select", response_url_enabled=True)),
        "/accessory/response_url_enabled",
        "only allowed in a modal's input blocks",
    ),
    (words(max_length=3001), "/element/max_length", "between 1 and 3000"),
    (words(max_length=0), "/element/max_length", "between 1 and 3000"),
    (words(min_length=5, max_length=4), "/element/min_length", "not be greater than max_length"),
    (words(max_length=2, initial_value="abc"), "/element/initial_value", "less than 3"),
    (words(initial_value="x" * 3001), "/element/initial_value", "less than 3001"),
    (
        words(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * 2}),
        "/element/dispatch_action_config/trigger_actions_on/1",
        "must not repeat",
    ),
    (field(button()), "/element/type", "unsupported element in an input block: button"),
    (field({"type": "overflow", "options": options(2)}), "/element/type", "unsupported element in an input block"),
    (field(menu(), label=plain("x" * 2001)), "/label/text", "less than 2001"),
    (field(menu(), hint=plain("x" * 2001)), "/hint/text", "less than 2001"),
    (field(menu(), optional="yes"), "/optional", "true or false"),
    (field({"type": "number_input"}), "/element", "missing required field: is_decimal_allowed"),
    (
        field({"type": "number_input", "is_decimal_allowed": False, "initial_value": "1.5"}),
        "/element/initial_value",
        "whole number",
    ),
    (
        field({"type": "number_input", "is_decimal_allowed": True, "min_value": "3", "max_value": "2"}),
        "/element/min_value",
        "not be greater than max_value",
    ),
    (rich({"type": "bold", "text": "x"}), "/elements/0/elements/0/type", "unsupported rich text element"),
    (rich({"type": "text", "text": "x", "style": {"big": True}}), "/elements/0/elements/0/style", "property: big"),
    (
        rich({"type": "user", "user_id": "U1"}, kind="rich_text_preformatted"),
        "/elements/0/elements/0/type",
        "unsupported",
    ),
    (
        rich({"type": "text", "text": "x"}, kind="rich_text_list", style="bullet"),
        "/elements/0/elements/0/type",
        "list item",
    ),
]
