"""The measures of surveys (ISO/IEC 20000-1:2018, 8.3.2), and what the journal tells of one."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.rules.configuration.service_guess import UNSURE
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.report.measures.measure import Counted, LeftOut, Measure, Unit, Verdict
from bot.rules.report.periods import Period
from bot.rules.report.records import Records, Survey

UNANSWERED, TOO_FEW = "not answered", "too few answers"
OWNER = "the groups that own the services"


class Asked(NamedTuple):
    """One whom a survey asked, without a name."""

    ref: str
    service: str
    closed_at: datetime | None
    answered: bool
    mark: int | None
    """For the first question, where it is shown."""


def survey(ref: str, facts: Sequence[Fact]) -> Survey | None:
    """None where nothing tells of its beginning."""
    sent = next((fact for fact in facts if fact.kind is FactKind.SURVEY_SENT), None)
    if sent is None:
        return None
    closed = next((fact for fact in facts if fact.kind is FactKind.SURVEY_CLOSED), None)
    return Survey(
        ref,
        str(sent.data.get("service") or UNSURE),
        int(str(sent.data["asked"])),
        int(str(closed.data["answered"])) if closed else 0,
        closed.at if closed else None,
        marks(closed.data.get("results")) if closed else (),
    )


def marks(results: Datum) -> tuple[int, ...]:
    """Of the first question, the lowest first. `results`: as a survey keeps them, how many gave each mark."""
    counts: Sequence[int] = json.loads(results)[0] if isinstance(results, str) else ()
    return tuple(mark for mark, count in enumerate(counts, 1) for _ in range(count))


def _people(records: Records) -> Iterator[Asked]:
    for one in records.surveys:
        given = (*one.marks, *[None] * (one.asked - len(one.marks)))
        for place, mark in enumerate(given):
            yield Asked(one.ref, one.service, one.closed_at, place < one.answered, mark)


def _satisfied(one: Asked, period: Period, _as_of: datetime) -> Verdict:
    if not period.has(one.closed_at):
        return None
    if not one.answered:
        return LeftOut(UNANSWERED)
    return LeftOut(TOO_FEW) if one.mark is None else Counted(float(one.mark))


def _answered(one: Asked, period: Period, _as_of: datetime) -> Verdict:
    return Counted(float(one.answered)) if period.has(one.closed_at) else None


SURVEY_MEASURES = (
    Measure(
        "survey-satisfaction",
        "Satisfaction by surveys",
        Unit.RATING,
        "Those whom surveys asked that were over in the period, once for each survey.",
        "The mark that they gave to its first question.",
        _people,
        _satisfied,
        {
            UNANSWERED: "They gave no answer. `survey-response-rate` says how many did.",
            TOO_FEW: "The survey has fewer answers than the policy shows, so that nobody can be read out of them.",
        },
        owner=OWNER,
        better="higher",
    ),
    Measure(
        "survey-response-rate",
        "People asked by surveys who answered",
        Unit.SHARE,
        "Those whom surveys asked that were over in the period, once for each survey.",
        "Those who answered.",
        _people,
        _answered,
        owner=OWNER,
        better="higher",
        marks="answered",
    ),
)
