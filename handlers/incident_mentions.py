"""“@Deskbell resolve …” in an incident's own thread or channel, and “@Deskbell log …” in any: slash commands cannot run
there."""

import json
import re
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident_refusals import NotInAThread
from bot.rules.refs import Noun, Ref, of_subject
from bot.rules.words import one_line, shorten
from handlers.commands import Listener
from handlers.forms import as_typed, mentioned
from handlers.ids import Event
from handlers.incident_deeds import Asking, Deed
from handlers.incident_table import BY_VERB
from handlers.incident_verbs import told
from handlers.turn import Turn
from handlers.views import incident_news
from handlers.views.kit import Message
from storage import incidents, major_incidents, posts

_OURS = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*", re.ASCII)
_REF = re.compile(r"(?P<ref>inc-\S+)\s*(?P<words>.*)", re.IGNORECASE | re.DOTALL)
LOG = "log"
CARRIED_MOST = 1000
"""Characters of a mention that a button carries to the form."""


async def mentioned_us(ack: AsyncAck, event: dict[str, Any], client: AsyncWebClient, turn: Turn) -> None:
    """Does what the words say, and answers for the eyes of who wrote them."""
    text = _OURS.sub("", str(event.get("text") or ""))
    verb, _, words = as_typed(text).partition(" ")
    deed = BY_VERB.get(verb.lower())
    if deed is None:
        answer = _offer(event, as_typed(text))
    else:
        answer = told(await _done(turn, deed, words.strip(), mentioned(text), event), deed)
    await client.chat_postEphemeral(
        channel=event["channel"],
        user=turn.person,
        text=answer.text,
        blocks=answer.blocks,
        thread_ts=event.get("thread_ts"),
    )
    await ack()


async def _done(turn: Turn, deed: Deed, words: str, people: tuple[str, ...], event: dict[str, Any]) -> Any:
    async with turn.begin() as tx:
        named = _REF.fullmatch(words)
        if named:
            ref, words = Ref.parse(named["ref"], Noun.INCIDENT), named["words"]
        else:
            ref = await record_here(tx, event, deed.verb)
        return await deed.do(tx, Asking(ref, words, people, turn.person, turn.now))


async def record_here(tx: AsyncSession, event: dict[str, Any], verb: str) -> Ref:
    """The incident whose thread or channel this is. Raises NotInAThread."""
    channel, thread_ts = str(event["channel"]), event.get("thread_ts")
    if thread_ts:
        post = await posts.at(tx, channel, str(thread_ts))
        if post is not None and post.about.startswith(Noun.INCIDENT):
            return of_subject(post.about)
        logged = await incidents.logged_from(tx, channel, str(thread_ts))
        if logged is not None:
            return Ref(Noun.INCIDENT, logged.number)
    own = await major_incidents.subject_in(tx, channel)
    if own is None:
        raise NotInAThread(verb=verb)
    return of_subject(own)


def _offer(event: dict[str, Any], typed: str) -> Message:
    """A button that opens the form, since a mention cannot."""
    first, _, rest = typed.partition(" ")
    summary = one_line(rest if first.lower() == LOG else typed)
    kept = shorten(summary, CARRIED_MOST)
    value = {"channel": event["channel"], "thread_ts": event.get("thread_ts") or event["ts"], "summary": kept}
    return Message("Log an incident?", incident_news.log_here(summary, json.dumps(value, ensure_ascii=False)))


EVENTS: dict[str, Listener] = {Event.APP_MENTION: mentioned_us}
