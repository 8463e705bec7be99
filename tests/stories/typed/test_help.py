"""Help lists what its reader may ever do, and nothing that a reader like them is always refused."""

import re
from collections.abc import Iterator

import pytest
from cast import Desk

from handlers.home import TABLES
from handlers.nouns import kinds
from handlers.records.actions import Action
from handlers.records.tables import Table

pytestmark = pytest.mark.asyncio
LATE = (
    "/problem",
    "/review",
    "/audit",
    "/finding",
    "/document",
    "/register",
    "/management-review",
    "/survey",
    "/ci",
    "/report",
)
FOR_SOME = ("approve", "approve-if", "reject", "add")
"""Anybody may stand in for who votes, or have raised it."""
REFUSED = ("Only ", "Figures are shown to ")


def acts(table: Table) -> Iterator[Action]:
    """What is done to its records by a verb that stands in its table."""
    usages = {one.usage for one in table.own}
    for kind in kinds().values():
        yield from (one for one in kind.all if one.typed and one.command in usages)


def typed(action: Action) -> str:
    said = re.sub(r"\b([A-Z]{2,3})-n\b", r"\1-1", action.command).replace("@person", "@engineer")
    return re.sub(r"[\[\]…]|me\||\|group", "", said)


async def test_help_lists_to_somebody_of_no_group_nothing_that_they_are_always_refused(lived_in_desk: Desk) -> None:
    desk = lived_in_desk
    wrong, looked_at = [], 0
    for table in TABLES:
        if table.command not in LATE:
            continue
        shown = (await desk.outsider.runs(f"{table.command} help")).text
        for action in acts(table):
            if action.verb in FOR_SOME:
                continue
            answer = await desk.outsider.runs(f"{table.command} {typed(action)}")
            if desk.outsider.modal:
                await desk.outsider.closes()
            refused = bool(answer) and answer.text.startswith((*REFUSED, "There is no "))
            looked_at += 1
            if refused == (f"{table.command} {action.command}" in shown):
                wrong.append((f"{table.command} {action.command}", answer and answer.text))
    assert wrong == []
    assert looked_at > 80, "or nothing was tried"


async def test_no_form_opens_for_who_could_not_send_it(lived_in_desk: Desk) -> None:
    """Of verbs that make something new, by their first words; a title for a change may begin with “freeze”."""
    desk = lived_in_desk
    opened, tried = [], 0
    for table in TABLES:
        for verb in table.verbs:
            first = re.match(r"[a-z ]+(?= \[)", verb.usage)
            if not verb.staff or first is None or first[0] == "freeze":
                continue
            await desk.outsider.runs(f"{table.command} {first[0]} Something new")
            tried += 1
            if desk.outsider.modal:
                opened.append((table.command, verb.usage))
                await desk.outsider.closes()
    assert opened == []
    assert tried > 5, "or nothing was tried"


async def test_all_commands_leave_out_one_of_which_its_reader_can_do_nothing(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    shown = []
    for who in (desk.manager, desk.outsider):
        await who.runs("/desk")
        await who.clicks("All commands")
        shown.append(who.modal.text)
    assert ["/iso" in one for one in shown] == [True, False]
    assert all("/problem [title]" in one for one in shown)


async def test_help_lists_all_to_who_was_given_one(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    assert "/audit start AUD-n" not in (await desk.outsider.runs("/audit help")).text
    assert "/audit plan" not in (await desk.outsider.runs("/audit help")).text
    await desk.manager.runs("/audit plan Incidents")
    assert not await desk.manager.submits({"Clauses": "9.1", "Auditor": "outsider", "On": "2026-03-09"})
    assert "/audit start AUD-n" in (await desk.outsider.runs("/audit help")).text
    assert "/finding answer FND-n" in (await desk.agent.runs("/finding help")).text


@pytest.mark.parametrize("command", ["survey", "iso"])
async def test_help_of_what_managers_alone_see_lists_them_alone_its_verbs(desk_on_sqlite: Desk, command: str) -> None:
    desk = desk_on_sqlite
    led, plain = [(await one.runs(f"/{command} help")).text for one in (desk.manager, desk.outsider)]
    assert "what this command can do" in plain
    assert len(plain.splitlines()) < len(led.splitlines())


OF_NO_RECORD = {
    "/report": ("week", "list", "define backlog", "figure backlog", "levels", "export incidents", "issued"),
    "/service": ("post",),
    "/change": ("cab add CHG-2", "cab list", "windows", "standard", "delegate", "break-glass x"),
    "/sla": ("8", "service VPN", "excuse INC-1"),
}


@pytest.mark.parametrize("command", OF_NO_RECORD)
async def test_verbs_about_no_record_are_listed_to_whom_they_are_not_refused(
    desk_on_sqlite: Desk, command: str
) -> None:
    """By those of no group; each verb is tried."""
    desk, wrong = desk_on_sqlite, []
    await desk.reports()
    for _ in range(2):
        await desk.asks_for_change()
    shown = (await desk.outsider.runs(f"{command} help")).text
    for typed in OF_NO_RECORD[command]:
        answer = await desk.outsider.runs(f"{command} {typed}")
        refused = bool(answer) and answer.text.startswith(REFUSED)
        first = " ".join(typed.split()[: 2 if typed.startswith("cab") else 1])
        listed = f"{command} {first}" in shown or (first in ("week", "8") and f"{command} [" in shown)
        wrong += [(typed, refused, listed)] if refused == listed else []
        if desk.outsider.modal:
            await desk.outsider.closes()
    assert wrong == []
