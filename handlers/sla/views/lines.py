"""Promises in a line each: on cards, in reminders, on the board."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.rules.policy.policy import Group, Policy
from bot.rules.sla.clocks import PROMISED, ClockKind, ClockState, Owner, Party, PromiseKind
from bot.rules.sla.ola_policy import Supplier
from bot.rules.sla.olas import ELSEWHERE
from handlers.blocks import kit
from handlers.blocks.kit import Block
from storage.tables import Clock

PROMISE: Mapping[str, str] = {
    ClockKind.RESPONSE: "Response",
    ClockKind.RESOLUTION: "Resolution",
    ClockKind.UPDATE: "Next update",
    PromiseKind.FULFILMENT: "Fulfilment",
    PromiseKind.ACKNOWLEDGEMENT: "Acknowledgement",
    PromiseKind.ANSWER: "Answer",
}
AGREEMENT = {Owner.GROUP: "operational target (OLA)", Owner.SUPPLIER: "supplier's target (underpinning contract)"}
CONTEXT_MOST = 10
"""Elements of a context block, by Slack's limits."""


def promises(clocks: Sequence[Clock], policy: Policy) -> list[Block]:
    """What customers were promised, the next one first."""
    return _listed([one for one in clocks if _of_every_incident(one)], policy)


def next_promises(clocks: Sequence[Clock], policy: Policy) -> list[Block]:
    """The same for those who work on it; with it news, and a group's or a supplier's part, where due before or late."""
    ours = [one for one in clocks if _of_every_incident(one)]
    first = min((one.due_at for one in ours if _is_due(one)), default=None)
    sooner = [one for one in clocks if one not in ours and _presses(one, first)]
    return _listed([*ours, *sooner], policy)


def _listed(clocks: Sequence[Clock], policy: Policy) -> list[Block]:
    said = [promise(clock, policy) for clock in sorted(clocks, key=lambda one: one.due_at) if one_of_now(clock)]
    return [kit.context(*said[:CONTEXT_MOST])] if said else []


def _of_every_incident(clock: Clock) -> bool:
    return clock.owner == Owner.DESK and clock.kind in PROMISED


def _is_due(clock: Clock) -> bool:
    return clock.state == ClockState.RUNNING and clock.ended_at is None


def _presses(clock: Clock, first: datetime | None) -> bool:
    overdue = clock.breached_at is not None and clock.ended_at is None and clock.paused_at is None
    return overdue or (_is_due(clock) and (first is None or clock.due_at <= first))


def named(clock: Clock, policy: Policy) -> str:
    """“Response”, “Resolution by Network team”; plain text."""
    return owed_name(clock.kind, Party.parse(clock.owner), policy)


def owed_name(kind: str, party: Party, policy: Policy) -> str:
    if party.owner is Owner.DESK:
        return PROMISE[kind]
    owners: Mapping[str, Group | Supplier] = policy.groups if party.owner is Owner.GROUP else policy.suppliers
    return f"{PROMISE[kind]} by {owners[party.key].title if party.key in owners else party.key}"


def one_of_now(clock: Clock) -> bool:
    """What was cancelled before it broke is promised no more."""
    return clock.state != ClockState.CANCELLED or clock.breached_at is not None


def promise(clock: Clock, policy: Policy) -> str:
    name = kit.esc(named(clock, policy))
    if clock.breached_at is not None:
        return f":rotating_light: {name} breached, was due {kit.when(clock.breached_at)}{_since_then(clock)}"
    if clock.state == ClockState.CANCELLED:
        return f":heavy_minus_sign: {name} is promised no more"
    if clock.state == ClockState.MET:
        return f":white_check_mark: {name} in time"
    if clock.paused_at is not None:
        left = rounded(timedelta(seconds=clock.left_seconds or 0))
        elsewhere, reason = clock.pause_reason == ELSEWHERE, kit.esc(clock.pause_reason or "")
        why = "with somebody else" if elsewhere else f"waiting for {reason}"
        return f":double_vertical_bar: {name} paused, {why} since {kit.when(clock.paused_at)}; {left} left"
    return f":hourglass_flowing_sand: {name} due {until(clock.due_at)}"


def until(at: datetime) -> str:
    """The instant in the reader's zone, and how far off it is."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}} ({{ago}})|{at:%Y-%m-%d %H:%M} UTC>"


def length(span: timedelta) -> str:
    """“2 d 3 h”, “45 min”, “30 s”."""
    seconds = int(abs(span).total_seconds())
    parts = ((seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    said = " ".join(f"{count} {unit}" for count, unit in parts if count) or "no time"
    return f"less than nothing ({said} over)" if span < timedelta(0) else said


def rounded(span: timedelta) -> str:
    """For a card, where seconds say nothing: “2 d”, “1 h 5 min”, “6 min”."""
    if span < timedelta(minutes=1):
        return "less than a minute"
    step = timedelta(hours=1) if span >= timedelta(days=1) else timedelta(minutes=1)
    return length((span + step / 2) // step * step)


def _since_then(clock: Clock) -> str:
    if clock.excused_by is not None:
        return f", excused by {kit.mention(clock.excused_by)}"
    if clock.taken_by is not None and clock.ended_at is None:
        return f"; {kit.mention(clock.taken_by)} is on it"
    return ""
