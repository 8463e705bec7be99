"""What is said beside a major incident's own messages: on the incident's card, and when Slack holds something up."""

from dataclasses import replace

from bot.rules.incident.priority import Priority
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.text import spell
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message
from handlers.ids import Action
from handlers.major_incident.views.messages import MajorSeen
from storage.tables import Incident


def suggesting(card: Message, incident: Incident, policy: Policy) -> Message:
    """An incident's card with the question whether it is a major one, where the policy asks for that."""
    why = f":rotating_light: {Priority(incident.priority).label}: is this a *major incident*?"
    asks = kit.section(why) | {"accessory": declare_button(incident, policy, "danger")}
    return replace(card, blocks=[*card.blocks, asks])


def declare_button(incident: Incident, policy: Policy, style: str | None = None) -> Block:
    """Asks back before everybody is called."""
    ref = Ref(Noun.INCIDENT, incident.number)
    button = kit.button(Action.DECLARE_MAJOR, "Declare major", RecordVersion(ref, incident.revision), style)
    place = "A private channel" if incident.private else "A channel"
    every = policy.cadence(incident.service, Priority(incident.priority))
    text = (
        f"{place} is made for it, people are invited, and updates are promised every {spell(every)}. "
        "“Stand down” takes it back."
    )
    return kit.confirming(button, f"Is {ref} a major incident?", text, "Declare major")


def marked(card: Message, channel: str | None) -> Message:
    """An incident's card that says that it is a major one, and where it is worked on."""
    where = f"<#{channel}>" if channel else "its channel is being made"
    return replace(card, blocks=[*card.blocks, kit.context(f":rotating_light: *Major incident* · {where}")])


def trouble(one: MajorSeen, kind: str, code: str, person: str) -> Message:
    """What Slack does not let happen, what that means and what would help."""
    where = f"<#{one.channel}>" if one.channel else f"the channel of {one.ref}"
    text = f":warning: *{one.ref}*: {_hindrance(kind, code, person, where)} Slack says “{kit.esc(code)}”."
    return Message(f"{one.ref}: Slack holds something up", [kit.section(text)])


def _hindrance(kind: str, code: str, person: str, where: str) -> str:
    if person:
        return f"{kit.mention(person)} could not be invited to {where}. Tell them another way, or invite them by hand."
    if code == "is_archived":
        return f"{where} is archived. Unarchive it, and what was held back appears; updates are told here meanwhile."
    if code == "not_in_channel":
        return f"Deskbell is not in {where} any more. Type `/invite @Deskbell` there, and what was held back appears."
    if kind == "major_channel":
        return (
            "Deskbell may not make a channel now and keeps trying. Meanwhile updates are told here; an owner can "
            "allow apps to create channels."
        )
    return f"a step in {where} was left out ({kind.removeprefix('major_').replace('_', ' ')}). The rest goes on."
