"""A major incident's timeline in Slack: pins, the scribe's entries, the export."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import major_timeline
from bot.desk.major_timeline import PIN, Edit
from bot.rules.major_refusals import NoSuchEntry
from bot.rules.refs import Noun, Seen
from handlers import major_asking as asking
from handlers.commands import Asked, Listener, Verb
from handlers.forms import Filled
from handlers.ids import Action, Event, Field, Form
from handlers.turn import Turn
from handlers.views import major_forms as forms


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
        ref = await asking.ref_of(tx, asked, "export")
        await major_timeline.export(tx, ref, by=asked.turn.person, now=asked.turn.now)
    await asking.say(asked, f"The timeline of *{ref}* is on its way to its channel.")


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


VERBS: Sequence[Verb] = (
    Verb("export INC-n", "a major incident's timeline as a file", export_asked, asking.like(r"export(\s+inc-\S+)?")),
)
ACTIONS: dict[str, Listener] = {
    Action.OPEN_TIMELINE: timeline_clicked,
    Action.EDIT_ENTRY: entry_clicked,
    Action.EXPORT_TIMELINE: export_clicked,
}
SUBMISSIONS: dict[str, Listener] = {Form.TIMELINE_ENTRY: entry_given}
EVENTS: dict[str, Listener] = {Event.REACTION_ADDED: reaction_added, Event.REACTION_REMOVED: reaction_removed}
