"""People who are named with an @ behind a verb of any noun: the one who is meant, or nobody, and never in silence."""

import re
from collections.abc import Iterator

from cast import Desk

from handlers import nouns

NOBODY = ("is no member of this workspace", "is nobody to whom", "needs an owner", "Some words are missing")


def naming(what: str) -> Iterator[str]:
    """Each verb of each noun that somebody is named behind, with this name."""
    for table in nouns.tables(tuple):
        for verb in table.verbs:
            if "@person" in verb.usage and table.noun:
                typed = re.sub(r"\b([A-Z]{2,3})-n\b", r"\1-1", verb.usage)
                typed = re.sub(r"me\|@person(?:\|group)?|\[@person\]|@person", what, typed)
                yield f"{table.command} {re.sub(r'day what', 'friday Mend it', typed).replace('…', '')}"


async def test_a_name_of_nobody_is_refused_by_every_verb(lived_in_desk: Desk) -> None:
    desk, wrong = lived_in_desk, []
    desk.slack.change_usergroup("service-desk", ["agent", "manager"])
    await desk.settles()
    every = [one for one in naming("@nobody-x") if "change assign" not in one]
    for typed in every:
        told = (await desk.manager.runs(typed)).text
        wrong += [(typed, told)] if not any(said in told for said in NOBODY) else []
    assert wrong == []
    assert len(every) > 25


async def test_whoever_is_named_behind_a_name_of_nobody_is_not_taken_for_it(lived_in_desk: Desk) -> None:
    desk, wrong = lived_in_desk, []
    desk.slack.change_usergroup("service-desk", ["agent", "manager"])
    await desk.settles()
    every = [one for one in naming("@nobody-x") if "change assign" not in one]
    for typed in every:
        told = (await desk.manager.runs(f"{typed} instead of @engineer")).text
        wrong += [(typed, told)] if not any(said in told for said in NOBODY) else []
    assert wrong == []


async def test_of_several_who_are_named_alone_none_is_taken_in_silence(lived_in_desk: Desk) -> None:
    desk = lived_in_desk
    for typed in (
        "incident assign INC-1",
        "problem assign PRB-1",
        "request assign REQ-1",
        "management-review chair MR-1",
    ):
        who = desk.agent if "management" not in typed else desk.manager
        for names in ("@agent @engineer", "@agent, @engineer", "@agent and @engineer"):
            told = (await who.runs(f"/{typed} {names}")).text
            assert "Several people are named, and it is with one." in told, (typed, told)
        told = (await who.runs(f"/{typed} @agent, @nobody-x and @engineer")).text
        assert "“@nobody-x” is no member" in told, (typed, told)


async def test_a_name_of_nobody_among_several_is_told_and_nobody_is_taken(lived_in_desk: Desk) -> None:
    desk = lived_in_desk
    for names in ("@agent @nobody-x", "@agent, @nobody-x and @engineer", "@nobody-x @agent"):
        told = (await desk.manager.runs(f"/management-review attend MR-1 {names}")).text
        assert "“@nobody-x” is no member" in told, told
    assert "has them on its list" in (await desk.manager.runs("/management-review attend MR-1 @agent @engineer")).text


async def test_who_is_named_within_the_words_is_not_given_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    told = (await desk.agent.runs("/incident action INC-1 friday Ask @engineer for the key")).text
    assert "with @agent" in told
    assert "Ask @engineer for the key" in (await desk.agent.runs("/action ACT-1")).text
    told = (await desk.agent.runs("/incident action INC-1 @engineer friday Ask @agent for the key")).text
    assert "with @engineer" in told
    told = (await desk.agent.runs("/incident action INC-1 me friday Ask @engineer for the key")).text
    assert "with @agent" in told
