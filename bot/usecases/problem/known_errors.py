"""Known errors: written down, published, offered while somebody types, used. Each function is one transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy
from bot.rules.problem import notices
from bot.rules.problem.flow import (
    KNOWN_ERROR_FLOW,
    Audience,
    KnownErrorAct,
    KnownErrorState,
    KnownErrorStep,
    ProblemAct,
)
from bot.rules.problem.likeness import OFFERED, Offered, keys_of, likeliest, services_as_words, words_of
from bot.rules.problem.refusals import NoWorkaround
from bot.rules.record import list_filter, text
from bot.rules.record.facts import Datum, FactKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import CannotLink, FormRefused, NoSuchRecord
from bot.usecases import people
from bot.usecases.action.reminders import today
from bot.usecases.incident import steps as incident_steps
from bot.usecases.problem import access, related, watch
from bot.usecases.records import visibility
from bot.usecases.records.declared import Deed, Page
from bot.usecases.records.lists import clamped
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from storage import record_numbers, records
from storage.delivery import outbox
from storage.journal import journal
from storage.problem import problems as stored
from storage.record_links import LinkKind
from storage.tables import Incident, KnownError, Problem

SYMPTOM_MOST = 300
ONCE_IN = timedelta(hours=12)
"""Who says twice within this time that it helped, is counted once."""


@dataclass(frozen=True)
class Statement:
    """What a form asks for. Its field names are the form's."""

    symptom: str
    workaround: str
    words: str
    audience: Audience
    review_on: date


async def draft(tx: AsyncSession, ref: Ref, said: Statement, *, by: str, now: datetime) -> KnownError:
    """Of a problem, whose cause need not be known. Raises FormRefused, NotYourProblem, NoSuchRecord."""
    problem = await access.may(tx, ProblemAct.KNOWN_ERROR, ref, by)
    values = await _checked(tx, said, by, now)
    known = KnownError(
        number=await record_numbers.next_number(tx, Noun.KNOWN_ERROR),
        state=KnownErrorState.DRAFT,
        problem=problem.number,
        services=problem.service,
        private=problem.private,
        owner=by,
        made_at=now,
        moved_at=now,
        moved_by=by,
        **values,
    )
    await records.add(tx, known)
    data: dict[str, Datum] = {"problem": str(problem.ref), "audience": known.audience, "review_on": known.review_on}
    await record(tx, known, KNOWN_ERROR_FLOW.opened, Deed(by, now), data, _typed(known))
    await outbox.redraw(tx, str(problem.ref), now)
    return known


async def edit(tx: AsyncSession, ref: Ref, said: Statement, *, by: str, now: datetime) -> KnownError:
    """What is published is told again, once, to those whom it concerns. Raises as `draft`."""
    known = await access.may_known_error(tx, KnownErrorAct.EDIT, ref, by)
    values = await _checked(tx, said, by, now)
    public = known.state == KnownErrorState.PUBLISHED
    new = values["workaround"] != known.workaround
    await records.touch(tx, KnownError, ref.number, **values, published=known.published + (public and new))
    await tx.refresh(known)
    data: dict[str, Datum] = {"audience": known.audience, "review_on": known.review_on, "version": known.published}
    await record(tx, known, FactKind.KNOWN_ERROR_CHANGED, Deed(by, now), data, _typed(known))
    if public:
        await _offer(tx, known)
        if new:
            await _tell(tx, known, now)
    return known


async def publish(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> KnownError:
    """It is offered from now on; reporters of open linked incidents hear its workaround once."""
    known = await _step(tx, ref, KnownErrorStep.PUBLISH, Deed(by, now), published=KnownError.published + 1)
    await _offer(tx, known)
    await _tell(tx, known, now)
    return known


async def supersede(tx: AsyncSession, ref: Ref, other: Ref, *, by: str, now: datetime) -> KnownError:
    """Another one takes its place. Raises CannotLink, NoSuchRecord, NotYourProblem, NotAStep."""
    later = await access.known_error_shown_to(tx, other, by)
    if other == ref:
        raise CannotLink(ref=ref, other=other, why="it is the same known error")
    if later.state in (KnownErrorState.SUPERSEDED, KnownErrorState.RETIRED):
        raise CannotLink(ref=ref, other=other, why=f"that one is {later.state}")
    data: dict[str, Datum] = {"other": str(other)}
    known = await _step(tx, ref, KnownErrorStep.SUPERSEDE, Deed(by, now), "", data, superseded_by=other.number)
    await stored.index(tx, ref.number, [])
    return known


async def retire(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> KnownError:
    """It is offered no more."""
    why = required("comment", "The reason", why)
    known = await _step(tx, ref, KnownErrorStep.RETIRE, Deed(by, now), why)
    await stored.index(tx, ref.number, [])
    return known


async def likely(tx: AsyncSession, policy: Policy, summary: str, service: str, by: str) -> list[Offered]:
    """Published ones that read like what is typed and that this person may see, the likeliest first."""
    words = words_of(summary)
    if not words:
        return []
    found = await stored.sharing_words(tx, words, service, by, policy.incidents.private.group, OFFERED)
    by_number = {one.known.number: one.known for one in found}
    known = {one.known.number: {*one.shared, *services_as_words(one.known.services.split())} for one in found}
    return [by_number[number] for number in likeliest([*words, *services_as_words([service])], known)]


async def published(tx: AsyncSession, typed: str, by: str, page: int, size: int) -> Page[KnownError]:
    """What this person may be offered and has each of the words that are typed."""
    viewer, words = await access.viewer_of(tx, by), list_filter.words(typed)
    total = await stored.count_published(tx, viewer, words)
    number = clamped(page, size, total)
    return Page(await stored.published(tx, viewer, words, size, number * size), total, number)


async def helped(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> KnownError:
    """No incident is logged; it counts, and the person is asked once later whether it still helps."""
    await people.member(tx, by)
    known = await offered_to(tx, ref, by)
    told = await journal.timeline(tx, str(ref))
    if any(one.kind is FactKind.KNOWN_ERROR_HELPED and one.by == by and now - one.at < ONCE_IN for one in told):
        return known
    await stored.counted(tx, ref.number, helped=1, offered=1)
    await tx.refresh(known)
    await record(tx, known, FactKind.KNOWN_ERROR_HELPED, Deed(by, now))
    await outbox.redraw(tx, f"{Noun.PROBLEM}-{known.problem}", now)
    await watch.ask_later(tx, known, by, now)
    return known


async def logged(tx: AsyncSession, ref: Ref, incident: Incident, *, by: str, now: datetime) -> None:
    """It was offered and an incident is logged all the same: that is linked to its problem."""
    known = await offered_to(tx, ref, by)
    await stored.counted(tx, ref.number, offered=1)
    await record(tx, known, FactKind.KNOWN_ERROR_LOGGED, Deed(by, now), {"incident": _named(incident, known)})
    problem = await access.problem_of(tx, known)
    if not related.why_unlinkable(problem):
        await related.attach(tx, problem, incident, LinkKind.SUSPECTED, Deed(by, now))


async def offered_to(tx: AsyncSession, ref: Ref, by: str) -> KnownError:
    """One that this person may be offered. Raises NoSuchRecord."""
    known, viewer = await visibility.find(tx, KnownError, ref), await access.viewer_of(tx, by)
    hidden = (known.private and not viewer.all_private) or (known.audience == Audience.DESK and not viewer.groups)
    if hidden or known.state != KnownErrorState.PUBLISHED:
        raise NoSuchRecord(ref=ref, command=ref.command)
    return known


async def of_incident(tx: AsyncSession, incident: Incident, reader: str | None) -> KnownError | None:
    """The known error whose workaround fits an incident: published, of a problem that it is linked to and that this
    reader may see, or all in the channel of its card where it is None."""
    problems = await related.of_incident(tx, str(incident.ref))
    named = await visibility.named(tx, incident, [str(one.ref) for one in problems], [reader] if reader else [])
    numbers = [one.number for one in problems if str(one.ref) in named]
    found = await stored.known_errors(tx, numbers, [KnownErrorState.PUBLISHED]) if numbers else []
    return next(iter(found), None)


async def of_problem(tx: AsyncSession, problem: Problem) -> list[KnownError]:
    return await stored.known_errors(tx, [problem.number], list(KnownErrorState))


async def apply(tx: AsyncSession, ref: Ref, code: str, note: str, *, by: str, now: datetime) -> Incident:
    """Resolve an incident by the workaround; that counts as a use. Raises NoWorkaround, and what resolving raises."""
    incident = await visibility.shown_to(tx, ref, by)
    known = await of_incident(tx, incident, by)
    if known is None:
        raise NoWorkaround()
    incident = await incident_steps.resolve(tx, ref, code, note, by=by, now=now)
    await stored.counted(tx, known.number, used=1)
    await tx.refresh(known)
    await record(tx, known, FactKind.KNOWN_ERROR_USED, Deed(by, now), {"incident": _named(incident, known)})
    await outbox.redraw(tx, f"{Noun.PROBLEM}-{known.problem}", now)
    return incident


async def is_overdue(tx: AsyncSession, known: KnownError, by: str, now: datetime) -> bool:
    """Whether it was to be read again before."""
    return known.review_on < (await today(tx, by, now)).isoformat()


def _named(incident: Incident, known: KnownError) -> str | None:
    """On the record of what others may read, nothing of a private incident."""
    return None if incident.private and not known.private else str(incident.ref)


async def _step(
    tx: AsyncSession,
    ref: Ref,
    step: KnownErrorStep,
    deed: Deed,
    comment: str = "",
    data: dict[str, Datum] | None = None,
    **values: Any,
) -> KnownError:
    known = await access.known_error_shown_to(tx, ref, deed.by)
    way = partial(access.known_error_way, tx, step=step, by=deed.by)
    values["revision"] = KnownError.revision + 1
    known = await take(tx, known, way, KNOWN_ERROR_FLOW.facts[step], deed, comment, data, **values)
    await outbox.redraw(tx, f"{Noun.PROBLEM}-{known.problem}", deed.now)
    return known


async def _offer(tx: AsyncSession, known: KnownError) -> None:
    await stored.index(tx, known.number, _keys(known))
    await watch.set_review(tx, known)


async def _tell(tx: AsyncSession, known: KnownError, now: datetime) -> None:
    """Once a version; what is for the desk alone is told to no reporter."""
    if known.audience == Audience.DESK:
        return
    problem = await access.problem_of(tx, known)
    for incident in await related.open_incidents(tx, problem):
        if incident.private or not known.private:
            told = notices.workaround(str(known.ref), str(incident.ref), known.published, incident.reporter)
            await outbox.put(tx, told, now)


async def _checked(tx: AsyncSession, said: Statement, by: str, now: datetime) -> dict[str, Any]:
    symptom, workaround = text.one_line(said.symptom), text.clean(said.workaround)
    words = text.one_line(said.words)
    faults = text.faults(
        {
            "symptom": ("The symptom", symptom, SYMPTOM_MOST),
            "workaround": ("The workaround", workaround, text.WORDS_MOST),
        }
    )
    if words:
        faults |= text.faults({"words": ("The words", words, SYMPTOM_MOST)})
    if said.review_on <= await today(tx, by, now):
        faults["due_on"] = "Choose a day that is to come: it is read again then."
    if faults:
        raise FormRefused(faults)
    return {
        "symptom": symptom,
        "workaround": workaround,
        "words": words,
        "audience": said.audience,
        "review_on": said.review_on.isoformat(),
    }


def _typed(known: KnownError) -> dict[str, str | None]:
    return {"symptom": known.symptom, "workaround": known.workaround, "words": known.words}


def _keys(known: KnownError) -> list[str]:
    return keys_of(f"{known.symptom} {known.words}", known.services.split())
