"""The cast, their workspace and the bot that serves them: the ground that stories stand on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from databases import last_write
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.app import Deskbell, connected, serving
from bot.sandbox import Clock, Server, Workspace
from bot.sandbox.person.people import Person
from bot.settings import Settings

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PUBLIC_URL = "https://deskbell.example.com"
PATIENCE = timedelta(seconds=5)
"""How far a story's clock is moved to let Slack's pace pass; what waits for longer is not late but later."""
ACK_SECONDS = 30.0

GROUPS = {
    "service-desk": ["agent"],
    "security-desk": ["manager"],
    "change-approvers": ["approver", "manager"],
    "change-managers": ["manager"],
    "cab": ["manager", "approver", "engineer"],
}


@dataclass
class Channel:
    """A channel as its readers see it."""

    desk: "Desk"
    name: str
    reader: Person

    async def hears(self, *words: str) -> str:
        """The newest message that has all these words, once all that is due has been said."""
        await self.desk.settles()
        said = [message.text for message in self.reader.messages(self.name)]
        found = [text for text in said if all(word.lower() in text.lower() for word in words)]
        assert found, f"nobody said {words} in {self.name}; there was:\n" + "\n---\n".join(said)
        return found[-1]

    async def count(self, *words: str) -> int:
        """How many messages have all these words, once all that is due has been said."""
        await self.desk.settles()
        said = [message.text.lower() for message in self.reader.messages(self.name)]
        return sum(all(word.lower() in text for word in words) for text in said)


@dataclass
class Desk:
    slack: Workspace
    server: Server
    bot: Deskbell
    url: str | None
    """The bot's own door, where Slack comes over HTTP."""

    def __post_init__(self) -> None:
        self.clock = self.slack.clock
        self._at_rest: tuple[datetime, object] | None = None
        """When nothing was left to do."""
        self.requester, self.agent, self.approver, self.manager, self.engineer, self.outsider = (
            self.slack.person(role) for role in CAST
        )

    def channel(self, name: str) -> Channel:
        return Channel(self, name, self.agent)

    def dm(self, person: Person) -> Channel:
        return Channel(self, "DM", person)

    async def settles(self) -> None:
        """All that is due happens: timers ring, the relay delivers at Slack's pace, events arrive.

        Nothing is looked for again where nothing has been written since, and no time has passed; or, where others
        write into the same server all the time, where there was nothing to do twice.
        """
        idle = False
        for _ in range(1000):
            await self.slack.quiet()
            moment = self.clock.now(), await last_write(self.bot.database)
            if moment == self._at_rest:
                return
            await self.bot.jobs.sweep()
            if await self.bot.relay.deliver():
                idle = False
                continue
            due = self.bot.relay.due
            if due is not None and due <= self.clock.now() + PATIENCE:
                self.clock.forward(seconds=max((due - self.clock.now()).total_seconds(), 0.001))
                continue
            if idle:
                return
            # What comes seldom is looked for last.
            await self.bot.jobs.alerts()
            await self.bot.jobs.long_timers()
            self._at_rest, idle = moment, True
        raise AssertionError("the desk never comes to rest")

    async def reports(self, summary: str = "VPN is down", **fields: str) -> None:
        """The requester logs an incident and it has been told."""
        await self.requester.runs(f"/incident {summary}")
        told = {"Service": "VPN", "Impact": "High", "Urgency": "High"} | fields
        faults = await self.requester.submits(told | {"Impact": IMPACTS[told["Impact"]]})
        assert not faults, faults
        await self.settles()

    async def asks_for_change(self, title: str = "Upgrade the VPN gateway", **fields: object) -> None:
        """The requester asks for a change and the approvers have been asked."""
        await self.requester.runs(f"/change {title}")
        faults = await self.requester.submits(CHANGE | fields)
        assert not faults, faults
        await self.settles()


IMPACTS = {"High": "Everyone", "Medium": "My team", "Low": "Just me"}
"""What each is called for whoever reports."""
CAST = ("requester", "agent", "approver", "manager", "engineer", "outsider")
CHANGE: dict[str, object] = {
    "Service": "VPN",
    "Why": "The release is out of support",
    "Plan": "Upgrade the standby, switch over",
    "Backout plan": "Switch back",
}


@cache
def _manifest() -> Mapping[str, Any]:
    """Read once a process: it is the same for each workspace, and its YAML costs 0.05 s."""
    read: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return read


def empty_workspace(clock: Clock, **patience: Any) -> Workspace:
    return Workspace(_manifest(), clock=clock, **patience)


def workspace(clock: Clock, **patience: Any) -> Workspace:
    """The cast in their groups, and an owner who set it all up."""
    slack = empty_workspace(clock, **patience)
    for role in CAST:
        slack.add_person(role)
    slack.add_person("owner", is_owner=True, is_admin=True)
    for handle, members in GROUPS.items():
        slack.add_usergroup(handle, members)
    return slack


class GivenSettings(Settings):
    """Those that are given and no others: those who run the tests may have variables of their own."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings gives it by name
        init_settings: PydanticBaseSettingsSource,
        **others: object,  # noqa: ARG003 - the environment among them
    ) -> tuple[PydanticBaseSettingsSource]:
        return (init_settings,)


def settings_for(
    slack: Workspace, server: Server, database_url: str, transport: str, public_url: str = PUBLIC_URL
) -> Settings:
    door = {"app_token": slack.app_token} if transport == "socket" else {"signing_secret": slack.signing_secret}
    return GivenSettings(
        bot_token=slack.bot_token,
        slack_api_url=server.api_url,
        database_url=database_url,
        public_url=public_url,
        port=0,
        **door,
    )


@asynccontextmanager
async def open_desk(
    database_url: str, transport: str = "http", *, at: datetime = MONDAY, public_url: str = PUBLIC_URL
) -> AsyncIterator[Desk]:
    """Everything up and at rest; the clock stands still until a story moves it."""
    async with desk_in(workspace(**standing_still(at)), database_url, transport, _prepare, public_url) as opened:
        await opened.settles()
        yield opened


def standing_still(at: datetime) -> dict[str, Any]:
    """Slack's three seconds do not pass either: how quick this machine is today is for the benchmarks to say."""
    return {"clock": Clock.frozen(at), "ack_seconds": ACK_SECONDS, "monotonic": lambda: 0.0}


async def _prepare(bot: Deskbell) -> None:
    await bot.prepare_storage()
    await bot.prepare_workspace()


@asynccontextmanager
async def desk_in(
    slack: Workspace,
    database_url: str,
    transport: str,
    prepare: Callable[[Deskbell], Awaitable[None]],
    public_url: str = PUBLIC_URL,
) -> AsyncIterator[Desk]:
    """The workspace and a bot, whose doors are opened to each other once the bot is prepared."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(slack))
        bot = Deskbell(settings_for(slack, server, database_url, transport, public_url), slack.clock.now)
        stack.push_async_callback(bot.close)
        bot.bolt.soon = ACK_SECONDS
        await prepare(bot)
        url = None
        if transport == "socket":
            await stack.enter_async_context(connected(bot, slack.app_token))
        else:
            url = await stack.enter_async_context(serving(bot))
            server.deliver_to(f"{url}/slack/events")
        yield Desk(slack, server, bot, url)
