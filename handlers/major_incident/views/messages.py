"""Major incidents as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.rules.incident.flow import OPEN, IncidentState
from bot.rules.incident.priority import Priority
from bot.rules.major_incident.flow import ACTIVE, MajorState, states_said
from bot.rules.major_incident.history_text import Teller, is_told
from bot.rules.major_incident.policy import RoleKey
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun, RecordVersion, Ref
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Block, Message
from handlers.ids import Action
from storage.tables import Incident, MajorIncident, TimelineEntry

MARK = {
    MajorState.INVESTIGATING: ":mag:",
    MajorState.IDENTIFIED: ":dart:",
    MajorState.MONITORING: ":eyes:",
    MajorState.RESOLVED: ":white_check_mark:",
    MajorState.STOOD_DOWN: ":arrow_down:",
}
TAKE = {
    RoleKey.COMMANDER: (Action.TAKE_COMMAND, "Take command"),
    RoleKey.COMMUNICATIONS: (Action.TAKE_COMMUNICATIONS, "Lead communications"),
    RoleKey.SCRIBE: (Action.TAKE_NOTES, "Be the scribe"),
}
TOPIC_MOST = 250
STORY_MOST = 20
"""Lines of a handover; the timeline has the rest."""


@dataclass(frozen=True)
class MajorSeen:
    """A major incident with all that its messages are drawn from."""

    incident: Incident
    major: MajorIncident
    policy: Policy
    roles: Mapping[str, str] = field(default_factory=dict)
    channel: str | None = None
    """Its channel's Slack id; None until Slack has made it."""
    told: Fact | None = None
    """The last status update."""
    since: datetime | None = None
    """Since when it has been said to be where it stands."""

    @property
    def ref(self) -> Ref:
        return Ref(Noun.INCIDENT, self.incident.number)

    @property
    def seen(self) -> RecordVersion:
        """The record as its buttons carry it: with the number of updates given."""
        return RecordVersion(self.ref, self.major.updates)

    @property
    def active(self) -> bool:
        return self.major.state in ACTIVE

    @property
    def state(self) -> MajorState:
        return MajorState(self.major.state)

    @property
    def title(self) -> str:
        return f"*{self.ref}* {kit.esc(self.incident.summary)}"

    @property
    def said(self) -> str:
        """Where it stands; what ended with its incident ended as that did."""
        cancelled = self.state is MajorState.RESOLVED and self.incident.state == IncidentState.CANCELLED
        return "Cancelled" if cancelled else self.state.label

    @property
    def mark(self) -> str:
        return ":no_entry_sign:" if self.said == "Cancelled" else MARK[self.state]

    @property
    def vacant(self) -> list[str]:
        return [role for role in self.policy.major.roles if role not in self.roles]

    def role(self, key: str) -> str:
        known = self.policy.major.roles.get(key)
        return known.title if known else key


def announcement(one: MajorSeen) -> Message:
    """For the room of all major incidents: what it is, where it is worked on, how far it is."""
    where = f"<#{one.channel}>" if one.channel else "its channel is being made"
    head = ":rotating_light: *Major incident*" if one.active else f"{one.mark} *Major incident, over*"
    blocks = [
        kit.section(f"{head}: {one.title}\n{_service(one)} · {where}"),
        kit.fields(f"*Status*\n{_state(one)}{_since(one)}", f"*Commander*\n{_holder(one, RoleKey.COMMANDER)}"),
        *_last_words(one),
        kit.context(_promise(one)),
    ]
    return Message(f"Major incident {one.ref}: {kit.esc(one.incident.summary)}", blocks)


def board(one: MajorSeen) -> Message:
    """For its own channel: who does what, how far it is, and the buttons to lead it by."""
    roles = [f"*{kit.esc(one.role(key))}*\n{_holder(one, key)}" for key in one.policy.major.roles][:10]
    blocks = [
        kit.section(f"{':rotating_light:' if one.active else one.mark} {one.title}\n{_state(one)} · {_promise(one)}"),
        kit.fields(*roles),
    ]
    if one.active:
        blocks += [*_takeable(one), kit.actions(*_buttons(one))]
    else:
        blocks.append(kit.actions(kit.button(Action.EXPORT_TIMELINE, "Export timeline", one.seen)))
        blocks.append(kit.section(_after_the_end(one)))
    blocks.append(kit.context("Put a :pushpin: on a message to keep it in the timeline."))
    return Message(f"{one.ref}: who does what", blocks)


def roles_wanted(one: MajorSeen) -> Message:
    """Asks for the roles that nobody has taken; once all are taken, or it is over, says so."""
    if not one.active or not one.vacant:
        over = "all roles are taken" if one.active else "it is over"
        return Message(f"{one.ref}: {over}", [kit.context(f":white_check_mark: Roles in *{one.ref}*: {over}.")])
    roles = [one.policy.major.roles[key] for key in one.vacant]
    lines = "\n".join(f"• *{kit.esc(role.title)}*: {kit.esc(role.duty)}" for role in roles)
    text = f":raising_hand: Nobody has taken {'this role' if len(roles) == 1 else 'these roles'} in *{one.ref}* yet:"
    return Message(f"{one.ref}: roles are open", [kit.section(f"{text}\n{lines}"), *_takeable(one)])


def update(one: MajorSeen, told: Fact, late: bool = False) -> Message:
    """A status update as it was given; what it promised for when may be `late`, or past and done with."""
    state = MajorState(str(told.data["state"]))
    due = told.data.get("next_update_at")
    promise = "The last update"
    if isinstance(due, str):
        promise = f"Next update by {kit.when(datetime.fromisoformat(due))}"
        if late:
            promise = (
                f":alarm_clock: The next update was promised for {kit.when(datetime.fromisoformat(due))} and is late"
            )
        elif not one.active or one.major.updates != told.data["update"]:
            promise = "A later update is below" if one.major.updates != told.data["update"] else "It is over"
    blocks = [
        kit.section(f"{MARK[state]} {one.title}: *{state.label}*"),
        kit.section(kit.quote(told.words.get("update", ""))),
        kit.context(f"{promise} · from {kit.mention(told.by)}"),
    ]
    return Message(f"{one.ref} {state}: {kit.excerpt(told.words.get('update', ''), 150)}", blocks)


def ended(one: MajorSeen) -> Message:
    text = f":white_check_mark: {one.title} is over as a major incident: the incident is {one.incident.state}."
    return Message(f"{one.ref} is over as a major incident", [kit.section(text)])


def stood_down(one: MajorSeen, by: str) -> Message:
    text = f":white_check_mark: {one.title} is no major incident after all: {kit.mention(by)} stood it down."
    goes_on = "goes on as any other; it " if one.incident.state in OPEN else ""
    note = f"The incident {goes_on}is {one.incident.state}."
    return Message(f"{one.ref} is no major incident after all", [kit.section(text), kit.context(note)])


def nudge(one: MajorSeen, settled: str = "") -> Message:
    """Before an update is due; `settled` says how that ended."""
    if settled:
        return _settled(one, settled)
    due = kit.when(one.major.next_update_at) if one.major.next_update_at else "soon"
    buttons = [
        kit.button(Action.POST_STATUS, "Post update", one.seen, "primary"),
        kit.button(Action.SNOOZE_NUDGE, "Remind me later", one.seen),
    ]
    text = f":bell: {one.title}\nThe next status update is due {due}."
    note = "Reminding later moves this reminder alone; the update stays due."
    return Message(f"{one.ref}: an update is due", [kit.section(text), kit.actions(*buttons), kit.context(note)])


def _settled(one: MajorSeen, how: str) -> Message:
    return Message(f"{one.ref}: {how}", [kit.context(f":white_check_mark: *{one.ref}*: {how}.")])


def update_late(one: MajorSeen, settled: str = "") -> Message:
    """The promised update did not come; `settled` as in `nudge`."""
    if settled:
        return _settled(one, settled)
    due = kit.when(one.major.next_update_at) if one.major.next_update_at else "by now"
    commander = one.roles.get(RoleKey.COMMANDER)
    who = f"{kit.mention(commander)}, please" if commander else "Please take command, and"
    text = (
        f":alarm_clock: *{one.ref}*: the status update promised for {due} is late. {who} tell people where it stands."
    )
    button = kit.button(Action.POST_STATUS, "Post update", one.seen, "primary")
    return Message(f"{one.ref}: the promised update is late", [kit.section(text), kit.actions(button)])


def handover(one: MajorSeen, passed: Fact, facts: Sequence[Fact], entries: Sequence[TimelineEntry] = ()) -> Message:
    """Who leads from now on, and what has happened since people were last told."""
    to, frm = kit.mention(str(passed.data["to"])), passed.data.get("from")
    before = f" from {kit.mention(frm)}" if isinstance(frm, str) else ""
    teller = slack_teller(one)
    lines = [(fact.at, teller.line(fact)) for fact in facts if is_told(fact) and fact != passed]
    lines += [(one.at, f"{kit.mention(one.author)}: {kit.excerpt(one.text or '', 200)}") for one in entries]
    shown = sorted(lines, key=lambda each: each[0])[-STORY_MOST:]
    story = "\n".join(f"• {kit.when(at)} {said}" for at, said in shown) or "Nothing has happened since."
    open_roles = ", ".join(kit.esc(one.role(key)) for key in one.vacant) or "none"
    blocks = [kit.section(f":handshake: {one.title}: {to} takes command{before}.")]
    if note := passed.words.get("note"):
        blocks.append(kit.section(kit.quote(note)))
    blocks += [
        kit.section(f"*Where things stand*: {_state(one)}\n{_promise(one)}\nOpen roles: {open_roles}"),
        *_last_words(one),
        kit.section(f"*Since people were last told*\n{story}"),
    ]
    return Message(f"{one.ref}: command was handed over", blocks)


def slack_teller(one: MajorSeen) -> Teller:
    return Teller(kit.mention, lambda key: kit.esc(one.role(key)), lambda text: kit.excerpt(text, 200))


def topic(one: MajorSeen, commander: str | None) -> str:
    """Slack shows mentions in a topic as their ids, so people are named."""
    leads = f"led by {commander} · " if commander else "nobody leads yet · " if one.active else ""
    head = f"{one.ref} · {Priority(one.incident.priority).value} · {one.said} · {leads}"
    return fitting.brief(kit.esc(head + one.incident.summary), TOPIC_MOST)


def _after_the_end(one: MajorSeen) -> str:
    """What is left to do."""
    left = ["*What is left*"]
    if one.incident.state in OPEN:
        left.append(f"• *{one.ref}* itself is {one.incident.state}: `/incident resolve {one.ref}` says what mended it.")
    left += [
        "• *Export timeline* keeps the whole story as a file; look back on it together while it is fresh.",
        f"• What is to be changed: `/change` asks for it, `/incident link {one.ref} CHG-n` puts it beside this.",
        "• Archive this channel when all is said.",
    ]
    return "\n".join(left)


def _service(one: MajorSeen) -> str:
    return f"{Priority(one.incident.priority).label} · {kit.esc(one.policy.service_name(one.incident.service))}"


def _state(one: MajorSeen) -> str:
    return f"{one.mark} {one.said}"


def _since(one: MajorSeen) -> str:
    return f" since {kit.when(one.since)}" if one.active and one.since else ""


def _holder(one: MajorSeen, key: str) -> str:
    nobody = "_nobody yet_" if one.active else "_nobody_"
    return kit.mention(one.roles[key]) if key in one.roles else nobody


def _promise(one: MajorSeen) -> str:
    if not one.active or one.major.next_update_at is None:
        ended_at = one.major.ended_at
        return f"Over since {kit.when(ended_at)}" if ended_at else "Over"
    return f"Next update by {kit.when(one.major.next_update_at)}"


def _last_words(one: MajorSeen) -> list[Block]:
    if one.told is None:
        return []
    words = kit.quote(one.told.words.get("update", ""), 600)
    return [kit.section(words)] if words else []


def _takeable(one: MajorSeen) -> list[Block]:
    buttons = [kit.button(*TAKE[RoleKey(key)], one.seen) for key in one.vacant if key in TAKE]
    return [kit.actions(*buttons)] if buttons else []


def _buttons(one: MajorSeen) -> list[Block]:
    return [
        kit.button(Action.POST_STATUS, "Post update", one.seen, "primary"),
        kit.button(Action.HAND_OVER, "Hand over", one.seen),
        kit.button(Action.OPEN_TIMELINE, "Edit timeline", one.seen),
        kit.button(Action.EXPORT_TIMELINE, "Export timeline", one.seen),
        kit.confirming(
            kit.button(Action.STAND_DOWN, "Stand down", one.seen),
            f"Stand {one.ref} down?",
            "It is no major incident then: nobody is reminded of updates and roles. The incident stays open.",
            "Stand down",
        ),
    ]


def last_update(facts: Sequence[Fact]) -> Fact | None:
    """Since it was declared, the last time that it was."""
    told = [fact for fact, _ in states_said(facts)][-1:]
    return told[0] if told and told[0].kind is FactKind.MAJOR_UPDATED else None


def in_this_state_since(facts: Sequence[Fact]) -> datetime | None:
    """When people were first told of the state that they were last told of."""
    since, before = None, None
    for fact, state in states_said(facts):
        if state is not before or fact.kind is FactKind.MAJOR_DECLARED:
            since, before = fact.at, state
    return since
