"""Incidents as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.rules.incident_flow import IncidentState, IncidentStep, PendingOn, legal
from bot.rules.policy import Policy
from bot.rules.priority import Priority
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.words import shorten
from handlers.ids import Action
from handlers.views import kit
from handlers.views.kit import Block, Message
from handlers.views.sla_promises import next_promises, promises
from storage.tables import Clock, Incident

STATE_MARK = {
    IncidentState.NEW: ":red_circle:",
    IncidentState.ACKNOWLEDGED: ":large_orange_circle:",
    IncidentState.IN_PROGRESS: ":large_yellow_circle:",
    IncidentState.PENDING: ":double_vertical_bar:",
    IncidentState.RESOLVED: ":large_green_circle:",
    IncidentState.CLOSED: ":white_circle:",
    IncidentState.CANCELLED: ":heavy_multiplication_x:",
}
ON_THE_CARD = {
    IncidentStep.ACKNOWLEDGE: (Action.ACKNOWLEDGE, "Acknowledge"),
    IncidentStep.START: (Action.START, "Start work"),
    IncidentStep.RESUME: (Action.RESUME, "Resume"),
    IncidentStep.RESOLVE: (Action.RESOLVE, "Resolve"),
}
_LEADING = {
    IncidentState.NEW: IncidentStep.ACKNOWLEDGE,
    IncidentState.ACKNOWLEDGED: IncidentStep.START,
    IncidentState.IN_PROGRESS: IncidentStep.RESOLVE,
    IncidentState.PENDING: IncidentStep.RESUME,
}
"""The step that the card suggests."""
WAITS_FOR = {
    PendingOn.CUSTOMER: "waits for the customer",
    PendingOn.VENDOR: "waits for the vendor",
    PendingOn.CHANGE: "waits for a change",
}


@dataclass(frozen=True)
class Beside:
    """What a card shows of other records."""

    affected: int = 0
    """People beside the reporter."""
    links: Sequence[str] = field(default_factory=list)


NOTHING = Beside()


def ref_of(incident: Incident) -> Ref:
    return Ref(Noun.INCIDENT, incident.number)


def seen_of(incident: Incident) -> Seen:
    return Seen(ref_of(incident), incident.revision)


def title(incident: Incident) -> str:
    return f"{ref_of(incident)} {incident.summary}"


def card(incident: Incident, clocks: Sequence[Clock], policy: Policy, beside: Beside = NOTHING) -> Message:
    """The incident for those who work on it, with what they may press."""
    blocks = [
        *_body(incident, policy),
        *_beside(incident, beside, policy),
        *next_promises(clocks, policy),
        _buttons(incident),
    ]
    return Message(_spoken(incident, policy), blocks)


def receipt(incident: Incident, clocks: Sequence[Clock], policy: Policy) -> Message:
    """The incident for who reported it: kept, where it stands, what is promised."""
    by = f" {kit.mention(incident.logged_by)} reported it for you." if incident.logged_by else ""
    lead = kit.section(f"Thank you, your report is with the desk as *{ref_of(incident)}*.{by}")
    return Message(
        f"Your report is with the desk as {kit.esc(title(incident))}",
        [lead, *_body(incident, policy), *promises(clocks, policy)],
    )


def followed(incident: Incident, clocks: Sequence[Clock], policy: Policy) -> Message:
    """The incident for somebody else whom it affects."""
    lead = kit.section(f"You are on *{ref_of(incident)}* and will be told how it goes.")
    return Message(
        f"You will be told about {kit.esc(title(incident))}",
        [lead, *_body(incident, policy), *promises(clocks, policy)],
    )


def line(incident: Incident, policy: Policy) -> str:
    """An incident in two lines of a list."""
    state = IncidentState(incident.state)
    who = f", with {kit.mention(incident.assignee)}" if incident.assignee else ""
    lock = ":lock: " if incident.private else ""
    return (
        f"{STATE_MARK[state]} {lock}*{ref_of(incident)}* {kit.esc(incident.summary)}\n"
        f"{Priority(incident.priority).label} · {service_of(incident, policy)} · {state}{who}"
        f" · since {kit.when(incident.opened_at)}"
    )


def service_options(policy: Policy) -> list[Block]:
    return [kit.option(service.name, key) for key, service in policy.services.items()]


def spell(span: timedelta) -> str:
    """A duration as people say it: “15 minutes”, “1 hour 30 minutes”, “2 days”."""
    seconds = span // timedelta(seconds=1)
    minutes = seconds // 60
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"), (seconds % 60, "second")]
    said = [f"{n} {unit}{'s' if n > 1 else ''}" for n, unit in parts if n]
    return " ".join(said) or "no time"


def service_of(incident: Incident, policy: Policy) -> str:
    return kit.esc(policy.service_name(incident.service))


def _spoken(incident: Incident, policy: Policy) -> str:
    return f"{kit.esc(title(incident))} · {Priority(incident.priority).label} · {service_of(incident, policy)}"


def _buttons(incident: Incident) -> Block:
    state, seen = IncidentState(incident.state), seen_of(incident)
    steps = [step for step in legal(state) if step in ON_THE_CARD]
    if state is IncidentState.NEW:
        steps.remove(IncidentStep.START)
    steps.sort(key=lambda step: step is not _LEADING.get(state))
    styled = (("primary" if step is _LEADING.get(state) else None, *ON_THE_CARD[step]) for step in steps)
    return kit.actions(
        *(kit.button(action, label, seen, style) for style, action, label in styled),
        kit.button(Action.MORE, "More…", seen),
    )


def _body(incident: Incident, policy: Policy) -> list[Block]:
    state = IncidentState(incident.state)
    lock = ":lock: " if incident.private else ""
    by_hand = ", set by hand" if incident.overridden else ""
    blocks = [
        kit.section(f"{STATE_MARK[state]} {lock}*{ref_of(incident)}* *{kit.esc(incident.summary)}*"),
        kit.fields(
            f"*Priority*\n{Priority(incident.priority).label}{by_hand}",
            f"*Service*\n{service_of(incident, policy)}",
            f"*State*\n{_state(incident)}",
            f"*Reported*\n{kit.mention(incident.reporter)}, {kit.when(incident.opened_at)}",
        ),
    ]
    if incident.description:
        blocks.append(kit.section(kit.quote(shorten(incident.description, 600))))
    return [*blocks, *_why(incident)]


def _why(incident: Incident) -> list[Block]:
    """What the state rests on, in the words of who took the step."""
    if incident.resolution:
        code = f" · {kit.esc(incident.resolution_code)}" if incident.resolution_code else ""
        return [kit.section(f"*Resolution*{code}\n{kit.quote(shorten(incident.resolution, 600))}")]
    if incident.pending_on:
        lead = WAITS_FOR[PendingOn(incident.pending_on)].capitalize()
        return [kit.section(f"*{lead}*\n{kit.quote(shorten(incident.pending_note or '', 600))}")]
    if incident.duplicate_of:
        return [kit.context(f"The same as *INC-{incident.duplicate_of}*, where it goes on.")]
    return []


def _beside(incident: Incident, beside: Beside, policy: Policy) -> list[Block]:
    said = []
    if incident.assigned_group and not incident.assignee:
        group = policy.groups.get(incident.assigned_group)
        said.append(f":busts_in_silhouette: with {kit.esc(group.title if group else incident.assigned_group)}")
    elif incident.assignee:
        said.append(f":bust_in_silhouette: with {kit.mention(incident.assignee)}")
    if beside.affected:
        others = "1 other person" if beside.affected == 1 else f"{beside.affected} other people"
        said.append(f":raising_hand: affects {others}")
    if beside.links:
        said.append(f":link: {', '.join(beside.links[:20])}")
    return [kit.context(*said)] if said else []


def _state(incident: Incident) -> str:
    state = IncidentState(incident.state).capitalize()
    return f"{state} by {kit.mention(incident.moved_by)}" if incident.moved_by not in (None, "deskbell") else state
