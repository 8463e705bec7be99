"""Why a complaint is to be acknowledged and answered by when it is, from its own facts."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Ref
from bot.rules.sla.clock_history import Event, Step
from bot.rules.sla.clocks import PromiseKind
from bot.rules.time.policy import ALWAYS
from bot.usecases.complaint.access import shown_to
from bot.usecases.policy import at_version
from bot.usecases.sla.why import Rule, Why, explained
from storage.journal import journal

_PROMISES = (FactKind.COMPLAINT_RECEIVED, FactKind.COMPLAINT_ESCALATED)
_ANSWERED = (FactKind.COMPLAINT_ANSWERED,)
_ACKNOWLEDGED = (FactKind.COMPLAINT_ACKNOWLEDGED, *_ANSWERED)


async def why(tx: AsyncSession, ref: Ref, by: str, now: datetime) -> list[Why]:
    """Its acknowledgement, and a round for each time that an answer was promised. Raises NoSuchRecord."""
    await shown_to(tx, ref, by)
    facts = await journal.timeline(tx, str(ref))
    begun = [(at, fact) for at, fact in enumerate(facts) if fact.kind in _PROMISES]
    found = [await _promise(tx, ref, PromiseKind.ACKNOWLEDGEMENT, 1, facts, _ACKNOWLEDGED, now)] if begun else []
    for cycle, (at, _) in enumerate(begun, 1):
        found.append(await _promise(tx, ref, PromiseKind.ANSWER, cycle, facts[at:], _ANSWERED, now))
    return found


async def _promise(
    tx: AsyncSession, ref: Ref, kind: PromiseKind, cycle: int, facts: Sequence[Fact], done: Collection[FactKind],
    now: datetime,
) -> Why:  # fmt: skip
    """Each is kept by the first answer, whatever was promised anew meanwhile."""
    first, *later = facts
    rules = (await at_version(tx, first.policy_version)).complaints
    target = rules.acknowledge_within if kind is PromiseKind.ACKNOWLEDGEMENT else rules.answer_within
    ends = dict.fromkeys(done, Step.DONE) | {FactKind.COMPLAINT_WITHDRAWN: Step.CANCELLED}
    events = [Event(ends[fact.kind], fact.at) for fact in later if fact.kind in ends]
    rule = Rule(first.at, target, rules.calendar or ALWAYS, first.policy_version)
    return await explained(tx, str(ref), kind, cycle, [rule], events, now)
