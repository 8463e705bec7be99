"""Surveys that come by themselves: sent once a period, answered once a person, over when their time has passed."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record import text
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.list_filter import quoted, tokens
from bot.rules.record.notices import home
from bot.rules.record.refs import Noun, Ref, of_subject
from bot.rules.record.refusals import FormRefused
from bot.rules.report.periods import Period, after, first_day, period_of
from bot.rules.survey import answers, notices
from bot.rules.survey.flow import FLOW, SurveyState, SurveyStep
from bot.rules.survey.policy import SurveyRule
from bot.rules.survey.refusals import AnsweredAlready, NotAskedBy, NotOverYet, SurveyOver, TooFewAnswers
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import steps, visibility
from bot.usecases.records.declared import Deed
from bot.usecases.records.record import record
from bot.usecases.report.access import leads, managers, scope
from bot.usecases.survey import access
from storage import record_numbers, records, timers
from storage.delivery import outbox
from storage.survey import surveys as stored
from storage.tables import Survey, SurveyAnswer, Timer
from storage.workspace import people as directory

LISTED_MOST = 30


@dataclass(frozen=True)
class Said:
    """By one who answered."""

    comment: str
    person: str = ""
    """Empty where answers have no names, and so are the marks."""
    marks: Sequence[int] = ()


@dataclass(frozen=True)
class Standing:
    survey: Survey
    answered: int
    results: Sequence[answers.Result]
    """Of each question; of one that is open, or has too few answers, none."""

    @property
    def shown(self) -> bool:
        return self.survey.results is not None


async def set_up(tx: AsyncSession, now: datetime) -> None:
    """A timer for the period that is due next, of each survey of the policy. Those that are due already stay."""
    for key, rule in (await in_force(tx)).policy.surveys.items():
        await _schedule(tx, key, rule, first_day(rule.every, now - rule.after, ZoneInfo(rule.zone)))


async def held(tx: AsyncSession, subject: str, _kinds: object) -> None:
    """Lock the survey before its timers ring, as those do who answer it."""
    await records.hold(tx, Survey, of_subject(subject).number)


async def asking(tx: AsyncSession, ref: Ref, by: str) -> Survey:
    """The survey, if this person can answer it now. Raises NotAskedBy, SurveyOver, AnsweredAlready, NoSuchRecord."""
    await people.member(tx, by)
    survey, mine = await access.find(tx, ref), await stored.of_person(tx, ref.number, by)
    if mine is None:
        raise NotAskedBy(ref=ref)
    if mine.marks is not None:
        raise AnsweredAlready(ref=ref)
    if survey.state != SurveyState.OPEN:
        raise SurveyOver(ref=ref)
    return survey


async def answer(tx: AsyncSession, ref: Ref, marks: Sequence[int], comment: str, *, by: str, now: datetime) -> Survey:
    """What one person says, once. Raises FormRefused, and as `asking`."""
    comment = text.clean(comment)
    if len(comment) > text.WORDS_MOST:
        raise FormRefused(text.faults({"comment": ("The comment", comment, text.WORDS_MOST)}))
    await records.hold(tx, Survey, ref.number)
    survey = await asking(tx, ref, by)
    if not await stored.answer(tx, ref.number, by, marks, comment, now):
        raise AnsweredAlready(ref=ref)
    # What was said stands in no fact: a timeline is read by all who are asked, and while the survey is open. Of answers
    # without names they do not read when each came either.
    deed = Deed(by if survey.named else SYSTEM, now)
    await record(tx, survey, FactKind.SURVEY_ANSWERED, deed, {"internal": not survey.named})
    await outbox.redraw(tx, str(ref), now, notices.ASKED, notices.of(by))
    await outbox.put(tx, home(by), now)
    return survey


async def close(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Survey:
    """With what was answered so far. Raises NotYourSurvey, NotAStep, NoSuchRecord."""
    await records.hold(tx, Survey, ref.number)
    survey = await access.shown_to(tx, ref, by)
    questions, given = json.loads(survey.questions), await stored.marks(tx, ref.number)
    every = json.dumps([list(one.counts) for one in answers.results(questions, given)])
    results, count = every if len(given) >= survey.least else None, len(given)  # too few stand nowhere
    may = partial(access.way, tx, step=SurveyStep.CLOSE, by=by)
    taken = await steps.step(tx, survey, may, closed_at=now, answered=count, results=results, moved_at=now, moved_by=by)
    data: dict[str, Datum] = {"from": taken.from_state, "answered": count, "results": results}
    await record(tx, taken.record, FLOW.facts[SurveyStep.CLOSE], Deed(by, now), data)
    await timers.silence(tx, str(ref), [notices.ENDING], now)
    await outbox.redraw(tx, str(ref), now, notices.ASKED)
    await _homes(tx, await stored.unanswered(tx, ref.number), now)
    return taken.record


async def standing(tx: AsyncSession, survey: Survey) -> Standing:
    """What may be shown of it now."""
    count = await _count(tx, survey)
    if survey.results is None:
        return Standing(survey, count, ())
    asked = zip(json.loads(survey.questions), json.loads(survey.results), strict=True)
    return Standing(survey, count, [answers.Result(question, counts) for question, counts in asked])


async def listed(tx: AsyncSession, by: str, typed: str = "") -> list[tuple[Survey, int]]:
    """The newest that this person sees the figures of, one more than are listed, and how many answered each.

    `typed`: “open”, “closed”, and words of the title. Raises NoReports, GuestsMayNot.
    """
    said = tokens(typed)
    states = [one for one in SurveyState if one in map(str.casefold, said)]
    words = [(quoted(one) or one).casefold() for one in said if one.casefold() not in (*states, "all")]
    found = await stored.newest(tx, LISTED_MOST + 1, (await scope(tx, by)).services, states, words)
    return [(one, await _count(tx, one)) for one in found]


async def who_sees_others(tx: AsyncSession, by: str) -> str:
    """The groups that see the surveys of all services; empty where this person does."""
    return "" if await leads(tx, by) else managers((await in_force(tx)).policy)


async def comments(tx: AsyncSession, ref: Ref, by: str) -> list[Said]:
    """What people wrote; where answers have names, what each who answered said. Raises as `readable`."""
    survey = await readable(tx, ref, by)
    if survey.named:
        found = await stored.given(tx, ref.number)
        return [Said(one.comment, one.person, json.loads(one.marks or "[]")) for one in found]
    return [Said(one) for one in answers.shuffled(str(ref), await stored.comments(tx, ref.number))]


async def readable(tx: AsyncSession, ref: Ref, by: str) -> Survey:
    """The survey, if this person can read what people wrote. Raises NotYourSurvey, NotOverYet, TooFewAnswers,
    NoSuchRecord."""
    survey = await access.shown_to(tx, ref, by)
    await visibility.require_worker(tx, survey, by, "read what people say in {ref}")
    if survey.closed_at is None:
        raise NotOverYet(ref=ref)
    if survey.results is None:
        raise TooFewAnswers(ref=ref, count=await _count(tx, survey), least=survey.least)
    return survey


async def mine(tx: AsyncSession, survey: Survey, person: str) -> SurveyAnswer | None:
    return await stored.of_person(tx, survey.number, person)


async def _count(tx: AsyncSession, survey: Survey) -> int:
    """How many have answered."""
    return await stored.answered(tx, survey.number) if survey.answered is None else survey.answered


async def _due(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Sends one, and sets the next one's timer; where the policy has it no more or otherwise, nothing."""
    key, every, zone, first = timer.occurrence.split(" ")
    rule = (await in_force(tx)).policy.surveys.get(key)
    if rule is None or (rule.every, rule.zone) != (every, zone):
        return
    day = date.fromisoformat(first)
    if not await stored.there(tx, key, every, first):
        await _send(tx, key, rule, day, now)
    await _schedule(tx, key, rule, after(rule.every, day))


async def _send(tx: AsyncSession, key: str, rule: SurveyRule, day: date, now: datetime) -> None:
    """One whose time has passed while Deskbell did not run asks nobody: it is on record that it was missed."""
    desk, period = await in_force(tx), period_of(rule.every, day, ZoneInfo(rule.zone))
    due, number = period.end + rule.after, await record_numbers.next_number(tx, Noun.SURVEY)
    missed = now >= due + rule.open_for
    asked = [] if missed else answers.sample(f"{key} {day}", await _people(tx, rule, period), rule.most)
    survey = Survey(
        number=number, state=FLOW.begins, survey=key, every=rule.every, first_day=day.isoformat(), title=rule.title,
        zone=rule.zone, starts_at=period.start, ends_at=period.end, service=rule.service,
        room=desk.policy.channel(rule.channel), questions=json.dumps(rule.questions, ensure_ascii=False),
        comment=rule.comment, named=rule.named, least=rule.least, asked=len(asked), due_at=due, sent_at=now,
        closes_at=now if missed else now + rule.open_for, moved_at=now, moved_by=SYSTEM,
    )  # fmt: skip
    await records.add(tx, survey)
    await stored.ask(tx, number, asked)
    data: dict[str, Datum] = {
        "survey": key, "every": str(rule.every), "first_day": survey.first_day, "service": rule.service,
        "asked": len(asked), "least": rule.least, "named": rule.named,
    }  # fmt: skip
    await record(tx, survey, FLOW.opened, Deed(SYSTEM, now), data)
    await outbox.put(tx, notices.card(str(survey.ref), survey.room), now)
    await outbox.put_all(tx, notices.asked(str(survey.ref), asked), now)
    await _homes(tx, asked, now)
    times = {notices.REMIND: now + rule.remind_after, notices.CLOSE: survey.closes_at}
    await timers.schedule_all(tx, str(survey.ref), notices.ENDING, times)


async def _homes(tx: AsyncSession, people: Sequence[str], now: datetime) -> None:
    """It waits for them, or does no more."""
    await outbox.put_all(tx, [home(one) for one in people], now)


async def _people(tx: AsyncSession, rule: SurveyRule, period: Period) -> set[str]:
    """Whom it may ask; nobody who has left, and no guest."""
    if rule.groups:
        found = {one for group in rule.groups for one in await directory.members(tx, group)}
    else:
        found = await stored.users(tx, period, rule.service)
    return await people.served(tx, sorted(found))


async def _ending(tx: AsyncSession, timer: Timer, now: datetime) -> None:
    """Who has not answered is asked once more; then it is over."""
    survey = await access.find(tx, of_subject(timer.subject))
    if survey.state != SurveyState.OPEN:
        return
    if timer.occurrence == notices.CLOSE:
        await close(tx, survey.ref, by=SYSTEM, now=now)
        return
    again = sorted(await people.served(tx, await stored.unanswered(tx, survey.number)))
    await record(tx, survey, FactKind.SURVEY_REMINDED, Deed(SYSTEM, now), {"people": len(again)})
    await outbox.put_all(tx, notices.asked(timer.subject, again, notices.REMIND), now)


async def _schedule(tx: AsyncSession, key: str, rule: SurveyRule, day: date) -> None:
    occurrence = f"{key} {rule.every} {rule.zone} {day.isoformat()}"
    due = period_of(rule.every, day, ZoneInfo(rule.zone)).end + rule.after
    await timers.schedule(tx, notices.SUBJECT, notices.DUE, occurrence, due)


RINGS: Mapping[str, Callable[[AsyncSession, Timer, datetime], Awaitable[None]]] = {
    notices.DUE: _due,
    notices.ENDING: _ending,
}
