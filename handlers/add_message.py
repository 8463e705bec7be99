"""The message shortcut *Add to a record*: what somebody wrote is put on a record that there is, with its link."""

from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.rules.record.refs import Ref
from bot.rules.record.text import WORDS_MOST, shorten
from bot.usecases.records import comments
from handlers.blocks import kit
from handlers.blocks.kit import View
from handlers.ids import Field, Form, Shortcut
from handlers.mentions import record_here
from handlers.records import replies
from handlers.records.commands import Listener, Reply
from handlers.records.fields import Reference
from handlers.records.form_values import Filled
from handlers.records.message_shortcut import link_of
from handlers.request import response_url
from handlers.request.context import RequestContext
from handlers.workspace.spoken import spoken

RECORD = Reference(Field.OTHER, "Record", "Like INC-12 or REQ-3", "INC-n")
HINT = "Those who work on the record read it; of your own record, it is your information to them"


async def from_message(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """With the record whose thread this is; the answer comes where the message is."""
    message, link = shortcut["message"], link_of(shortcut)
    async with turn.read() as tx:
        here = await record_here(tx, {"channel": shortcut["channel"]["id"], "thread_ts": message.get("thread_ts")})
    words = shorten(await spoken(str(message.get("text") or ""), client, turn), WORDS_MOST - len(link) - 2)
    view = form(f"{words}\n\n{link}".strip(), here)
    view = response_url.carried(view, str(shortcut.get("response_url") or ""))
    await client.views_open(trigger_id=shortcut["trigger_id"], view=view)
    await ack()


async def added(ack: AsyncAck, view: dict[str, Any], reply: Reply, turn: RequestContext) -> None:
    filled = Filled(view)
    ref: Ref = RECORD.read(filled, RECORD.field)
    async with turn.begin() as tx:
        await comments.note(tx, ref, filled.text(Field.COMMENT), by=turn.person, now=turn.now)
    await reply(replies.done(ref, "has this message on record."))
    await ack()


def form(words: str, about: Ref | None) -> View:
    blocks = [
        kit.ask(RECORD.field, RECORD.label, kit.text_input(str(about or ""), most=40), hint=RECORD.hint),
        kit.ask(Field.COMMENT, "What is added", kit.text_input(words, most=WORDS_MOST, lines=True), hint=HINT),
    ]
    return kit.form(Form.ADD_MESSAGE, "Add to a record", "Add", blocks)


SHORTCUTS: dict[str, Listener] = {Shortcut.ADD_MESSAGE: from_message}
SUBMISSIONS: dict[str, Listener] = {Form.ADD_MESSAGE: added}
