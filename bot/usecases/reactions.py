"""What follows from a fact, in the same transaction and in this order.

A noun puts a fact on record and knows nothing of what follows. Locks are taken in one order everywhere: the incident,
then its clocks, then its major incident; the windows, then the changes by number; problems, then requests, then
reviews, last. Whoever holds a later one never waits for an earlier one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.change_window.windows import WindowKind
from bot.rules.record.facts import Fact, FactKind
from bot.rules.sla.clocks import ClockKind
from bot.usecases.change import freeze_holds, suspected_cause
from bot.usecases.change_window import conflicts as change_window_conflicts
from bot.usecases.incident import on_call
from bot.usecases.major_incident import major_incidents
from bot.usecases.problem import follows as problem_follows
from bot.usecases.problem import trends as problem_trends
from bot.usecases.records.declared import Reaction
from bot.usecases.request import task_changes
from bot.usecases.review import triggers as review_asked_for
from bot.usecases.sla import clocks, escalation, olas
from storage import timers
from storage.change_window import windows
from storage.sla import clocks as stored_clocks
from storage.tables import ChangeWindow, Incident


async def _promise(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    await clocks.open(tx, incident, fact.at)


async def _call(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    if fact.kind is FactKind.INCIDENT_OPENED:
        await escalation.call(tx, incident, fact.at)
    elif not fact.data.keys().isdisjoint({"priority", "service"}):
        await escalation.call_anew(tx, incident, fact.at)


async def _route(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    if fact.kind is FactKind.INCIDENT_OPENED:
        await on_call.route(tx, incident, fact.at)
    elif "service" in fact.data:
        await on_call.route_anew(tx, incident, fact.at)


async def _respond(tx: AsyncSession, _incident: Incident, fact: Fact) -> None:
    await clocks.stop(tx, fact.subject, [ClockKind.RESPONSE], fact.by, fact.at)


async def _be_on_it(tx: AsyncSession, _incident: Incident, fact: Fact) -> None:
    await stored_clocks.take(tx, fact.subject, fact.by, fact.at)


async def _pass_on(tx: AsyncSession, _incident: Incident, fact: Fact) -> None:
    """Whoever takes it themselves is on it; whoever is given it has said nothing yet."""
    mine = fact.data.get("assignee") == fact.by
    await stored_clocks.pass_on(tx, fact.subject, fact.by if mine else None, fact.at)


async def _pause(tx: AsyncSession, _incident: Incident, fact: Fact) -> None:
    await clocks.pause(tx, fact.subject, str(fact.data["on"]), fact.by, fact.at)


async def _resume(tx: AsyncSession, _incident: Incident, fact: Fact) -> None:
    await clocks.resume(tx, fact.subject, fact.by, fact.at)


async def _keep(tx: AsyncSession, _incident: Incident, fact: Fact) -> None:
    await clocks.stop(tx, fact.subject, list(ClockKind), fact.by, fact.at)


async def _promise_nothing(tx: AsyncSession, _incident: Incident, fact: Fact) -> None:
    await clocks.cancel(tx, fact.subject, fact.by, fact.at)


async def _promise_again(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    await clocks.reopen(tx, incident, fact.by, fact.at)


async def _retarget(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    if not fact.data.keys().isdisjoint({"priority", "service"}):
        await clocks.retarget(tx, incident, fact.by, fact.at)


async def _owe(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    """What groups and suppliers owe goes by whose turn it is."""
    await olas.follow(tx, incident, fact.kind, fact.by, fact.at)


async def _ask_cause(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    if "service" in fact.data:
        await suspected_cause.ask(tx, incident, fact.at, is_new=fact.kind is FactKind.INCIDENT_OPENED)


async def _end_major(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    await major_incidents.end(tx, incident.ref, by=fact.by, now=fact.at)


async def _tell_major(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    await major_incidents.follow_update(tx, incident, fact.words["comment"], by=fact.by, now=fact.at)


async def _retopic(tx: AsyncSession, incident: Incident, fact: Fact) -> None:
    if "priority" in fact.data:
        await major_incidents.retopic_if_active(tx, incident.ref, fact.at)


async def _silence(tx: AsyncSession, _one: Any, fact: Fact) -> None:
    """Nothing rings about it any more but what is set from here on."""
    await timers.cancel(tx, fact.subject, None, fact.at)


async def _catch(tx: AsyncSession, row: ChangeWindow, fact: Fact) -> None:
    window = windows.value(row)
    if window.kind is WindowKind.FREEZE:
        await freeze_holds.catch(tx, window, by=fact.by, now=fact.at)


async def _let_go(tx: AsyncSession, row: ChangeWindow, fact: Fact) -> None:
    await freeze_holds.let_go(tx, row.number, by=fact.by, now=fact.at)


async def _redraw_changes(tx: AsyncSession, row: ChangeWindow, fact: Fact) -> None:
    await change_window_conflicts.redraw_those_in(tx, windows.value(row), fact.at)


REACTIONS: Mapping[FactKind, tuple[Reaction, ...]] = MappingProxyType(
    {
        FactKind.INCIDENT_OPENED: (_owe, _promise, _route, _call, _ask_cause, problem_trends.look_tomorrow),
        FactKind.INCIDENT_ACKNOWLEDGED: (_respond, _owe, _be_on_it),
        FactKind.INCIDENT_STARTED: (_respond, _owe, _be_on_it),
        FactKind.INCIDENT_UPDATED: (_tell_major,),
        FactKind.INCIDENT_PENDED: (_pause, _owe),
        FactKind.INCIDENT_RESUMED: (_resume, _owe),
        FactKind.INCIDENT_RESOLVED: (_keep, _owe, _end_major, review_asked_for.ask),
        FactKind.INCIDENT_CLOSED: (_end_major, _silence),
        FactKind.INCIDENT_CANCELLED: (_promise_nothing, _owe, _end_major, _silence),
        FactKind.INCIDENT_REOPENED: (_silence, _owe, _promise_again, problem_follows.recur),
        FactKind.INCIDENT_LINKED: (problem_follows.recur,),
        FactKind.INCIDENT_MERGED: (problem_follows.carry,),
        FactKind.PROBLEM_LINKED: (problem_follows.recur,),
        FactKind.CHANGE_FINISHED: (
            problem_follows.follow_change,
            problem_trends.look_tomorrow,
            task_changes.follow,
            review_asked_for.ask,
        ),
        FactKind.CHANGE_BACKED_OUT: (task_changes.follow,),
        FactKind.CHANGE_CANCELLED: (task_changes.follow,),
        FactKind.INCIDENT_ASSIGNED: (_owe, _pass_on),
        FactKind.INCIDENT_RECLASSIFIED: (_ask_cause, _owe, _call, _retarget, _retopic, _route),
        FactKind.SLA_TAKEN: (_be_on_it,),
        FactKind.WINDOW_MADE: (_catch, _redraw_changes),
        FactKind.WINDOW_LIFTED: (_let_go, _redraw_changes, _silence),
        **dict.fromkeys(
            (
                FactKind.PROBLEM_INVESTIGATED,
                FactKind.PROBLEM_REOPENED,
                FactKind.PROBLEM_CLOSED,
                FactKind.PROBLEM_MERGED,
                FactKind.PROBLEM_DISMISSED,
                FactKind.PROBLEM_CANCELLED,
                FactKind.KNOWN_ERROR_SUPERSEDED,
                FactKind.KNOWN_ERROR_RETIRED,
                FactKind.REQUEST_REJECTED,
                FactKind.REQUEST_WITHDRAWN,
                FactKind.REQUEST_SENT_BACK,
                FactKind.REQUEST_CONFIRMED,
                FactKind.REQUEST_CLOSED,
            ),
            (_silence,),
        ),
    }
)
