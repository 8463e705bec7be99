"""Promises as people see them: in reminders, on the board of `/sla`, in the form that excuses a breach."""

from collections.abc import Sequence
from datetime import tzinfo

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.text import WORDS_MOST, per_cent, shorten, wall_time
from bot.rules.sla.clocks import BREACH, PROMISED, ClockKind, ClockState, Owner, Party
from bot.rules.time.policy import ALWAYS
from bot.usecases.sla.board import Board, Standing
from handlers.blocks import kit
from handlers.blocks.holder import with_whom
from handlers.blocks.kit import Block, Message, View
from handlers.ids import ON_IT, Action, Field, Form
from handlers.sla.views.lines import AGREEMENT, PROMISE, length, named, owed_name, promise, until
from storage.tables import Clock, Incident

LISTED = 10
"""Promises that a list of the board shows."""
OWED_LISTED = 5
NAME_MOST = 35
"""Of a promise's name in a menu, so that its due time stands beside it."""


def promise_at_risk(
    incident: Incident,
    clock: Clock,
    policy: Policy,
    threshold: int = BREACH,
    repeat: int = 0,
    mention: str = "",
    overtaken: bool = False,
) -> Message:
    """Rings before a promise breaks, when it has, and again while it stays so.

    A warning that was `overtaken` by the word of the breach says so in a line.
    """
    ref, priority = Ref(Noun.INCIDENT, incident.number), Priority(incident.priority)
    lead, mark = _lead(clock, policy, threshold, repeat)
    agreed = [AGREEMENT[owner]] if (owner := Party.parse(clock.owner).owner) in AGREEMENT else []
    calls = "".join(f"{kit.mention(one)} " for one in mention.split())
    service = kit.esc(policy.service_name(incident.service))
    who = with_whom(incident.assignee, incident.assigned_group, policy)
    taken = [f"{kit.mention(clock.taken_by)} is on it"] if clock.taken_by not in (None, incident.assignee) else []
    if clock.ended_at is not None:
        over = f"*{ref}* {kit.colon(kit.esc(incident.summary))} {promise(clock, policy)}{_done(clock)}"
        return Message(f"{ref}: {kit.esc(named(clock, policy))} is settled", [kit.context(over)])
    if overtaken and threshold < BREACH and clock.breached_at is not None:
        since = f"*{ref}* {kit.colon(kit.esc(incident.summary))} {promise(clock, policy)}"
        return Message(f"{ref}: {kit.esc(named(clock, policy))} is breached", [kit.context(since)])
    said = kit.section(f"{calls}{mark} *{lead}*: *{ref}* {kit.esc(incident.summary)}")
    if clock.taken_by is None:
        said["accessory"] = kit.button(Action.HAVE_IT, ON_IT, RecordVersion(ref, incident.revision))
    blocks = [said, kit.context(f"{_stands(clock)} {priority.label} · {service} · {who}", *agreed, *taken)]
    return Message(f"{lead}: {ref} {kit.esc(incident.summary)}", blocks)


def late(incident: Incident, clock: Clock) -> Message:
    """For the reporter: what they were promised did not come in time."""
    ref = Ref(Noun.INCIDENT, incident.number)
    what = "An answer" if clock.kind == ClockKind.RESPONSE else "The fix"
    due = kit.when(clock.breached_at or clock.due_at)
    if clock.ended_at is not None:
        lead = kit.colon(f"*{ref}* {kit.esc(incident.summary)}")
        over = f"{lead} {what.lower()} was due {due} and came {kit.when(clock.ended_at)}."
        return Message(f"{ref}: {what.lower()} came late", [kit.context(over)])
    text = (
        f":alarm_clock: *{ref}* {kit.esc(incident.summary)}\n{what} was promised for {due} and is late. "
        "The desk was told too."
    )
    return Message(f"{ref}: {what.lower()} is late", [kit.section(text)])


def calling(card: Message, people: Sequence[str]) -> Message:
    """The same card with the names of those who are called, behind its first block."""
    if not people:
        return card
    first, *rest = card.blocks
    calls = kit.context(f":bell: {' '.join(kit.mention(one) for one in people)}")
    return Message(card.text, [first, calls, *rest])


def _ahead(seen: Board) -> str:
    return "the next hour" if seen.hours == 1 else f"the next {seen.hours} hours"


def board(seen: Board) -> Message:
    """What breaks in the next hours, and what has."""
    title = f"Promises: {_ahead(seen)}"
    blocks = [kit.header(title), *_coming(seen), kit.header("Broken"), *_broken(seen), *_beneath(seen)]
    return Message(title, blocks)


def service_board(seen: Board, key: str) -> Message:
    """A service's promises: what they are, how they were kept, and which are near or broken."""
    name = kit.esc(seen.policy.service_name(key))
    kept = [_tallied(PROMISE[kind], *seen.tally.get(kind, (0, 0, 0))) for kind in PROMISED]
    if news := seen.tally.get(ClockKind.UPDATE):
        kept.append(_tallied("Updates of major incidents", *news))
    blocks = [
        kit.header(f"Promises: {seen.policy.service_name(key)}"),
        kit.section("\n".join(_targets(seen.policy, key, priority) for priority in Priority)),
        kit.section("*The last 30 days*\n" + "\n".join(kept)),
        *_coming(seen),
        *_broken(seen),
        *_beneath(seen),
    ]
    return Message(f"Promises of {name}", blocks)


def excuse_form(incident: Incident, broken: Sequence[Clock], policy: Policy, zone: tzinfo) -> View:
    """Asks for which breach, and why."""
    ref = Ref(Noun.INCIDENT, incident.number)
    options = [kit.option(_of_round(clock, policy, zone), str(clock.id)) for clock in broken[: kit.MENU_MOST]]
    blocks = [
        kit.section(f"*{ref}* {kit.esc(incident.summary)}"),
        kit.ask(Field.PROMISE, "Promise", kit.select(options, str(broken[0].id))),
        kit.ask(
            Field.COMMENT,
            "Reason",
            kit.text_input(most=WORDS_MOST, lines=True),
            hint="Why it is nobody's fault here; the breach stays on record beside it",
        ),
    ]
    return kit.form(Form.BREACH_EXCUSE, "Excuse a breach", "Excuse", blocks, RecordVersion(ref, incident.revision))


def excused(ref: Ref) -> Message:
    text = f":white_check_mark: The breach of {ref} is excused, with your reason on record."
    return Message(text, [kit.section(text)])


def _lead(clock: Clock, policy: Policy, threshold: int, repeat: int) -> tuple[str, str]:
    """What is said first. A target that is not the desk's is none of the customers' promises."""
    name = kit.esc(named(clock, policy))
    subject = f"{name} promise" if clock.owner == Owner.DESK else f"{name}: target"
    if not threshold:
        return f"{Priority(clock.priority).label} now, a response is promised", ":bell:"
    if threshold < BREACH:
        return f"{subject} at risk", ":hourglass_flowing_sand:"
    return f"{subject} {'still ' if repeat else ''}breached", ":rotating_light:"


def _stands(clock: Clock) -> str:
    if clock.breached_at is not None:
        return f"It was due {kit.when(clock.breached_at)}."
    if clock.paused_at is not None:
        return f"It is paused since {kit.when(clock.paused_at)}."
    return f"It is due {until(clock.due_at)}."


def _done(clock: Clock) -> str:
    """When, of what was worked off; nothing of what was cancelled before."""
    cancelled = clock.state == ClockState.CANCELLED
    return f", done {kit.when(clock.ended_at)}" if clock.ended_at and not cancelled else ""


def _coming(seen: Board) -> list[Block]:
    if not seen.coming:
        return [kit.section(f":sparkles: No promise breaks in {_ahead(seen)}.")]
    return [*(_line(one, seen.policy) for one in seen.coming[:LISTED]), *_more(len(seen.coming), "the soonest")]


def _broken(seen: Board) -> list[Block]:
    if not seen.broken:
        return [kit.section(":sparkles: None was broken since yesterday.")]
    return [*(_line(one, seen.policy) for one in seen.broken[:LISTED]), *_more(len(seen.broken), "the newest")]


def _beneath(seen: Board) -> list[Block]:
    """What groups and suppliers owe the desk, counted apart from what customers were promised."""
    found = [*seen.owed_broken[:OWED_LISTED], *seen.owed[:OWED_LISTED]]
    kept = [_tallied(_owed_name(name, seen.policy), *counts) for name, counts in seen.tally.items() if ":" in name]
    if not found and not kept:
        return []
    more = len(seen.owed_broken) + len(seen.owed) - len(found)
    return [
        kit.header("Owed by groups and suppliers"),
        *([kit.section("*The last 30 days*\n" + "\n".join(kept))] if kept else []),
        *(_line(one, seen.policy) for one in found),
        *([kit.context(f"{more} more.")] if more else []),
    ]


def _owed_name(name: str, policy: Policy) -> str:
    kind, _, owner = name.partition(":")
    return kit.esc(owed_name(ClockKind(kind), Party.parse(owner), policy))


def _more(count: int, first: str) -> list[Block]:
    return [kit.context(f"{count - LISTED} more; {first} come first.")] if count > LISTED else []


def _line(standing: Standing, policy: Policy) -> Block:
    incident, clock = standing.incident, standing.clock
    ref = Ref(Noun.INCIDENT, incident.number)
    who = with_whom(incident.assignee, incident.assigned_group, policy)
    service = kit.esc(policy.service_name(incident.service))
    label = Priority(incident.priority).label
    return kit.section(f"*{ref}* {kit.esc(incident.summary)}\n{promise(clock, policy)}\n{label} · {service} · {who}")


def _targets(policy: Policy, service: str, priority: Priority) -> str:
    goals = ((kind, policy.goal(service, priority, kind)) for kind in PROMISED)
    said = ", ".join(f"{kind} {length(goal.length)}{_hours(goal.calendar)}" for kind, goal in goals)
    return f"*{priority.label}*: {said}"


def _tallied(name: str, kept: int, broken: int, excused_ones: int) -> str:
    """Excused ones count as neither."""
    counted = kept + broken - excused_ones
    if not counted:
        return f"{name}: none was settled"
    forgiven = f", {excused_ones} excused" if excused_ones else ""
    return f"{name}: {kept} of {counted} kept ({per_cent(kept / counted)}){forgiven}"


def _of_round(clock: Clock, policy: Policy, zone: tzinfo) -> str:
    """Plain text, as a menu has it, by the clocks of who reads it."""
    again = f", round {clock.cycle}" if clock.cycle > 1 else ""
    due = f", due {wall_time((clock.breached_at or clock.due_at).astimezone(zone))}"
    return f"{shorten(named(clock, policy), NAME_MOST)}{again}{due}"


def _hours(calendar: str) -> str:
    """Whose hours count, where not every hour does."""
    return "" if calendar == ALWAYS else f" (in the hours “{kit.esc(calendar)}”)"
