"""Every verb of every noun takes a short number with words behind it, as it takes the whole reference."""

from cast import Desk

from bot.rules.record.refs import Noun
from bot.rules.record.suggestions import SHAPES, TITLES
from handlers import nouns
from handlers.records.form_values import as_typed
from handlers.records.tables import Table

TABLES: list[Table] = []
TABLES.extend(nouns.tables(lambda: TABLES))
BEHIND = {
    "assign": "me",
    "attend": "@engineer",
    "chair": "@engineer",
    "handover": "@engineer",
    "impact": "high",
    "link": "INC-1",
    "merge": "7",
    "priority": "P2 Many are at home",
    "rate": "5 well done",
    "role": "scribe @engineer",
    "share": "@engineer",
    "unlink": "INC-1 a slip",
    "urgency": "low",
}
"""What is typed behind the verbs that take no words of one's own."""


def worded(table: Table) -> list[str]:
    grammar = table.grammar
    return [verb for verb in grammar.worded if verb] if grammar else []


CASES = [(table, verb) for table in TABLES for verb in worded(table)]


def test_each_verb_with_a_shape_has_a_sample() -> None:
    assert BEHIND.keys() == SHAPES.keys()
    assert len(CASES) > 150


async def test_a_short_number_with_words_is_the_command_for_each_verb_of_each_noun(lived_in_desk: Desk) -> None:
    manager = lived_in_desk.manager
    asked, else_ = set(), []
    for table, verb in CASES:
        command = table.command.removeprefix("/")
        before = len(manager.noted())
        answer = await manager.runs(f"/{command} {verb} 1 {BEHIND.get(verb, 'words of mine')}")
        said = answer.text if answer else ""
        if "Did you mean" in said:
            asked.add((command, verb))
        elif f"{table.noun}-1" not in said and len(manager.noted()) == before and manager.modal is None:
            else_.append((command, verb, said))
        if manager.modal is not None:
            await manager.closes()
    expected = {(table.command.removeprefix("/"), verb) for table, verb in CASES if table.opens and verb in TITLES}
    assert asked == expected
    assert not else_


BESIDE = [
    (table, noun, verb)
    for table in TABLES
    for noun, usages in table.usages.items()
    for verb in usages
    if noun is not table.noun and table.noun and verb not in table.usages[table.noun]
]
"""Verbs about nouns that share a command, as meetings do with changes: “cab”."""


async def test_a_short_number_behind_a_verb_of_a_noun_beside_is_that_nouns(lived_in_desk: Desk) -> None:
    manager, else_ = lived_in_desk.manager, []
    for table, noun, verb in BESIDE:
        before = len(manager.noted())
        for typed in (f"{verb} 1", f"{verb} #1", f"{verb.upper()} {noun.lower()} 1"):
            answer = await manager.runs(f"{table.command} {typed}")
            said = "\n".join([answer.text if answer else "", *(note.text for note in manager.noted()[before:])])
            if manager.modal is not None:
                said += manager.modal.title
                await manager.closes()
            if f"{noun}-1" not in said:
                else_.append((table.command, typed, said))
    assert {noun for _, noun, _ in BESIDE} >= {Noun.MEETING, Noun.STANDARD, Noun.KNOWN_ERROR}
    assert not else_


async def test_a_title_that_begins_with_the_name_of_a_noun_beside_is_a_title(desk_on_sqlite: Desk) -> None:
    requester = desk_on_sqlite.requester
    for words in ("cab 1 is painted", "cab 12b has no light", "retire 3 servers"):
        await requester.runs(f"/change {words}")
        assert requester.modal is not None
        assert requester.modal.value("Title") == words
        await requester.closes()


async def test_a_verb_without_what_it_is_about_asks_for_it(desk_on_sqlite: Desk) -> None:
    manager = desk_on_sqlite.manager
    assert "Which register? The policy has: risk" in (await manager.runs("/register add")).text
    assert "What is to be exported? There are incidents" in (await manager.runs("/report export")).text


def test_a_word_that_shows_nothing_is_no_word() -> None:
    assert as_typed("done REQ-1 \u3164") == "done REQ-1"
    assert as_typed("\u3164 \u2800") == ""
    assert as_typed("note INC-1 = - … 🙂 &lt;b&gt;\nمرحبا") == "note INC-1 = - … 🙂 <b>\nمرحبا"


async def test_who_it_cannot_be_given_to_is_said_of_any_noun(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.agent.runs("/problem VPN drops")
    assert not await desk.agent.submits({"Service": "VPN"})
    said = (await desk.agent.runs("/problem assign PRB-1 the moon")).text
    assert "“the moon” is nobody to whom it could be given." in said
    assert "incident" not in said
