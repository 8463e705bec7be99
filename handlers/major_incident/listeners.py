"""Major incidents in Slack: parse, do, acknowledge."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.incident.refusals import WordsMissing
from bot.rules.major_incident.flow import MajorState
from bot.rules.major_incident.policy import RoleKey
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.major_incident import major_incidents as majors
from bot.usecases.major_incident import roles
from bot.usecases.major_incident.major_incidents import StatusUpdate
from bot.usecases.policy import in_force
from handlers.blocks import kit
from handlers.blocks.kit import View
from handlers.ids import Action, Command, Field, Form
from handlers.major_incident import arguments, messages, timeline
from handlers.major_incident.details import seen as read
from handlers.major_incident.views import forms
from handlers.records.commands import Asked, Listener, Verb
from handlers.records.form_values import Filled
from handlers.records.registration import Registration
from handlers.request.context import RequestContext

ROLE_OF = {
    Action.TAKE_COMMAND: RoleKey.COMMANDER,
    Action.TAKE_COMMUNICATIONS: RoleKey.COMMUNICATIONS,
    Action.TAKE_NOTES: RoleKey.SCRIBE,
}


async def declare_asked(asked: Asked) -> None:
    """`/incident major INC-n`."""
    async with asked.turn.begin() as tx:
        ref = await arguments.ref_of(tx, asked, "major")
        await majors.declare(tx, ref, by=asked.turn.person, now=asked.turn.now)
    await arguments.say(
        asked, f":rotating_light: *{ref}* is a major incident now. Its channel is being made; you are invited."
    )


async def declare_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    ref = RecordVersion.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        await majors.declare(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def stand_down_asked(asked: Asked) -> None:
    """`/incident stand-down INC-n`."""
    async with asked.turn.begin() as tx:
        ref = await arguments.ref_of(tx, asked, "stand-down")
        await majors.stand_down(tx, ref, by=asked.turn.person, now=asked.turn.now)
    await arguments.say(asked, f":white_check_mark: *{ref}* is no major incident any more. The incident goes on.")


async def stand_down_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    ref = RecordVersion.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        await majors.stand_down(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def role_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    """Which role it is about, the button itself says."""
    ref = RecordVersion.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        await roles.take(tx, ref, ROLE_OF[Action(action["action_id"])], by=turn.person, now=turn.now)
    await ack()


async def role_asked(asked: Asked) -> None:
    """`/incident role INC-n commander @name`."""
    async with asked.turn.begin() as tx:
        ref = await arguments.ref_of(tx, asked, "role")
        role = next((one for one in asked.text.split()[1:] if not arguments.REF.fullmatch(one)), "").lower()
        if not role:
            raise WordsMissing(usage="/incident role INC-n commander @name")
        to = arguments.named(asked, ref, "role", f"{role} ")
        await roles.assign(tx, ref, role, to, by=asked.turn.person, now=asked.turn.now)
        title = (await in_force(tx)).policy.major.roles[role].title
    await arguments.say(asked, f"{kit.mention(to)} is {kit.esc(title)} of *{ref}* now.")


async def status_asked(asked: Asked) -> None:
    """`/incident status INC-n` opens the form."""
    async with asked.turn.read() as tx:
        ref = await arguments.ref_of(tx, asked, "status")
    await asked.opens(await _status(asked.turn, ref))


async def status_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """The button may be an old one: the form is about the incident as it is."""
    view = await _status(turn, RecordVersion.parse(action["value"], Noun.INCIDENT).ref)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def status_given(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    status = filled.one_of(Field.STATUS, MajorState)
    due = None if status is MajorState.RESOLVED else filled.instant(Field.NEXT_UPDATE)
    code = filled.choice(Field.CODE) if filled.ticked(Field.RESOLVE_TOO) else None
    update = StatusUpdate(status, filled.text(Field.STATUS_WORDS), due, code)
    async with turn.begin() as tx:
        await majors.post_update(tx, filled.about(Noun.INCIDENT), update, by=turn.person, now=turn.now)
    await ack()


async def snooze_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    seen = RecordVersion.parse(action["value"], Noun.INCIDENT)
    async with turn.begin() as tx:
        await majors.snooze(tx, seen, by=turn.person, now=turn.now)
    await ack()


async def handover_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    view = await _handover(turn, RecordVersion.parse(action["value"], Noun.INCIDENT).ref)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def handover_asked(asked: Asked) -> None:
    """`/incident handover INC-n @name` does it; without a name the form opens."""
    if not asked.people:
        async with asked.turn.read() as tx:
            ref = await arguments.ref_of(tx, asked, "handover")
        await asked.opens(await _handover(asked.turn, ref))
        return
    async with asked.turn.begin() as tx:
        ref = await arguments.ref_of(tx, asked, "handover")
        await roles.hand_over(tx, ref, asked.people[0], "", by=asked.turn.person, now=asked.turn.now)
    await arguments.say(asked, f"{kit.mention(asked.people[0])} commands *{ref}* now.")


async def handover_given(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    ref, to, note = filled.about(Noun.INCIDENT).ref, filled.person(Field.COMMANDER), filled.text(Field.HANDOVER_NOTE)
    async with turn.begin() as tx:
        await roles.hand_over(tx, ref, to, note, by=turn.person, now=turn.now)
    await ack()


async def _status(turn: RequestContext, ref: Ref) -> View:
    """Refuses those who could not post before they have typed it."""
    async with turn.read() as tx:
        await majors.may_update(tx, ref, turn.person)
        resolves = await majors.may_resolve(tx, ref, turn.person)
        return forms.status_form(await read(tx, ref), turn.now, resolves=resolves)


async def _handover(turn: RequestContext, ref: Ref) -> View:
    async with turn.read() as tx:
        await majors.may_update(tx, ref, turn.person)
        return forms.handover_form(await read(tx, ref))


VERBS: Sequence[Verb] = (
    Verb(
        "major INC-n",
        "declare a major incident: it gets its own channel",
        declare_asked,
        arguments.like(r"major(\s+inc-\S+.*)?"),
        staff=True,
    ),
    Verb(
        "stand-down INC-n",
        "it is no major incident after all; the incident goes on",
        stand_down_asked,
        arguments.like(r"stand-down(\s+inc-\S+.*)?"),
        staff=True,
    ),
    Verb(
        "role INC-n commander @name",
        "give a role in a major incident; communications and scribe too",
        role_asked,
        arguments.like(r"role\s+inc-\S+.*|role\s+[\w-]+\s+@\S.*"),
        staff=True,
    ),
    Verb(
        "status INC-n",
        "post a major incident's status update",
        status_asked,
        arguments.like(r"status(\s+inc-\S+.*)?"),
        staff=True,
    ),
    Verb(
        "handover INC-n @name",
        "hand a major incident's command over, with where things stand",
        handover_asked,
        arguments.like(r"handover(\s+inc-\S+.*|\s+@\S.*)?"),
        staff=True,
    ),
    *timeline.VERBS,
)
ACTIONS: dict[str, Listener] = {
    Action.DECLARE_MAJOR: declare_clicked,
    Action.STAND_DOWN: stand_down_clicked,
    **dict.fromkeys(ROLE_OF, role_clicked),
    Action.POST_STATUS: status_clicked,
    Action.SNOOZE_NUDGE: snooze_clicked,
    Action.HAND_OVER: handover_clicked,
    **timeline.ACTIONS,
}
SUBMISSIONS: dict[str, Listener] = {
    Form.STATUS_UPDATE: status_given,
    Form.HANDOVER: handover_given,
    **timeline.SUBMISSIONS,
}
REGISTRATION = Registration(
    verbs={Command.INCIDENT: VERBS},
    actions=ACTIONS,
    submissions=SUBMISSIONS,
    events=timeline.EVENTS,
    renderers=messages.RENDERERS,
)
