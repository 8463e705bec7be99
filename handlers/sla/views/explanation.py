"""The reason for a deadline, interval by interval."""

from collections.abc import Sequence
from datetime import timedelta

from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Ref
from bot.rules.sla.clock_history import DONE, Piece
from bot.rules.sla.clocks import PROMISED, Owner, Party
from bot.rules.sla.olas import ELSEWHERE
from bot.rules.time.business_hours import IntervalKind
from bot.rules.time.policy import ALWAYS
from bot.usecases.sla.why import Why
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.sla.views.lines import AGREEMENT, length, named, promise

LINES_MOST = 32
"""Intervals that are listed; those in the middle of a promise are summed up, so that a message of Slack's holds all."""
LINES_LEAST = 3
PROMISES_MOST = 4
"""Of the desk's to customers; and as many of what else is owed."""
EARLIER_MOST = 8
RULES_MOST = 4
EXCUSE_MOST = 150

MARK = {
    IntervalKind.COUNTED: ":black_small_square: counted",
    IntervalKind.PAUSED: ":double_vertical_bar: paused",
    IntervalKind.OUT_OF_HOURS: ":crescent_moon: out of hours",
}


def why(ref: Ref, explained: Sequence[Why], policy: Policy) -> Message:
    """Every interval from the start to the deadline, where what counted adds up to the target; or to the end."""
    title = f"Why {ref} is due when it is"
    blocks = [kit.header(title)]
    shown, others = _chosen(explained)
    for one in shown:
        blocks += _promise(one, policy, max(LINES_LEAST, LINES_MOST // max(2, len(shown))))
    if others:
        blocks += [
            kit.section("\n".join(["*Before that*", *(_in_a_line(one, policy) for one in others[-EARLIER_MOST:])]))
        ]
    if not explained:
        blocks.append(kit.section("Nothing was promised for it."))
    return Message(title, blocks)


def _chosen(explained: Sequence[Why]) -> tuple[list[Why], list[Why]]:
    """Those told in full, what customers were promised first and of the others each one's last round; and the rest."""
    ours = [one for one in explained if one.clock.owner == Owner.DESK and one.clock.kind in PROMISED][-PROMISES_MOST:]
    last = {one.clock.name: one for one in explained if one.clock.name not in {each.clock.name for each in ours}}
    shown = [*ours, *list(last.values())[-PROMISES_MOST:]]
    return shown, [one for one in explained if all(one is not each for each in shown)]


def _in_a_line(one: Why, policy: Policy) -> str:
    return f"Round {one.clock.cycle}: {promise(one.clock, policy)}"


def _promise(one: Why, policy: Policy, most: int) -> list[Block]:
    again = f", round {one.clock.cycle}" if one.clock.cycle > 1 else ""
    agreed = AGREEMENT.get(Party.parse(one.clock.owner).owner)
    rules = "\n".join(
        f"Since {kit.when(rule.since)}: {length(rule.target)}{_hours(rule.calendar)}"
        f" (policy version {rule.policy_version})"
        for rule in one.rules[-RULES_MOST:]
    )
    name = f"*{kit.esc(named(one.clock, policy))}{again}*{f', {agreed}' if agreed else ''}"
    head = kit.section(f"{name}\n{promise(one.clock, policy)}\n{rules}")
    lists = [kit.section("\n".join(lines)) for lines in _in_sections(_lines(one.pieces, most))]
    return [head, *lists, kit.context(_sum(one)), *_excuse(one)]


def _hours(calendar: str) -> str:
    return ", by day and night" if calendar == ALWAYS else f" in the hours “{kit.esc(calendar)}”"


def _lines(pieces: Sequence[Piece], most: int) -> list[str]:
    if len(pieces) <= most:
        return [_line(piece) for piece in pieces]
    half = most // 2
    between = pieces[half:-half]
    counted, paused, closed = (_total(between, kind) for kind in IntervalKind)
    summed = (
        f":heavy_minus_sign: {len(between)} more, in which {length(counted)} counted, "
        f"{length(paused)} were paused and {length(closed)} out of hours"
    )
    return [*(_line(one) for one in pieces[:half]), summed, *(_line(one) for one in pieces[-half:])]


def _line(piece: Piece) -> str:
    what = f"{MARK[piece.kind]}{_reason(piece.reason)}"
    return f"{what}: {kit.when(piece.start)} to {kit.when(piece.end)}, {length(piece.length)}"


def _reason(reason: str) -> str:
    if reason == DONE:
        return " after it was done"
    if reason == ELSEWHERE:
        return " while somebody else had it"
    return f" for {kit.esc(reason)}" if reason else ""


def _sum(one: Why) -> str:
    counted, target = _total(one.pieces, IntervalKind.COUNTED), one.reading.target
    if one.reading.ended_at is not None:
        ended = "given up" if one.reading.cancelled else "done"
        # To the minute, as people say it; what took less is told in seconds.
        counted -= timedelta(seconds=counted.total_seconds() % 60) if counted >= timedelta(minutes=1) else timedelta(0)
        return f"{length(counted)} of {length(target)} spent, {ended} {kit.when(one.reading.ended_at)}"
    if one.reading.due_at is None:
        return f"{length(counted)} of {length(target)} counted so far; {length(target - counted)} left when it goes on"
    return f"{length(counted)} counted = the target of {length(target)}, so it is due {kit.when(one.reading.due_at)}"


def _excuse(one: Why) -> list[Block]:
    if one.clock.excused_by is None:
        return []
    by = kit.mention(one.clock.excused_by)
    return [kit.section(f"The breach was excused by {by}:\n{kit.quote(one.excuse, EXCUSE_MOST)}")]


def _total(pieces: Sequence[Piece], kind: IntervalKind) -> timedelta:
    return sum((piece.length for piece in pieces if piece.kind is kind), timedelta(0))


def _in_sections(lines: Sequence[str]) -> list[list[str]]:
    """As many lines as a section holds."""
    sections: list[list[str]] = []
    for line in lines:
        if not sections or len("\n".join([*sections[-1], line])) > kit.SECTION_MOST:
            sections.append([])
        sections[-1].append(line)
    return sections
