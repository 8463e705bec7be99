"""Incidents as people see them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.rules.incident_flow import IncidentState, IncidentStep, legal
from bot.rules.policy import Policy
from bot.rules.priority import Impact, Priority, Urgency
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.sla import ClockKind, ClockState
from bot.rules.words import SUMMARY_MOST, WORDS_MOST, shorten
from handlers.ids import Action, Field, Form
from handlers.views import kit
from handlers.views.kit import Block, Message, View
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
PROMISE = {ClockKind.RESPONSE: "Response", ClockKind.RESOLUTION: "Resolution"}
_BUTTONS = {
    IncidentStep.ACKNOWLEDGE: (Action.ACKNOWLEDGE, "Acknowledge", "primary"),
    IncidentStep.RESOLVE: (Action.RESOLVE, "Resolve", None),
}


def ref_of(incident: Incident) -> Ref:
    return Ref(Noun.INCIDENT, incident.number)


def title(incident: Incident) -> str:
    return f"{ref_of(incident)} {incident.summary}"


def card(incident: Incident, clocks: Sequence[Clock], policy: Policy) -> Message:
    """The incident for those who work on it, with what they may press."""
    state = IncidentState(incident.state)
    seen = Seen(ref_of(incident), incident.revision)
    buttons = [
        kit.button(action, label, seen, style)
        for action, label, style in (_BUTTONS[step] for step in legal(state) if step in _BUTTONS)
    ]
    blocks = [*_body(incident, policy), *_promises(clocks)]
    if buttons:
        blocks.append(kit.actions(*buttons))
    return Message(_spoken(incident, policy), blocks)


def receipt(incident: Incident, clocks: Sequence[Clock], policy: Policy) -> Message:
    """The incident for who reported it: kept, where it stands, what is promised."""
    lead = kit.section(f"Thank you, your report is with the desk as *{ref_of(incident)}*.")
    return Message(
        f"Your report is with the desk as {kit.esc(title(incident))}",
        [lead, *_body(incident, policy), *_promises(clocks)],
    )


def resolved(incident: Incident) -> Message:
    """Tells the reporter that it is fixed, and how."""
    by = kit.mention(incident.resolved_by or "")
    text = f":white_check_mark: *{ref_of(incident)}* {kit.esc(incident.summary)} was resolved by {by}"
    return Message(
        f"{ref_of(incident)} was resolved: {kit.esc(incident.resolution or '')}",
        [kit.section(text), kit.section(kit.quote(incident.resolution or ""))],
    )


def promise_at_risk(incident: Incident, clock: Clock, policy: Policy) -> Message:
    """Rings before a promise breaks, and when it has."""
    kind, priority = PROMISE[ClockKind(clock.kind)], Priority(incident.priority)
    if clock.breached_at is not None:
        lead, mark = f"{kind} promise breached", ":rotating_light:"
        line = f"It was due {kit.when(clock.due_at)}."
    else:
        lead, mark = f"{kind} promise at risk", ":hourglass_flowing_sand:"
        line = f"It is due {kit.when(clock.due_at)}."
    who = kit.mention(incident.assignee) if incident.assignee else "nobody yet"
    blocks = [
        kit.section(f"{mark} *{lead}*: *{ref_of(incident)}* {kit.esc(incident.summary)}\n{line}"),
        kit.context(f"{priority.label} · {_service(incident, policy)} · assigned to {who}"),
    ]
    return Message(f"{lead}: {kit.esc(title(incident))}", blocks)


def listing(incidents: Sequence[Incident], more: int, policy: Policy) -> Message:
    """Open incidents, a line each; `more` were left off."""
    if not incidents:
        text = ":sparkles: No incident is open. `/incident` reports one."
        return Message(text, [kit.section(text)])
    blocks = [kit.header(f"Open incidents ({len(incidents) + more})")]
    blocks += [kit.section(line(one, policy)) for one in incidents]
    if more:
        blocks.append(kit.context(f"{more} more are open; the most urgent come first."))
    return Message(f"{len(incidents) + more} open incidents", blocks)


def line(incident: Incident, policy: Policy) -> str:
    """An incident in two lines of a list."""
    state = IncidentState(incident.state)
    who = f", with {kit.mention(incident.assignee)}" if incident.assignee else ""
    return (
        f"{STATE_MARK[state]} *{ref_of(incident)}* {kit.esc(incident.summary)}\n"
        f"{Priority(incident.priority).label} · {_service(incident, policy)} · {state}{who}"
        f" · since {kit.when(incident.opened_at)}"
    )


def report_form(policy: Policy, typed: str = "") -> View:
    """The form to log an incident, with what was typed behind the command in it."""
    line = " ".join(typed.split())
    summary = shorten(line, SUMMARY_MOST)
    rest = typed if summary != line else ""
    service = policy.service_named_in(typed) or ""
    return _report_form(policy, {Field.SUMMARY: summary, Field.DESCRIPTION: rest, Field.SERVICE: service})


def weighed_form(policy: Policy, values: Mapping[str, str]) -> View:
    """The open form again, with all that it held when impact or urgency was chosen."""
    return _report_form(policy, values)


def _report_form(policy: Policy, values: Mapping[str, str]) -> View:
    impact = Impact(values.get(Field.IMPACT) or Impact.MEDIUM)
    urgency = Urgency(values.get(Field.URGENCY) or Urgency.MEDIUM)
    blocks = [
        kit.ask(
            Field.SUMMARY,
            "Summary",
            kit.text_input(values[Field.SUMMARY], most=SUMMARY_MOST),
            hint="What is wrong, in a line",
        ),
        kit.ask(
            Field.DESCRIPTION,
            "Description",
            kit.text_input(values[Field.DESCRIPTION], most=WORDS_MOST, lines=True),
            hint="What you saw, since when, what you tried",
            optional=True,
        ),
        kit.ask(
            Field.SERVICE,
            "Service",
            kit.select(service_options(policy), values[Field.SERVICE]),
        ),
        kit.ask(Field.IMPACT, "Impact", kit.select(_labelled(Impact), impact), hint="How many it touches", live=True),
        kit.ask(Field.URGENCY, "Urgency", kit.select(_labelled(Urgency), urgency), hint="How soon it hurts", live=True),
        priority_now(policy, impact, urgency),
    ]
    return kit.form(Form.INCIDENT_REPORT, "Report an incident", "Report", blocks)


def priority_now(policy: Policy, impact: Impact, urgency: Urgency) -> Block:
    """What the answers so far come to."""
    priority = policy.priority(impact, urgency)
    targets = policy.targets[priority]
    return kit.context(
        f"*{priority.label}*: answered within {spell(targets.response)}, resolved within {spell(targets.resolution)}"
    )


def resolution_form(incident: Incident) -> View:
    note = kit.ask(
        Field.RESOLUTION,
        "Resolution note",
        kit.text_input(most=WORDS_MOST, lines=True),
        hint="What was wrong and what mended it; the reporter reads this",
    )
    lead = kit.section(f"*{ref_of(incident)}* {kit.esc(incident.summary)}")
    seen = Seen(ref_of(incident), incident.revision)
    return kit.form(Form.INCIDENT_RESOLUTION, f"Resolve {ref_of(incident)}", "Resolve", [lead, note], seen)


def service_options(policy: Policy) -> list[Block]:
    return [kit.option(service.name, key) for key, service in policy.services.items()]


def spell(span: timedelta) -> str:
    """A duration as people say it: “15 minutes”, “1 hour 30 minutes”, “2 days”."""
    minutes = span // timedelta(minutes=1)
    parts = [(minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute")]
    said = [f"{n} {unit}{'s' if n > 1 else ''}" for n, unit in parts if n]
    return " ".join(said) or "no time"


def _labelled(scale: type[Impact] | type[Urgency]) -> list[Block]:
    return [kit.option(one.label, one) for one in scale]


def _service(incident: Incident, policy: Policy) -> str:
    return kit.esc(policy.service_name(incident.service))


def _spoken(incident: Incident, policy: Policy) -> str:
    return f"{kit.esc(title(incident))} · {Priority(incident.priority).label} · {_service(incident, policy)}"


def _body(incident: Incident, policy: Policy) -> list[Block]:
    state = IncidentState(incident.state)
    blocks = [
        kit.section(f"{STATE_MARK[state]} *{ref_of(incident)}* *{kit.esc(incident.summary)}*"),
        kit.fields(
            f"*Priority*\n{Priority(incident.priority).label}",
            f"*Service*\n{_service(incident, policy)}",
            f"*State*\n{_state(incident)}",
            f"*Reported*\n{kit.mention(incident.reporter)}, {kit.when(incident.opened_at)}",
        ),
    ]
    if incident.description:
        blocks.append(kit.section(kit.quote(shorten(incident.description, 600))))
    if incident.resolution:
        blocks.append(kit.section(f"*Resolution*\n{kit.quote(shorten(incident.resolution, 600))}"))
    return blocks


def _state(incident: Incident) -> str:
    by = incident.resolved_by or incident.acknowledged_by
    state = IncidentState(incident.state).capitalize()
    return f"{state} by {kit.mention(by)}" if by else state


def _promises(clocks: Sequence[Clock]) -> list[Block]:
    said = [_promise(clock) for clock in sorted(clocks, key=lambda one: one.due_at)]
    return [kit.context(*said)] if said else []


def _promise(clock: Clock) -> str:
    name = PROMISE[ClockKind(clock.kind)]
    if clock.breached_at is not None:
        return f":rotating_light: {name} breached, was due {kit.when(clock.due_at)}"
    if clock.state == ClockState.MET:
        return f":white_check_mark: {name} in time"
    return f":hourglass_flowing_sand: {name} due {kit.when(clock.due_at)}"
