"""Problems as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.problem.causes import Cause, CauseStatus, CausesView, bones, contributing, roots, whys
from bot.rules.problem.flow import FLOW, OPEN, KnownErrorState, ProblemState, ProblemStep, Source
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.waiting import Waits
from bot.usecases.problem.waiting import Why
from handlers.blocks import facts, holder, kit, moved_in, questions
from handlers.blocks.kit import Block, Message
from handlers.ids import Action
from handlers.problem.actions import ACTIONS, STATUS
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query, of_records
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading
from storage.record_links import LinkKind
from storage.tables import KnownError, Problem, ProblemCause, ProblemTrend, RecordLink

SAID = {
    FactKind.PROBLEM_RAISED: "raised it",
    FactKind.PROBLEM_ASSESSED: "began to assess it",
    FactKind.PROBLEM_INVESTIGATED: "began to investigate it",
    FactKind.PROBLEM_CAUSE_KNOWN: "said that its cause is known",
    FactKind.PROBLEM_FIXING: "said that a fix is under way",
    FactKind.PROBLEM_WATCHED: "began to watch it, as it is mended",
    FactKind.PROBLEM_CLOSED: "closed it",
    FactKind.PROBLEM_REOPENED: "reopened it",
    FactKind.PROBLEM_ACCEPTED: "accepted the risk until {look_again_on}",
    FactKind.PROBLEM_MERGED: "merged it into {duplicate_of}",
    FactKind.PROBLEM_DISMISSED: "dismissed it",
    FactKind.PROBLEM_CANCELLED: "cancelled it",
    FactKind.PROBLEM_INFORMED: "added",
    FactKind.PROBLEM_LINKED: "linked it to {other} ({kind})",
    FactKind.PROBLEM_JOINED: "merged {duplicate} into it",
    FactKind.PROBLEM_REMINDED: "reminded of it",
    FactKind.TREND_FOUND: "found {count} in {span}, where {expected} are usual",
    FactKind.TREND_GREW: "found more: {count} in {span}, where {expected} are usual",
    FactKind.CAUSE_SUPPOSED: "named cause {cause}",
    FactKind.CAUSES_DRAWN: "had the causes drawn",
    FactKind.CAUSE_JUDGED: "said that cause {cause} is {status}",
}
"""What a fact says after the name of who did it."""
LINKED = {
    LinkKind.CAUSED: "It caused",
    LinkKind.SUSPECTED: "It may have caused",
    LinkKind.FIXED_BY: "Mended by",
    LinkKind.CAUSED_BY: "Caused by",
    LinkKind.DUPLICATE: "Merged with",
    LinkKind.RELATED: "Linked",
}
_LEADING = {
    ProblemState.PROPOSED: ("assess", "investigate"),
    ProblemState.ASSESSING: ("investigate",),
    ProblemState.INVESTIGATING: ("known",),
    ProblemState.KNOWN: ("fix",),
    ProblemState.FIXING: ("fixed",),
    ProblemState.WATCHED: ("close", "reopen"),
    ProblemState.ACCEPTED: ("investigate",),
    ProblemState.CLOSED: ("reopen",),
}
"""What the card suggests."""
MENDS = ("link", "action")
"""What it needs first, where its cause is known and nothing is to mend it: without, no fix is under way."""
MARK = {
    ProblemState.PROPOSED: ":white_circle:",
    ProblemState.ASSESSING: ":large_orange_circle:",
    ProblemState.WATCHED: ":eyes:",
    ProblemState.CLOSED: ":white_check_mark:",
    ProblemState.ACCEPTED: ":warning:",
}
ENTRY_MOST = 280
TEXT_MOST = 600
"""Characters of a long text on a card; *Read all* has the rest."""


@dataclass(frozen=True)
class Beside:
    """What a card shows of other records."""

    links: Sequence[RecordLink] = ()
    known_errors: Sequence[KnownError] = ()
    causes: Sequence[ProblemCause] = field(default_factory=list)
    trend: ProblemTrend | None = None
    fields: Sequence[Mapping[str, Any]] = ()
    """What was answered to additional fields."""
    has_fix: bool = True
    """Whether something is to mend it, where its cause is known."""
    is_fixed: bool = True
    """Whether that is finished, where it is under way."""


def _span(days: int) -> str:
    return "a day" if days == 1 else f"{days} days"


def say(fact: Fact) -> str:
    if fact.kind is FactKind.PROBLEM_REOPENED and fact.data.get("because"):
        return f"reopened it, since it came back with {kit.esc(str(fact.data['because']))}"
    kind = str(fact.data.get("kind") or "related")
    return facts.said(fact, SAID, span=_span(int(str(fact.data.get("days") or 0))), kind=kit.esc(kind))


def title(problem: Problem) -> str:
    return problem.title


def reading_of(problem: Problem) -> Reading:
    texts = {
        "What is known of it": problem.summary,
        "No cause found": problem.no_cause,
        "Judged by": problem.judged_by,
    }
    return Reading(problem.title, [Passage(name, text) for name, text in texts.items() if text])


def card(problem: Problem, policy: Policy, beside: Beside) -> Message:
    blocks = [
        kit.section(f"{_mark(problem)} {_lock(problem)}*{problem.ref}* *{kit.esc(problem.title)}*"),
        kit.context(_facts(problem, policy)),
        *([reading.excerpt(problem.summary, TEXT_MOST, RecordVersion.of(problem))] if problem.summary else []),
        *questions.answered(beside.fields),
        *_trend(beside.trend, policy),
        *_why(problem, beside),
        *_beside(problem, beside),
    ]
    return Message(
        f"{problem.ref} {kit.esc(problem.title)} · {problem.state}",
        [*blocks, _buttons(problem, beside)],
    )


def next_step(problem: Problem, policy: Policy) -> str:
    """For who proposed it."""
    return f"It is {holder.with_whom(problem.assignee, problem.owner_group, policy)}, who look whether it is a problem."


def line(problem: Problem, policy: Policy) -> str:
    """A problem in two lines of a list."""
    who = holder.with_whom(problem.assignee, problem.owner_group, policy)
    priority, service = Priority(problem.priority).label, kit.esc(policy.service_name(problem.service))
    return (
        f"{_mark(problem)} {_lock(problem)}{facts.named(problem)}\n"
        f"{priority} · {service} · {problem.state}, {who} · since {kit.when(problem.raised_at)}"
    )


def waits(one: Waits, policy: Policy) -> Block:
    """In “Waiting for you”: the problem, and its next step."""
    problem: Problem = one.record
    said = {
        Why.PROPOSED: "\nProposed: is it a problem?",
        Why.WATCH_OVER: "\nIts watch is over: close it.",
        Why.NO_FIX: "\nIts cause is known: link the change that mends it, or add an action.",
        Why.FIX_LEFT: "\nIts fix is not finished.",
    }
    verb = MENDS[0] if one.why == Why.NO_FIX else _LEADING[ProblemState(problem.state)][0]
    seen = RecordVersion.of(problem)
    pressed = actions.more_button(seen) if one.why == Why.FIX_LEFT else actions.button(ACTIONS[verb], seen)
    return kit.section(f"{line(problem, policy)}{said.get(Why(one.why), '')}") | {"accessory": pressed}


def listing(query: Query, found: Sequence[Problem], total: int, size: int, policy: Policy) -> Listing:
    return of_records("problem", query, [row(one, policy) for one in found], total, size)


def row(problem: Problem, policy: Policy) -> Block:
    return kit.section(line(problem, policy)) | {"accessory": actions.more_button(RecordVersion.of(problem))}


def causes_text(problem: Problem, found: Sequence[ProblemCause], policy: Policy) -> list[str]:
    """The tree said as five whys, as a fishbone, and as contributing factors: a text each."""
    if not found:
        return ["No cause was named yet. *Add a cause…* begins; each may explain another."]
    texts = ["*Why?* " + kit.esc(problem.title)]
    texts[0] += "".join(f"\n{kit.INDENT * one.depth}↳ {_cause(one.cause, dashed=one.is_dashed)}" for one in whys(found))
    by_category = bones(found, policy.problems.categories)
    bone = [f"*{kit.esc(name)}*: " + "; ".join(_short(one) for one in those) for name, those in by_category.items()]
    texts.append("*By category*\n" + "\n".join(bone))
    said = [("Root", roots(found)), ("Contributing", contributing(found))]
    judged = [f"*{name}*: " + ", ".join(_short(one) for one in those) for name, those in said if those]
    texts.append("\n".join(judged) or "No cause is confirmed yet.")
    return texts


def causes_blocks(problem: Problem, found: Sequence[ProblemCause], policy: Policy) -> list[Block]:
    seen = RecordVersion.of(problem)
    buttons = [actions.button(ACTIONS[verb], seen) for verb in ("cause", "confirm", "rule-out")]
    shown = [kit.section(one) for one in causes_text(problem, found, policy)]
    shown += [kit.actions(actions.button(ACTIONS["draw"], seen))] if found else []
    return [*shown, *([kit.actions(*(buttons if found else buttons[:1]))] if problem.state in OPEN else [])]


def causes_message(problem: Problem, found: Sequence[ProblemCause], policy: Policy) -> Message:
    head = kit.header(f"{problem.ref} {problem.title}")
    return Message(f"What {problem.ref} comes from", [head, *causes_blocks(problem, found, policy)])


def picture(problem: Problem, view: CausesView, file: str, words: str) -> Message:
    """`words` say the same to who cannot see it."""
    title = f"{view.label} of {problem.ref}"
    image: Block = {"type": "image", "title": kit.plain(title), "alt_text": words, "slack_file": {"id": file}}
    return Message(title, [image])


def news(problem: Problem, fact: Fact) -> Message:
    return facts.news(problem, fact, say(fact), [actions.more_button(RecordVersion.of(problem))])


def due(problem: Problem, what: str) -> Message:
    """A time has come."""
    named = facts.named(problem)
    if what == "watch":
        text = f":eyes: {named} has not come back while it was watched. Close it, and say what that is judged by."
        verb = "close"
    else:
        text = f":warning: {named} was accepted as a risk until today. Look at it again."
        verb = "investigate"
    buttons = [actions.button(ACTIONS[verb], RecordVersion.of(problem)), actions.more_button(RecordVersion.of(problem))]
    message = Message(f"{problem.ref} is to be looked at", [kit.section(text), kit.actions(*buttons)])
    waits = ProblemState.WATCHED if what == "watch" else ProblemState.ACCEPTED
    return ended(message, "" if problem.state == waits else f"{stands(ProblemState(problem.state))} now.")


_SOURCES = {
    Source.INCIDENT: "from an incident",
    Source.MAJOR: "from a major incident",
    Source.TREND: "from a trend",
    Source.CHANGE: "from a change",
    Source.HAND: "raised by hand",
}


def _facts(problem: Problem, policy: Policy) -> str:
    said = [
        Priority(problem.priority).label,
        kit.esc(policy.service_name(problem.service)),
        f"*{problem.state}*",
        holder.with_whom(problem.assignee, problem.owner_group, policy),
        f"from {problem.source_ref}" if problem.source_ref else _SOURCES[Source(problem.source)],
        moved_in.mark(problem.old_ref, problem.imported_from),
    ]
    return " · ".join(filter(None, said))


def _trend(trend: ProblemTrend | None, policy: Policy) -> list[Block]:
    """Why it was proposed, from the evidence that was frozen then."""
    if trend is None:
        return []
    count = f"{trend.count} in {_span(trend.days)}, where {trend.expected:.1f} are usual"
    if trend.grown_at:
        count = f"{trend.count} by {kit.when(trend.grown_at)}; {trend.expected:.1f} in {_span(trend.days)} are usual"
    text = f":chart_with_upwards_trend: Proposed by the rule “{kit.esc(trend.rule)}” {kit.when(trend.found_at)}"
    service, _, words = trend.cluster.partition(": ")
    about = ": ".join(filter(None, (policy.service_name(service), words)))
    return [kit.context(f"{text} ({kit.esc(about)}): {count}.")]


def _why(problem: Problem, beside: Beside) -> list[Block]:
    """What the state rests on."""
    said = []
    found = roots(beside.causes)
    if found:
        said.append(kit.section("*Root cause*\n" + "\n".join(kit.first([f"> {_short(one)}" for one in found], 5))))
    elif problem.no_cause:
        said.append(reading.excerpt(problem.no_cause, TEXT_MOST, RecordVersion.of(problem), "*No cause found*"))
    if problem.state == ProblemState.WATCHED and problem.watched_until:
        said.append(kit.context(f":eyes: Watched until {kit.when(problem.watched_until)}; a recurrence reopens it."))
    if problem.judged_by:
        name = "Accepted" if problem.state == ProblemState.ACCEPTED else problem.state.capitalize()
        until = f", until {kit.day(problem.look_again_on)}" if problem.look_again_on else ""
        said.append(reading.excerpt(problem.judged_by, TEXT_MOST, RecordVersion.of(problem), f"*{name}*{until}"))
    if problem.duplicate_of:
        said.append(kit.context(f"The same as *PRB-{problem.duplicate_of}*, where it goes on."))
    return said


def _beside(problem: Problem, beside: Beside) -> list[Block]:
    by_kind: dict[str, list[str]] = {}
    for one in beside.links:
        other = one.other if one.subject == str(problem.ref) else one.subject
        by_kind.setdefault(LINKED[LinkKind(one.kind)], []).append(other)
    said = [f"{name}: {kit.some(others)}" for name, others in by_kind.items()]
    blocks = [kit.context(":link: " + " · ".join(said))] if said else []
    more = len(beside.known_errors) - 5
    blocks += [kit.section(known_error_line(one)) for one in beside.known_errors[:5]]
    return [*blocks, *([kit.context(f"{more} more: `/problem known-errors` lists them.")] if more > 0 else [])]


def known_error_line(known: KnownError) -> str:
    counts = f"offered {known.offered}, helped {known.helped}, used {known.used}"
    mark = ":bulb:" if known.state == KnownErrorState.PUBLISHED else ":memo:"
    return f"{mark} *{known.ref}* {kit.esc(known.symptom)} · {known.state} · {counts}"


def _buttons(problem: Problem, beside: Beside) -> Block:
    seen, state = RecordVersion.of(problem), ProblemState(problem.state)
    steps = FLOW.legal(state)
    offered = [ACTIONS[verb] for verb in _LEADING.get(state, ()) if ACTIONS[verb].step in steps]
    if not beside.has_fix:
        offered = [ACTIONS[verb] for verb in MENDS]
    if not beside.is_fixed:
        offered = []
    causes = [] if ProblemStep.CANCEL not in steps else [kit.button(Action.PROBLEM_CAUSES, "Causes", seen)]
    return kit.actions(*(actions.button(one, seen) for one in offered), *causes, actions.more_button(seen))


def _cause(cause: Cause, *, dashed: bool) -> str:
    """A step without evidence is dashed."""
    evidence = f" — _{kit.excerpt(cause.evidence, ENTRY_MOST)}_" if cause.evidence else ""
    return f"{STATUS[CauseStatus(cause.status)]} {'┄ ' if dashed else ''}{_short(cause)} ({cause.status}){evidence}"


def _short(cause: Cause) -> str:
    return f"{cause.number}. {kit.esc(cause.statement)}"


def _mark(problem: Problem) -> str:
    return MARK.get(ProblemState(problem.state), ":mag:" if problem.state in OPEN else ":heavy_multiplication_x:")


def _lock(problem: Problem) -> str:
    return ":lock: " if problem.private else ""
