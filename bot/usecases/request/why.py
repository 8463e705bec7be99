"""Why a request is promised by when it is, interval by interval, from its own facts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Ref
from bot.rules.sla.clock_history import Event, Step
from bot.rules.sla.clocks import PromiseKind
from bot.rules.time.policy import ALWAYS
from bot.usecases.request.access import shown_to
from bot.usecases.sla.why import Rule, Why, explained
from storage.journal import journal
from storage.tables import ServiceRequest

_BEGINS = (FactKind.REQUEST_ASKED, FactKind.REQUEST_PROMISED)
_GIVES_UP = (FactKind.REQUEST_WITHDRAWN, FactKind.APPROVAL_WITHDRAWN)


async def why(tx: AsyncSession, ref: Ref, by: str, now: datetime) -> list[Why]:
    """A round for each time that it was approved. Raises NoSuchRecord."""
    request = await shown_to(tx, ref, by)
    rounds = _rounds(await journal.timeline(tx, str(ref)))
    return [
        await explained(tx, str(ref), PromiseKind.FULFILMENT, cycle, _rules(request, facts), _events(facts), now)
        for cycle, facts in enumerate(rounds, 1)
    ]


def _rounds(facts: Sequence[Fact]) -> list[list[Fact]]:
    """What happened from each promise on to the next one."""
    rounds: list[list[Fact]] = []
    for fact in facts:
        if fact.kind in _BEGINS and fact.data.get("due_at"):
            rounds.append([fact])
        elif rounds:
            rounds[-1].append(fact)
    return rounds


def _rules(request: ServiceRequest, facts: Sequence[Fact]) -> list[Rule]:
    """Of the policy when it began, and of the one in force when its clock went on."""
    target, found = timedelta(seconds=request.promise), list[Rule]()
    for fact in (one for one in facts if _goes_on(one) or one is facts[0]):
        if not found or found[-1].policy_version != fact.policy_version:
            found.append(Rule(fact.at, target, request.calendar or ALWAYS, fact.policy_version))
    return found


def _events(facts: Sequence[Fact]) -> list[Event]:
    events: list[Event] = []
    for fact in facts[1:]:
        if fact.kind is FactKind.REQUEST_PENDED and fact.data.get("stands"):
            events.append(Event(Step.PAUSED, fact.at, reason=str(fact.data["on"])))
        if _goes_on(fact):
            events.append(Event(Step.RESUMED, fact.at))
        if fact.kind is FactKind.REQUEST_FULFILLED:
            events.append(Event(Step.DONE, fact.at))
        if fact.kind in _GIVES_UP:
            events.append(Event(Step.CANCELLED, fact.at))
        if fact.kind is FactKind.REQUEST_SENT_BACK:
            # It was not done: what was promised stays promised by then.
            events = [one for one in events if one.step is not Step.DONE]
    return events


def _goes_on(fact: Fact) -> bool:
    """Whether its clock stood still until then: such a step names when it is due from now on."""
    return fact.kind not in _BEGINS and "due_at" in fact.data and fact.kind is not FactKind.REQUEST_LATE
