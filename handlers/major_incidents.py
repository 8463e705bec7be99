"""Major incidents in Slack: parse, do, acknowledge."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import major_incidents as majors
from bot.desk import major_roles
from bot.desk.major_incidents import StatusUpdate
from bot.rules.major_flow import MajorState
from bot.rules.policy_major import RoleKey
from bot.rules.refs import Noun, Ref, Seen
from handlers import major_asking as asking
from handlers import major_timeline
from handlers.commands import Asked, Listener, Verb
from handlers.forms import Filled
from handlers.ids import Action, Field, Form
from handlers.major_seen import seen as read
from handlers.turn import Turn
from handlers.views import kit
from handlers.views import major_forms as forms

ROLE_OF = {
    Action.TAKE_COMMAND: RoleKey.COMMANDER,
    Action.TAKE_COMMUNICATIONS: RoleKey.COMMUNICATIONS,
    Action.TAKE_NOTES: RoleKey.SCRIBE,
}


async def declare_asked(asked: Asked) -> None:
    """`/incident major INC-n`."""
    async with asked.turn.begin() as tx:
        ref = await asking.ref_of(tx, asked, "major")
        await majors.declare(tx, ref, by=asked.turn.person, now=asked.turn.now)
    await asking.say(
        asked, f":rotating_light: *{ref}* is a major incident now. Its channel is being made; you are invited."
    )


async def declare_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    ref = Seen.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        await majors.declare(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def role_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    """Which role it is about, the button itself says."""
    ref = Seen.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        await major_roles.take(tx, ref, ROLE_OF[Action(action["action_id"])], by=turn.person, now=turn.now)
    await ack()


async def role_asked(asked: Asked) -> None:
    """`/incident role INC-n commander @name`."""
    async with asked.turn.begin() as tx:
        ref = await asking.ref_of(tx, asked, "role")
        role = next(word for word in asked.text.split()[1:] if not asking.REF.fullmatch(word)).lower()
        to = asking.named(asked, ref, "role", f"{role} ")
        await major_roles.assign(tx, ref, role, to, by=asked.turn.person, now=asked.turn.now)
    await asking.say(asked, f"{kit.mention(to)} has the role in *{ref}* now.")


async def status_asked(asked: Asked) -> None:
    """`/incident status INC-n` opens the form."""
    async with asked.turn.read() as tx:
        ref = await asking.ref_of(tx, asked, "status")
    await _open_status(asked.client, asked.trigger_id, asked.turn, ref)
    await asked.ack()


async def status_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """The button may be an old one: the form is about the incident as it is."""
    await _open_status(client, body["trigger_id"], turn, Seen.parse(action["value"], Noun.INCIDENT).ref)
    await ack()


async def status_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    status = filled.one_of(Field.STATUS, MajorState)
    due = None if status is MajorState.RESOLVED else filled.instant(Field.NEXT_UPDATE)
    update = StatusUpdate(status, filled.text(Field.STATUS_WORDS), due)
    async with turn.begin() as tx:
        await majors.post_update(tx, filled.about(Noun.INCIDENT), update, by=turn.person, now=turn.now)
    await ack()


async def snooze_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    seen = Seen.parse(action["value"], Noun.INCIDENT)
    async with turn.begin() as tx:
        await majors.snooze(tx, seen, by=turn.person, now=turn.now)
    await ack()


async def handover_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    await _open_handover(client, body["trigger_id"], turn, Seen.parse(action["value"], Noun.INCIDENT).ref)
    await ack()


async def handover_asked(asked: Asked) -> None:
    """`/incident handover INC-n @name` does it; without a name the form opens."""
    if not asked.people:
        async with asked.turn.read() as tx:
            ref = await asking.ref_of(tx, asked, "handover")
        await _open_handover(asked.client, asked.trigger_id, asked.turn, ref)
        await asked.ack()
        return
    async with asked.turn.begin() as tx:
        ref = await asking.ref_of(tx, asked, "handover")
        await major_roles.hand_over(tx, ref, asked.people[0], "", by=asked.turn.person, now=asked.turn.now)
    await asking.say(asked, f"{kit.mention(asked.people[0])} commands *{ref}* now.")


async def handover_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    ref, to, note = filled.about(Noun.INCIDENT).ref, filled.person(Field.COMMANDER), filled.text(Field.HANDOVER_NOTE)
    async with turn.begin() as tx:
        await major_roles.hand_over(tx, ref, to, note, by=turn.person, now=turn.now)
    await ack()


async def _open_status(client: AsyncWebClient, trigger_id: str, turn: Turn, ref: Ref) -> None:
    """Refuses those who could not post before they have typed it."""
    async with turn.read() as tx:
        await majors.may_update(tx, ref, turn.person)
        view = forms.status_form(await read(tx, ref), turn.now)
    await client.views_open(trigger_id=trigger_id, view=view)


async def _open_handover(client: AsyncWebClient, trigger_id: str, turn: Turn, ref: Ref) -> None:
    async with turn.read() as tx:
        await majors.may_update(tx, ref, turn.person)
        view = forms.handover_form(await read(tx, ref))
    await client.views_open(trigger_id=trigger_id, view=view)


VERBS: Sequence[Verb] = (
    Verb(
        "major INC-n",
        "declare a major incident: it gets its own channel",
        declare_asked,
        asking.like(r"major(\s+inc-\S+)?"),
    ),
    Verb(
        "role INC-n commander @name",
        "give a role in a major incident; communications and scribe too",
        role_asked,
        asking.like(r"role(\s+inc-\S+)?\s+[\w-]+\s+@\S.*"),
    ),
    Verb("status INC-n", "post a major incident's status update", status_asked, asking.like(r"status(\s+inc-\S+)?")),
    Verb(
        "handover INC-n @name",
        "hand a major incident's command over, with where things stand",
        handover_asked,
        asking.like(r"handover(\s+inc-\S+)?(\s+@\S.*)?"),
    ),
    *major_timeline.VERBS,
)
ACTIONS: dict[str, Listener] = {
    Action.DECLARE_MAJOR: declare_clicked,
    **dict.fromkeys(ROLE_OF, role_clicked),
    Action.POST_STATUS: status_clicked,
    Action.SNOOZE_NUDGE: snooze_clicked,
    Action.HAND_OVER: handover_clicked,
    **major_timeline.ACTIONS,
}
SUBMISSIONS: dict[str, Listener] = {
    Form.STATUS_UPDATE: status_given,
    Form.HANDOVER: handover_given,
    **major_timeline.SUBMISSIONS,
}
EVENTS = major_timeline.EVENTS
