"""Promises as people see them: on cards, in reminders, on the board of `/sla`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.desk.sla import Board, Standing
from bot.rules.policy import Policy
from bot.rules.priority import Priority
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.sla import BREACH, ClockKind, ClockState
from bot.rules.words import WORDS_MOST
from handlers.ids import Action, Field, Form
from handlers.views import kit
from handlers.views.kit import Block, Message, View
from storage.tables import Clock, Incident

PROMISE = {ClockKind.RESPONSE: "Response", ClockKind.RESOLUTION: "Resolution"}
LISTED = 10
"""Promises that a list of the board shows."""


def promises(clocks: Sequence[Clock]) -> list[Block]:
    """The promises of a card, the next one first."""
    said = [promise(clock) for clock in sorted(clocks, key=lambda one: one.due_at) if one_of_now(clock)]
    return [kit.context(*said)] if said else []


def one_of_now(clock: Clock) -> bool:
    """What was cancelled before it broke is promised no more."""
    return clock.state != ClockState.CANCELLED or clock.breached_at is not None


def promise(clock: Clock) -> str:
    name = PROMISE[ClockKind(clock.kind)]
    if clock.breached_at is not None:
        return f":rotating_light: {name} breached, was due {kit.when(clock.breached_at)}{_since_then(clock)}"
    if clock.state == ClockState.MET:
        return f":white_check_mark: {name} in time"
    if clock.paused_at is not None:
        left = length(timedelta(seconds=clock.left_seconds or 0))
        why = kit.esc(clock.pause_reason or "")
        return f":double_vertical_bar: {name} paused, waiting for {why} since {kit.when(clock.paused_at)}; {left} left"
    return f":hourglass_flowing_sand: {name} due {until(clock.due_at)}"


def promise_at_risk(
    incident: Incident, clock: Clock, policy: Policy, threshold: int = BREACH, repeat: int = 0, mention: str = ""
) -> Message:
    """Rings before a promise breaks, when it has, and again while it stays so."""
    kind, priority = PROMISE[ClockKind(clock.kind)], Priority(incident.priority)
    ref = Ref(Noun.INCIDENT, incident.number)
    lead, mark = _lead(kind, threshold, repeat)
    calls = "".join(f"{kit.mention(one)} " for one in mention.split())
    service = kit.esc(policy.service_name(incident.service))
    who = kit.mention(incident.assignee) if incident.assignee else "nobody yet"
    taken = [f"{kit.mention(clock.taken_by)} has it"] if clock.taken_by else []
    blocks = [
        kit.section(f"{calls}{mark} *{lead}*: *{ref}* {kit.esc(incident.summary)}\n{_stands(clock)}"),
        kit.context(f"{priority.label} · {service} · assigned to {who}", *taken),
    ]
    if clock.ended_at is None and clock.taken_by is None:
        blocks.append(kit.actions(kit.button(Action.HAVE_IT, "I have it", Seen(ref, incident.revision))))
    return Message(f"{lead}: {ref} {kit.esc(incident.summary)}", blocks)


def board(seen: Board) -> Message:
    """What breaks in the next hours, and what has."""
    title = f"Promises: the next {seen.hours} hours"
    return Message(title, [kit.header(title), *_coming(seen), kit.header("Broken"), *_broken(seen)])


def service_board(seen: Board, key: str) -> Message:
    """A service's promises: what they are, how they were kept, and which are near or broken."""
    name = kit.esc(seen.policy.service_name(key))
    kept = [_tallied(kind, *seen.tally.get(kind, (0, 0, 0))) for kind in ClockKind]
    blocks = [
        kit.header(f"Promises: {seen.policy.service_name(key)}"),
        kit.section("\n".join(_targets(seen.policy, key, priority) for priority in Priority)),
        kit.section("*The last 30 days*\n" + "\n".join(kept)),
        *_coming(seen),
        *_broken(seen),
    ]
    return Message(f"Promises of {name}", blocks)


def excuse_form(incident: Incident, broken: Sequence[Clock]) -> View:
    """Asks for which breach, and why."""
    ref = Ref(Noun.INCIDENT, incident.number)
    options = [kit.option(_named(clock), str(clock.id)) for clock in broken]
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
    return kit.form(Form.BREACH_EXCUSE, "Excuse a breach", "Excuse", blocks, Seen(ref, incident.revision))


def excused(ref: Ref) -> Message:
    text = f":white_check_mark: The breach of {ref} is excused, with your reason on record."
    return Message(text, [kit.section(text)])


def until(at: datetime) -> str:
    """The instant in the reader's zone, and how far off it is."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}} ({{ago}})|{at:%Y-%m-%d %H:%M} UTC>"


def length(span: timedelta) -> str:
    """“2 d 3 h”, “45 min”, “30 s”."""
    seconds = int(abs(span).total_seconds())
    parts = ((seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    said = " ".join(f"{count} {unit}" for count, unit in parts if count) or "no time"
    return f"less than nothing ({said} over)" if span < timedelta(0) else said


def _lead(kind: str, threshold: int, repeat: int) -> tuple[str, str]:
    if threshold < BREACH:
        return f"{kind} promise at risk", ":hourglass_flowing_sand:"
    return f"{kind} promise {'still ' if repeat else ''}breached", ":rotating_light:"


def _stands(clock: Clock) -> str:
    if clock.breached_at is not None:
        done = f" It was done {kit.when(clock.ended_at)}." if clock.ended_at else ""
        return f"It was due {kit.when(clock.breached_at)}.{done}"
    if clock.ended_at is not None:
        return f"It is settled since {kit.when(clock.ended_at)}."
    if clock.paused_at is not None:
        return f"It is paused since {kit.when(clock.paused_at)}."
    return f"It is due {until(clock.due_at)}."


def _since_then(clock: Clock) -> str:
    if clock.excused_by is not None:
        return f", excused by {kit.mention(clock.excused_by)}"
    if clock.taken_by is not None and clock.ended_at is None:
        return f"; {kit.mention(clock.taken_by)} has it"
    return ""


def _coming(seen: Board) -> list[Block]:
    if not seen.coming:
        return [kit.section(f":sparkles: No promise breaks in the next {seen.hours} hours.")]
    return [*(_line(one, seen.policy) for one in seen.coming[:LISTED]), *_more(len(seen.coming), "the soonest")]


def _broken(seen: Board) -> list[Block]:
    if not seen.broken:
        return [kit.section(":sparkles: None is broken since yesterday.")]
    return [*(_line(one, seen.policy) for one in seen.broken[:LISTED]), *_more(len(seen.broken), "the newest")]


def _more(count: int, first: str) -> list[Block]:
    return [kit.context(f"{count - LISTED} more; {first} come first.")] if count > LISTED else []


def _line(standing: Standing, policy: Policy) -> Block:
    incident, clock = standing.incident, standing.clock
    ref = Ref(Noun.INCIDENT, incident.number)
    who = f" · with {kit.mention(incident.assignee)}" if incident.assignee else " · with nobody yet"
    service = kit.esc(policy.service_name(incident.service))
    return kit.section(
        f"*{ref}* {kit.esc(incident.summary)}\n{promise(clock)}\n{Priority(incident.priority).label} · {service}{who}"
    )


def _targets(policy: Policy, service: str, priority: Priority) -> str:
    goals = ((kind, policy.goal(service, priority, kind)) for kind in ClockKind)
    said = ", ".join(f"{kind} {length(goal.length)} ({kit.esc(goal.calendar)})" for kind, goal in goals)
    return f"*{priority.label}*: {said}"


def _tallied(kind: ClockKind, kept: int, broken: int, excused_ones: int) -> str:
    """Excused ones count as neither."""
    counted = kept + broken - excused_ones
    if not counted:
        return f"{PROMISE[kind]}: none was settled"
    forgiven = f", {excused_ones} excused" if excused_ones else ""
    return f"{PROMISE[kind]}: {kept} of {counted} kept ({kept * 100 // counted} %){forgiven}"


def _named(clock: Clock) -> str:
    again = f", round {clock.cycle}" if clock.cycle > 1 else ""
    return f"{PROMISE[ClockKind(clock.kind)]}{again}, due {clock.breached_at or clock.due_at:%Y-%m-%d %H:%M} UTC"
