"""The manifest: what the workspace reads out of it, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.sandbox.app.manifest import Command, ManifestError, Shortcut, load

OURS = Path(__file__).parents[2] / "manifest.yml"
SCHEMA = json.loads(Path(__file__).with_name("manifest.schema.json").read_text())


def manifest(**sections: Any) -> dict[str, Any]:
    return {"display_information": {"name": "Bell"}, **sections}


def with_command(**changes: Any) -> dict[str, Any]:
    return manifest(features={"slash_commands": [{"command": "/ring", "description": "Ring", **changes}]})


def with_shortcut(**changes: Any) -> dict[str, Any]:
    shortcut = {"name": "Ring", "type": "global", "callback_id": "ring", "description": "Ring the bell", **changes}
    return manifest(features={"shortcuts": [shortcut]})


def test_the_shipped_manifest_is_one_slack_accepts():
    jsonschema.validate(yaml.safe_load(OURS.read_text()), SCHEMA)


def test_the_shipped_manifest_is_read_whole():
    ours = load(OURS)
    declared = yaml.safe_load(OURS.read_text())
    assert ours.app_name == "Deskbell"
    scopes = declared["oauth_config"]["scopes"]
    assert ours.scopes == {*scopes["bot"], *scopes["bot_optional"]}
    assert list(ours.commands) == [command["command"] for command in declared["features"]["slash_commands"]]
    assert ours.events == set(declared["settings"]["event_subscriptions"]["bot_events"])
    assert ours.socket_mode
    assert ours.home_tab


def test_the_least_manifest_has_a_name_and_nothing_else():
    least = load(manifest())
    assert (least.app_name, least.commands, least.shortcuts, least.scopes) == ("Bell", {}, (), frozenset())
    assert not any((least.home_tab, least.messages_tab, least.socket_mode))


def test_a_command_and_a_shortcut_are_read():
    both = manifest(features=with_command(should_escape=True)["features"] | with_shortcut()["features"])
    assert load(both).commands == {"/ring": Command("/ring", "Ring", should_escape=True)}
    assert load(both).shortcuts == (Shortcut("Ring", "global", "ring", "Ring the bell"),)


def test_the_bot_users_name_is_the_one_people_see():
    assert load(manifest(features={"bot_user": {"display_name": "Desk Bell"}})).app_name == "Desk Bell"


FAULTY = [
    ({}, "display_information.name is missing."),
    ({"display_information": {"name": "x" * 36}}, "display_information.name must be text of 1 to 35 characters."),
    (
        {"display_information": {"name": "Bell", "background_color": "#12345"}},
        "background_color must be #rgb or #rrggbb, not '#12345'.",
    ),
    (manifest(feature={}), "'feature' is not a key of a manifest."),
    (manifest(settings={"socket_mode": True}), "'socket_mode' is not a key of settings."),
    (
        manifest(settings={"socket_mode_enabled": "yes"}),
        "settings.socket_mode_enabled must be true or false, not 'yes'.",
    ),
    (manifest(settings=[]) | {"settings": ["x"]}, "settings must be a mapping."),
    (manifest(features={"app_home": "on"}), "features.app_home must be a mapping."),
    (manifest(features={"bot_user": {}}), "features.bot_user.display_name is missing."),
    (manifest(features={"slash_commands": {}}), "features.slash_commands must be a list of mappings."),
    (with_command(command="ring"), "must be a slash and a word, not 'ring'."),
    (with_command(command="/ring bell"), "must be a slash and a word"),
    (with_command(command="/" + "x" * 32), "command must be text of 1 to 32 characters."),
    (with_command(description=None), "features.slash_commands[0].description is missing."),
    (with_command(hint="x"), "'hint' is not a key of features.slash_commands[0]."),
    (with_command(should_escape="no"), "should_escape must be true or false."),
    (with_shortcut(type="channel"), "features.shortcuts[0].type must be global or message, not 'channel'."),
    (with_shortcut(name="x" * 25), "features.shortcuts[0].name must be text of 1 to 24 characters."),
    (manifest(oauth_config={"scopes": {"bot": "commands"}}), "oauth_config.scopes.bot must be a list of names"),
    (manifest(oauth_config={"scopes": {"bot": ["commands"] * 2}}), "commands is declared twice."),
]


@pytest.mark.parametrize(("data", "sentence"), FAULTY, ids=[sentence[:60] for _, sentence in FAULTY])
def test_a_fault_is_named(data: dict[str, Any], sentence: str):
    with pytest.raises(ManifestError, match="cannot be installed") as refused:
        load(data)
    assert sentence in str(refused.value)


def test_a_command_declared_twice_is_refused():
    twice = with_command()
    twice["features"]["slash_commands"] *= 2
    with pytest.raises(ManifestError, match="the command /ring is declared twice"):
        load(twice)


def test_too_many_shortcuts_are_counted():
    many = with_shortcut()
    many["features"]["shortcuts"] = [{**many["features"]["shortcuts"][0], "callback_id": str(n)} for n in range(11)]
    with pytest.raises(ManifestError, match="has 11 entries, 10 at most"):
        load(many)


def test_every_fault_is_told_at_once():
    with pytest.raises(ManifestError) as refused:
        load(with_command(command="ring", hint="x") | {"settings": {"socket_mode_enabled": 1}})
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize("text", ["display_information: [", "just words"])
def test_a_file_that_is_no_manifest_is_refused(tmp_path: Path, text: str):
    (tmp_path / "manifest.yml").write_text(text)
    with pytest.raises(ManifestError, match=r"manifest\.yml"):
        load(tmp_path / "manifest.yml")


def test_a_json_manifest_is_read_too(tmp_path: Path):
    (tmp_path / "manifest.json").write_text(json.dumps(with_command()))
    assert "/ring" in load(tmp_path / "manifest.json").commands
