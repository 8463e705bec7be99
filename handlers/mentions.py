"""“@Deskbell resolve …” in a record's own thread or channel, or with its number anywhere: a command by another road."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.incident.refusals import NotInAThread
from bot.rules.record import command_text, suggestions
from bot.rules.record.courtesy import is_courtesy, is_thanks
from bot.rules.record.refs import ABOUT, COMMAND, Noun, Ref, of_subject, reference
from bot.rules.record.suggestions import Meant
from bot.rules.record.text import one_line, shorten
from bot.usecases.records import comments
from handlers import nouns
from handlers.blocks import kit
from handlers.blocks.kit import Message
from handlers.ids import Command, Field
from handlers.incident import mentions as incident_mentions
from handlers.records import replies
from handlers.records.commands import Asked, Listener
from handlers.records.form_values import named
from handlers.records.tables import Table
from handlers.request.context import RequestContext
from handlers.workspace.spoken import spoken
from storage.delivery import posts
from storage.incident import incidents
from storage.major_incident import major_incidents

HELP = "help"
SHORT = 3
"""Letters of a word that too many others are like: “not” is no “note”."""
SPOKEN = (None, "file_share", "thread_broadcast", "me_message")
"""Subtypes of a message that is somebody's own words: also with a file, or a reply that the channel is shown."""
FILE_ALONE = "Deskbell cannot read a file by itself, and nothing was done. Write what is wrong, or what it answers."
FILES_STAY = "The desk reads the names of files, and cannot open what is shared here: share them where its card is."
COURTESY = ":wave: Nothing is logged for that. Write what is wrong, or type `/desk` to see what you can do."
_OURS = re.compile(r"^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*", re.ASCII)
_SLASH = re.compile(rf"(?:{_OURS.pattern})?\s*/", re.ASCII)
_OF_RECORDS = {noun: kind.actions for noun, kind in nouns.kinds().items()}
"""Verbs that need no number where it is clear which record is meant."""
_WITH_OTHERS = {
    verb
    for known in _OF_RECORDS.values()
    for verb, one in known.items()
    if any(ask.field is Field.OTHER for ask in one.asks)
}
"""Verbs that are followed by another record."""


def listener(tables: Sequence[Table]) -> Listener:
    async def mentioned_us(ack: AsyncAck, event: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
        await _understand(tables, event, client, turn)
        await ack()

    return mentioned_us


def messages(tables: Sequence[Table]) -> Listener:
    """What is written to the app is understood like a mention; a reporter's reply in a record's thread is put there."""

    async def written(
        ack: AsyncAck, event: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext, turn: RequestContext
    ) -> None:
        if _is_from_person(event, context):
            if event.get("channel_type") == "im":
                await _understand(tables, event, client, turn)
            elif event.get("thread_ts"):
                await _reply(event, client, turn)
        await ack()

    return written


def _is_from_person(event: dict[str, Any], context: AsyncBoltContext) -> bool:
    """Not a bot's, not an edit or a deletion; and no mention, which comes as an event of its own."""
    text, us = str(event.get("text") or ""), context.bot_user_id
    bots = event.get("bot_id") or event.get("subtype") not in SPOKEN or event.get("user") in (None, us)
    ours = event.get("channel_type") != "im" and us is not None and f"<@{us}" in text
    return bool(text.strip() or _files(event)) and not bots and not ours


def _files(event: dict[str, Any]) -> str:
    """The names of the files that were shared with the message."""
    return ", ".join(
        shorten(one_line(str(one.get("name") or "without a name")), 80) for one in event.get("files") or ()
    )


async def _understand(
    tables: Sequence[Table], event: dict[str, Any], client: AsyncWebClient, turn: RequestContext
) -> None:
    """Does what the words say; or puts them on the record that they answer; or offers to log them."""
    text = _OURS.sub("", str(event.get("text") or "")).removeprefix("/")
    words = await spoken(text, client, turn)
    asked = Asked(words, "", _answering(event, client, turn), client, turn, named(text))
    try:
        found = None if _files(event) and not words else await _command(tables, asked, event, turn)
    except NotInAThread:
        if not _is_alone(event):
            raise
        found = None  # “add the people of sales” is an answer, or a summary
    if found is not None:
        table, meant = found
        await table.run(replace(asked, text=meant))
    elif await _added(asked, event, turn):
        return
    elif not asked.text.strip():
        await asked.ack(text=FILE_ALONE)
    elif is_courtesy(asked.text):
        await asked.ack(text=COURTESY)
    else:
        offer = await _nearly(tables, asked, event) or incident_mentions.offer(event, asked.text)
        await asked.ack(text=offer.text, blocks=offer.blocks)


async def _reply(event: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> None:
    """A reply in a channel's thread; of those who work on the record it is talk among them."""
    text = str(event.get("text") or "")
    words = await spoken(text, client, turn)
    await _added(Asked(words, "", _answering(event, client, turn), client, turn), event, turn)


async def _added(asked: Asked, event: dict[str, Any], turn: RequestContext) -> bool:
    """Whether the words were put on the record whose thread this is, or that waits for this person's answer."""
    async with turn.database.read() as tx:
        ref = await incident_mentions.meant(tx, await record_here(tx, event), turn.person, is_alone=_is_alone(event))
    files = _files(event)
    if ref is None or not (asked.text.strip() or files) or (is_thanks(asked.text) and not files):
        return False
    words = f"{asked.text}\n(with {files})".strip() if files else asked.text
    async with turn.begin() as tx:
        await comments.inform(tx, ref, words, by=turn.person, now=turn.now)
    told = replies.done(ref, _OF_RECORDS[ref.noun]["add"].done)
    stays = [kit.context(FILES_STAY)] if files and event.get("channel_type") == "im" else []
    await asked.ack(text=told.text, blocks=[*told.blocks, *stays])
    return True


def _is_alone(event: dict[str, Any]) -> bool:
    """Whether it was written to the app, and in no thread."""
    return event.get("channel_type") == "im" and not event.get("thread_ts")


def _answering(event: dict[str, Any], client: AsyncWebClient, turn: RequestContext) -> Any:
    """Answers as a command's acknowledgement does."""

    async def answer(*, text: str = "", blocks: Any = None, response_type: str = "ephemeral") -> None:
        if response_type == "ephemeral" and text:
            where = {"channel": event["channel"], "user": turn.person, "thread_ts": event.get("thread_ts")}
            await client.chat_postEphemeral(**where, text=text, blocks=blocks)

    return answer


async def _command(
    tables: Sequence[Table], asked: Asked, event: dict[str, Any], turn: RequestContext
) -> tuple[Table, str] | None:
    """The table that it is for, and what it would be typed as there; None for words that are no command."""
    text = command_text.in_plain_marks(asked.text)
    first, _, rest = text.partition(" ")
    if text.lower() in ("", HELP):
        return await _help(tables, event, turn)
    for table in tables:
        if table.command == f"/{first.lower()}":
            surely = table.command == Command.REQUEST or bool(_SLASH.match(str(event.get("text") or "")))
            if await table.is_meant(replace(asked, text=rest.strip()), surely=surely):
                return table, rest.strip()
    if linked := await _with_others(tables, first.lower(), rest, event, turn):
        return linked
    for noun in Noun:
        table = _of(tables, noun)
        if noun.casefold() in text.casefold() and _is_meant(table, table.spelled_out(text), noun):
            return table, text
    for table in tables:
        if table.noun and await table.takes(asked):
            return table, text
    if not any(first.lower() in known for known in _OF_RECORDS.values()):
        return None
    return await _about_this(tables, first.lower(), rest, event, turn)


async def _with_others(
    tables: Sequence[Table], verb: str, words: str, event: dict[str, Any], turn: RequestContext
) -> tuple[Table, str] | None:
    """“link INC-1” where another record is talked about: that one is linked, with INC-1."""
    async with turn.read() as tx:
        here = await record_here(tx, event) if verb in _WITH_OTHERS else None
    named = [reference(one) for one in words.split()[:2]]
    if here is None or not named or named[0] in (None, here) or verb not in _OF_RECORDS[here.noun]:
        return None
    both = len(named) > 1 and named[0].noun is here.noun and named[1] is not None
    return None if both else (_of(tables, here.noun), f"{verb} {here} {words}")


async def _about_this(
    tables: Sequence[Table], verb: str, words: str, event: dict[str, Any], turn: RequestContext
) -> tuple[Table, str] | None:
    """The verb with the number of the record that the place is about, or of the one that the words begin with."""
    async with turn.read() as tx:
        ref = await record_here(tx, event)
    if ref is not None and verb in _OF_RECORDS[ref.noun]:
        return _of(tables, ref.noun), f"{verb} {ref} {words}".strip()
    noun = next(one for one, known in _OF_RECORDS.items() if verb in known)
    table = _of(tables, noun)
    if command_text.split(table.spelled_out(f"{verb} {words}"), noun):
        return table, f"{verb} {words}"
    if noun is Noun.INCIDENT or not words:
        raise NotInAThread(verb=verb, what=ABOUT[noun], example=Ref(noun, 12))
    return None


async def _help(tables: Sequence[Table], event: dict[str, Any], turn: RequestContext) -> tuple[Table, str]:
    """Of the command that the place is about, else of all."""
    async with turn.read() as tx:
        ref = await record_here(tx, event)
    return (_of(tables, ref.noun), HELP) if ref else (next(one for one in tables if one.command == Command.DESK), "")


async def _nearly(tables: Sequence[Table], asked: Asked, event: dict[str, Any]) -> Message | None:
    """Whether a verb was meant that is spelled otherwise: of the record that the place is about, or of a number."""
    first, _, words = asked.text.partition(" ")
    async with asked.turn.read() as tx:
        ref = await record_here(tx, event)
    if ref is not None and len(first) > SHORT and (verbs := suggestions.near(first, _OF_RECORDS[ref.noun])):
        meant = Meant(f"{verbs[0]} {ref} {words}".strip())
        return _of(tables, ref.noun).question(asked, asked.text, meant, incident_mentions.log_here(event, asked.text))
    for table in tables:
        if table.opens and words and table.command == f"/{first.lower()}" != Command.INCIDENT:
            meant = Meant(words.strip())
            return table.question(asked, asked.text, meant, incident_mentions.log_here(event, asked.text))
    for noun in _OF_RECORDS:
        table = _of(tables, noun)
        found = await table.meant(table.spelled_out(asked.text), asked.turn)
        if found is not None and found.text and (_is_alone(event) or found.text != str(found.ref)):
            return table.question(asked, asked.text, found, incident_mentions.log_here(event, asked.text))
    return None


def _is_meant(table: Table, text: str, noun: Noun) -> bool:
    """Whether it is a command about a record of this noun; “the CHG-1 window is too short” is not."""
    if not table.is_rest(text):
        return command_text.split(text, noun) is not None or command_text.is_one(text, noun)
    named = command_text.names_one(text, noun)
    return named is not None and (not named.words or table.is_near(named.verb))


def _of(tables: Sequence[Table], noun: Noun) -> Table:
    command = f"/{COMMAND[noun].partition(' ')[0]}"
    return next(one for one in tables if one.command == command)


async def record_here(tx: AsyncSession, event: dict[str, Any]) -> Ref | None:
    """The record whose thread or channel this is."""
    channel, thread_ts = str(event["channel"]), event.get("thread_ts")
    if thread_ts:
        post = await posts.at(tx, channel, str(thread_ts))
        if post is not None and post.about.startswith(tuple(_OF_RECORDS)):
            return of_subject(post.about)
        logged = await incidents.logged_from(tx, channel, str(thread_ts))
        if logged is not None:
            return Ref(Noun.INCIDENT, logged.number)
    own = await major_incidents.subject_in(tx, channel)
    return of_subject(own) if own else None
