"""Major incidents as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.rules.facts import Fact, FactKind
from bot.rules.major_flow import ACTIVE, MajorState
from bot.rules.major_story import UNTOLD, Teller
from bot.rules.policy import Policy
from bot.rules.policy_major import RoleKey
from bot.rules.priority import Priority
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.words import shorten
from handlers.ids import Action
from handlers.views import kit
from handlers.views.kit import Block, Message
from storage.tables import Incident, MajorIncident

MARK = {
    MajorState.INVESTIGATING: ":mag:",
    MajorState.IDENTIFIED: ":dart:",
    MajorState.MONITORING: ":eyes:",
    MajorState.RESOLVED: ":white_check_mark:",
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

    @property
    def ref(self) -> Ref:
        return Ref(Noun.INCIDENT, self.incident.number)

    @property
    def seen(self) -> Seen:
        """The record as its buttons carry it: with the number of updates given."""
        return Seen(self.ref, self.major.updates)

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
    def vacant(self) -> list[str]:
        return [role for role in self.policy.major.roles if role not in self.roles]

    def role(self, key: str) -> str:
        known = self.policy.major.roles.get(key)
        return known.title if known else key


def announcement(one: MajorSeen) -> Message:
    """For the room of all major incidents: what it is, where it is worked on, how far it is."""
    where = f"<#{one.channel}>" if one.channel else "its channel is being made"
    head = ":rotating_light: *Major incident*" if one.active else ":white_check_mark: *Major incident, over*"
    blocks = [
        kit.section(f"{head}: {one.title}\n{_service(one)} · {where}"),
        kit.fields(f"*Status*\n{_state(one)}", f"*Commander*\n{_holder(one, RoleKey.COMMANDER)}"),
        *_last_words(one),
        kit.context(_promise(one)),
    ]
    return Message(f"Major incident {one.ref}: {kit.esc(one.incident.summary)}", blocks)


def board(one: MajorSeen) -> Message:
    """For its own channel: who does what, how far it is, and the buttons to lead it by."""
    roles = [f"*{kit.esc(one.role(key))}*\n{_holder(one, key)}" for key in one.policy.major.roles][:10]
    blocks = [
        kit.section(f":rotating_light: {one.title}\n{_state(one)} · {_promise(one)}"),
        kit.fields(*roles),
    ]
    if one.active:
        blocks += [*_takeable(one), kit.actions(*_buttons(one))]
    else:
        blocks.append(kit.actions(kit.button(Action.EXPORT_TIMELINE, "Export timeline", one.seen)))
    blocks.append(kit.context("Put a :pushpin: on a message to keep it in the timeline."))
    return Message(f"{one.ref}: who does what", blocks)


def roles_wanted(one: MajorSeen) -> Message:
    """Asks for the roles that nobody has taken."""
    roles = [one.policy.major.roles[key] for key in one.vacant]
    lines = "\n".join(f"• *{kit.esc(role.title)}*: {kit.esc(role.duty)}" for role in roles)
    text = f":raising_hand: Nobody has taken {'this role' if len(roles) == 1 else 'these roles'} in *{one.ref}* yet:"
    return Message(f"{one.ref}: roles are open", [kit.section(f"{text}\n{lines}"), *_takeable(one)])


def update(one: MajorSeen, told: Fact) -> Message:
    """A status update as it was given."""
    state = MajorState(str(told.data["state"]))
    due = told.data.get("next_update_at")
    promise = f"Next update by {kit.when(datetime.fromisoformat(due))}" if isinstance(due, str) else "The last update"
    blocks = [
        kit.section(f"{MARK[state]} {one.title}: *{state.label}*"),
        kit.section(kit.quote(told.words.get("update", ""))),
        kit.context(f"{promise} · from {kit.mention(told.by)}"),
    ]
    return Message(f"{one.ref} {state}: {kit.esc(shorten(told.words.get('update', ''), 150))}", blocks)


def ended(one: MajorSeen) -> Message:
    text = f":white_check_mark: {one.title} is over as a major incident: the incident is {one.incident.state}."
    return Message(f"{one.ref} is over as a major incident", [kit.section(text)])


def nudge(one: MajorSeen) -> Message:
    """Before an update is due."""
    due = kit.when(one.major.next_update_at) if one.major.next_update_at else "soon"
    buttons = [
        kit.button(Action.POST_STATUS, "Post update", one.seen, "primary"),
        kit.button(Action.SNOOZE_NUDGE, "Remind me later", one.seen),
    ]
    text = f":bell: {one.title}\nThe next status update is due {due}."
    note = "Reminding later moves this reminder alone; the update stays due."
    return Message(f"{one.ref}: an update is due", [kit.section(text), kit.actions(*buttons), kit.context(note)])


def update_late(one: MajorSeen) -> Message:
    """The promised update did not come."""
    due = kit.when(one.major.next_update_at) if one.major.next_update_at else "by now"
    commander = one.roles.get(RoleKey.COMMANDER)
    who = f"{kit.mention(commander)}, please" if commander else "Please take command, and"
    text = (
        f":alarm_clock: *{one.ref}*: the status update promised for {due} is late. {who} tell people where it stands."
    )
    button = kit.button(Action.POST_STATUS, "Post update", one.seen, "primary")
    return Message(f"{one.ref}: the promised update is late", [kit.section(text), kit.actions(button)])


def handover(one: MajorSeen, passed: Fact, facts: Sequence[Fact]) -> Message:
    """Who leads from now on, and what has happened since people were last told."""
    to, frm = kit.mention(str(passed.data["to"])), passed.data.get("from")
    before = f" from {kit.mention(frm)}" if isinstance(frm, str) else ""
    teller = slack_teller(one)
    shown = [fact for fact in facts if fact.kind not in UNTOLD][-STORY_MOST:]
    story = "\n".join(f"• {kit.when(fact.at)} {teller.line(fact)}" for fact in shown)
    open_roles = ", ".join(kit.esc(one.role(key)) for key in one.vacant) or "none"
    blocks = [kit.section(f":handshake: {one.title}: {to} takes command{before}.")]
    if note := passed.words.get("note"):
        blocks.append(kit.section(kit.quote(note)))
    blocks += [
        kit.section(f"*Where things stand*: {_state(one)}\n{_promise(one)}\nOpen roles: {open_roles}"),
        kit.section(f"*Since people were last told*\n{story}"),
    ]
    return Message(f"{one.ref}: command was handed over", blocks)


def slack_teller(one: MajorSeen) -> Teller:
    return Teller(kit.mention, lambda key: kit.esc(one.role(key)), lambda text: kit.esc(shorten(text, 200)))


def topic(one: MajorSeen, commander: str | None) -> str:
    """Plain text: Slack shows mentions in a topic as their ids."""
    leads = f"led by {commander}" if commander else "nobody leads yet"
    head = f"{one.ref} · {Priority(one.incident.priority).value} · {one.state.label} · {leads} · "
    return head + shorten(one.incident.summary, TOPIC_MOST - len(head))


def _service(one: MajorSeen) -> str:
    return f"{Priority(one.incident.priority).label} · {kit.esc(one.policy.service_name(one.incident.service))}"


def _state(one: MajorSeen) -> str:
    return f"{MARK[one.state]} {one.state.label}"


def _holder(one: MajorSeen, key: str) -> str:
    return kit.mention(one.roles[key]) if key in one.roles else "_nobody yet_"


def _promise(one: MajorSeen) -> str:
    if not one.active or one.major.next_update_at is None:
        ended_at = one.major.ended_at
        return f"Over since {kit.when(ended_at)}" if ended_at else "Over"
    return f"Next update by {kit.when(one.major.next_update_at)}"


def _last_words(one: MajorSeen) -> list[Block]:
    if one.told is None:
        return []
    words = kit.quote(shorten(one.told.words.get("update", ""), 600))
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
    ]


def last_update(facts: Sequence[Fact]) -> Fact | None:
    return next((fact for fact in reversed(facts) if fact.kind is FactKind.MAJOR_UPDATED), None)
