"""The state of interactive elements: how each kind begins, is filled in, and is reported (`state.values`)."""

from bot.sandbox.person.block_text import STATELESS, controls
from bot.sandbox.state import Json

KINDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
"""Element type → the key that carries its value, and the key that presets it."""

TROUBLE = "We had some trouble connecting. Try again?"
"""What a client shows when the app's answer is missing or makes no sense."""
REQUIRED = "Please complete this required field."


def state_key(element: Json) -> str:
    return KINDS[element["type"]][0]


def blank(element: Json) -> Json:
    """An element's state before anybody touched it."""
    key, initial = KINDS[element["type"]]
    return {"type": element["type"], key: element.get(initial, [] if key.endswith("s") else None)}


def state(blocks: list[Json], typed: Json) -> Json:
    """`state.values`: what was typed, where the element is still there, else how it began."""
    values: Json = {}
    for block, element in controls(blocks):
        if element["type"] in STATELESS:
            continue
        kept = typed.get(block["block_id"], {}).get(element["action_id"])
        same = kept is not None and kept["type"] == element["type"]
        values.setdefault(block["block_id"], {})[element["action_id"]] = kept if same else blank(element)
    return values


def is_empty(element_state: Json) -> bool:
    value = next(v for k, v in element_state.items() if k != "type")
    return value in (None, "", [])


def refusals(blocks: list[Json], values: Json) -> dict[str, str]:
    """What a client refuses to send at all, by block_id: required fields, lengths and numbers."""
    found: dict[str, str] = {}
    for block, element in controls(blocks):
        if block["type"] != "input" or element["type"] in STATELESS:
            continue
        kept = values[block["block_id"]][element["action_id"]]
        if is_empty(kept):
            if not block.get("optional", False):
                found[block["block_id"]] = REQUIRED
        elif (fault := _fault(element, kept)) is not None:
            found[block["block_id"]] = fault
    return found


def _fault(element: Json, kept: Json) -> str | None:
    kind, value = element["type"], next(v for k, v in kept.items() if k != "type")
    if kind == "plain_text_input":
        return _length_fault(str(value), element.get("min_length", 0), element.get("max_length", 3000))
    if kind == "number_input":
        return _number_fault(str(value), element)
    if kind == "email_text_input" and "@" not in str(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and "://" not in str(value):
        return "Please enter a valid URL."
    return None


def _length_fault(value: str, least: int, most: int) -> str | None:
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(value) > most else None


def _number_fault(value: str, element: Json) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and "." in value:
        return "Please enter a whole number."
    if number < float(element.get("min_value", number)):
        return f"Please enter a number of at least {element['min_value']}."
    if number > float(element.get("max_value", number)):
        return f"Please enter a number of at most {element['max_value']}."
    return None
