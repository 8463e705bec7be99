"""Known errors as those see them who write them, and what reporters are told."""

from collections.abc import Sequence

from bot.rules.problem.flow import KNOWN_ERROR_FLOW, Audience, KnownErrorState, KnownErrorStep
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.refusals import TYPED_MOST
from bot.rules.record.text import shorten
from handlers.blocks import facts, kit
from handlers.blocks.kit import Message
from handlers.ids import Action
from handlers.problem.actions import KNOWN_ERRORS
from handlers.problem.views.card import known_error_line
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading
from storage.tables import KnownError, Problem

WORKAROUND_MOST = 2500
SAID = {
    FactKind.KNOWN_ERROR_DRAFTED: "wrote it down",
    FactKind.KNOWN_ERROR_PUBLISHED: "published it",
    FactKind.KNOWN_ERROR_CHANGED: "changed it",
    FactKind.KNOWN_ERROR_SUPERSEDED: "had {other} take its place",
    FactKind.KNOWN_ERROR_RETIRED: "retired it",
    FactKind.KNOWN_ERROR_HELPED: "said that it helped",
    FactKind.KNOWN_ERROR_USED: "resolved {incident} by it",
    FactKind.KNOWN_ERROR_LOGGED: "logged {incident} all the same",
    FactKind.KNOWN_ERROR_REMINDED: "reminded to read it again",
}
"""What a fact says after the name of who did it."""


def say(fact: Fact) -> str:
    return facts.said(fact, SAID, incident=kit.esc(str(fact.data.get("incident") or "an incident")))


def title(known: KnownError) -> str:
    return known.symptom


def reading_of(known: KnownError) -> Reading:
    return Reading(known.symptom, [Passage("Workaround", known.workaround)])


def card(known: KnownError, *, overdue: bool) -> Message:
    audience = "for everyone" if known.audience == Audience.EVERYONE else "for the desk"
    late = " :warning: to be read again since then" if overdue else ""
    facts = f"of PRB-{known.problem} · *{known.state}* · {audience} · read again on {kit.day(known.review_on)}{late}"
    counts = f"offered {known.offered} · helped {known.helped} · used {known.used}"
    others = f" · other words: {kit.esc(known.words)}" if known.words else ""
    by = [kit.context(f"*KE-{known.superseded_by}* takes its place.")] if known.superseded_by else []
    blocks = [
        kit.section(f":bulb: {':lock: ' if known.private else ''}*{known.ref}* *{kit.esc(known.symptom)}*"),
        kit.context(facts, counts + others),
        reading.excerpt(known.workaround, WORKAROUND_MOST, RecordVersion.of(known)),
        *by,
    ]
    return Message(f"{known.ref} {kit.esc(known.symptom)}", [*blocks, kit.actions(*_buttons(known))])


def listing(query: Query, found: Sequence[KnownError], total: int, size: int) -> Listing:
    """`/problem known-errors`, with words behind it or without."""
    rows = [kit.section(f"{known_error_line(one)}\n{kit.quote(one.workaround, 150)}") for one in found]
    empty = "No known error is published. `/problem known-error PRB-n` writes one down."
    if query.text:
        empty = f"No known error has “{kit.esc(shorten(query.text, TYPED_MOST))}”. `/problem known-errors` shows all."
    return Listing(query, "Known errors", rows, total, size, empty)


def told(known: KnownError, incident: str, *, named: bool = True) -> Message:
    """To the reporter of an open incident, once for each version. `named`: they may see the known error itself."""
    which = f" (*{known.ref}* {kit.esc(known.symptom)})" if named else ""
    text = f":bulb: While *{incident}* is being worked on, this helps{which}:"
    return Message(
        f"A workaround for {incident}", [kit.section(text), kit.section(kit.quote(known.workaround, WORKAROUND_MOST))]
    )


def fixed(problem: Problem, incident: str, *, named: bool = True) -> Message:
    """`named`: its reader may see the problem itself."""
    which = f" ({facts.named(problem)})" if named else ""
    text = f":white_check_mark: What caused *{incident}* is mended{which}."
    return Message(
        f"What caused {incident} is mended",
        [kit.section(f"{text} Try again, and say in {incident} if it is not.")],
    )


def asked(known: KnownError) -> Message:
    """Once, to who said that it helped."""
    text = f":wave: Does *{known.ref}* {kit.esc(known.symptom)} still do? If it does not, report it."
    button = kit.button(Action.REPORT_INCIDENT, "Report an incident")
    return Message(f"Does {known.ref} still help?", [kit.section(text), kit.actions(button)])


def due(known: KnownError, day: str) -> Message:
    """`day` is the one on which it was asked."""
    text = f":memo: *{known.ref}* {kit.esc(known.symptom)} was to be read again today. Is it still right?"
    offered = [actions.button(KNOWN_ERRORS[verb], RecordVersion.of(known)) for verb in ("change", "retire")]
    message = Message(f"{known.ref} is to be read again", [kit.section(text), kit.actions(*offered)])
    if known.state != KnownErrorState.PUBLISHED:
        return ended(message, f"{stands(KnownErrorState(known.state))} now.")
    return ended(message, f"It was; it is read again on {kit.day(known.review_on)}." if known.review_on > day else "")


def _buttons(known: KnownError) -> list[kit.Block]:
    steps = KNOWN_ERROR_FLOW.legal(KnownErrorState(known.state))
    verbs = ["publish"] if KnownErrorStep.PUBLISH in steps else []
    verbs += ["change"] if known.state in (KnownErrorState.DRAFT, KnownErrorState.PUBLISHED) else []
    verbs += [verb for verb in ("supersede", "retire") if KNOWN_ERRORS[verb].step in steps]
    return [actions.button(KNOWN_ERRORS[verb], RecordVersion.of(known)) for verb in verbs] or [
        kit.button(Action.PROBLEM_KNOWN_ERRORS, "All known errors", RecordVersion.of(known))
    ]
