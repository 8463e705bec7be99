"""Lists of records of any noun: a page at a time, in a message or in a modal."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias, TypeVar

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.list_filter import as_words
from bot.rules.record.refs import COMMAND, NOUNS, Noun
from bot.rules.record.refusals import UnknownReference
from bot.rules.record.totals import SEARCHED_MOST, Total
from bot.usecases.records.lists import clamped
from handlers.blocks import kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action
from handlers.records.commands import Asked, Finds, Listener, Run, finds
from handlers.records.replies import say, show_view
from handlers.request.context import RequestContext

T = TypeVar("T")


@dataclass(frozen=True)
class Query:
    """A list and the page of it that is shown: a button's value."""

    noun: Noun
    text: str = ""
    page: int = 0
    by_deadline: bool = False

    def __str__(self) -> str:
        return f"{self.noun} {self.page} {'due' if self.by_deadline else 'pressing'} {self.text}"

    @classmethod
    def parse(cls, value: str) -> Self:
        """Raises UnknownReference."""
        noun, page, order, text = (*value.split(" ", 3), "", "", "", "")[:4]
        if noun not in NOUNS:
            raise UnknownReference(text=value, example="INC-12", command=COMMAND[Noun.INCIDENT])
        return cls(Noun(noun), text, int(page) if page.isdecimal() and len(page) < 7 else 0, order == "due")


NOTHING = "Nothing is on this list now."
SEARCHED_FIRST = f"The newest {SEARCHED_MOST:,} were searched."
SEARCHED = {
    Noun.INCIDENT: f"{SEARCHED_FIRST} Older ones are found by their age: `/incident list closed age>52w`.",
}
"""What is said below a list for which not all that there is was searched."""


@dataclass(frozen=True)
class Listing:
    """A page, drawn."""

    query: Query
    title: str
    rows: Sequence[Block]
    total: int
    size: int
    empty: str
    """What is said where there is nothing."""
    left_out: bool = False
    """Whether older ones were not searched."""
    below: Sequence[Block] = ()
    """Buttons for all of it."""

    def message(self) -> Message:
        if not self.total:
            return Message(self.empty, [kit.section(self.empty), *self._searched(), *self.below])
        head = f"{self.title} ({self.total})"
        return Message(head, [kit.header(head), *self.rows, *self._searched(), *self._pages(), *self.below])

    def view(self) -> View:
        said = [*self.rows, *self._searched(), *self._pages(), *self.below] if self.total else [kit.section(NOTHING)]
        return kit.list_view(f"{self.title} ({self.total})" if self.total else self.title, said)

    def _searched(self) -> list[Block]:
        return [kit.context(SEARCHED.get(self.query.noun, SEARCHED_FIRST))] if self.left_out else []

    def _pages(self) -> list[Block]:
        page, last = self.query.page, max(0, (self.total - 1) // self.size)
        if not last:
            return []
        steps = ((Action.LIST_BACK, "Previous", page - 1), (Action.LIST_ON, "Next", page + 1))
        buttons = [
            kit.button(action, label, replace(self.query, page=to)) for action, label, to in steps if 0 <= to <= last
        ]
        more = "+" if isinstance(self.total, Total) and self.total.more else ""
        return [kit.context(f"Page {page + 1} of {last + 1}{more}"), kit.actions(*buttons)]


OPENED = (Action.LIST_ALL, Action.LIST_MINE, Action.LIST_UNASSIGNED, Action.LIST_LATE, Action.LIST_QUEUE)
"""Buttons that open a list; no two in one row have the same id."""

Lists: TypeAlias = Callable[[AsyncSession, Query, RequestContext], Awaitable[Listing]]
"""One page; the last where the list has grown shorter since. Raises what the noun's filter raises."""


def shown(noun: Noun, lists: Lists) -> Run:
    """The verb that lists them by what is typed behind it, its first page."""

    async def run(asked: Asked) -> None:
        async with asked.turn.read(long=True) as tx:
            found = await lists(tx, Query(noun, " ".join(asked.text.split()[1:])), asked.turn)
        await say(asked.ack, found.message())

    return run


def has_words(noun: Noun, lists: Lists) -> Finds:
    """Whether there are records that have what was typed."""

    async def look(tx: AsyncSession, asked: Asked) -> bool:
        typed = as_words(asked.text)
        return bool(typed and (await lists(tx, Query(noun, typed), asked.turn)).total)

    return finds(look)


def part(found: Sequence[T], query: Query, size: int) -> tuple[Query, Sequence[T]]:
    """One page of what was read whole, and which it is: the last where there are fewer."""
    number = clamped(query.page, size, len(found))
    return replace(query, page=number), found[number * size : (number + 1) * size]


def listeners(lists: Mapping[Noun, Lists]) -> dict[str, Listener]:
    async def read(value: str, turn: RequestContext) -> Listing:
        query = Query.parse(value)
        async with turn.read(long=True) as tx:
            return await lists[query.noun](tx, query, turn)

    async def turned(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient,
        turn: RequestContext,
    ) -> None:  # fmt: skip
        found = await read(action["value"], turn)
        await ack()
        if body.get("view", {}).get("type") == "modal":
            await client.views_update(view_id=body["view"]["id"], view=found.view())
        else:
            message = found.message()
            await respond(text=message.text, blocks=message.blocks, replace_original=True)

    async def opened(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient, turn: RequestContext
    ) -> None:
        """From App Home: the list in a modal, which pages."""
        found = await read(action["value"], turn)
        await show_view(client, body, found.view())
        await ack()

    return {Action.LIST_BACK: turned, Action.LIST_ON: turned, **dict.fromkeys(OPENED, opened)}


def of_records(
    what: str, query: Query, rows: Sequence[Block], total: int, size: int, *, are_open: bool = True
) -> Listing:
    """A list like that of most nouns; `what` is the record's word. `are_open`: whether those that are listed unasked
    still wait for somebody; a document that is in force does not."""
    several = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    title, empty = f"Open {several}", f"No {what} is open."
    if not are_open:
        title, empty = several.capitalize(), f"There is no {what} yet."
    if query.text:
        shows_all = f"`/{COMMAND[query.noun]}` shows all{' that are open' if are_open else ''}."
        title, empty = several.capitalize(), f"No {what} matches that. {shows_all}"
    return Listing(query, title, rows, total, size, empty)
