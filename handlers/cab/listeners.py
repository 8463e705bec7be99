"""Meetings of the change advisory board in Slack: `/change cab`, and the buttons of the agenda."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.cab import meetings as cab_meetings
from bot.usecases.cab.agenda import agenda
from bot.usecases.change.access import find
from handlers.blocks import kit
from handlers.blocks.kit import Message
from handlers.cab import messages
from handlers.cab.views import agenda as views
from handlers.ids import Action, Command, Field, Form
from handlers.records import replies, verbs
from handlers.records.commands import Asked, Listener, Verb, word
from handlers.records.form_values import Filled
from handlers.records.registration import Registration
from handlers.request.context import RequestContext
from storage.cab import meetings as stored

LISTED = 15


async def meet(asked: Asked) -> None:
    """`/change cab` opens a meeting, or shows the one that is open with what has come to wait since."""
    async with asked.turn.begin() as tx:
        meeting = await cab_meetings.meet(tx, by=asked.turn.person, now=asked.turn.now)
        message = views.pointer(await agenda(tx, meeting.ref))
    await replies.say(asked.ack, message)


async def show(asked: Asked) -> None:
    ref = Ref.parse(asked.text.split()[-1], Noun.MEETING)
    async with asked.turn.read() as tx:
        one = await agenda(tx, ref)
    await replies.say(asked.ack, views.minutes(one) if one.meeting.closed_at else views.pointer(one))


async def show_past(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        meetings = await stored.past(tx, LISTED)
        sizes = await stored.sizes(tx, [one.number for one in meetings])
        now_open = await stored.open_one(tx)
        message = views.past([(one, sizes.get(one.number, 0)) for one in meetings], now_open)
    await replies.say(asked.ack, message)


async def add(asked: Asked) -> None:
    ref, _ = asked.about(Noun.CHANGE, "cab add")
    async with asked.turn.begin() as tx:
        meeting = await cab_meetings.add(tx, ref, by=asked.turn.person, now=asked.turn.now)
    where = f"the agenda of *{meeting.ref}*" if meeting else "the next agenda"
    text = f"*{ref}* is on {where}."
    await replies.say(asked.ack, Message(text, [kit.section(text)]))


async def here_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    ref = RecordVersion.parse(action["value"], Noun.MEETING).ref
    async with turn.begin() as tx:
        await cab_meetings.attend(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def close_clicked(ack: AsyncAck, action: dict[str, Any], turn: RequestContext) -> None:
    ref = RecordVersion.parse(action["value"], Noun.MEETING).ref
    async with turn.begin() as tx:
        await cab_meetings.close(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def note_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """The change's number stands where other buttons have the revision."""
    ref, change = _about(RecordVersion.parse(action["value"], Noun.MEETING))
    async with turn.read() as tx:
        await cab_meetings.may_note(tx, ref, change, by=turn.person)
        view = views.note_form(ref, await find(tx, change))
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def noted(ack: AsyncAck, view: dict[str, Any], turn: RequestContext) -> None:
    filled = Filled(view)
    ref, change = _about(filled.about(Noun.MEETING))
    said = cab_meetings.Note(filled.text(Field.COMMENT), filled.text(Field.ACTION), filled.person(Field.PERSON))
    async with turn.begin() as tx:
        await cab_meetings.note(tx, ref, change, said, by=turn.person, now=turn.now)
    await ack()


async def export_clicked(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond, turn: RequestContext) -> None:
    ref = RecordVersion.parse(action["value"], Noun.MEETING).ref
    async with turn.begin() as tx:
        meeting = await cab_meetings.export(tx, ref, by=turn.person, now=turn.now)
    await ack()
    where = f"The minutes of *{ref}* are on their way to its thread in #{kit.esc(meeting.channel_name)}."
    await respond(text=where, response_type="ephemeral", replace_original=False)


def _about(seen: RecordVersion) -> tuple[Ref, Ref]:
    return seen.ref, Ref(Noun.CHANGE, seen.revision)


VERBS: Sequence[Verb] = (
    Verb("cab", "open a meeting of the board, or see the one that is open", meet, word("cab")),
    Verb("cab add CHG-n", "put a change on the board's agenda", add, replies.verb("cab add", Noun.CHANGE), staff=True),
    Verb("cab list", "past meetings and their minutes", show_past, word("cab list")),
    Verb("cab CAB-n", "one meeting", show, replies.verb("cab", Noun.MEETING)),
    Verb("CAB-n", "the same", show, replies.names(Noun.MEETING)),
    verbs.timeline(Noun.MEETING, lambda _: views.TITLE, views.say),
)
ACTIONS: dict[str, Listener] = {
    Action.CAB_HERE: here_clicked,
    Action.CAB_NOTE: note_clicked,
    Action.CAB_CLOSE: close_clicked,
    Action.CAB_EXPORT: export_clicked,
}
SUBMISSIONS: dict[str, Listener] = {Form.CAB_NOTE: noted}
REGISTRATION = Registration(
    verbs={Command.CHANGE: VERBS}, actions=ACTIONS, submissions=SUBMISSIONS, renderers=messages.RENDERERS
)
