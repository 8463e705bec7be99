"""Meetings of the change advisory board in Slack: `/change cab`, and the buttons of the agenda."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import cab
from bot.desk.cab_sheet import agenda, ref_of_meeting
from bot.desk.change_access import find
from bot.rules.refs import Noun, Ref, Seen
from handlers import answers
from handlers.commands import Asked, Listener, Verb, word
from handlers.forms import Filled
from handlers.ids import Action, Field, Form
from handlers.turn import Turn
from handlers.views import cab as views
from handlers.views import kit
from handlers.views.kit import Message
from storage import cab as stored

LISTED = 15


async def meet(asked: Asked) -> None:
    """`/change cab` opens a meeting, or shows the one that is open with what has come to wait since."""
    async with asked.turn.begin() as tx:
        meeting = await cab.meet(tx, by=asked.turn.person, now=asked.turn.now)
        message = views.pointer(await agenda(tx, ref_of_meeting(meeting)))
    await answers.say(asked.ack, message)


async def show(asked: Asked) -> None:
    ref = Ref.parse(asked.text.split()[-1], Noun.MEETING)
    async with asked.turn.read() as tx:
        one = await agenda(tx, ref)
    await answers.say(asked.ack, views.minutes(one) if one.meeting.closed_at else views.pointer(one))


async def show_past(asked: Asked) -> None:
    async with asked.turn.read() as tx:
        meetings = await stored.past(tx, LISTED)
        sizes = await stored.sizes(tx, [one.number for one in meetings])
        message = views.past([(one, sizes.get(one.number, 0)) for one in meetings])
    await answers.say(asked.ack, message)


async def add(asked: Asked) -> None:
    ref = Ref.parse(asked.text.split()[-1], Noun.CHANGE)
    async with asked.turn.begin() as tx:
        meeting = await cab.add(tx, ref, by=asked.turn.person, now=asked.turn.now)
    where = f"the agenda of *{ref_of_meeting(meeting)}*" if meeting else "the next agenda"
    text = f"*{ref}* is on {where}."
    await answers.say(asked.ack, Message(text, [kit.section(text)]))


async def here_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    ref = Seen.parse(action["value"], Noun.MEETING).ref
    async with turn.begin() as tx:
        await cab.attend(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def close_clicked(ack: AsyncAck, action: dict[str, Any], turn: Turn) -> None:
    ref = Seen.parse(action["value"], Noun.MEETING).ref
    async with turn.begin() as tx:
        await cab.close(tx, ref, by=turn.person, now=turn.now)
    await ack()


async def note_clicked(
    ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: Turn
) -> None:
    """The change's number stands where other buttons have the revision."""
    ref, change = _about(Seen.parse(action["value"], Noun.MEETING))
    async with turn.read() as tx:
        await cab.may_note(tx, ref, change, by=turn.person)
        view = views.note_form(ref, await find(tx, change))
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def noted(ack: AsyncAck, view: dict[str, Any], turn: Turn) -> None:
    filled = Filled(view)
    ref, change = _about(filled.about(Noun.MEETING))
    said = cab.Note(filled.text(Field.COMMENT), filled.text(Field.ACTION), filled.person(Field.PERSON))
    async with turn.begin() as tx:
        await cab.note(tx, ref, change, said, by=turn.person, now=turn.now)
    await ack()


async def export_clicked(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond, turn: Turn) -> None:
    ref = Seen.parse(action["value"], Noun.MEETING).ref
    async with turn.begin() as tx:
        meeting = await cab.export(tx, ref, by=turn.person, now=turn.now)
    await ack()
    where = f"The minutes of *{ref}* are on their way to its thread in #{meeting.channel_name}."
    await respond(text=where, response_type="ephemeral", replace_original=False)


def _about(seen: Seen) -> tuple[Ref, Ref]:
    return seen.ref, Ref(Noun.CHANGE, seen.revision)


VERBS: Sequence[Verb] = (
    Verb("cab", "open a meeting of the board, or see the one that is open", meet, word("cab")),
    Verb("cab add CHG-n", "put a change on the board's agenda", add, answers.verb(r"cab\s+add", Noun.CHANGE)),
    Verb("cab list", "past meetings and their minutes", show_past, word("cab list")),
    Verb("cab CAB-n", "one meeting", show, answers.verb("cab", Noun.MEETING)),
)
ACTIONS: dict[str, Listener] = {
    Action.CAB_HERE: here_clicked,
    Action.CAB_NOTE: note_clicked,
    Action.CAB_CLOSE: close_clicked,
    Action.CAB_EXPORT: export_clicked,
}
SUBMISSIONS: dict[str, Listener] = {Form.CAB_NOTE: noted}
