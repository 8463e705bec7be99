"""Whatever is sent passes here: numbers in it become links to their cards (`blocks/links.py`)."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncBoltRequest, AsyncRespond
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.notices import CARDS, person
from bot.rules.record.refs import Ref
from bot.usecases.records import cards
from bot.usecases.records.cards import Standing
from handlers.blocks import links
from handlers.blocks.kit import Block, HomeView, Message, View
from handlers.request import response_url
from handlers.request.context import RequestContext, Taker
from storage.db.database import in_transaction
from storage.tables import Outbox

log = logging.getLogger(__name__)

Addresses = Mapping[Ref, str]


async def foresee(tx: AsyncSession, view: View, turn: RequestContext) -> View:
    """The view, whose links are read in the transaction that read what is drawn; showing it needs no other then."""
    named = _named(view, turn)
    turn.foreseen.append((view, await cards.standing(tx, named, person(turn.person)) if named else None))
    return view


def _named(drawn: Any, turn: RequestContext) -> frozenset[Ref]:
    """Records that may have a card: what this request made has none yet."""
    return frozenset(ref for ref in links.named_in(drawn) if str(ref) not in turn.added)


class Called(Protocol):
    """`ack`, `respond`, `reply`, or a method of the client's."""

    def __call__(self, *args: Any, **given: Any) -> Awaitable[Any]: ...


@dataclass
class Workspace:
    address: str = ""
    """Where its messages are found, as auth.test says; empty until it was asked, and then nothing is linked."""

    async def leading(self, tx: AsyncSession, named: Collection[Ref], lane: str) -> Addresses:
        """Permalinks of the cards of these records, for whoever reads this lane."""
        return self.addressed(await cards.standing(tx, named, lane)) if self.address else {}

    def addressed(self, cards: Mapping[Ref, Standing]) -> Addresses:
        return {ref: place.address(self.address) for ref, place in cards.items()} if self.address else {}

    async def sent(self, tx: AsyncSession, row: Outbox, drawn: Message | HomeView) -> Message | HomeView:
        """An outbox row's message with its links. What has buttons has one that opens the card, but for the card."""
        if isinstance(drawn, HomeView):
            return HomeView(links.view(drawn.view, await self.leading(tx, links.named_in(drawn.view), row.lane)))
        its_own = row.kind in CARDS
        blocks = drawn.blocks if its_own or drawn.thread_ts else links.with_open(drawn.blocks, row.about)
        found = await self.leading(tx, links.named_in(blocks), row.lane)
        kept = {ref: address for ref, address in found.items() if not (its_own and str(ref) == row.about)}
        return replace(drawn, blocks=links.message(blocks, kept))


class Offers(Protocol):
    """Of a message for one person, the buttons that this person may press."""

    def has_any(self, blocks: Any) -> bool: ...
    def to(self, tx: AsyncSession, blocks: Any, turn: RequestContext) -> Awaitable[list[Block]]: ...


@dataclass(frozen=True)
class Answers:
    """The ways in which a listener answers, with links in what they say and without buttons that would be refused."""

    workspace: Workspace
    turn: RequestContext
    offers: Offers
    slack: AsyncWebClient
    """Knows Slack's addresses, and has connections to it."""
    typed_in: str = ""
    """The address at which who typed a command is answered, also after the forms that it opened; empty elsewhere."""

    def ack(self, ack: AsyncAck) -> Called:
        return self._linking(ack)

    def respond(self, respond: AsyncRespond) -> Called:
        return self._linking(respond)

    def client(self, client: AsyncWebClient) -> "LinkingClient":
        return LinkingClient(client, self._linking)

    def reply(self) -> Called:
        """Answers where the command was typed whose form was sent; does nothing where it was opened by other means."""

        async def called(message: Message | None) -> None:
            if message is not None and self.typed_in:
                said = await self._linked({"text": message.text, "blocks": message.blocks})
                await response_url.say(self.typed_in, self.slack, said)

        return called

    def _linking(self, call: Callable[..., Awaitable[Any]]) -> Called:
        async def called(*args: Any, **given: Any) -> Any:
            return await call(*args, **await self._linked(given))

        return called

    def _carried(self, view: View) -> View:
        return response_url.carried(view, self.typed_in)

    async def _linked(self, given: dict[str, Any]) -> dict[str, Any]:
        if shown := given.get("view"):
            given = given | {"view": self._carried(shown)}
            for view, stand in self.turn.foreseen:
                if view is shown:
                    return given if stand is None else self._linked_to(given, self.workspace.addressed(stand))
        said = {"view": given.get("view"), "blocks": given.get("blocks")}
        said["text"] = None if said["blocks"] else {"type": "mrkdwn", "text": given.get("text") or ""}
        chosen = self.offers.has_any(said["blocks"])
        # Only what was answered in the middle of a transaction stays plain; the second one would wait for the first.
        named = _named(said, self.turn)
        if not (named or chosen) or in_transaction():
            return given
        try:
            async with self.turn.look() as tx:
                if chosen:
                    given = given | {"blocks": await self.offers.to(tx, said["blocks"], self.turn)}
                found = await self.workspace.leading(tx, named, person(self.turn.person))
        except SQLAlchemyError:
            log.warning("an answer goes without links", exc_info=True)
            found = {}
        return self._linked_to(given, found)

    def _linked_to(self, given: dict[str, Any], found: Addresses) -> dict[str, Any]:
        if given.get("view"):
            return given | {"view": links.view(given["view"], found)}
        if given.get("blocks"):
            return given | {"blocks": links.message(given["blocks"], found)}
        return given | {"text": links.text(given["text"], found)}


class Turns(AsyncMiddleware):
    """Gives each listener its turn, and each and the place that catches their answers.

    A class of Bolt's, since of a function it puts together all that it might ask for.
    """

    def __init__(self, turn_of: Taker, workspace: Workspace, offers: Offers) -> None:
        self._turn_of, self._workspace, self._offers = turn_of, workspace, offers

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt names it
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
    ) -> BoltResponse | None:
        context = req.context
        context["turn"] = turn = self._turn_of(context, req.body)
        client: Any = context.client
        context["answers"] = Answers(self._workspace, turn, self._offers, client, response_url.of(req.body))
        return await next()


def given(request: AsyncBoltRequest, payload: dict[str, Any], name: str) -> Any:
    """What a listener asks for by this name, most of which is Bolt's; what nobody asks for is not made."""
    context = request.context
    if name in PAYLOADS:
        return payload
    if name == "body":
        return request.body
    if name == "context":
        return context
    if name == "turn":
        return context["turn"]
    if name == "reply":
        return context["answers"].reply()
    found = getattr(context, name)
    return getattr(context["answers"], name)(found) if name in ANSWERS else found


PAYLOADS = frozenset({"command", "action", "view", "event", "shortcut", "payload"})
ANSWERS = frozenset({"ack", "respond", "client"})


GONE = frozenset({"not_found", "hash_conflict"})
"""Slack's words for a view that was closed, or was drawn anew meanwhile."""


def _while_open(update: Called) -> Called:
    """Nobody looks at what is gone, so that it cannot be drawn is no failure of what was asked."""

    async def called(*args: Any, **given: Any) -> Any:
        try:
            return await update(*args, **given)
        except SlackApiError as fault:
            if fault.response.get("error") not in GONE:
                raise
            log.info("a view was gone before it was drawn: %s", fault.response.get("error"))
            return fault.response

    return called


class LinkingClient:
    """Slack's client; what a person is shown by it has links."""

    def __init__(self, client: AsyncWebClient, linking: Callable[[Callable[..., Awaitable[Any]]], Called]) -> None:
        self._client = client
        self.views_open, self.views_push = linking(client.views_open), linking(client.views_push)
        self.views_update = _while_open(linking(client.views_update))
        self.chat_postEphemeral = linking(client.chat_postEphemeral)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)
