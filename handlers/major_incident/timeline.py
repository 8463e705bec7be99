"""A major incident's timeline in Slack: pins, the scribe's entries, the export."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.major_incident.refusals import NoSuchEntry
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases.major_incident import timeline
from bot.usecases.major_incident.timeline import PIN, Edit
from handlers.ids import Action, Event, Field, Form
from handlers.major_incident import arguments
from handlers.major_incident.views import forms
from handlers.records.commands import Asked, Listener, Verb
from handlers.records.form_values import Filled
from handlers.request.context import RequestContext


async def timeline_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """What can be edited, for those who may."""
    seen = RecordVersion.parse(action["value"], Noun.INCIDENT)
    async with turn.read() as tx:
        entries = await timeline.may_edit(tx, seen.ref, turn.person)
    await client.views_open(trigger_id=body["trigger_id"], view=forms.timeline_list(seen, entries))
    await ack()


async def entry_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """The entry's number stands where other buttons have the revision."""
    seen = RecordVersion.parse(action["value"], Noun.INCIDENT)
    async with turn.read() as tx:
        entries = await timeline.may_edit(tx, seen.ref, turn.person)
    entry = next((one for one in entries if one.id == seen.revision), None)
    if entry is None and seen.revision != forms.NEW_ENTRY:
        raise NoSuchEntry()
    await client.views_push(trigger_id=body["trigger_id"], view=forms.entry_form(seen, entry, turn.now))
    await ack()


async def entry_given(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    """The list behind the form is out of date then, so both close."""
    filled = Filled(view)
    seen = filled.about(Noun.INCIDENT)
    edit = Edit(seen.revision or None, filled.instant(Field.HAPPENED_AT), filled.text(Field.ENTRY_TEXT))
    async with turn.begin() as tx:
        await timeline.edit(tx, seen.ref, edit, by=turn.person, now=turn.now)
    await ack(response_action="clear")


async def export_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    ref = RecordVersion.parse(action["value"], Noun.INCIDENT).ref
    async with turn.begin() as tx:
        await timeline.export(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def export_asked(asked: Asked) -> None:
    """`/incident export INC-n`."""
    async with asked.turn.begin() as tx:
        ref = await arguments.ref_of(tx, asked, "export")
        await timeline.export(tx, ref, by=asked.turn.person, now=asked.turn.now)
    await arguments.say(asked, f"The timeline of *{ref}* is on its way to its channel.")


async def reaction_added(ack: AsyncAck, event: dict[str, Any], turn: RequestContext) -> None:
    """A pushpin keeps a message in the timeline."""
    if event["reaction"] == PIN and event["item"].get("type") == "message":
        channel, ts = event["item"]["channel"], event["item"]["ts"]
        async with turn.begin() as tx:
            author = event.get("item_user") or turn.person
            await timeline.pinned(tx, channel, ts, by=event["user"], author=author, now=turn.now)
    await ack()


async def reaction_removed(ack: AsyncAck, event: dict[str, Any], turn: RequestContext) -> None:
    if event["reaction"] == PIN and event["item"].get("type") == "message":
        channel, ts = event["item"]["channel"], event["item"]["ts"]
        async with turn.begin() as tx:
            await timeline.unpinned(tx, channel, ts, by=event["user"], now=turn.now)
    await ack()


VERBS: Sequence[Verb] = (
    Verb(
        "export INC-n", "a major incident's timeline as a file", export_asked, arguments.like(r"export(\s+inc-\S+.*)?")
    ),
)
ACTIONS: dict[str, Listener] = {
    Action.OPEN_TIMELINE: timeline_clicked,
    Action.EDIT_ENTRY: entry_clicked,
    Action.EXPORT_TIMELINE: export_clicked,
}
SUBMISSIONS: dict[str, Listener] = {Form.TIMELINE_ENTRY: entry_given}
EVENTS: dict[str, Listener] = {Event.REACTION_ADDED: reaction_added, Event.REACTION_REMOVED: reaction_removed}
