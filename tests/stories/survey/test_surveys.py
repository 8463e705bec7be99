"""Surveys of satisfaction: sent once a period, answered without a name, over by themselves, and counted in figures."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from cast import Desk
from sqlmodel import select
from stories.change.test_departures import leaves
from stories.report.test_issued_reports import adopt, swept

from bot.rules.policy.policy import PolicyFaults, parse
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.rules.report.periods import Period
from bot.rules.survey.answers import Result
from bot.rules.survey.flow import SurveyState
from bot.sandbox.person.people import Person
from bot.usecases import policy as desk_policy
from bot.usecases.mail import erasing
from bot.usecases.records import timeline
from bot.usecases.report import figures
from bot.usecases.survey import surveys
from handlers.records.standard_actions import reading
from handlers.survey.views import samples
from handlers.survey.views import survey as views
from storage.db import schema
from storage.db.database import Database
from storage.iso import clauses
from storage.survey import surveys as stored
from storage.tables import Entry, FactWords, Survey, SurveyAnswer

MONTHLY = """
[surveys.monthly]
title = "How is the service desk?"
every = "month"
zone = "Europe/London"
channel = "service-desk"
questions = ["How good was the help that you got?", "How easy was it to get help?"]
groups = ["service-desk", "cab", "security"]
least = 3
"""
ASKED = ("agent", "manager", "approver", "engineer")
FIRST, SECOND = "How good was the help that you got?", "How easy was it to get help?"


async def answers(desk: Desk, who: str, first: str, second: str, comment: str = "") -> None:
    person = desk.slack.person(who)
    await person.clicks("Answer…", "DM")
    faults = await person.submits({FIRST: first, SECOND: second, "What should be better?": comment})
    assert not faults, faults
    await desk.settles()


async def test_a_survey_is_sent_answered_and_over_by_itself(desk: Desk) -> None:
    await adopt(desk, MONTHLY)
    channel = desk.channel("service-desk")
    desk.clock.forward(days=30)  # the first of April, at nine
    said = await channel.hears("How is the service desk? (March 2026)", "SVY-1")
    assert "0 of 4 answered (0 %)" in said
    assert "Answers are shown without names, and only from 3 answers on." in said
    asked = await desk.dm(desk.engineer).hears("How is the service desk? (March 2026)", "It takes a minute")
    assert "open until" in asked
    assert await desk.dm(desk.requester).count("How is the service desk?") == 0, "who is in none of the groups"
    await answers(desk, "agent", "5 · Excellent", "4 · Very good")
    await answers(desk, "manager", "4 · Very good", "4 · Very good", "Answer the phone on Mondays")
    await desk.dm(desk.manager).hears("How is the service desk?", "You answered")
    assert "Complain…" not in buttons(desk.manager, "You answered")
    assert "Very good" not in await channel.hears("SVY-1", "2 of 4 answered (50 %)")
    assert "SVY-1 is open. What people say is shown once it is over" in await opened(desk)

    await answers(desk, "approver", "1 · Poor", "2 · Fair", "It took two days")
    await desk.dm(desk.approver).hears("How is the service desk?", "You answered")
    await desk.approver.clicks("Complain…", "DM")
    assert not await desk.approver.submits({"What is it about?": "Two days", "What is wrong?": "Nobody called back"})
    complaint = await desk.dm(desk.approver).hears("CMP-1", "Two days")
    assert "SVY-1" not in complaint, "whoever reads it would know that they answered, and how"
    assert "answer" not in (await desk.engineer.runs("/survey timeline SVY-1")).text, "when each came tells whose it is"

    desk.clock.forward(days=7)
    assert await desk.dm(desk.engineer).count("How is the service desk?", "It takes a minute") == 2, "once more"
    assert await desk.dm(desk.agent).count("How is the service desk?") == 1, "who answered is not reminded"
    desk.clock.forward(days=8)
    over = await channel.hears("SVY-1", "over since")
    assert "3 of 4 answered (75 %)" in over
    assert f"{FIRST} 3.3 of 5 (1: 1, 2: 0, 3: 0, 4: 1, 5: 1)" in over
    assert f"{SECOND} 3.3 of 5 (1: 0, 2: 1, 3: 0, 4: 2, 5: 0)" in over
    assert await desk.dm(desk.engineer).count("It is over: 3 of 4 answered.") == 2
    assert "Answer…" not in buttons(desk.engineer, "It is over")
    written = await opened(desk)
    assert "Answer the phone on Mondays" in written
    assert "It took two days" in written
    assert "manager" not in written.replace("manager's", "")

    said = (await desk.manager.runs("/report figure survey-satisfaction this quarter")).text
    assert "Satisfaction by surveys: median 4" in said
    assert "Left out: 1 not answered" in said
    assert "75 %, 3 of 4 answered" in (await desk.manager.runs("/report figure survey-response-rate this quarter")).text
    said = (await desk.manager.runs("/report levels this month")).text
    assert "75 %, 3 of 4 answered" in said
    said = (await desk.manager.runs("/iso 8.3.2")).text
    assert "The last was ended on Thu 16 Apr 2026" in said, said
    ever = Period(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    async with desk.bot.database.read() as tx:
        kept, told = await figures.from_tables(tx, ever), await figures.from_journal(tx)
    assert kept.surveys == told.surveys, "the same from the tables and from the journal"
    assert kept.surveys[0].marks == (1, 4, 5)
    async with desk.bot.database.read() as tx:
        told = {at: (await clauses.kept(tx, datetime(2026, *at, tzinfo=UTC)))["surveys"].next
                for at in ((3, 31), (4, 9), (4, 30))}  # fmt: skip
    assert told == {(3, 31): "", (4, 9): "SVY-1 is open", (4, 30): ""}, "as it was then, whatever became of it"
    assert "What people wrote" not in await offered(desk.engineer), "who would be refused"
    assert "What people wrote" in await offered(desk.manager)
    assert "sent it to 4 people" in (await desk.manager.runs("/survey timeline SVY-1")).text
    assert "closed it with 3 answers" in (await desk.manager.runs("/survey timeline SVY-1")).text
    assert "Only Change managers" in (await desk.agent.runs("/survey close SVY-1")).text
    refused = (await desk.requester.runs("/survey SVY-1")).text
    assert "Only Change managers, and those whom it asks, can look at SVY-1" in refused


def buttons(person: Person, words: str) -> list[str]:
    """Of the newest direct message that has these words."""
    return [one for one in person.messages("DM") if words in one.text][-1].buttons


async def offered(person: Person) -> list[str]:
    """The buttons of the survey that this person is shown."""
    await person.runs("/survey SVY-1")
    return person.messages("general")[-1].buttons


async def opened(desk: Desk) -> str:
    """What the manager sees who asks what people wrote, or hears."""
    await desk.settles()
    if any("What people wrote" in one.buttons for one in desk.manager.messages("service-desk")):
        await desk.manager.clicks("What people wrote", "service-desk")
        return str(desk.manager.modal.text)
    async with desk.bot.database.read() as tx:
        with pytest.raises(Refusal) as refused:
            await surveys.comments(tx, Ref(Noun.SURVEY, 1), desk.manager.id)
    return refused.value.sentence


async def test_no_answer_without_a_name_can_be_traced_in_the_journal(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, MONTHLY)
    desk.clock.forward(days=30)
    await desk.settles()
    await answers(desk, "agent", "1 · Poor", "1 · Poor", "Nobody cares")
    async with desk.bot.database.read() as tx:
        told = [one for one in await tx.exec(select(Entry)) if one.subject == "SVY-1"]
        words = " ".join([one.words for one in await tx.exec(select(FactWords))])
    assert [one.kind for one in told] == ["survey_sent", "survey_answered"]
    assert all(desk.agent.id not in f"{one.by} {one.data}" for one in told)
    async with desk.bot.database.read() as tx:
        seen = (await timeline.of(tx, Ref(Noun.SURVEY, 1), desk.engineer.id)).facts
    assert [one.kind for one in seen] == ["survey_sent"], "as the API gives it to one who is asked"
    assert "Nobody cares" not in words
    await desk.manager.runs("/survey close SVY-1")
    async with desk.bot.database.read() as tx:
        assert (await stored.newest(tx, 1))[0].results is None, "what may not be shown is kept in no column of it"
        assert not [one for one in await tx.exec(select(Entry)) if "[1," in one.data and one.subject == "SVY-1"]


async def test_answers_with_names_say_so_before_and_show_them_after(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, MONTHLY.replace("least = 3", "least = 1\nnamed = true"))
    desk.clock.forward(days=30)
    await desk.dm(desk.agent).hears("Answers are shown with the names of who gave them.")
    await answers(desk, "agent", "1 · Poor", "2 · Fair", "Nobody cares")
    await answers(desk, "approver", "4 · Very good", "5 · Excellent")
    told = (await desk.engineer.runs("/survey timeline SVY-1")).text
    assert "@agent answered it" in told
    assert "Nobody cares" not in told, "it is open, and the engineer is one of those who are asked"
    async with desk.bot.database.read() as tx:
        facts = [one for one in await tx.exec(select(Entry)) if one.kind == "survey_answered"]
        assert all("marks" not in one.data for one in facts)
    await desk.agent.clicks("Complain…", "DM")
    assert desk.agent.modal.value("A record") == "SVY-1"
    desk.clock.forward(days=15)
    await desk.channel("service-desk").hears("SVY-1", "over since", "2.5 of 5")
    said = await opened(desk)
    assert re.search(r"@agent\s+Marks: 1, 2\s+(&gt;|>) Nobody cares", said)
    assert re.search(r"@approver\s+Marks: 4, 5", said)


async def test_fewer_answers_than_the_policy_shows_show_nothing(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, MONTHLY)
    desk.clock.forward(days=30)
    await desk.settles()
    await answers(desk, "agent", "1 · Poor", "1 · Poor", "Nobody cares")
    await desk.manager.runs("/survey close SVY-1")
    said = await desk.channel("service-desk").hears("SVY-1", "1 of 4 answered", "From 3 answers on")
    assert "of 5 (" not in said
    assert "Answers to SVY-1: 1." in await opened(desk)
    said = (await desk.manager.runs("/report figure survey-satisfaction this quarter")).text
    assert "nothing counts" in said
    assert "1 too few answers" in said
    assert "It is over: 1 of 4 answered" in await desk.dm(desk.engineer).hears("How is the service desk?")


async def test_those_are_asked_who_used_the_service_and_nobody_who_has_left(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    used = MONTHLY.replace('groups = ["service-desk", "cab", "security"]', 'service = "vpn"')
    await adopt(desk, used)
    await desk.reports()
    await desk.outsider.runs("/incident The website is down")
    told = {"Service": "Website", "Impact": "Just me", "Urgency": "High"}
    assert not await desk.outsider.submits(told)
    await desk.engineer.runs("/incident VPN drops")
    assert not await desk.engineer.submits(told | {"Service": "VPN"})
    await desk.settles()
    await leaves(desk, "engineer")
    desk.clock.forward(days=30)
    await desk.channel("service-desk").hears("SVY-1", "Of VPN", "0 of 1 answered")
    assert await desk.dm(desk.requester).count("How is the service desk?") == 1
    assert await desk.dm(desk.outsider).count("How is the service desk?") == 0


async def test_one_that_was_missed_says_so_and_asks_nobody(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, MONTHLY)
    desk.clock.forward(days=50)  # nobody swept meanwhile, and it would be over
    channel = desk.channel("service-desk")
    await channel.hears("SVY-1", "Nobody was asked", "Deskbell did not run then")
    assert await desk.dm(desk.agent).count("How is the service desk?") == 0
    desk.clock.forward(days=15)
    await channel.hears("SVY-2", "April 2026", "0 of 4 answered")


async def test_one_that_runs_goes_on_as_it_was_asked_whatever_the_policy_says_meanwhile(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, MONTHLY.replace("least = 3", 'least = 3\nservice = "vpn"'))
    desk.clock.forward(days=30)
    await desk.settles()
    await answers(desk, "agent", "5 · Excellent", "5 · Excellent")
    await adopt(desk, MONTHLY.replace(FIRST, "Are you well?").replace("least = 3", "least = 1\nnamed = true"))
    await answers(desk, "approver", "5 · Excellent", "5 · Excellent")
    await adopt(desk, "")
    await answers(desk, "engineer", "2 · Fair", "5 · Excellent", "Nobody called")
    assert "shown without names, and only from 3" in (await desk.manager.runs("/survey SVY-1")).text
    desk.clock.forward(days=15)
    said = await desk.channel("service-desk").hears("SVY-1", "over since", "Of VPN", f"{FIRST} 4.0 of 5")
    assert "3 of 4 answered" in said
    assert "engineer" not in await opened(desk)
    desk.clock.forward(days=60)
    assert await desk.channel("service-desk").count("SVY-2") == 0


async def test_the_period_that_is_just_over_is_not_lost_where_the_policy_changes_its_zone(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, MONTHLY)
    desk.clock.forward(days=29, hours=18)  # the first of April, at four in the morning
    await desk.settles()
    await adopt(desk, MONTHLY.replace("Europe/London", "Europe/Dublin"))
    desk.clock.forward(hours=6)
    await desk.channel("service-desk").hears("SVY-1", "March 2026", "0 of 4 answered")
    await adopt(desk, MONTHLY.replace("Europe/London", "America/Lima"))
    desk.clock.forward(days=1)
    assert await desk.channel("service-desk").count("SVY-2") == 0, "nor is it sent twice"


async def test_erasing_a_person_takes_their_comment_and_leaves_their_mark(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, MONTHLY)
    desk.clock.forward(days=30)
    await desk.settles()
    await answers(desk, "agent", "2 · Fair", "1 · Poor", "My number is 555")
    async with desk.bot.database.begin() as tx:
        await erasing.erase(tx, desk.agent.id, by="operator", now=desk.clock.now())
        mine = await stored.of_person(tx, 1, desk.agent.id)
    assert mine is not None
    assert (mine.comment, mine.marks) == ("", "[2, 1]")


async def test_three_replicas_and_restarts_send_each_survey_once(database_url: str) -> None:
    """Sweeps of three at once, some killed before they commit."""
    await asyncio.to_thread(schema.migrate, database_url)
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    replicas = [Database(database_url) for _ in range(3)]
    try:
        async with replicas[0].begin() as tx:
            await desk_policy.adopt(tx, parse(MONTHLY.replace('"month"', '"week"')), by="operator", now=start)
            await surveys.set_up(tx, start)
        for day in range(0, 60, 3):
            now = start + timedelta(days=day)
            await asyncio.gather(*(swept(one, now, killed=at == day % 4) for at, one in enumerate(replicas)))
            async with replicas[day % 3].begin() as tx:
                await surveys.set_up(tx, now)  # it was started anew
        await swept(replicas[0], now, killed=False)  # the last day's one sweeper may have been killed
        async with replicas[0].read() as tx:
            found = await stored.newest(tx, 100)
    finally:
        for one in replicas:
            await one.close()
    assert [one.first_day for one in reversed(found)] == [f"{start.date() + timedelta(days=7 * n)}" for n in range(8)]
    assert all(isinstance(one, Survey) for one in found)


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("least = 3", "least = 2", "where answers have no names, at least 3"),
        ('"cab"', '"cabs"', "cabs"),
        ('"service-desk"\nquestions', '"helpdesk"\nquestions', "helpdesk"),
        (f'"{SECOND}"', f'"{FIRST}"', "twice"),
        ("least = 3", 'open_for = "7d"', "shorter than `open_for`"),
        ("least = 3", 'zone_of = "x"', "zone_of"),
        ('"Europe/London"', '"Europe/Lundon"', "Lundon"),
        ('"month"', '"fortnight"', "week"),
    ],
)
def test_what_is_wrong_with_a_survey_is_told_with_its_line(was: str, becomes: str, fault: str) -> None:
    with pytest.raises(PolicyFaults) as told:
        parse(MONTHLY.replace(was, becomes, 1))
    [found] = told.value.faults
    assert fault in str(found)
    assert f"line {found.line}" in str(found) or str(found.line) in str(found)


async def test_who_owns_a_service_finds_its_survey_behind_many_of_others(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    async with desk.bot.database.begin() as tx:
        for number in range(1, 41):
            survey = samples.sample(SurveyState.OPEN, {})
            survey.number, survey.survey = number, f"survey-{number}"
            survey.service = "vpn" if number == 1 else None
            tx.add(survey)
    async with desk.bot.database.read() as tx:
        assert [str(found.ref) for found, _ in await surveys.listed(tx, desk.agent.id)] == ["SVY-1"]
    said = (await desk.manager.runs("/survey list")).text
    assert "SVY-11" in said
    assert "SVY-10" not in said
    assert "There are older ones" in said


def test_every_word_that_was_written_can_be_read() -> None:
    wrote = [f"{number:03} {'& so on ' * 300}end {number:03}" for number in range(500)]
    survey, told = samples.sample(SurveyState.CLOSED, {}), views.written([surveys.Said(one) for one in wrote])
    drawn, page = "", 0
    while f"Page {page + 1} of " in (view := str(reading.view(RecordVersion.of(survey), told, page))):
        drawn, page = drawn + view, page + 1
    assert page > 1
    assert all(drawn.count(f"end {number:03}") == 1 for number in range(500))
    assert "shortened" not in drawn


def test_the_marks_of_every_question_are_shown_however_long_it_is() -> None:
    survey = samples.sample(SurveyState.CLOSED, {"title": "&" * 150}, few=False)
    results = [Result(one, (0, 1, 2, 5, 4)) for one in json.loads(survey.questions)]
    card = views.card(views.Sheet(surveys.Standing(survey, 12, results), parse(MONTHLY)))
    assert str(card.blocks).count("4.0 of 5") == 10


def test_a_mark_is_one_to_five() -> None:
    assert [views.mark(f"{mark} · x") for mark in range(1, 6)] == [1, 2, 3, 4, 5]
    for answer in ("0 · x", "6 · x", "x", None):
        with pytest.raises(ValueError, match=r".*"):
            views.mark(answer)


def test_the_answer_row_holds_nothing_of_who_wrote_it_but_the_person() -> None:
    assert set(SurveyAnswer.model_fields) == {"survey", "person", "marks", "comment", "answered_at"}


async def test_a_survey_that_is_owed_waits_on_app_home_until_it_is_answered_or_over(desk_on_sqlite: Desk) -> None:
    desk, engineer = desk_on_sqlite, desk_on_sqlite.engineer
    await adopt(desk, MONTHLY)
    desk.clock.forward(days=30)
    await desk.settles()
    for person in (engineer, desk.agent, desk.requester):
        await person.opens_home()
    await desk.settles()
    for person in (engineer, desk.agent):
        assert "How is the service desk? (March 2026)" in person.home.text
    assert "Nothing waits for you" in desk.requester.home.text
    await engineer.clicks("Answer…", where="home")
    assert not await engineer.submits({FIRST: "5 · Excellent", SECOND: "4 · Very good"})
    await desk.settles()
    assert "Nothing waits for you" in engineer.home.text
    await desk.manager.runs("/survey close SVY-1")
    await desk.settles()
    assert "How is the service desk?" not in desk.agent.home.text
