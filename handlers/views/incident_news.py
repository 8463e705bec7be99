"""What is told of an incident when something happened to it: direct messages and replies in its thread."""

from bot.rules.facts import SYSTEM, Fact, FactKind
from bot.rules.incident_flow import IncidentState
from bot.rules.major_story import said_clock
from bot.rules.policy import Policy
from bot.rules.priority import Priority
from bot.rules.words import shorten
from handlers.ids import Action
from handlers.views import kit, sla_story
from handlers.views.incidents import ref_of, seen_of, service_of
from handlers.views.kit import Block, Message
from storage.tables import Incident

SAID = {
    FactKind.INCIDENT_OPENED: "reported it",
    FactKind.INCIDENT_ACKNOWLEDGED: "acknowledged it",
    FactKind.INCIDENT_STARTED: "started work",
    FactKind.INCIDENT_PENDED: "set it to pending on the {on}",
    FactKind.INCIDENT_RESUMED: "resumed work",
    FactKind.INCIDENT_RESOLVED: "resolved it ({code})",
    FactKind.INCIDENT_CLOSED: "closed it",
    FactKind.INCIDENT_CANCELLED: "cancelled it",
    FactKind.INCIDENT_REOPENED: "reopened it",
    FactKind.INCIDENT_ASSIGNED: "assigned it to {whom}",
    FactKind.INCIDENT_NOTED: "noted",
    FactKind.INCIDENT_UPDATED: "told the affected",
    FactKind.INCIDENT_RECLASSIFIED: "changed {changes}",
    FactKind.INCIDENT_LINKED: "linked it to {other}",
    FactKind.CAUSE_RULED_OUT: "ruled out {other} as its cause",
    FactKind.INCIDENT_MERGED: "merged {duplicate} into it",
    FactKind.INCIDENT_JOINED: "counted {person} as affected",
    FactKind.INCIDENT_SHARED: "let {person} see it",
    FactKind.INCIDENT_REMINDED: "asked the reporter once more",
    FactKind.INCIDENT_RATED: "rated it {rating} of 5",
    FactKind.MAJOR_DECLARED: "declared a major incident",
    FactKind.MAJOR_CHANNEL_OPENED: "opened #{name}",
    FactKind.MAJOR_STEP_HINDERED: "was held up by Slack ({error})",
    FactKind.MAJOR_ROLE_TAKEN: "made <@{holder}> {role}",
    FactKind.MAJOR_HANDED_OVER: "gave command to <@{to}>",
    FactKind.MAJOR_UPDATED: "told people: {state}",
    FactKind.MAJOR_UPDATE_LAPSED: "missed the promised update",
    FactKind.MAJOR_ENDED: "ended the major incident",
    FactKind.TIMELINE_PINNED: "pinned a message",
    FactKind.TIMELINE_UNPINNED: "took a pin off",
    FactKind.TIMELINE_EDITED: "edited the timeline",
    FactKind.TIMELINE_EXPORTED: "exported the timeline",
    **sla_story.SAID,
}
"""What a fact says after the name of who did it."""


def say(fact: Fact) -> str:
    """What happened, after the name of who did it; of what no sentence is known for, the fact's own name."""
    data = fact.data
    known = {key: str(value) for key, value in data.items()}
    if "person" in data:
        known["person"] = kit.mention(str(data["person"]))
    known["clock"] = said_clock(str(data.get("clock", "")))
    person, group = data.get("assignee"), data.get("group")
    known["whom"] = kit.mention(str(person)) if person else f"the group {group}"
    known["changes"] = _changes(fact)
    if fact.kind is FactKind.INCIDENT_CANCELLED and data.get("duplicate_of"):
        return f"merged it into {data['duplicate_of']}"
    said = SAID.get(fact.kind)
    return said.format(**known) if said else f"· {fact.kind.replace('_', ' ')}"


def _changes(fact: Fact) -> str:
    """“impact to high, priority to P2”."""
    changed = [f"{name} to {value}" for name, value in fact.data.items() if name not in ("revision", "overridden")]
    by_hand = fact.data.get("overridden")
    if by_hand is not None:
        how = "set by hand" if by_hand else "set by impact and urgency"
        changed = [*changed, how] if changed else [f"the priority to be {how}"]
    return ", ".join(changed)


def news(incident: Incident, fact: Fact, thread_ts: str | None = None) -> Message:
    """One thing that happened, with the words that were typed."""
    lead = f"*{ref_of(incident)}* {kit.esc(incident.summary)}: {kit.mention(fact.by)} {say(fact)}."
    if fact.kind is FactKind.INCIDENT_UPDATED:
        lead = (
            f":speech_balloon: Update on *{ref_of(incident)}* {kit.esc(incident.summary)} from {kit.mention(fact.by)}"
        )
    blocks = [kit.section(lead), *_quoted(fact)]
    plain = f"{ref_of(incident)}: {kit.esc(shorten(fact.words.get('comment', ''), 200)) or say(fact)}"
    return Message(plain, blocks, thread_ts=thread_ts)


def assigned(incident: Incident, fact: Fact, policy: Policy) -> Message:
    """Tells the assignee, with what they may press."""
    lead = f"{kit.mention(fact.by)} gave you *{ref_of(incident)}* {kit.esc(incident.summary)}."
    facts = f"{Priority(incident.priority).label} · {service_of(incident, policy)} · it is {incident.state}"
    more = kit.actions(kit.button(Action.MORE, "More…", seen_of(incident)))
    text = f"{ref_of(incident)} is yours: {kit.esc(incident.summary)}"
    return Message(text, [kit.section(lead), kit.context(facts), more])


def logged_here(incident: Incident, thread_ts: str) -> Message:
    text = f"This is with the desk as *{ref_of(incident)}*, reported by {kit.mention(incident.reporter)}."
    return Message(f"This is with the desk as {ref_of(incident)}.", [kit.section(text)], thread_ts=thread_ts)


def resolved(incident: Incident, *, asked: bool) -> Message:
    """Tells that it is fixed, and how; the reporter is `asked` whether it is."""
    lead = f":white_check_mark: *{ref_of(incident)}* {kit.esc(incident.summary)}"
    by = kit.mention(incident.resolved_by or incident.moved_by or "")
    if incident.state == IncidentState.RESOLVED:
        line = f"{lead} was resolved by {by}"
    else:
        line = f"{lead} was resolved and is {incident.state} now."
    blocks = [kit.section(line)]
    if incident.resolution:
        blocks.append(kit.section(kit.quote(shorten(incident.resolution, 2500))))
    if asked and incident.state == IncidentState.RESOLVED:
        blocks += _confirmation(incident)
    return Message(f"{ref_of(incident)} was resolved: {kit.esc(shorten(incident.resolution or '', 500))}", blocks)


def unconfirmed(incident: Incident) -> Message:
    """The one reminder before silence closes it."""
    if incident.state != IncidentState.RESOLVED:
        text = f"*{ref_of(incident)}* {kit.esc(incident.summary)} is {incident.state}."
        return Message(f"{ref_of(incident)} is {incident.state}", [kit.section(text)])
    text = (
        f":wave: *{ref_of(incident)}* {kit.esc(incident.summary)} was resolved. Does it work for you? "
        "If we hear nothing, it will be closed in a few days."
    )
    return Message(f"Does {ref_of(incident)} work for you now?", [kit.section(text), *_confirmation(incident)])


def rating(incident: Incident) -> Message:
    """Asked once, when it is closed."""
    if incident.rating is not None:
        text = f"You rated *{ref_of(incident)}* {incident.rating} of 5. Thank you."
        return Message(f"Thank you for rating {ref_of(incident)}", [kit.section(text)])
    by = "" if incident.moved_by in (None, SYSTEM) else f" by {kit.mention(incident.moved_by)}"
    text = f"*{ref_of(incident)}* {kit.esc(incident.summary)} was closed{by}. How did it go?"
    button = kit.button(Action.RATE, "Rate it", seen_of(incident))
    return Message(f"How did {ref_of(incident)} go?", [kit.section(text), kit.actions(button)])


def log_here(summary: str, value: str) -> list[Block]:
    """For a mention in a thread: it cannot open a form by itself."""
    said = f"Shall I log “{kit.esc(shorten(summary, 150))}” with the desk?" if summary else "Shall I log this thread?"
    return [kit.section(said), kit.actions(kit.button(Action.LOG_HERE, "Log incident", value, "primary"))]


def _confirmation(incident: Incident) -> list[Block]:
    seen = seen_of(incident)
    return [
        kit.actions(
            kit.button(Action.CLOSE, "It works again", seen, "primary"),
            kit.button(Action.REOPEN, "Reopen…", seen),
        )
    ]


def _quoted(fact: Fact) -> list[Block]:
    text = fact.words.get("comment", "")
    return [kit.section(kit.quote(shorten(text, 2500)))] if text else []
