"""Surveys, whom they ask, and what was answered."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlmodel import col, func, select, union, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, Ref
from bot.rules.report.periods import Period
from bot.rules.report.samples import number_of
from storage.configuration_item.items import batches
from storage.db.concerning import concern, rows
from storage.sql import changed, containing, insert, run
from storage.tables import Incident, ServiceRequest, Survey, SurveyAnswer


async def there(tx: AsyncSession, survey: str, every: str, first_day: str) -> bool:
    """Whether it was sent for that period."""
    query = select(Survey.number).where(Survey.survey == survey, Survey.every == every, Survey.first_day == first_day)
    return (await tx.exec(query)).first() is not None


async def newest(
    tx: AsyncSession,
    limit: int,
    services: Collection[str] | None = None,
    states: Collection[str] = (),
    words: Collection[str] = (),
) -> list[Survey]:
    """About these services, None for all; in one of these states, where any is named; each word in the title."""
    asked = [containing(Survey.title, one) for one in words]
    asked += [col(Survey.state).in_(sorted(states))] if states else []
    query = select(Survey).where(*asked).order_by(col(Survey.number).desc()).limit(limit)
    return list(await tx.exec(query if services is None else query.where(col(Survey.service).in_(sorted(services)))))


async def users(tx: AsyncSession, period: Period, service: str | None) -> set[str]:
    """Who reported an incident in the period or asked for something, or for whom it was asked for."""
    reported = select(Incident.reporter).where(
        col(Incident.opened_at) >= period.start, col(Incident.opened_at) < period.end
    )
    # What was asked for in the period has moved since its start, and by that there is an index.
    asked = [
        select(person).where(
            col(ServiceRequest.moved_at) >= period.start,
            col(ServiceRequest.raised_at) >= period.start,
            col(ServiceRequest.raised_at) < period.end,
        )
        for person in (col(ServiceRequest.requester), col(ServiceRequest.behalf))
    ]
    if service is not None:
        reported = reported.where(Incident.service == service)
        asked = [one.where(ServiceRequest.service == service) for one in asked]
    return {one for (one,) in await tx.exec(union(reported, *asked)) if one}  # type: ignore[call-overload]


async def ask(tx: AsyncSession, number: int, people: Collection[str]) -> None:
    for some in batches([{"survey": number, "person": one, "comment": ""} for one in people]):
        await run(tx, insert(tx, SurveyAnswer), list(some))


async def of_person(tx: AsyncSession, number: int, person: str) -> SurveyAnswer | None:
    """None of one whom it does not ask."""
    return await tx.get(SurveyAnswer, (number, person), populate_existing=True)


async def answer(
    tx: AsyncSession, number: int, person: str, marks: Collection[int], comment: str, now: datetime
) -> bool:
    """Once: False where there is an answer of theirs."""
    none_yet = update(SurveyAnswer).where(
        col(SurveyAnswer.survey) == number, col(SurveyAnswer.person) == person, col(SurveyAnswer.marks).is_(None)
    )
    said = {"marks": json.dumps(list(marks)), "comment": comment, "answered_at": now}
    return await changed(tx, none_yet.values(said)) == 1


async def waiting(tx: AsyncSession, person: str, limit: int) -> list[Survey]:
    """Those that are open and ask this person, who has not answered; what is over soonest first."""
    query = _UNANSWERED.statement.order_by(col(Survey.closes_at), col(Survey.number)).limit(limit)
    return await rows(tx, _UNANSWERED, person, query)


async def unanswered(tx: AsyncSession, number: int) -> list[str]:
    query = select(SurveyAnswer.person).where(col(SurveyAnswer.survey) == number, col(SurveyAnswer.marks).is_(None))
    return list(await tx.exec(query.order_by(col(SurveyAnswer.person))))


class AskedBy(NamedTuple):
    """Whom a survey asked, and the mark that each gave to its first question; None of one who gave no answer."""

    people: dict[str, int | None]
    named: bool
    least: int


async def asked_by(tx: AsyncSession, refs: Collection[str]) -> dict[str, AskedBy]:
    """By reference, in order."""
    numbers = [number_of(one) for one in refs]
    rows = await tx.exec(select(Survey).where(col(Survey.number).in_(numbers)).order_by(col(Survey.number)))
    found = {one.number: AskedBy({}, one.named, one.least) for one in rows}
    query = select(SurveyAnswer.survey, SurveyAnswer.person, SurveyAnswer.marks)
    for survey, person, marks in await tx.exec(query.where(col(SurveyAnswer.survey).in_(numbers))):
        found[survey].people[person] = json.loads(marks)[0] if marks else None
    return {str(Ref(Noun.SURVEY, number)): one for number, one in found.items()}


async def answered(tx: AsyncSession, number: int) -> int:
    """How many."""
    query = select(func.count(col(SurveyAnswer.marks))).where(col(SurveyAnswer.survey) == number)
    return (await tx.exec(query)).one()


async def marks(tx: AsyncSession, number: int) -> list[list[int]]:
    """Of each who answered, a mark for each question."""
    query = select(SurveyAnswer.marks).where(col(SurveyAnswer.survey) == number, col(SurveyAnswer.marks).is_not(None))
    return [json.loads(one) for one in await tx.exec(query) if one]


async def given(tx: AsyncSession, number: int) -> list[SurveyAnswer]:
    query = select(SurveyAnswer).where(col(SurveyAnswer.survey) == number, col(SurveyAnswer.marks).is_not(None))
    return list(await tx.exec(query.order_by(col(SurveyAnswer.person))))


async def comments(tx: AsyncSession, number: int) -> list[str]:
    query = select(SurveyAnswer.comment).where(col(SurveyAnswer.survey) == number, col(SurveyAnswer.comment) != "")
    return list(await tx.exec(query))


_UNANSWERED = concern(
    select(Survey)
    .join(SurveyAnswer, col(SurveyAnswer.survey) == col(Survey.number))
    .where(
        col(Survey.closed_at).is_(None),
        col(SurveyAnswer.person) == bindparam("person"),
        col(SurveyAnswer.marks).is_(None),
    )
)
