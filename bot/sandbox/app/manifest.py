"""The app manifest, as far as a workspace needs it to install the app (Slack: “App manifest reference”)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Section = Mapping[str, Any]

KNOWN_KEYS = {
    section: set(keys.split())
    for section, keys in {
        "": "$schema _metadata app_directory display_information features oauth_config settings functions workflows"
        " datastores outgoing_domains types external_auth_providers mcp_servers",
        "display_information": "name description background_color long_description",
        "features": "app_home bot_user functions shortcuts slash_commands workflow_steps unfurl_domains"
        " assistant_view agent_view",
        "features.app_home": "home_tab_enabled messages_tab_enabled messages_tab_read_only_enabled",
        "features.bot_user": "display_name always_online",
        "oauth_config": "redirect_urls scopes token_management_enabled pkce_enabled",
        "oauth_config.scopes": "user bot user_optional bot_optional",
        "settings": "allowed_ip_address_ranges event_subscriptions incoming_webhooks interactivity is_hosted"
        " org_deploy_enabled socket_mode_enabled token_rotation_enabled siws_links hermes_app_type function_runtime"
        " is_mcp_enabled",
        "settings.event_subscriptions": "request_url user_events bot_events metadata_subscriptions",
        "settings.interactivity": "is_enabled request_url message_menu_options_url",
    }.items()
}
"""The keys each section may have; sections not named here are left unread."""

LISTS = (
    ("oauth_config.scopes", "bot", 255),
    ("oauth_config.scopes", "bot_optional", 255),
    ("settings.event_subscriptions", "bot_events", 100),
)
COMMAND_LIMITS = {"command": 32, "description": 2000, "usage_hint": 1000}
SHORTCUT_LIMITS = {"name": 24, "callback_id": 255, "description": 150}
DISPLAY_LIMITS = {"name": 35, "description": 140, "background_color": 7}


class ManifestError(ValueError):
    """The app manifest cannot be installed: {faults}"""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("The app manifest cannot be installed: " + " ".join(faults))


@dataclass(frozen=True)
class Command:
    command: str
    description: str
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    name: str
    type: str  # "global" or "message"
    callback_id: str
    description: str


@dataclass(frozen=True)
class Manifest:
    app_name: str
    description: str
    color: str
    scopes: frozenset[str]
    """With those that are optional: whoever installs the app here grants them."""
    commands: dict[str, Command]
    shortcuts: tuple[Shortcut, ...]
    events: frozenset[str]
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool
    socket_mode: bool
    functions: Mapping[str, Section]
    """Steps of Workflow Builder, by their ids."""


def load(source: Path | str | Section) -> Manifest:
    """The manifest in a YAML or JSON file, or in a mapping. Raises ManifestError, naming every fault, or OSError."""
    data = source if isinstance(source, Mapping) else _parse(Path(source))
    faults = list(_faults(data))
    if faults:
        raise ManifestError(faults)
    return _build(data)


def _parse(path: Path) -> Section:
    """JSON is YAML too, so one parser reads both."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise ManifestError([f"{path.name} is neither YAML nor JSON: {fault}."]) from fault
    if not isinstance(data, dict):
        raise ManifestError([f"{path.name} must be a mapping with display_information, features and so on."])
    return data


def _build(data: Section) -> Manifest:
    display, features, settings = _at(data, "display_information"), _at(data, "features"), _at(data, "settings")
    home, scopes = _at(data, "features.app_home"), _at(data, "oauth_config.scopes")
    commands = [Command(**{k: v for k, v in c.items() if k != "url"}) for c in features.get("slash_commands", ())]
    return Manifest(
        app_name=_at(data, "features.bot_user").get("display_name", display["name"]),
        description=display.get("description", ""),
        color=display.get("background_color", "#4a5568"),
        scopes=frozenset(name for key in ("bot", "bot_optional") for name in scopes.get(key, ())),
        commands={command.command: command for command in commands},
        shortcuts=tuple(Shortcut(**shortcut) for shortcut in features.get("shortcuts", ())),
        events=frozenset(_at(data, "settings.event_subscriptions").get("bot_events", ())),
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", False),
        messages_tab_read_only=home.get("messages_tab_read_only_enabled", False),
        socket_mode=settings.get("socket_mode_enabled", False),
        functions=_at(data, "functions"),
    )


def _at(data: Section, dotted: str) -> Section:
    """The section at a dotted path; an absent one is empty."""
    for name in filter(None, dotted.split(".")):
        data = data.get(name) or {}
    return data


def _faults(data: Section) -> Iterator[str]:
    misshapen = list(_section_faults(data))
    yield from misshapen
    if misshapen:  # what follows reads inside the sections
        return
    for check in (_display_faults, _command_faults, _shortcut_faults, _list_faults, _switch_faults):
        yield from check(data)


def _section_faults(data: Section) -> Iterator[str]:
    for dotted, known in KNOWN_KEYS.items():
        *above, name = dotted.split(".")
        parent = _at(data, ".".join(above)) if name else {}
        if isinstance(parent, Mapping) and not isinstance(parent.get(name) or {}, Mapping):
            yield f"{dotted} must be a mapping."
        elif isinstance(parent, Mapping):
            yield from (
                f"{key!r} is not a key of {dotted or 'a manifest'}." for key in _at(data, dotted) if key not in known
            )


def _display_faults(data: Section) -> Iterator[str]:
    display = _at(data, "display_information")
    yield from _text_faults("display_information", display, DISPLAY_LIMITS, needed={"name"})
    color = display.get("background_color")
    if isinstance(color, str) and not (color.startswith("#") and len(color) in (4, 7) and _is_hex(color[1:])):
        yield f"display_information.background_color must be #rgb or #rrggbb, not {color!r}."
    bot_user = _at(data, "features").get("bot_user")
    if bot_user is not None:
        yield from _text_faults("features.bot_user", bot_user, {"display_name": 80}, needed={"display_name"})


def _is_hex(digits: str) -> bool:
    return all(digit in "0123456789abcdefABCDEF" for digit in digits)


def _text_faults(where: str, item: Section, limits: Mapping[str, int], *, needed: set[str]) -> Iterator[str]:
    for key, limit in limits.items():
        value = item.get(key)
        if value is None:
            if key in needed:
                yield f"{where}.{key} is missing."
        elif not isinstance(value, str) or not 1 <= len(value) <= limit:
            yield f"{where}.{key} must be text of 1 to {limit} characters."


def _items(data: Section, key: str, most: int) -> tuple[list[tuple[str, Section]], list[str]]:
    """A feature's entries with where each stands, and what is wrong with the list as such."""
    entries = _at(data, "features").get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return [], [f"features.{key} must be a list of mappings."]
    too_many = [f"features.{key} has {len(entries)} entries, {most} at most."] if len(entries) > most else []
    return [(f"features.{key}[{n}]", entry) for n, entry in enumerate(entries)], too_many


def _unknown(where: str, entry: Section, known: set[str]) -> Iterator[str]:
    yield from (f"{key!r} is not a key of {where}." for key in entry if key not in known)


def _repeated(what: str, names: list[Any]) -> Iterator[str]:
    yield from (f"{what} {name} is declared twice." for name in sorted({str(n) for n in names if names.count(n) > 1}))


def _command_faults(data: Section) -> Iterator[str]:
    entries, faults = _items(data, "slash_commands", 50)
    yield from faults
    for where, entry in entries:
        yield from _unknown(where, entry, {*COMMAND_LIMITS, "should_escape", "url"})
        yield from _text_faults(where, entry, COMMAND_LIMITS, needed={"command", "description"})
        name = entry.get("command")
        if isinstance(name, str) and (len(name) < 2 or not name.startswith("/") or " " in name):
            yield f"{where}.command must be a slash and a word, not {name!r}."
        if not isinstance(entry.get("should_escape", False), bool):
            yield f"{where}.should_escape must be true or false."
    yield from _repeated("the command", [entry.get("command") for _, entry in entries])


def _shortcut_faults(data: Section) -> Iterator[str]:
    entries, faults = _items(data, "shortcuts", 10)
    yield from faults
    for where, entry in entries:
        yield from _unknown(where, entry, {*SHORTCUT_LIMITS, "type"})
        yield from _text_faults(where, entry, SHORTCUT_LIMITS, needed=set(SHORTCUT_LIMITS))
        if entry.get("type") not in ("global", "message"):
            yield f"{where}.type must be global or message, not {entry.get('type')!r}."
    yield from _repeated("the shortcut", [entry.get("callback_id") for _, entry in entries])


def _list_faults(data: Section) -> Iterator[str]:
    for dotted, key, most in LISTS:
        names = _at(data, dotted).get(key, [])
        if not isinstance(names, list) or not all(isinstance(n, str) and 1 <= len(n) <= 50 for n in names):
            yield f"{dotted}.{key} must be a list of names of up to 50 characters."
            continue
        yield from _repeated(f"in {dotted}.{key}", names)
        if len(names) > most:
            yield f"{dotted}.{key} has {len(names)} names, {most} at most."


def _switch_faults(data: Section) -> Iterator[str]:
    for dotted in ("features.app_home", "features.bot_user", "settings"):
        for key, value in _at(data, dotted).items():
            if key.endswith(("_enabled", "_online")) and not isinstance(value, bool):
                yield f"{dotted}.{key} must be true or false, not {value!r}."
