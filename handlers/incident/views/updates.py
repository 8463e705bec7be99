"""What is told of an incident when something happened to it: direct messages and replies in its thread."""

from collections.abc import Sequence

from bot.rules.incident import reclassified
from bot.rules.incident.flow import DONE, IncidentState
from bot.rules.incident.priority import Priority
from bot.rules.major_incident.history_text import said_clock
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import shorten
from bot.rules.sla.clocks import ClockKind, Owner
from bot.rules.workspace.rota_names import rota_in
from handlers.blocks import complaining, facts, holder, kit, timeline
from handlers.blocks.kit import Block, Message
from handlers.ids import Action
from handlers.incident.actions import ACTIONS, Rating
from handlers.incident.views.card import leading, ref_of, service_of
from handlers.records import actions
from handlers.sla.views import history as sla_history
from storage.tables import Clock, Incident

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
    FactKind.INCIDENT_UPDATED: "told the affected",
    FactKind.INCIDENT_INFORMED: "added",
    FactKind.INCIDENT_RECLASSIFIED: "changed {changes}",
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
    FactKind.MAJOR_ROLE_VACATED: "freed the role {role}: <@{holder}> has left",
    FactKind.MAJOR_HANDED_OVER: "gave command to <@{to}>",
    FactKind.MAJOR_UPDATED: "told people: {state}",
    FactKind.MAJOR_UPDATE_LAPSED: "missed the promised update",
    FactKind.MAJOR_ENDED: "ended the major incident",
    FactKind.TIMELINE_PINNED: "pinned a message",
    FactKind.TIMELINE_UNPINNED: "took a pin off",
    FactKind.TIMELINE_EDITED: "edited the timeline",
    FactKind.TIMELINE_EXPORTED: "exported the timeline",
    FactKind.ALERT_FIRED: "heard of an alert of it",
    FactKind.ALERT_CLEARED: "heard that an alert of it is over",
    FactKind.ALERT_ACKNOWLEDGED: "heard that an alert of it was acknowledged",
    FactKind.ALERT_FLAPPING: "is quiet about an alert that comes and goes",
    FactKind.ALERT_STEADY: "heard that an alert stays as it is now",
    FactKind.ALERTS_OVER: "proposes to resolve it",
    **sla_history.SAID,
    **timeline.OF_THEMSELVES,
}
"""What a fact says after the name of who did it."""


def say(fact: Fact) -> str:
    data = fact.data
    if fact.kind is FactKind.INCIDENT_CANCELLED and data.get("duplicate_of"):
        return f"merged it into {data['duplicate_of']}"
    if fact.kind is FactKind.INCIDENT_ASSIGNED and data.get("left"):
        return f"took it from {kit.mention(str(data['left']))}, who has left"
    if fact.kind is FactKind.INCIDENT_ASSIGNED and data.get("rota"):
        return f"gave it to {holder.given_to(fact)}, who is on call ({kit.esc(str(data['rota']))})"
    if fact.kind is FactKind.INCIDENT_RESUMED and data.get("answered"):
        return "answered, so work goes on"
    if fact.kind is FactKind.INCIDENT_RESUMED and data.get("left"):
        return f"goes on: it waited for {kit.mention(str(data['left']))}, who has left"
    more = {"clock": said_clock(str(data.get("clock", ""))), "changes": reclassified.changes(fact, kit.esc)}
    if "person" in data:
        more["person"] = kit.mention(str(data["person"]))
    return facts.said(fact, SAID, **more)


ON_IT = frozenset({FactKind.INCIDENT_ACKNOWLEDGED, FactKind.INCIDENT_STARTED})


def news(incident: Incident, fact: Fact, thread_ts: str | None = None) -> Message:
    """One thing that happened, with the words that were typed."""
    by, title = kit.mention(fact.by), f"*{ref_of(incident)}* {kit.esc(incident.summary)}"
    lead = f"{kit.colon(title)} {by} {say(fact)}."
    if fact.kind in ON_IT:
        lead = f":hammer_and_wrench: {kit.colon(title)} {by} is on it."
    elif fact.kind is FactKind.INCIDENT_UPDATED:
        lead = f":speech_balloon: Update on {title} from {by}"
    elif fact.kind is FactKind.INCIDENT_INFORMED:
        lead = f":speech_balloon: {by} on {title}"
    blocks = [kit.section(lead), *_quoted(fact)]
    plain = f"{ref_of(incident)}: {kit.excerpt(fact.words.get('comment', ''), 200) or say(fact)}"
    # What nobody has is nobody's direct message either, so that the channel hears it and not its thread alone.
    loud = fact.kind is FactKind.INCIDENT_INFORMED and incident.assignee is None
    return Message(plain, blocks, thread_ts=thread_ts, broadcast=loud and thread_ts is not None)


def question(incident: Incident, fact: Fact, after: Fact | None) -> Message:
    """What the desk needs to know; the button goes when the waiting is over. `after` is what ended it."""
    lead = f":grey_question: {kit.mention(fact.by)} asks about *{ref_of(incident)}* {kit.esc(incident.summary)}"
    blocks = [kit.section(lead), *_quoted(fact)]
    if after is None:
        answer = actions.button(ACTIONS["answer"], RecordVersion.of(incident), "primary")
        note = "The desk waits for it. You can also answer in this thread, or write it to me here."
        blocks += [kit.actions(answer), kit.context(note)]
    elif after.data.get("answered"):
        blocks.append(kit.context(f":white_check_mark: Answered by {kit.mention(after.by)}, {kit.when(after.at)}."))
    else:
        blocks.append(kit.context(f":white_check_mark: Needed no more: {kit.mention(after.by)} {say(after)}."))
    return Message(f"{ref_of(incident)}: {kit.excerpt(fact.words.get('comment', ''), 200)}", blocks)


def assigned(incident: Incident, fact: Fact, policy: Policy, reader: str = "") -> Message:
    """Tells the assignee, with what they may press."""
    rota, group = rota_in(str(fact.data.get("rota") or "")), fact.data.get("group")
    about, giver = f"*{ref_of(incident)}* {kit.esc(incident.summary)}", kit.mention(fact.by)
    if rota:
        title = (policy.rotas[rota].title if rota in policy.rotas else None) or rota
        lead = f":telephone_receiver: {about}. You are on call for {kit.esc(title)}."
    elif group:
        title = policy.groups[str(group)].title if group in policy.groups else str(group)
        lead = f":telephone_receiver: {giver} gave {about} to {kit.esc(title)}. It is your turn."
    else:
        lead = f"{giver} gave you {about}."
    facts = f"{Priority(incident.priority).label} · {service_of(incident, policy)} · it is {incident.state}"
    step = leading(incident) if incident.assignee == reader else None
    first = [actions.button(step, RecordVersion.of(incident), "primary")] if step else []
    more = kit.actions(*first, actions.more_button(RecordVersion.of(incident)))
    text = f"{ref_of(incident)} is yours: {kit.esc(incident.summary)}"
    return Message(text, [kit.section(lead), kit.context(facts), more])


def left(person: str, incidents: Sequence[Incident]) -> Message:
    """What somebody had who has left the workspace, or is a guest now."""
    rows = [f"• *{ref_of(one)}* {kit.esc(one.summary)}" for one in incidents]
    lead = f":wave: {kit.mention(person)} is no longer a member of this workspace. "
    lead += "What they had is with nobody now, or with its group:"
    text = f"{len(incidents)} incidents have lost their assignee" if len(incidents) > 1 else f"{rows[0][2:]} is free"
    return Message(text.replace("*", ""), [kit.section(lead), *map(kit.section, _chunks(rows))])


def _chunks(rows: Sequence[str], size: int = 10) -> list[str]:
    return ["\n".join(rows[start : start + size]) for start in range(0, len(rows), size)]


def answered(incident: Incident, clocks: Sequence[Clock], place: str) -> Message:
    """Where the report was typed; `place` is the Slack id of its card's channel, empty where it is not for all."""
    lead = f":white_check_mark: *{ref_of(incident)}* is with the desk: {kit.esc(incident.summary)}"
    response = next((one.due_at for one in clocks if one.kind == ClockKind.RESPONSE and one.owner == Owner.DESK), None)
    said = [f"Somebody takes it up by {kit.when(response)}."] if response else []
    said += [f"Its card is in <#{place}>."] if place else []
    blocks = [
        kit.section("\n".join(filter(None, (lead, " ".join(said))))),
        kit.actions(actions.more_button(RecordVersion.of(incident))),
    ]
    return Message(f"{ref_of(incident)} is with the desk", blocks)


def logged_here(incident: Incident, thread_ts: str) -> Message:
    text = f"This is with the desk as *{ref_of(incident)}*, reported by {kit.mention(incident.reporter)}."
    return Message(f"This is with the desk as {ref_of(incident)}.", [kit.section(text)], thread_ts=thread_ts)


def resolved(incident: Incident, told: Fact, *, asked: bool, last: bool) -> Message:
    """Tells that it is fixed, and how; the reporter is `asked` whether it is. What was undone says so in a line."""
    title = f"*{ref_of(incident)}* {kit.esc(incident.summary)}"
    words = told.words.get("comment", "")
    if not last or incident.state not in DONE:
        blocks = [
            kit.context(f"{title} was resolved by {kit.mention(told.by)}, and opened again later."),
            *_quoted(told),
        ]
        return Message(f"{ref_of(incident)} was opened again", blocks)
    closed = "" if incident.state == IncidentState.RESOLVED else f", and is {incident.state} now"
    blocks = [kit.section(f":white_check_mark: {title} was resolved by {kit.mention(told.by)}{closed}"), *_quoted(told)]
    if asked and not closed:
        blocks += _confirmation(incident)
    elif asked and incident.state == IncidentState.CLOSED:
        # Who said themselves that it works is asked right there how it went.
        blocks += _rating(incident) if incident.moved_by == incident.reporter else []
        blocks.append(kit.actions(actions.button(ACTIONS["reopen"], RecordVersion.of(incident))))
    return Message(f"{ref_of(incident)} was resolved: {kit.excerpt(words, 500)}", blocks)


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
    """Asked once, when it was closed by somebody else."""
    if incident.rating is not None:
        return Message(f"Thank you for rating {ref_of(incident)}", _rating(incident))
    by = "" if incident.moved_by in (None, SYSTEM) else f" by {kit.mention(incident.moved_by)}"
    lead = f"*{ref_of(incident)}* {kit.esc(incident.summary)} was closed{by}."
    reopen = kit.actions(actions.button(ACTIONS["reopen"], RecordVersion.of(incident)))
    if incident.state != IncidentState.CLOSED:
        return Message(f"{ref_of(incident)} is {incident.state}", [kit.context(f"{lead} It is {incident.state} now.")])
    return Message(f"How did {ref_of(incident)} go?", [kit.section(lead), *_rating(incident), reopen])


RATINGS = {
    Action.RATE_POOR: Rating.POOR,
    Action.RATE_FAIR: Rating.FAIR,
    Action.RATE_GOOD: Rating.GOOD,
    Action.RATE_VERY_GOOD: Rating.VERY_GOOD,
    Action.RATE_EXCELLENT: Rating.EXCELLENT,
}


def _rating(incident: Incident) -> list[Block]:
    """The question with a button for each mark, or the answer."""
    if incident.rating is not None:
        thanks = kit.section(f"You rated *{ref_of(incident)}* {incident.rating} of 5. Thank you.")
        return [thanks, *complaining.offer(str(ref_of(incident)), incident.rating)]
    marks = [kit.button(action, mark.label, RecordVersion.of(incident)) for action, mark in RATINGS.items()]
    return [kit.section("How did it go?"), kit.actions(*marks)]


def log_here(summary: str, value: str) -> list[Block]:
    """For a mention in a thread: it cannot open a form by itself."""
    said = f"Shall I log “{kit.esc(shorten(summary, 150))}” with the desk?" if summary else "Shall I log this thread?"
    return [kit.section(said), kit.actions(kit.button(Action.LOG_HERE, "Log incident", value, "primary"))]


def _confirmation(incident: Incident) -> list[Block]:
    seen = RecordVersion.of(incident)
    return [
        kit.actions(
            actions.button(ACTIONS["close"], seen, "primary", "It works again"),
            actions.button(ACTIONS["reopen"], seen),
        )
    ]


def _quoted(fact: Fact) -> list[Block]:
    text = fact.words.get("comment", "")
    return [kit.section(kit.quote(text, 2500))] if text else []
