"""Numbers, verbs and lists as keyboards and pages write them, for every command of every noun."""

import re

import pytest
from cast import Desk

from bot.rules.record import command_text
from bot.rules.record.refs import ABOUT, Noun
from bot.sandbox.person.people import Person
from handlers import nouns
from handlers.records.form_values import as_typed

WAYS = (
    "{noun}\N{NON-BREAKING HYPHEN}1",
    "{noun}\N{EN DASH}1",
    "{noun}\N{NO-BREAK SPACE}1",
    "\N{ZERO WIDTH NO-BREAK SPACE}{noun}-1",
    "{noun}\N{ZERO WIDTH SPACE}-1",
    "{wide}",
    "{noun}-\N{ARABIC-INDIC DIGIT ONE}",
)


def wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


async def answered(person: Person, text: str) -> str:
    before = len(person.notes())
    answer = await person.runs(text)
    told = answer.text if answer else "\n".join(person.notes()[before:])
    while person.modal is not None:
        told = f"[{person.modal.title}]"
        await person.closes()
    return told


async def test_a_number_of_any_keyboard_is_the_record_of_its_noun(lived_in_desk: Desk) -> None:
    desk, wrong = lived_in_desk, []
    for noun, command in ABOUT.items():
        if noun is Noun.POLICY:
            continue
        expected = await answered(desk.manager, f"/{command} {noun}-1")
        assert "There is no" not in expected, noun
        for way in WAYS:
            typed = f"/{command} {way.format(noun=noun, wide=wide(f'{noun}-1'))}"
            if (told := await answered(desk.manager, typed)) != expected:
                wrong.append((typed, told))
    assert wrong == []


async def test_a_record_of_another_command_is_told_by_each_command(desk_on_sqlite: Desk) -> None:
    desk, wrong = desk_on_sqlite, []
    for table in nouns.tables(tuple):
        for noun, command in ABOUT.items():
            if f"/{command}".split()[0] == table.command or table.command == "/review":
                continue
            for typed in (f"{noun}-1", f"{noun.lower()}-1", f"{noun}-1 {noun}-2"):
                told = await answered(desk.manager, f"{table.command} {typed}")
                if f"{noun}-1 belongs to another command: /{command} {noun}-1 shows it." not in told:
                    wrong.append((table.command, typed, told))
    assert wrong == []


async def test_what_stands_behind_a_verb_that_is_typed_alone_is_refused(desk_on_sqlite: Desk) -> None:
    looked_at = 0
    for table in nouns.tables(tuple):
        for verb in table.own[:-1] if not table.opens else ():
            if re.fullmatch(r"[a-z-]+", verb.usage):
                told = await answered(desk_on_sqlite.manager, f"{table.command} {verb.usage} zzz")
                assert told == f"Nothing stands behind {table.command} {verb.usage}: type it alone."
                looked_at += 1
    assert looked_at > 5


async def test_every_list_takes_its_words_from_any_keyboard(lived_in_desk: Desk) -> None:
    desk, wrong = lived_in_desk, []
    for table in nouns.tables(tuple):
        verb = next((one for one in table.own if one.usage.startswith("list ") and "mine" in one.usage), None)
        if verb is None:
            continue
        expected = await answered(desk.manager, f'{table.command} list mine open "it"')
        for typed in (
            "list\N{NO-BREAK SPACE}mine open “it”",
            f"{wide('list')} open, mine „it“",
            "LIST mine,open ‘it’",
            "list\tmine  open «it»",
        ):
            told = await answered(desk.manager, f"{table.command} {typed}")
            wrong += [(table.command, typed, told, expected)] if told != expected else []
    assert wrong == []


@pytest.mark.parametrize(
    "words",
    [
        "２ times, “…” – １",
        "VPN is down – again",
        "ｓｕｍｍａｒｙ is　wide １",
        "UTF\N{NON-BREAKING HYPHEN}8 is shown as ?",
        "10\N{EN DASH}12 users, rack RA\N{NON-BREAKING HYPHEN}12",
        "Bonjour\N{NO-BREAK SPACE}! Le réseau est coupé",
        "\N{ARABIC-INDIC DIGIT THREE} users\tcannot log in",
    ],
)
async def test_words_stay_as_they_were_written(desk_on_sqlite: Desk, words: str) -> None:
    """As a summary, and as a note behind a number of any keyboard."""
    desk = desk_on_sqlite
    await desk.requester.runs(f"/incident {words}")
    assert desk.requester.modal.value("Summary") == " ".join(words.split()), "a summary is one line"
    await desk.requester.closes()
    await desk.reports()
    await desk.agent.runs(f"/incident note INC\N{NON-BREAKING HYPHEN}1 {words}")
    assert command_text.in_plain_marks(f"note INC\N{EN DASH}1 {words}") == f"note INC-1 {words}"
    assert words.replace("\t", " ") in (await desk.agent.runs("/incident timeline INC-1")).text
    assert as_typed(words) == words


async def test_a_mark_of_a_sentence_behind_a_number_is_none_of_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    for typed in ("INC-1,", "INC-1.", "timeline INC-1:", "note INC-1, the second line looks", "ack INC-1!"):
        told = await answered(desk.agent, f"/incident {typed}")
        assert "INC-1" in told, typed
        assert "is not a record's number" not in told, typed
    await desk.requester.runs("/incident see INC-9, it drops")
    assert desk.requester.modal.value("Summary") == "see INC-9, it drops"


async def test_of_two_numbers_behind_a_verb_that_takes_one_none_is_passed_over(lived_in_desk: Desk) -> None:
    """Every verb of every noun that asks for nothing."""
    desk, looked_at = lived_in_desk, 0
    for kind in nouns.kinds().values():
        for action in kind.all:
            if not action.typed or action.asks or action.parse:
                continue
            for also in (f"{kind.noun}-2", f", {kind.noun}-2", f"and {kind.noun}-2"):
                told = await answered(desk.manager, f"{action.whole_command.replace('-n', '-1')} {also}")
                assert f"A command is for one record, and {kind.noun}-2 would be passed over." in told, told
            looked_at += 1
    assert looked_at > 20
