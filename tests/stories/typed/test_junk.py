"""Junk behind any command of any noun is answered with a sentence that says what to do."""

import logging
import re
from collections.abc import Iterator
from datetime import date

import pytest
from cast import Desk

from bot.rules.record.typed_dates import impossible
from bot.sandbox.person.people import Person
from handlers import nouns

JUNK = ("\u3164\u200b", "@slackbot 9999-12-31 " + "<&>" * 400)
RAW = re.compile(r"<[@!#]|&lt;|&gt;|&amp;|went wrong|failed with|Traceback|[{}]")
"""What no reader should see: ids and marks as Slack sends them, and the insides of a program."""


def typed() -> Iterator[str]:
    """Each verb of each command: for a record that is there, and one that is not."""
    for table in nouns.tables(tuple):
        for verb in table.verbs:
            found = re.search(r"\b([A-Z]{2,3})-n\b", verb.usage)
            head = verb.usage[: found.end()] if found else re.split(r"\s*[\[@A-Z“]", verb.usage)[0]
            for number in ("1", "999") if found else ("",):
                yield f"{table.command} {re.sub(r'-n$', '-' + number, head)}".strip()


async def answered(person: Person, text: str) -> str:
    """All that it is answered with: a note, or the title of the form that it opens."""
    before = len(person.noted())
    answer = await person.runs(text)
    told = answer.text or "\n".join(note.text for note in person.noted()[before:])
    while person.modal is not None:
        told += person.modal.title
        await person.closes()
    return told


@pytest.mark.slow
async def test_every_verb_of_every_noun_answers_junk_in_words(
    lived_in_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk, manager = lived_in_desk, lived_in_desk.manager
    desk.slack.change_usergroup("service-desk", ["agent", "manager"])
    await desk.settles()
    caplog.clear()
    bad = []
    for command in typed():
        for junk in JUNK[:1] if command.endswith("-999") else JUNK:
            desk.clock.forward(seconds=2)
            told = await answered(manager, f"{command} {junk}")
            shown = told.replace("<&>", "")
            if not shown.strip() or RAW.search(shown):
                bad.append(f"{command} {junk[:20]!r}: {told[:200]!r}")
    assert bad == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9999-12-31 x", "9999-12-31"),
        ("2026-02-30 x", "2026-02-30"),
        ("to 2026-13-01 late", "2026-13-01"),
        ("31.12.2026 x", "31.12.2026"),
        ("2026-12-24 x", ""),
        ("friday x", ""),
        ("mend 9999-12-31", ""),
        ("10-20-30a x", ""),
        ("", ""),
    ],
)
def test_what_looks_like_a_day_and_is_none_is_told_so(text: str, day: str) -> None:
    assert impossible(text, date(2026, 3, 2)) == day


async def test_days_that_are_none_are_refused_with_the_years_that_there_are(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.asks_for_change()
    for who, typed in (
        (desk.agent, "incident action INC-1 9999-12-31 Mend it"),
        (desk.agent, "incident action INC-1 2026-02-30 Mend it"),
        (desk.manager, "change postpone CHG-1 to 9999-12-31 Late"),
    ):
        told = (await who.runs(f"/{typed}")).text
        assert "There is no day “" in told, told
        assert "Write it like 24 Dec or 2026-12-24, of the years 1900 to 2199" in told
    told = (await desk.manager.runs("/change postpone CHG-1 to friday 25:00 Late")).text
    assert told.startswith("There is no time “25:00”. Write it like 9:00 or 14:30: type /change postpone CHG-n")


@pytest.mark.parametrize(
    "typed", ["-1", "???", ":tada:", "@agent", "#general @outsider", "99999999999999999999", "2026"]
)
async def test_what_has_no_words_opens_no_form(desk_on_sqlite: Desk, typed: str) -> None:
    agent = desk_on_sqlite.agent
    for command in ("incident", "change", "problem", "complaint", "action"):
        told = (await agent.runs(f"/{command} {typed}")).text
        assert agent.modal is None, f"/{command} {typed}"
        assert told, f"/{command} {typed}"
        assert f"/{command}" in told, told


async def test_a_verb_without_what_follows_it_says_what_to_type(desk_on_sqlite: Desk) -> None:
    for typed, usage in (("report define", "/report define NAME"), ("report figure", "/report figure NAME")):
        assert f"Some words are missing: type {usage}" in (await desk_on_sqlite.agent.runs(f"/{typed}")).text


async def test_words_that_are_owed_behind_others_are_asked_for_with_the_usage(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    await desk.reports("Mail is slow", Service="Email")
    await desk.agent.runs("/incident link INC-1 INC-2")
    assert (
        "Some words are missing: type /incident unlink INC-n"
        in (await desk.agent.runs("/incident unlink INC-1 INC-2")).text
    )
    assert "INC-2" in (await desk.agent.runs("/incident INC-1")).text


async def test_nobody_is_not_put_on_a_meetings_list(desk_on_sqlite: Desk) -> None:
    manager = desk_on_sqlite.manager
    await manager.runs("/management-review plan Spring")
    assert not await manager.submits({"Records of": "2026-Q1", "On": "2026-04-01", "Chair": "approver"})
    told = (await manager.runs("/management-review attend MR-1 @nobody-at-all")).text
    assert "is no member of this workspace" in told


FORMS = (
    ("incident x", "Summary", {"Service": "VPN"}),
    ("change x", "Title", {"Service": "VPN", "Why": "w", "Plan": "p", "Backout plan": "b"}),
    ("change x", "Plan", {"Service": "VPN", "Why": "w", "Backout plan": "b"}),
    ("problem x", "What goes wrong", {"Service": "VPN"}),
    ("action x", "What is to be done", {"Due on": "2026-04-01"}),
    ("management-review plan x", "Records of", {"On": "2026-04-01", "Chair": "approver"}),
    ("complaint x", "What is wrong?", {}),
    ("ci add x", "Name", {"Type": "server"}),
    ("ci campaign x", "Name", {"Until": "2026-04-01"}),
    (
        "register add risk x",
        "Title",
        {
            "What could happen, and what would follow?": "Much",
            "How likely is it?": "3 possible",
            "How much would it matter?": "4 much",
        },
    ),
)
"""A form of each noun that is begun by one, with a text that it needs, and what else it does. Documents, audits and
management reviews have a title by themselves."""


async def test_a_text_that_nobody_can_see_is_none_in_the_form_of_any_noun(desk_on_sqlite: Desk) -> None:
    manager = desk_on_sqlite.manager
    for command, label, others in FORMS:
        for unseen in ("\u3164", "\u200b\u2060", "\u2800 \u115f", "\u202e", "\ufe0f\u0301"):
            await manager.runs(f"/{command}")
            assert manager.modal is not None, command
            faults = await manager.submits({**others, label: unseen})
            assert list(faults) == [label], (command, unseen, faults)
            await manager.closes()
