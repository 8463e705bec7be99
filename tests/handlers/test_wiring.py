"""What is drawn, what is answered and what the manifest declares are the same (law 6)."""

import html
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from cast import MANIFEST

import handlers
from bot.rules.policy.policy import default_text, parse
from bot.rules.record.refs import COMMAND, Noun
from bot.sandbox.blocks import check_message, check_view
from bot.usecases.nouns import KINDS
from handlers import home, ids, nouns
from handlers.blocks.samples import AT
from handlers.gallery import gallery, waiting

POLICY = parse(default_text())
LONG = "<!channel> & <@U1> *bold* " + "ساعة 🕰️ word & <b> " * 400


@cache
def plain() -> dict[str, Any]:
    """Drawn where it is asked for: each process of tests imports this file."""
    return gallery(POLICY, list(home.TABLES))


@cache
def hostile() -> dict[str, Any]:
    long = dict.fromkeys(("description", "resolution", "why", "plan", "backout", "comment"), LONG[:3000])
    return gallery(POLICY, list(home.TABLES), summary=LONG[:150], title=LONG[:150], **long)


def _every(key: str, inside: Any) -> Iterator[str]:
    if isinstance(inside, dict):
        if key in inside:
            yield inside[key]
        for value in inside.values():
            yield from _every(key, value)
    elif isinstance(inside, list):
        for value in inside:
            yield from _every(key, value)


def _texts(inside: Any) -> Iterator[str]:
    if isinstance(inside, dict):
        if inside.get("type") == "mrkdwn":
            yield inside["text"]
        for value in inside.values():
            yield from _texts(value)
    elif isinstance(inside, list):
        for value in inside:
            yield from _texts(value)


def _declared() -> dict[str, Any]:
    return yaml.safe_load(MANIFEST.read_text())


def test_every_button_that_is_drawn_is_answered_and_every_answer_is_drawn() -> None:
    live = {
        block["element"]["action_id"]
        for view in plain().values()
        for block in view.get("blocks", [])
        if block.get("dispatch_action")
    }
    drawn = {one for view in plain().values() for one in _every("action_id", view)}
    buttons = drawn - {str(field) for field in ids.Field}
    assert buttons | live == set(handlers.ACTIONS)


def test_every_form_that_is_drawn_is_answered_and_every_answer_is_drawn() -> None:
    assert {one for view in plain().values() for one in _every("callback_id", view)} == set(handlers.SUBMISSIONS)


def test_the_manifest_declares_the_commands_that_are_routed() -> None:
    declared = {one["command"] for one in _declared()["features"]["slash_commands"]}
    assert declared == {table.command for table in home.TABLES} == set(ids.Command)


def test_the_manifest_subscribes_to_the_events_that_are_answered() -> None:
    """`message.im` and its like arrive as `message`."""
    declared = _declared()["settings"]["event_subscriptions"]["bot_events"]
    assert {one.partition(".")[0] for one in declared} == set(handlers.EVENTS)


def test_help_lists_every_verb_of_every_table() -> None:
    screen = html.unescape("\n".join(_texts(dict(plain()["help"]))))
    for table in home.TABLES:
        for verb in table.verbs:
            assert f"`{' '.join(filter(None, (table.command, verb.usage)))}`" in screen


def test_help_begins_with_what_a_command_is_mostly_for() -> None:
    usages = {str(table.command): [verb.usage for verb in table.verbs] for table in home.TABLES}
    assert usages["/incident"][0] == "[summary]"
    assert usages["/change"][0] == "[title]"
    assert usages["/sla"][0] == "[hours]"
    assert all(shown[-1] == "help" for command, shown in usages.items() if command != "/desk")


@pytest.mark.parametrize("views", [plain, hostile])
def test_every_view_passes_slacks_limits(views: Callable[[], dict[str, Any]]) -> None:
    found = {
        name: check_view(view) if "type" in view else check_message(view["blocks"]) for name, view in views().items()
    }
    assert found
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_what_people_type_rings_nobody_and_links_nothing() -> None:
    said = {name: "\n".join((*_texts(dict(view)), view.get("text", ""))) for name, view in hostile().items()}
    assert any("&lt;!channel&gt;" in text for text in said.values())
    assert [name for name, text in said.items() for one in ("<!channel>", "<@U1>", "<b>") if one in text] == []


@pytest.mark.parametrize("noun", Noun)
def test_where_a_refusal_says_that_records_are_listed_a_command_lists_them(noun: Noun) -> None:
    command, _, typed = COMMAND[noun].partition(" ")
    table = next(one for one in home.TABLES if one.command == f"/{command}")
    assert any(verb.takes(typed) for verb in table.own[:-1]), f"/{COMMAND[noun]} would be taken for a title"


def test_each_row_of_each_noun_on_app_home_begins_with_an_icon() -> None:
    waits, lines = nouns.waiting_rows(), nouns.lines()
    rows = [(one.record.noun, waits[one.record.noun](one, POLICY)) for one in waiting(POLICY, {})]
    rows += [(one.record.noun, lines[one.record.noun](one.record, POLICY, AT)) for one in waiting(POLICY, {})
             if one.record.noun in lines]  # fmt: skip
    assert {noun for noun, _ in rows} == {*waits, *lines}
    assert [noun for noun, row in rows if not re.match(r":[a-z0-9_]+: ", row["text"]["text"])] == []


def test_the_sandbox_shows_every_emoji_that_a_view_has() -> None:
    table = (MANIFEST.parent / "bot/sandbox/page/static/emoji.js").read_text(encoding="utf-8").split("`")[1].split()
    said = "\n".join(text for view in plain().values() for text in _texts(view))
    used = set(re.findall(r":([a-z][a-z0-9_]+):", said))
    assert {"white_check_mark", "hourglass_flowing_sand"} <= used
    assert used - set(table[::2]) == set()


def test_what_happened_to_a_record_of_any_noun_is_asked_for_by_a_verb() -> None:
    typed = {verb.usage for table in home.TABLES for verb in table.verbs}
    assert [noun for noun in KINDS if f"timeline {noun}-n" not in typed] == []
