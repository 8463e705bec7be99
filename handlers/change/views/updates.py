"""What is told of a change when somebody wrote on it: direct messages and replies in its thread; and its timeline."""

from bot.rules.record.facts import Fact, FactKind
from handlers.blocks import facts, kit
from handlers.blocks.kit import Message
from storage.tables import Change

SAID = {
    FactKind.CHANGE_DRAFTED: "drafted it",
    FactKind.CHANGE_SUBMITTED: "asked for it",
    FactKind.CHANGE_ASSESSED: "assessed its risk: {risk}",
    FactKind.CHANGE_UNSTAFFED: "found that {person}, who {part}, has left",
    FactKind.CHANGE_APPROVED: "approved it",
    FactKind.CHANGE_REJECTED: "rejected it",
    FactKind.CHANGE_REVISED: "revised it",
    FactKind.CHANGE_REWORDED: "reworded it",
    FactKind.CHANGE_SCHEDULED: "scheduled it",
    FactKind.CHANGE_BEGUN_UNAPPROVED: "began it without approval",
    FactKind.CHANGE_STARTED: "started",
    FactKind.CHANGE_FINISHED: "finished: {result}",
    FactKind.CHANGE_BACKED_OUT: "backed it out",
    FactKind.CHANGE_CLOSED: "closed it",
    FactKind.CHANGE_CANCELLED: "cancelled it",
    FactKind.CHANGE_HELD: "held it for WIN-{window}",
    FactKind.CHANGE_RELEASED: "released it from WIN-{window}",
    FactKind.FREEZE_STAGE_ADDED: "asked for one more approval, for WIN-{window}",
    FactKind.CHANGE_REMINDED: "sent a reminder",
    FactKind.CHANGE_CAUSED: "found that it caused {incident}",
    FactKind.CHANGE_UPDATED: "told those concerned",
    FactKind.CHANGE_SHARED: "has {person} told how it goes",
    FactKind.TEMPLATE_SUGGESTED: "suggested a standard change",
    FactKind.CAB_ITEM_ADDED: "put it on the agenda of {meeting}",
    FactKind.CAB_SETTLED: "settled it in {meeting}",
}
"""What a fact says after the name of who did it."""


def say(fact: Fact) -> str:
    person = kit.mention(str(fact.data["person"])) if "person" in fact.data else ""
    part = "asked for it" if fact.data.get("role") == "requester" else "was to implement it"
    return facts.said(fact, SAID, person=person, part=part)


def news(change: Change, fact: Fact) -> Message:
    """What was just written, with the words that have not been erased."""
    lead = f"{kit.colon(facts.named(change))} {kit.mention(fact.by)} {say(fact)}."
    words = fact.words.get("comment", "")
    blocks = [kit.section(lead), *([kit.section(kit.quote(words))] if words else [])]
    return Message(f"{change.ref}: {kit.excerpt(words, 200) or say(fact)}", blocks)
