"""Incidents as people see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.rules.incident.flow import ENDED, OPEN, IncidentState, PendingOn
from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun, RecordVersion, Ref
from handlers.blocks import kit, moved_in, questions
from handlers.blocks.holder import with_whom
from handlers.blocks.kit import Block, Message
from handlers.ids import Action
from handlers.incident.actions import ACTIONS, priorities
from handlers.records import actions
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage
from handlers.sla.views.lines import next_promises, promises
from storage.tables import Clock, Incident

URGENCY_MARK = {
    Priority.P1: ":red_circle:",
    Priority.P2: ":large_orange_circle:",
    Priority.P3: ":large_yellow_circle:",
    Priority.P4: ":large_blue_circle:",
    Priority.P5: ":white_circle:",
}
"""The colour is how pressing it is; how far it has come is said in a word."""
DONE_MARK = {
    IncidentState.RESOLVED: ":white_check_mark:",
    IncidentState.CLOSED: ":white_check_mark:",
    IncidentState.CANCELLED: ":heavy_multiplication_x:",
}
ON_THE_CARD = {
    IncidentState.NEW: ("ack", "resolve"),
    IncidentState.ACKNOWLEDGED: ("start", "resolve"),
    IncidentState.IN_PROGRESS: ("resolve",),
    IncidentState.PENDING: ("resume", "resolve"),
}
"""The verbs of a card's buttons in each state; the first is what it suggests. What no person has can be taken first."""
WAITS_FOR = {
    PendingOn.CUSTOMER: "waits for the customer",
    PendingOn.VENDOR: "waits for the vendor",
    PendingOn.CHANGE: "waits for a change",
}


@dataclass(frozen=True)
class CardExtras:
    """What a card shows of other records."""

    affected: int = 0
    """People beside the reporter."""
    links: Sequence[str] = field(default_factory=list)
    fields: Sequence[Mapping[str, Any]] = ()
    """What was answered to additional fields."""


NOTHING = CardExtras()


def mark(incident: Incident) -> str:
    """What a card or a line of a list begins with."""
    return DONE_MARK.get(IncidentState(incident.state)) or URGENCY_MARK[Priority(incident.priority)]


def ref_of(incident: Incident) -> Ref:
    return Ref(Noun.INCIDENT, incident.number)


def title(incident: Incident) -> str:
    return f"{ref_of(incident)} {incident.summary}"


def card(incident: Incident, clocks: Sequence[Clock], policy: Policy, beside: CardExtras = NOTHING) -> Message:
    """The incident for those who work on it, with what they may press."""
    blocks = [
        *_body(incident, policy, beside),
        *next_promises(clocks, policy),
        _buttons(incident, policy),
    ]
    return Message(_spoken(incident, policy), blocks)


FOR_OTHERS = {"add": "", "answer": "", "close": "It works again", "reopen": "", "metoo": "", "cancel": ""}
"""The verbs that the card has for who does not work on it, with another label where that says it better."""


def card_for_others(
    incident: Incident,
    clocks: Sequence[Clock],
    policy: Policy,
    beside: CardExtras,
    can: Collection[StrEnum],
) -> Message:
    """The incident for somebody who does not work on it, with what they may do."""
    seen = RecordVersion.of(incident)
    shown = [
        actions.button(ACTIONS[verb], seen, label=label)
        for verb, label in FOR_OTHERS.items()
        if ACTIONS[verb].step in can and verb != other_word(incident)
    ]
    blocks = [
        *_body(incident, policy, beside),
        *promises(clocks, policy),
        kit.actions(*shown, actions.more_button(seen)),
    ]
    return Message(_spoken(incident, policy), blocks)


def other_word(incident: Incident) -> str:
    """The verb that is not offered: one adds information, or answers where the desk has asked."""
    asked = incident.state == IncidentState.PENDING and incident.pending_on == PendingOn.CUSTOMER
    return "add" if asked else "answer"


def to_say_more(incident: Incident) -> list[Block]:
    """The button for who reported it, while it is open."""
    if incident.state not in OPEN:
        return []
    verb = "add" if other_word(incident) == "answer" else "answer"
    return [kit.actions(actions.button(ACTIONS[verb], RecordVersion.of(incident)))]


def receipt(incident: Incident, clocks: Sequence[Clock], policy: Policy) -> Message:
    """The incident for who reported it: kept, where it stands, what is promised."""
    by = f" {kit.mention(incident.logged_by)} reported it for you." if incident.logged_by else ""
    said = f"Thank you, your report is with the desk as *{ref_of(incident)}*.{by}"
    if incident.state not in OPEN:
        said = f"Your report *{ref_of(incident)}*:{by}" if by else f"Your report *{ref_of(incident)}*"
    lead = kit.section(said)
    return Message(
        f"Your report is with the desk as {kit.esc(title(incident))}",
        [lead, *_body(incident, policy), *promises(clocks, policy), *to_say_more(incident)],
    )


def followed(incident: Incident, clocks: Sequence[Clock], policy: Policy, *, logged: bool = False) -> Message:
    """The incident for somebody else whom it affects, or who `logged` it for its reporter."""
    said = f"You are on *{ref_of(incident)}* and will be told how it goes."
    if logged:
        whom = kit.mention(incident.reporter)
        said = f"You reported *{ref_of(incident)}* for {whom}. Both of you are told how it goes."
    lead = kit.section(said)
    return Message(
        f"You will be told about {kit.esc(title(incident))}",
        [lead, *_body(incident, policy), *promises(clocks, policy), *(to_say_more(incident) if logged else [])],
    )


def line(incident: Incident, policy: Policy) -> str:
    """An incident in two lines of a list."""
    who = with_whom(incident.assignee, incident.assigned_group, policy)
    lock = ":lock: " if incident.private else ""
    return (
        f"{mark(incident)} {lock}*{ref_of(incident)}* {kit.esc(incident.summary)}\n"
        f"{Priority(incident.priority).label} · {service_of(incident, policy)} · {incident.state}, {who}"
        f" · reported {kit.when(incident.opened_at)}"
    )


def leading(incident: Incident) -> actions.Action | None:
    """What is suggested now."""
    verbs = _verbs(incident)
    return ACTIONS[verbs[0]] if verbs else None


def _verbs(incident: Incident) -> Sequence[str]:
    verbs = ON_THE_CARD.get(IncidentState(incident.state), ())
    return tuple(dict.fromkeys(("ack", *verbs))) if verbs and incident.assignee is None else verbs


def service_of(incident: Incident, policy: Policy) -> str:
    return kit.esc(policy.service_name(incident.service))


def _spoken(incident: Incident, policy: Policy) -> str:
    return f"{kit.esc(title(incident))} · {Priority(incident.priority).label} · {service_of(incident, policy)}"


def _buttons(incident: Incident, policy: Policy) -> Block:
    seen, verbs = RecordVersion.of(incident), _verbs(incident)
    styled = (("primary" if verb == verbs[0] else None, ACTIONS[verb]) for verb in verbs)
    row = kit.actions(
        *(actions.button(action, seen, style) for style, action in styled),
        *([_assign_to(incident), _priority(incident, policy)] if verbs else []),
        actions.more_button(seen),
    )
    # A menu has no value of its own, so that the row says which record it is about.
    return row | {"block_id": str(seen)}


def _assign_to(incident: Incident) -> Block:
    menu = kit.people_input(incident.assignee) | {"placeholder": kit.plain("Assign to")}
    return menu | {"action_id": Action.ASSIGN_TO}


def _priority(incident: Incident, policy: Policy) -> Block:
    menu = priorities(incident, policy, incident.priority) | {"placeholder": kit.plain("Priority")}
    return menu | {"action_id": Action.CHOOSE_PRIORITY}


def _body(incident: Incident, policy: Policy, beside: CardExtras = NOTHING) -> list[Block]:
    lock = ":lock: " if incident.private else ""
    blocks = [
        kit.section(f"{mark(incident)} {lock}*{ref_of(incident)}* *{kit.esc(incident.summary)}*"),
        kit.context(_facts(incident, policy, beside)),
    ]
    if incident.description:
        blocks.append(reading.excerpt(incident.description, 600, RecordVersion.of(incident)))
    return [*blocks, *questions.answered(beside.fields), *_why(incident)]


def _facts(incident: Incident, policy: Policy, beside: CardExtras) -> str:
    """All that a field each would say, in one line: “P1 · Critical · VPN · New, with nobody yet · @requester, …”."""
    by_hand = ", set by hand" if incident.overridden else ""
    said = [
        f"*{Priority(incident.priority).label}*{by_hand}",
        service_of(incident, policy),
        _state(incident, policy),
        f"{kit.mention(incident.reporter)}, {kit.when(incident.opened_at)}",
    ]
    if origin := moved_in.mark(incident.old_ref, incident.imported_from):
        said.append(origin)
    if beside.affected:
        others = "1 other person" if beside.affected == 1 else f"{beside.affected} other people"
        said.append(f":raising_hand: affects {others}")
    if incident.rating is not None:
        said.append(f":star: {incident.rating} of 5")
    if beside.links:
        said.append(f":link: {kit.some(beside.links)}")
    return " · ".join(said)


def _why(incident: Incident) -> list[Block]:
    """What the state rests on, in the words of who took the step."""
    if incident.reopened_by and incident.state in OPEN:
        return [
            reading.excerpt(
                incident.reopened_note or "",
                600,
                RecordVersion.of(incident),
                f"*Reopened* by {kit.mention(incident.reopened_by)}",
            ),
            *_waits(incident),
        ]
    if incident.resolution:
        code = f" · {kit.esc(incident.resolution_code)}" if incident.resolution_code else ""
        return [reading.excerpt(incident.resolution, 600, RecordVersion.of(incident), f"*Resolution*{code}")]
    if incident.pending_on:
        return _waits(incident)
    if incident.duplicate_of:
        return [kit.context(f"The same as *INC-{incident.duplicate_of}*, where it goes on.")]
    return []


def _waits(incident: Incident) -> list[Block]:
    if incident.pending_on:
        lead = WAITS_FOR[PendingOn(incident.pending_on)].capitalize()
        return [reading.excerpt(incident.pending_note or "", 600, RecordVersion.of(incident), f"*{lead}*")]
    return []


def _state(incident: Incident, policy: Policy) -> str:
    """The state and who has it; of what is done, who said so."""
    state = IncidentState(incident.state)
    if state in OPEN:
        return f"*{state.capitalize()}*, {with_whom(incident.assignee, incident.assigned_group, policy)}"
    by = incident.moved_by if state in ENDED else incident.resolved_by or incident.moved_by
    return f"*{state.capitalize()}*" + (f" by {kit.mention(by)}" if by not in (None, SYSTEM) else "")


def passages(incident: Incident) -> list[Passage]:
    """Its long texts, whole."""
    said = (
        ("Description", incident.description),
        ("What it waits for", incident.pending_note),
        ("Why it was reopened", incident.reopened_note),
        ("Resolution", incident.resolution),
    )
    return [Passage(name, text) for name, text in said if text]
