"""Reading what a card shortens: a modal has every word of a record, page by page where one does not hold it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Noun, RecordVersion, Ref, of_subject
from handlers.blocks import fitting, kit, questions
from handlers.blocks.kit import Block, View
from handlers.ids import Action
from handlers.records import replies
from handlers.records.commands import Listener
from handlers.request.context import RequestContext


@dataclass(frozen=True)
class Passage:
    """A long text of a record."""

    name: str
    """What it is called, escaped."""
    text: str
    """As it was typed."""
    drawn: str = ""
    """As mrkdwn, where that is not what was typed: people by their names."""


@dataclass(frozen=True)
class Reading:
    """All long texts of a record, for somebody who may read them."""

    title: str
    passages: Sequence[Passage]


Reads: TypeAlias = Callable[[AsyncSession, Ref, str], Awaitable[Reading]]
"""What a noun has to read, for this person. Raises NoSuchRecord."""


def button(seen: RecordVersion) -> Block:
    return kit.button(Action.READ_ALL, "Read all", seen)


def excerpt(text: str, most: int, seen: RecordVersion, lead: str = "") -> Block:
    """A text as a quotation: where it is shortened, it says by how much and has the button to read it all."""
    drawn = kit.section(f"{lead}\n{kit.quote(text, most)}" if lead else kit.quote(text, most))
    return drawn | {"accessory": button(seen)} if len(text) > most else drawn


def whole(passages: Sequence[Passage]) -> list[Block]:
    """Every word, in as many sections as it takes."""
    return [
        kit.section(piece)
        for one in passages
        if one.text
        for piece in fitting.sections(f"*{one.name}*\n{one.drawn or kit.esc(one.text)}")
    ]


def additional(answers: Sequence[Mapping[str, Any]]) -> list[Passage]:
    """What was answered to additional fields, each under its question."""
    return [Passage(kit.esc(one["asks"]), one["said"], questions.said(one)) for one in answers]


def view(seen: RecordVersion, reading: Reading, page: int = 0) -> View:
    """The page asked for, or the last one."""
    every = fitting.pages(whole(reading.passages))
    page = min(page, len(every) - 1)
    blocks = [kit.section(f"*{seen.ref}* {kit.esc(reading.title)}"), *every[page]]
    if len(every) > 1:
        turns = ((Action.READ_BACK, "Back", page - 1), (Action.READ_ON, "On", page + 1))
        shown = [kit.button(action, label, f"{seen} {to}") for action, label, to in turns if 0 <= to < len(every)]
        blocks += [kit.context(f"Page {page + 1} of {len(every)}"), kit.actions(*shown)]
    return kit.list_view(str(seen.ref), blocks)


def listeners(nouns: Mapping[Noun, Reads]) -> dict[str, Listener]:
    """Of the button, and of those that turn the page."""

    async def opened(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
    ) -> None:
        await replies.show_view(client, body, await _read(nouns, action["value"], turn))
        await ack()

    async def turned(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
    ) -> None:
        view = await _read(nouns, action["value"], turn)
        await client.views_update(view_id=body["view"]["id"], view=view)
        await ack()

    return {Action.READ_ALL: opened, Action.READ_BACK: turned, Action.READ_ON: turned}


async def _read(nouns: Mapping[Noun, Reads], value: str, turn: RequestContext) -> View:
    """As it is now. Raises UnknownReference, NoSuchRecord."""
    about, _, page = value.partition(" ")
    noun = of_subject(about.partition("@")[0]).noun
    seen = RecordVersion.parse(about, noun)
    async with turn.read() as tx:
        reading = await nouns[noun](tx, seen.ref, turn.person)
    return view(seen, reading, int(page) if page.isdecimal() else 0)
