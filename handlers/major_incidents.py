"""Major incidents in Slack: parse, do, acknowledge."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import major_incidents as majors
from bot.desk import major_roles, major_timeline
from bot.desk.major_incidents import StatusUpdate
from bot.desk.major_timeline import PIN, Edit
from bot.rules.major_flow import MajorState
from bot.rules.major_refusals import NobodyNamed, NoSuchEntry, WhichIncident
from bot.rules.policy_major import RoleKey
from bot.rules.refs import Noun, Ref, Seen, of_subject
from handlers.commands import Asked, Listener, Verb
from handlers.forms import Filled
from handlers.ids import Action, Event, Field, Form
from handlers.major_seen import seen as read
from handlers.turn import Turn
from handlers.views import kit
from handlers.views import major_forms as forms
from storage import major_incidents

ROLE_OF = {
    Action.TAKE_COMMAND: RoleKey.COMMANDER,
    Action.TAKE_COMMUNICATIONS: RoleKey.COMMUNICATIONS,
    Action.TAKE_NOTES: RoleKey.SCRIBE,
}


async def declare_asked(asked: Asked) -> None:
    """`/incident major INC-n`."""
    async with asked.turn.begin() as tx:
        ref = await _ref(tx, asked, "major")
        await majors.declare(tx, ref, by=asked.turn.person, now=asked.turn.now)
    await _say(asked, f":rotating_light: *{ref}* is a major incident now. Its channel is being made; you are invited.")


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
        ref = await _ref(tx, asked, "role")
        role = next(word for word in asked.text.split()[1:] if not _REF.fullmatch(word)).lower()
        to = _named(asked, ref, "role", f"{role} ")
        await major_roles.assign(tx, ref, role, to, by=asked.turn.person, now=asked.turn.now)
    await _say(asked, f"{kit.mention(to)} has the role in *{ref}* now.")


async def status_asked(asked: Asked) -> None:
    """`/incident status INC-n` opens the form."""
    async with asked.turn.read() as tx:
        ref = await _ref(tx, asked, "status")
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
            ref = await _ref(tx, asked, "handover")
        await _open_handover(asked.client, asked.trigger_id, asked.turn, ref)
        await asked.ack()
        return
    async with asked.turn.begin() as tx:
        ref = await _ref(tx, asked, "handover")
        await major_roles.hand_over(tx, ref, asked.people[0], "", by=asked.turn.person, now=asked.turn.now)
    await _say(asked, f"{kit.mention(asked.people[0])} commands *{ref}* now.")


async def handover_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    ref, to, note = filled.about(Noun.INCIDENT).ref, filled.person(Field.COMMANDER), filled.text(Field.HANDOVER_NOTE)
    async with turn.begin() as tx:
        await major_roles.hand_over(tx, ref, to, note, by=turn.person, now=turn.now)
    await ack()


async def timeline_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """What can be edited, for those who may."""
    seen = Seen.parse(action["value"], Noun.INCIDENT)
    async with turn.read() as tx:
        entries = await major_timeline.may_edit(tx, seen.ref, turn.person)
    await client.views_open(trigger_id=body["trigger_id"], view=forms.timeline_list(seen, entries))
    await ack()


async def entry_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """The entry's number stands where other buttons have the revision."""
    seen = Seen.parse(action["value"], Noun.INCIDENT)
    async with turn.read() as tx:
        entries = await major_timeline.may_edit(tx, seen.ref, turn.person)
    entry = next((one for one in entries if one.id == seen.revision), None)
    if entry is None and seen.revision != forms.NEW_ENTRY:
        raise NoSuchEntry()
    await client.views_push(trigger_id=body["trigger_id"], view=forms.entry_form(seen, entry, turn.now))
    await ack()


async def entry_given(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    """The list behind the form is out of date then, so both close."""
    filled = Filled(view)
    seen = filled.about(Noun.INCIDENT)
    edit = Edit(seen.revision or None, filled.instant(Field.HAPPENED_AT), filled.text(Field.ENTRY_TEXT))
    async with turn.begin() as tx:
        await major_timeline.edit(tx, seen.ref, edit, by=turn.person, now=turn.now)
    await ack(response_action="clear")


async def export_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    ref = Seen.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        await major_timeline.export(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def export_asked(asked: Asked) -> None:
    """`/incident export INC-n`."""
    async with asked.turn.begin() as tx:
        ref = await _ref(tx, asked, "export")
        await major_timeline.export(tx, ref, by=asked.turn.person, now=asked.turn.now)
    await _say(asked, f"The timeline of *{ref}* is on its way to its channel.")


async def reaction_added(ack: AsyncAck, event: dict[str, Any], turn: Turn) -> None:
    """A pushpin keeps a message in the timeline."""
    if event["reaction"] == PIN and event["item"].get("type") == "message":
        channel, ts = event["item"]["channel"], event["item"]["ts"]
        async with turn.begin() as tx:
            author = event.get("item_user") or turn.person
            await major_timeline.pinned(tx, channel, ts, by=event["user"], author=author, now=turn.now)
    await ack()


async def reaction_removed(ack: AsyncAck, event: dict[str, Any], turn: Turn) -> None:
    if event["reaction"] == PIN and event["item"].get("type") == "message":
        channel, ts = event["item"]["channel"], event["item"]["ts"]
        async with turn.begin() as tx:
            await major_timeline.unpinned(tx, channel, ts, by=event["user"], now=turn.now)
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


_REF = re.compile(r"inc-\S+", re.IGNORECASE)


async def _ref(tx: AsyncSession, asked: Asked, verb: str) -> Ref:
    """The incident that was named, or the one whose channel this is. Raises WhichIncident, UnknownReference."""
    named = next((word for word in asked.text.split() if _REF.fullmatch(word)), None)
    if named is not None:
        return Ref.parse(named, Noun.INCIDENT)
    subject = await major_incidents.subject_in(tx, asked.channel)
    if subject is None:
        raise WhichIncident(verb=verb)
    return of_subject(subject)


def _named(asked: Asked, ref: Ref, verb: str, more: str) -> str:
    if not asked.people:
        raise NobodyNamed(verb=verb, ref=ref, more=more)
    return asked.people[0]


async def _say(asked: Asked, text: str) -> None:
    await asked.ack(response_type="ephemeral", text=text)


def _like(pattern: str) -> Callable[[str], bool]:
    """Whether all that was typed has this form, so that “major outage” is still a summary."""
    form = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return lambda typed: form.fullmatch(typed) is not None


VERBS: Sequence[Verb] = (
    Verb(
        "major INC-n", "declare a major incident: it gets its own channel", declare_asked, _like(r"major(\s+inc-\S+)?")
    ),
    Verb(
        "role INC-n commander @name",
        "give a role in a major incident; communications and scribe too",
        role_asked,
        _like(r"role(\s+inc-\S+)?\s+[\w-]+\s+@\S.*"),
    ),
    Verb("status INC-n", "post a major incident's status update", status_asked, _like(r"status(\s+inc-\S+)?")),
    Verb(
        "handover INC-n @name",
        "hand a major incident's command over, with where things stand",
        handover_asked,
        _like(r"handover(\s+inc-\S+)?(\s+@\S.*)?"),
    ),
    Verb("export INC-n", "a major incident's timeline as a file", export_asked, _like(r"export(\s+inc-\S+)?")),
)
ACTIONS: dict[str, Listener] = {
    Action.DECLARE_MAJOR: declare_clicked,
    **dict.fromkeys(ROLE_OF, role_clicked),
    Action.POST_STATUS: status_clicked,
    Action.SNOOZE_NUDGE: snooze_clicked,
    Action.HAND_OVER: handover_clicked,
    Action.OPEN_TIMELINE: timeline_clicked,
    Action.EDIT_ENTRY: entry_clicked,
    Action.EXPORT_TIMELINE: export_clicked,
}
SUBMISSIONS: dict[str, Listener] = {
    Form.STATUS_UPDATE: status_given,
    Form.HANDOVER: handover_given,
    Form.TIMELINE_ENTRY: entry_given,
}
EVENTS: dict[str, Listener] = {Event.REACTION_ADDED: reaction_added, Event.REACTION_REMOVED: reaction_removed}
