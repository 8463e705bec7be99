"""What an incident is asked about changes, and what a change's people are told of it."""

from collections.abc import Sequence

from bot.rules.change.flow import ChangeState, Result
from bot.rules.change.suspected_cause import CauseCandidate
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import RecordVersion
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.change.actions import ACTIONS
from handlers.change.views.card import ref_of
from handlers.ids import Action
from handlers.records.actions import button
from storage.tables import Change, Incident


def with_questions(card: Message, incident: Incident, changes: Sequence[Change], policy: Policy) -> Message:
    """A message about an incident, asking of each change whether it is the cause."""
    asked = [block for one in changes for block in _question(incident, one, policy)]
    return Message(card.text, [*card.blocks, *asked], card.thread_ts)


def caused(change: Change, incident: Incident) -> Message:
    """In the change's thread."""
    text = f":link: {_incident(incident)} was linked to {_change(change)} as what it caused."
    return Message(f"INC-{incident.number} was linked to {ref_of(change)}", [kit.section(text)])


def backout_offer(change: Change, incident: Incident) -> Message:
    """For who asked for the change or carries it out; once it is backed out, without the button."""
    lead = f":rotating_light: {_incident(incident)} was linked to {_change(change)}."
    spoken = f"INC-{incident.number} was linked to {ref_of(change)}. Back out?"
    if change.result == Result.BACKED_OUT:
        return Message(spoken, [kit.section(f"{lead} The change was backed out.")])
    closed = change.state == ChangeState.CLOSED
    ask = "Back out? It is closed, so that takes an emergency change." if closed else "Back out?"
    plan = [kit.section(f"*Backout plan*\n{kit.quote(change.backout, 1500)}")] if change.backout else []
    label = "Ask for an emergency change" if closed else ""
    undo = button(ACTIONS["back-out"], RecordVersion.of(change), "danger", label)
    return Message(spoken, [kit.section(f"{lead} {ask}"), *plan, kit.actions(undo)])


def _question(incident: Incident, change: Change, policy: Policy) -> list[Block]:
    services = policy.service_names(change.services)
    if change.state == ChangeState.IMPLEMENTING:
        done = f"has been under way since {kit.when(change.started_at)}" if change.started_at else "is under way"
    else:
        done = f"was finished {kit.when(change.finished_at)}" if change.finished_at else "was finished"
    about = CauseCandidate(RecordVersion.of(incident), RecordVersion.of(change))
    return [
        kit.section(f":mag: {_change(change)} {done} on {kit.esc(services)}. Is it the cause?"),
        kit.actions(kit.button(Action.LINK_CHANGE, "Link", about), kit.button(Action.NOT_THE_CAUSE, "Not it", about)),
    ]


def _change(change: Change) -> str:
    return f"*{ref_of(change)}* {kit.esc(change.title)}"


def _incident(incident: Incident) -> str:
    lock = ":lock: " if incident.private else ""
    return f"{lock}*INC-{incident.number}* {kit.esc(incident.summary)}"
