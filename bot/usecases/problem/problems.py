"""Raising a problem and taking it through its flow; each function is one transaction's work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import OPEN as ACTIONS_OPEN
from bot.rules.form.additional_fields import FieldsOf
from bot.rules.form.conditions import Answer
from bot.rules.incident.priority import Impact, Urgency
from bot.rules.problem import notices
from bot.rules.problem.causes import CauseStatus
from bot.rules.problem.flow import FLOW, ProblemAct, ProblemState, ProblemStep, Source
from bot.rules.problem.refusals import ActionsLeft, CannotMergeProblem, NoCauseYet, NoFixYet, StillWatched
from bot.rules.record import text
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import SYSTEM, Datum, FactKind
from bot.rules.record.notices import person
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused
from bot.usecases import people
from bot.usecases.action import reminders as action_reminders
from bot.usecases.configuration_item import naming
from bot.usecases.policy import InForce, in_force
from bot.usecases.problem import access, fixes, related, watch
from bot.usecases.records import fields, visibility
from bot.usecases.records.declared import Deed, kind_of
from bot.usecases.records.people import require_one
from bot.usecases.records.record import record, required
from bot.usecases.records.taking import take
from storage import record_links, record_numbers, records
from storage.action import actions as stored_actions
from storage.delivery import outbox
from storage.problem import problems as stored
from storage.record_links import LinkKind
from storage.tables import Problem, Record
from storage.workspace import channels
from storage.workspace import people as directory


@dataclass(frozen=True)
class Statement:
    """What a form asks for. Its field names are the form's."""

    title: str
    summary: str
    service: str
    impact: Impact
    urgency: Urgency
    fields: Mapping[str, Answer | None] | None = None
    """Additional ones by their keys; None where no form asked for them."""


async def propose(tx: AsyncSession, said: Statement, *, by: str, now: datetime) -> Problem:
    """By hand: any member may. Raises FormRefused, GuestsMayNot."""
    await people.member(tx, by)
    return await add(tx, said, Source.HAND, None, Deed(by, now))


async def raise_from(
    tx: AsyncSession, ref: Ref, title: str, summary: str, *, by: str, now: datetime, suspected: bool = False
) -> Problem:
    """Out of an incident or a change, by who works on it; they are linked. Raises FormRefused, NoSuchRecord."""
    one: Any = await visibility.shown_to(tx, ref, by)
    await visibility.require_worker(tx, one, by, RecordAct.PROBLEM)
    impact, urgency = getattr(one, "impact", Impact.MEDIUM), getattr(one, "urgency", Urgency.MEDIUM)
    said = Statement(title, summary, one.service, Impact(impact), Urgency(urgency))
    source = Source.CHANGE if ref.noun is Noun.CHANGE else Source.INCIDENT
    problem = await add(tx, said, source, one, Deed(by, now))
    usual = LinkKind.CAUSED_BY if ref.noun is Noun.CHANGE else LinkKind.CAUSED
    await related.link(tx, problem.ref, [ref], LinkKind.SUSPECTED if suspected else usual, by=by, now=now)
    return problem


async def assess(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Problem:
    """Raises NotYourProblem, AlreadyDone, NotAStep, NoSuchRecord, Stale; so does each step."""
    return await _step(tx, ref, ProblemStep.ASSESS, Deed(by, now))


async def investigate(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Problem:
    """Who begins it has it, unless it was given to somebody already."""
    values = {"assignee": fixes.unless_set(Problem, "assignee", by), "look_again_on": None}
    return await _step(tx, ref, ProblemStep.INVESTIGATE, Deed(by, now), **values)


async def know(tx: AsyncSession, ref: Ref, none_found: str, *, by: str, now: datetime) -> Problem:
    """A cause is confirmed, or none can be found and it is said why. Raises NoCauseYet."""
    problem, reason = await access.may(tx, ProblemStep.KNOW, ref, by), text.clean(none_found)
    found = [one for one in await stored.causes(tx, ref.number) if one.status == CauseStatus.CONFIRMED]
    if not found and not reason:
        raise NoCauseYet(ref=problem.ref)
    data: dict[str, Datum] = {"confirmed": [str(one.number) for one in found]}
    return await _step(tx, ref, ProblemStep.KNOW, Deed(by, now), reason, data, no_cause=reason or None)


async def fix(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Problem:
    """A change is linked that mends it, or it has an action. Raises NoFixYet."""
    problem = await access.may(tx, ProblemStep.FIX, ref, by)
    if not await fixes.any_for(tx, problem):
        raise NoFixYet(ref=ref)
    return await _step(tx, ref, ProblemStep.FIX, Deed(by, now))


async def watched(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> Problem:
    """What mends it is done with success; from now on it is watched. Raises FixUnfinished."""
    problem = await access.may(tx, ProblemStep.WATCH, ref, by)
    await fixes.require_finished(tx, problem)
    return await begin_watch(tx, problem, Deed(by, now))


async def begin_watch(tx: AsyncSession, problem: Problem, deed: Deed) -> Problem:
    """Reporters of open incidents hear that it is fixed; a timer rings when the watch is over."""
    until = deed.now + (await in_force(tx)).policy.problems.watch
    data: dict[str, Datum] = {"until": until.isoformat()}
    times = {"watched_from": deed.now, "watched_until": until}
    problem = await _step(tx, problem.ref, ProblemStep.WATCH, deed, "", data, **times)
    await watch.set_end(tx, problem)
    for incident in await related.open_incidents(tx, problem):
        told = notices.fixed(str(problem.ref), str(incident.ref), problem.revision, incident.reporter)
        await outbox.put(tx, told, deed.now)
    return problem


async def close(tx: AsyncSession, ref: Ref, judged_by: str, *, by: str, now: datetime) -> Problem:
    """After the watch, with every action seen to. Raises StillWatched, ActionsLeft, FormRefused."""
    judged_by = required("comment", "What this is judged by", judged_by)
    problem = await access.may(tx, ProblemStep.CLOSE, ref, by)
    if problem.watched_until is not None and now < problem.watched_until:
        raise StillWatched(ref=ref, until=text.instant(problem.watched_until))
    left = [str(one.ref) for one in await stored_actions.of_parent(tx, str(ref)) if one.state in ACTIONS_OPEN]
    if left:
        raise ActionsLeft(ref=ref, left=", ".join(left))
    return await _step(tx, ref, ProblemStep.CLOSE, Deed(by, now), judged_by, judged_by=judged_by)


async def reopen(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> Problem:
    """It came back."""
    why = required("comment", "The reason", why)
    return await come_back(tx, ref, Deed(by, now), why)


async def come_back(tx: AsyncSession, ref: Ref, deed: Deed, why: str = "", because: str = "") -> Problem:
    """`because` is the incident that it came back with."""
    data: dict[str, Datum] = {"because": because} if because else {}
    times = {"watched_from": None, "watched_until": None, "judged_by": None}
    return await _step(tx, ref, ProblemStep.REOPEN, deed, why, data, **times)


async def accept(tx: AsyncSession, ref: Ref, look_again_on: date, why: str, *, by: str, now: datetime) -> Problem:
    """As a risk, until a day on which it is looked at again."""
    why = required("comment", "The reason", why)
    await access.may(tx, ProblemStep.ACCEPT, ref, by)
    if look_again_on <= await action_reminders.today(tx, by, now):
        raise FormRefused({"due_on": "Choose a day that is to come: it is looked at again then."})
    day = look_again_on.isoformat()
    data: dict[str, Datum] = {"look_again_on": day}
    values = {"look_again_on": day, "judged_by": why}
    problem = await _step(tx, ref, ProblemStep.ACCEPT, Deed(by, now), why, data, **values)
    await watch.set_look_again(tx, problem, look_again_on)
    return problem


async def dismiss(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> Problem:
    why = required("comment", "The reason", why)
    return await _step(tx, ref, ProblemStep.DISMISS, Deed(by, now), why, judged_by=why)


async def cancel(tx: AsyncSession, ref: Ref, why: str, *, by: str, now: datetime) -> Problem:
    why = required("comment", "The reason", why)
    return await _step(tx, ref, ProblemStep.CANCEL, Deed(by, now), why, judged_by=why)


async def merge(tx: AsyncSession, ref: Ref, survivor: Ref, *, by: str, now: datetime) -> Problem:
    """A duplicate ends: what is linked to it is linked to the survivor, which is returned.

    Raises CannotMergeProblem.
    """
    problem, deed = await access.may(tx, ProblemStep.MERGE, ref, by), Deed(by, now)
    kept = await access.shown_to(tx, survivor, by)
    if why := _why_not(problem, kept):
        raise CannotMergeProblem(ref=ref, other=survivor, why=why)
    await _step(tx, ref, ProblemStep.MERGE, deed, data={"duplicate_of": str(survivor)}, duplicate_of=kept.number)
    await related.carry_over(tx, problem.ref, kept.ref, deed)
    await record_links.add(tx, str(survivor), str(ref), LinkKind.DUPLICATE, by, now)
    await record(tx, kept, FactKind.PROBLEM_JOINED, deed, {"duplicate": str(ref)})
    return kept


async def assign(tx: AsyncSession, ref: Ref, who: str | None, group: str | None, *, by: str, now: datetime) -> Problem:
    """To a person, or to a group's key. Raises FormRefused, ProblemEnded, NotYourProblem, NoSuchRecord."""
    problem = await access.may(tx, ProblemAct.ASSIGN, ref, by)
    await require_one(tx, who, group)
    await visibility.require_seen_in(tx, group, ref)
    await records.touch(tx, Problem, ref.number, assignee=who, owner_group=group or problem.owner_group)
    await tx.refresh(problem)
    deed = Deed(by, now)
    await record(tx, problem, FactKind.PROBLEM_ASSIGNED, deed, {"assignee": who, "group": group})
    if who and who != by:
        await outbox.put_all(tx, notices.news(str(ref), FactKind.PROBLEM_ASSIGNED, now, [person(who)]), now)
    return problem


async def vacate(tx: AsyncSession, now: datetime) -> None:
    """What belonged to somebody who has left is with its group again, which is told."""
    for problem in await stored.of_leavers(tx):
        left, deed = problem.assignee, Deed(SYSTEM, now)
        await records.touch(tx, Problem, problem.number, assignee=None)
        await tx.refresh(problem)
        data: dict[str, Datum] = {"assignee": None, "group": problem.owner_group, "left": left}
        await record(tx, problem, FactKind.PROBLEM_ASSIGNED, deed, data)
        group = access.working_group(problem, (await in_force(tx)).policy)
        lanes = [person(one) for one in await directory.members(tx, group)]
        await outbox.put_all(tx, notices.news(str(problem.ref), FactKind.PROBLEM_ASSIGNED, now, lanes), now)


async def _step(
    tx: AsyncSession,
    ref: Ref,
    step: ProblemStep,
    deed: Deed,
    comment: str = "",
    data: dict[str, Datum] | None = None,
    **values: Any,
) -> Problem:
    problem, way = await access.shown_to(tx, ref, deed.by), partial(access.way, tx, step=step, by=deed.by)
    values["revision"] = Problem.revision + 1
    problem = await take(tx, problem, way, FLOW.facts[step], deed, comment, data, **values)
    lanes = map(person, await people.reached(tx, [problem.assignee, problem.raised_by], but=deed.by))
    if step not in (ProblemStep.ASSESS, ProblemStep.INVESTIGATE):
        await outbox.put_all(tx, notices.news(str(ref), FLOW.facts[step], deed.now, lanes), deed.now)
    return problem


async def add(
    tx: AsyncSession, said: Statement, source: Source, one: Record | None, deed: Deed, *, private: bool = False
) -> Problem:
    """Whoever may: from a private record it is private. Raises FormRefused."""
    desk = await in_force(tx)
    title, summary = text.one_line(said.title), text.clean(said.summary)
    faults = text.faults({"title": ("The title", title, text.SUMMARY_MOST)})
    if summary:
        faults |= text.faults({"summary": ("The description", summary, text.WORDS_MOST)})
    if said.service not in desk.policy.services:
        faults["service"] = "This service is not in the catalogue any more. Choose one from the list."
    filled = fields.filled_in(desk.policy, FieldsOf.PROBLEM, said.fields or {})
    faults |= fields.faults(filled) if said.fields is not None else {}
    if faults:
        raise FormRefused(faults)
    private = private or (one is not None and kind_of(one.noun).private(one))
    problem = Problem(
        number=await record_numbers.next_number(tx, Noun.PROBLEM),
        state=ProblemState.PROPOSED,
        title=title,
        summary=summary,
        source=source,
        source_ref=str(one.ref) if one else None,
        service=said.service,
        impact=said.impact,
        urgency=said.urgency,
        priority=desk.policy.priority(said.impact, said.urgency),
        private=private,
        owner_group=_group(desk, said.service, private=private),
        raised_by=deed.by,
        raised_at=deed.now,
        moved_at=deed.now,
        moved_by=deed.by,
    )
    await records.add(tx, problem)
    kept = await visibility.sealed(tx, filled.kept(fields.known(desk.policy))) if said.fields is not None else []
    await fields.keep(tx, problem.ref, kept, deed.by)
    data: dict[str, Datum] = {"source": source, "from_record": problem.source_ref, "service": said.service}
    data |= {"impact": said.impact, "urgency": said.urgency, "priority": problem.priority, "private": private}
    typed = {"title": title, "summary": summary} | ({"fields": fields.text(kept)} if kept else {})
    await record(tx, problem, FLOW.opened, deed, data, typed)
    await outbox.put_all(tx, notices.cards(str(problem.ref), await lanes_of(tx, problem)), deed.now)
    await naming.as_answered(tx, problem, kept, by=deed.by, now=deed.now)
    return problem


async def lanes_of(tx: AsyncSession, problem: Problem) -> Iterable[str]:
    """Where its card is shown. A private one whose channel is not there yet goes to its group's members, each alone."""
    policy = (await in_force(tx)).policy
    if not problem.private:
        return [f"#{policy.channel(policy.problems.channel)}"]
    room = policy.channel(policy.incidents.private.channel)
    if await channels.channel_of(tx, room) is None:
        return [person(one) for one in await directory.members(tx, policy.incidents.private.group)]
    return [f"#{room}"]


def _group(desk: InForce, service: str, *, private: bool) -> str:
    return desk.policy.incidents.private.group if private else desk.policy.services[service].owner


def _why_not(problem: Problem, kept: Problem) -> str:
    if problem.number == kept.number:
        return "it is the same record"
    if kept.state == ProblemState.DUPLICATE:
        return f"that one was merged into PRB-{kept.duplicate_of} itself"
    if kept.state in (ProblemState.CLOSED, ProblemState.CANCELLED, ProblemState.DISMISSED):
        return f"that one is {kept.state}"
    if problem.private != kept.private:
        return "one of them is private and the other is not"
    return ""
