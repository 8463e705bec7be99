"""A desk's post office: a database with notices in it, a workspace to hear them, and relays between the two."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import select

from bot.delivery import OutboxRelay
from bot.rules.record.notices import Notice, NoticeKind
from bot.sandbox import Clock, Server, Workspace
from handlers.blocks.kit import HomeView, Message
from storage import counters
from storage.db.database import Database, in_transaction
from storage.delivery import home_visits, outbox
from storage.tables import Outbox
from storage.workspace import channels

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CARD, WARNING, HOME = NoticeKind.INCIDENT_CARD, NoticeKind.SLA_WARNING, NoticeKind.HOME


class GuardedClient(AsyncWebClient):
    """Law 1: raises when Slack is called while a transaction is open."""

    async def api_call(self, api_method, **arguments):
        assert not in_transaction(), f"{api_method} was called inside a transaction"
        return await super().api_call(api_method, **arguments)


async def draw(tx, row):
    """What a record's number is now: so a message shows how fresh it was drawn."""
    shown = await counters.last(tx, row.about)
    text = f"{row.kind} {row.about} at {shown}"
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": text}}]
    return HomeView({"type": "home", "blocks": blocks}) if row.verb == "publish" else Message(text, blocks)


async def until(true: Callable[[], Awaitable[bool]] | Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what another task brings about. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            found = true()
            if found is True or (found is not False and await found):
                return
            await asyncio.sleep(0.01)


@dataclass
class DeliveryFixture:
    workspace: Workspace
    server: Server
    database_url: str
    databases: list[Database] = field(default_factory=list)
    http_seconds: float = 5.0

    @property
    def clock(self) -> Clock:
        return self.workspace.clock

    @property
    def database(self) -> Database:
        return self.databases[0]

    def client(self) -> AsyncWebClient:
        return GuardedClient(self.workspace.bot_token, base_url=self.server.api_url, retry_handlers=[])

    def relay(self, owner="one", *, render=draw, now=None, **settings) -> OutboxRelay:
        """One more replica, with its own connections."""
        database = Database(self.database_url)
        self.databases.append(database)
        settings = {"http_timeout_seconds": self.http_seconds, **settings}
        return OutboxRelay(database, self.client(), render, now or self.clock.now, owner=owner, **settings)

    async def opens(self, name: str) -> str:
        """A channel with the bot in it that the desk knows."""
        channel = self.workspace.add_channel(name).id
        await self.client().conversations_join(channel=channel)
        async with self.database.begin() as tx:
            await channels.set(tx, name, channel)
        return channel

    async def puts(self, *notices: Notice) -> None:
        async with self.database.begin() as tx:
            await outbox.put_all(tx, notices, self.clock.now())

    async def wants_home(self, person: str) -> None:
        """Somebody has opened their Home tab."""
        async with self.database.begin() as tx:
            await home_visits.record(tx, person, self.clock.now())
        await self.puts(Notice(HOME, f"@{person}", f"@{person}"))

    async def has_a_card(self) -> None:
        """An incident's card waits for #service-desk."""
        await self.opens("service-desk")
        await self.puts(Notice(CARD, "#service-desk", "INC-1"))

    async def changes(self, about: str) -> None:
        """A record moves on, and its messages are to be redrawn."""
        async with self.database.begin() as tx:
            await counters.count_on(tx, about, 1)
            await outbox.redraw(tx, about, self.clock.now())

    async def settles(self, *relays: OutboxRelay, rounds=60) -> None:
        """Deliver, and move the clock to whatever is due next, until nothing waits."""
        for _ in range(rounds):
            for relay in relays:
                await relay.deliver()
            due = await relays[0].next_due()
            if due is None:
                return
            self.clock.forward(seconds=max(0.0, (due - self.clock.now()).total_seconds()))
        raise AssertionError("something still waits")

    async def rows(self) -> list[Outbox]:
        async with self.database.read() as tx:
            return list(await tx.exec(select(Outbox).order_by(Outbox.id)))

    async def all_sent(self) -> bool:
        return set(await self.states()) == {"sent"}

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows()]

    def heard(self, channel: str) -> list[str]:
        """What our bot said in a channel, oldest first."""
        return [m.text for m in self.workspace.channel(channel).messages if m.bot_id]

    def told(self, person: str) -> list[str]:
        direct = self.workspace.direct(self.workspace.person(person).user.id)
        return [message.text for message in direct.messages]

    def calls(self, method: str):
        return [call for call in self.workspace.calls if call.method == method]
