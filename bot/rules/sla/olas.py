"""What happens to the clock of what a group or a supplier owes, as an incident passes from hand to hand.

A group's resolution clock runs while the incident is with the group, in sum however often it goes and comes; it is done
when the incident is. Its response clock is done when a member takes the incident, and begins anew when it comes back
for somebody to take. A supplier's clock begins each time that the desk begins to wait for it, and is done when it need
not wait any more. The policy's pauses hold a group's clocks as they hold the desk's; a supplier's they do not, since
waiting for it is what it counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rules.incident.assignment_history import Custody
from bot.rules.policy.policy import Policy
from bot.rules.sla.clock_history import Event, Reading, Step, derive
from bot.rules.sla.clocks import ClockKind, Owner, Party
from bot.rules.sla.ola_policy import owing, supplier_behind
from bot.rules.sla.targets import Goal

ELSEWHERE = "elsewhere"
"""The reason of the pause while an incident is with another group."""

NOT_HERE = (Step.PAUSED, ELSEWHERE)
Want = tuple[Step, str]
"""STARTED (it is to run), PAUSED with the reason, DONE or CANCELLED."""


@dataclass(frozen=True)
class Standing:
    """A clock as it is: over, or held for a reason, or running."""

    over: bool = False
    hold: str = ""


def wanted(custody: Custody, party: Party, kind: ClockKind, policy: Policy) -> Want:
    """What a clock ought to do while an incident stands so."""
    if custody.cancelled or policy.owed(party, custody.priority, kind) is None:
        return Step.CANCELLED, ""
    if custody.done:
        return Step.DONE, ""
    if party.owner is Owner.SUPPLIER:
        return _of_supplier(custody, party.key, policy)
    if custody.group != party.key:
        return NOT_HERE
    if kind is ClockKind.RESPONSE and custody.taken:
        return Step.DONE, ""
    if custody.pending_on and custody.pending_on in policy.sla.pauses_on:
        return Step.PAUSED, custody.pending_on
    return Step.STARTED, ""


def _of_supplier(custody: Custody, key: str, policy: Policy) -> Want:
    if custody.pending_on != policy.suppliers[key].pending:
        return Step.DONE, ""
    behind = supplier_behind(policy.suppliers, custody.service, custody.pending_on)
    return (Step.STARTED if behind == key else Step.CANCELLED), ""


def steps(want: Want, standing: Standing | None, anew: Step) -> Sequence[Want]:
    """What has to happen to a clock (None: there was none yet); `anew` is how one that is over begins again."""
    step, reason = want
    if standing is None or standing.over:
        if step in (Step.DONE, Step.CANCELLED) or want == NOT_HERE:
            return []
        begin = (anew if standing else Step.STARTED, "")
        return [begin] if step is Step.STARTED else [begin, want]
    if step in (Step.DONE, Step.CANCELLED):
        return [want]
    if standing.hold == reason:
        return []
    go_on = [(Step.RESUMED, "")] if standing.hold else []
    return [*go_on, want] if reason else go_on


def begins_again(party: Party, kind: ClockKind, policy: Policy) -> Step:
    """REOPENED where what was spent stays spent, STARTED where there is a new round."""
    runs_on = party.owner is Owner.GROUP and kind is ClockKind.RESOLUTION and policy.sla.reopen == "resume"
    return Step.REOPENED if runs_on else Step.STARTED


def standing_of(reading: Reading) -> Standing:
    hold = reading.paused
    return Standing(reading.ended_at is not None, hold.reason if hold else "")


def courses(history: Sequence[tuple[datetime, Custody]], policy: Policy) -> dict[tuple[ClockKind, Party, int], Reading]:
    """Every round of every clock that groups and suppliers would have had under a policy."""
    found: dict[tuple[ClockKind, Party, int], Reading] = {}
    for party, kind in owing(policy.operational_targets, policy.suppliers):
        for cycle, one in enumerate(_rounds(history, party, kind, policy), start=1):
            found[kind, party, cycle] = derive(one)
    return found


def _rounds(
    history: Sequence[tuple[datetime, Custody]], party: Party, kind: ClockKind, policy: Policy
) -> list[list[Event]]:
    rounds: list[list[Event]] = []
    for at, custody in history:
        goal = policy.owed(party, custody.priority, kind)
        standing = standing_of(derive(rounds[-1])) if rounds else None
        anew = begins_again(party, kind, policy)
        for step, reason in steps(wanted(custody, party, kind, policy), standing, anew):
            if step is Step.STARTED:
                rounds.append([])
            rounds[-1].append(_event(step, at, reason, goal, policy))
        if goal is not None and rounds:
            rounds[-1].append(_event(Step.RETARGETED, at, "", goal, policy))
    return rounds


def _event(step: Step, at: datetime, reason: str, goal: Goal | None, policy: Policy) -> Event:
    if goal is None or step not in (Step.STARTED, Step.RETARGETED):
        return Event(step, at, reason=reason)
    return Event(step, at, goal.length, policy.calendars[goal.calendar].calendar)
