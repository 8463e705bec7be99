"""What is said beside a major incident's own messages: on the incident's card, and when Slack holds something up."""

from dataclasses import replace

from bot.rules.policy import Policy
from bot.rules.priority import Priority
from bot.rules.refs import Noun, Ref, Seen
from handlers.ids import Action
from handlers.views import kit
from handlers.views.kit import Message
from handlers.views.major_incidents import MajorSeen
from storage.tables import Incident


def suggesting(card: Message, incident: Incident, policy: Policy) -> Message:
    """An incident's card with the button to declare it, pointed out where the policy asks for it."""
    ref = Ref(Noun.INCIDENT, incident.number)
    urgent = Priority(incident.priority) in policy.major.suggest_at
    button = kit.button(
        Action.DECLARE_MAJOR, "Declare major", Seen(ref, incident.revision), "danger" if urgent else None
    )
    why = f":rotating_light: {Priority(incident.priority).label}: is this a *major incident*? It gets its own channel."
    return replace(card, blocks=[*card.blocks, *([kit.section(why)] if urgent else []), kit.actions(button)])


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
