"""Slack's menus of people offer bots, guests and who has left as well. Nothing is given to them, whatever the noun."""

import re
from collections.abc import Iterator

from cast import Desk
from every_noun import lived_in
from sqlmodel import SQLModel, select

from bot.sandbox.person import values
from bot.sandbox.person.block_text import controls
from bot.sandbox.person.people import Person
from handlers import nouns
from handlers.records.tables import Table

NOT_SERVED = ("slackbot", "deskbell", "guest", "gone")
DIRECTORY = {"person", "membership", "outbox", "inbox", "journal_personal"}
"""Tables that may name them: who is here, and what was only asked for."""
PEOPLE = ("users_select", "multi_users_select")
SAID = {
    "day": "friday", "what": "Mend it", "8.6.1": "8.6.1", "conforms|minor|…": "conforms", "what you found": "Seen",
    "reason": "Because",
}  # fmt: skip


def with_somebody(tables: list[Table]) -> Iterator[tuple[str, str]]:
    """Each command that names a person: how it is typed with one, and how it opens its form."""
    for table in tables:
        for verb in table.verbs:
            usage = re.sub(r"\b([A-Z]{2,3})-n\b", r"\1-1", verb.usage)
            head = re.split(r"\s*(?:[\[@]|\bme\b)", usage)[0]
            if re.search(r"@(?:person|name|owner)", usage):
                typed = re.sub(r"\bme\|", "", usage).replace("|group", "")
                typed = re.sub(r"\[?@(?:person|name|owner)\]?", "@WHO", typed)
                for words, said in SAID.items():
                    typed = re.sub(rf"(?<![\w@]){re.escape(words)}(?!\w)", said, typed)
                typed = re.sub(r"\[[^\]]*\]", "", typed)
                yield f"{table.command} {typed}", f"{table.command} {head}"
            elif "-1" in usage:
                yield "", f"{table.command} {head}"


async def fill(person: Person, who: str) -> bool:
    """Everything that the open form asks, with this one wherever a person is chosen; False where no person is asked."""
    assert person.modal is not None
    asked = [(block, element) for block, element in controls(person.modal.view.blocks) if block["type"] == "input"]
    if not any(element["type"] in PEOPLE for _, element in asked):
        return False
    for block, element in asked:
        label, kind = block["label"]["text"], element["type"]
        if kind in PEOPLE:
            await person.fills({label: [who] if kind.startswith("multi") else who})
        elif kind == "plain_text_input" and not element.get("initial_value"):
            await person.fills({label: "Words of mine"})
        elif kind == "datepicker":
            await person.fills({label: "2026-04-01"})
        elif kind == "static_select" and not element.get("initial_option"):
            await person.fills({label: values.options_of(element)[0]["text"]["text"]})
    return True


async def named(desk: Desk, ids: dict[str, str]) -> list[str]:
    """Where any of them stands in the database."""
    found = []
    async with desk.bot.database.read() as tx:
        for name, table in SQLModel.metadata.tables.items():
            rows = (await tx.exec(select(table))).all() if name not in DIRECTORY else []  # type: ignore[call-overload]
            found += [f"{name}: {who} {row}" for row in rows for who, key in ids.items() if key in str(row)]
    return found


async def test_nothing_is_given_to_bots_guests_and_those_who_have_left(desk_on_sqlite: Desk) -> None:
    desk, manager = desk_on_sqlite, desk_on_sqlite.manager
    for who, how in (("guest", "is_restricted"), ("gone", "deleted")):
        desk.slack.add_person(who)
        desk.slack.change_person(who, **{how: True})
    await lived_in(desk)
    desk.slack.change_usergroup("service-desk", ["agent", "manager"])
    await desk.settles()
    ids = {who: desk.slack.user_named(who).id for who in NOT_SERVED if desk.slack.user_named(who)}
    before = await named(desk, ids)
    tried = 0
    for typed, opens in with_somebody(list(nouns.tables(tuple))):
        for who in ids:
            desk.clock.forward(seconds=2)
            if typed:
                tried += 1
                await manager.runs(typed.replace("@WHO", f"@{who}"))
                while manager.modal is not None:
                    await manager.closes()
            await manager.runs(opens)
            if manager.modal is not None and await fill(manager, who):
                tried += 1
                faults = await manager.submits()
                assert faults, f"{opens}: @{who} was taken"
            while manager.modal is not None:
                await manager.closes()
    assert tried > 100
    assert await named(desk, ids) == before
