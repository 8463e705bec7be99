"""One request: who asks, when, and the transactions that it may open."""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.record.refs import Ref
from bot.rules.record.refusals import GuestsMayNot
from bot.usecases import long_reads, people
from bot.usecases.records.cards import Standing
from handlers.blocks.kit import View
from handlers.ids import Form
from handlers.request import app
from storage import policy_versions
from storage.db import reading_process
from storage.db.database import Database
from storage.db.snapshot import Answers, directory_of, every_added
from storage.delivery import inbox

T = TypeVar("T")


GOES_ON = frozenset({Form.CLAUSE_WALK})
"""Forms that are saved and show the next in their place. What they keep unseen says which it is."""


class Repeated(Exception):
    """Slack sent this again, or someone replayed it; it was done the first time."""


class FormRedrawn(Exception):
    """Nothing is saved: the form asks for something else by now, and is shown as it is, with what was typed."""

    def __init__(self, view: View) -> None:
        super().__init__(view.get("callback_id"))
        self.view = view


@dataclass(frozen=True)
class RequestContext:
    person: str
    """Slack's user id, from where the signed payload says who acts and from nowhere else; empty where nobody did."""
    now: datetime
    key: str
    database: Database
    reads: AsyncWebClient
    """For questions to Slack that no answer waits for."""
    public_url: str = ""
    """Where our web port can be reached from outside, without a slash at the end; empty where nobody has said."""
    shared: bool = False
    """Whether another workspace shares the channel: then whoever is not in our directory is of theirs."""
    added: set[str] = field(default_factory=set)
    """References of the records that this request made: no card of theirs stands yet."""
    known: Answers = field(default_factory=Answers)
    """What its looks have read since it last wrote: the next one does not ask for it again."""
    foreseen: list[tuple[View, Mapping[Ref, Standing] | None]] = field(default_factory=list)
    """Views that are about to be shown, with the cards that their links lead to; None where they name no record."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A write transaction that happens once a request. Raises Repeated; GuestsMayNot as `read` does."""
        self.known.forget()
        async with self.database.begin() as tx:
            if not await inbox.first_time(tx, self.key, self.now):
                raise Repeated(self.key)
            await self._served(tx)
            yield tx
            # Asked here: once this is committed the session is somebody else's.
            added, directory = every_added(tx), directory_of(tx)
        # Only now: rows of a transaction that could not commit are gone with it.
        self.added.update(added)
        self.known.steady = directory
        app.saved()

    @asynccontextmanager
    async def begin_before(self) -> AsyncIterator[AsyncSession]:
        """A write transaction ahead of the one that the request happens in. Raises Repeated."""
        async with self.database.begin() as tx:
            if await inbox.is_served(tx, self.key):
                raise Repeated(self.key)
            yield tx

    async def served(self) -> None:
        """Nothing more happens by this request, though Slack may send it again. Raises Repeated."""
        async with self.begin():
            pass

    @asynccontextmanager
    async def begin_unserved(self) -> AsyncIterator[AsyncSession]:
        """The same for what a program of Slack's asks for: who may is answered where it is done. Raises Repeated."""
        self.known.forget()
        async with self.database.begin() as tx:
            if not await inbox.first_time(tx, self.key, self.now):
                raise Repeated(self.key)
            yield tx
        app.saved()

    @asynccontextmanager
    async def read(self, *, long: bool = False) -> AsyncIterator[AsyncSession]:
        """A look, for those whom Deskbell may serve; `long` as in `Database.read`. Raises GuestsMayNot."""
        async with self.look(long=long) as tx:
            await self._served(tx)
            yield tx

    @asynccontextmanager
    async def look(self, *, long: bool = False) -> AsyncIterator[AsyncSession]:
        """As `read`, where something else said that this person is served."""
        async with self.database.read(long=long, known=self.known) as tx:
            yield tx

    async def aside(self, reading: Callable[..., Awaitable[T]], *args: Any) -> T:
        """What is read in a process of its own: `read` has said before that this person is served.

        It takes long, so that what was read before is asked again after it.
        """
        found: T = await reading_process.read(self.database, reading, *args)
        self.known.forget()
        return found

    async def counted(self, since: datetime, reading: Callable[..., Awaitable[T]], *args: Any) -> T:
        """As `aside` where much happened since, and else beside the loop."""
        found: T = await long_reads.read(self.database, since, reading, *args)
        self.known.forget()
        return found

    async def _served(self, tx: AsyncSession) -> None:
        await policy_versions.read_with(tx, self.person)
        known = await people.member(tx, self.person)
        if not self.person or (self.shared and known is None):
            raise GuestsMayNot()


Taker = Callable[[AsyncBoltContext, dict[str, Any]], RequestContext]


def taker(database: Database, reads: AsyncWebClient, now: Callable[[], datetime], public_url: str = "") -> Taker:
    """Gives each request its `turn`. Raises GuestsMayNot."""

    def turn_of(context: AsyncBoltContext, body: dict[str, Any]) -> RequestContext:
        if not _is_ours(body, context):
            raise GuestsMayNot()
        shared = body.get("is_ext_shared_channel") is True
        return RequestContext(_person_of(body), now(), _key(body), database, reads, public_url, shared)

    return turn_of


def _person_of(body: Mapping[str, Any]) -> str:
    """Who acts. Bolt's own `user_id` also takes a message's author for it, where it finds nobody else."""
    acting = body.get("event", body)
    user = acting.get("user_id") if "command" in acting or "file_id" in acting else acting.get("user")
    return str((user.get("id") if isinstance(user, Mapping) else user) or "")


def _is_ours(body: Mapping[str, Any], context: AsyncBoltContext) -> bool:
    """Whether the person who acts is of the workspace that Deskbell is installed in. An event may leave that open."""
    installed = context.authorize_result
    if installed is None:
        return False
    if "event" not in body:
        return _team_of(body) == installed.team_id
    said = [team for name in ("user_team", "team") if (team := body["event"].get(name))]
    return all(team in (installed.team_id, installed.enterprise_id) for team in said)


def _team_of(body: Mapping[str, Any]) -> str | None:
    """The workspace of the person who acts: in a shared channel it need not be the channel's."""
    user = body.get("user")
    if isinstance(user, Mapping) and user.get("team_id"):
        return str(user["team_id"])
    team = body.get("team")
    return team.get("id") if isinstance(team, Mapping) else body.get("team_id")


def _key(body: Mapping[str, Any]) -> str:
    """What tells this request from every other: the same for a retry, a replay and a second press of one submission.

    A form that was saved closes, so its view says it all. Its hash would not do: when an answer came too late the form
    stays, is redrawn meanwhile by what was chosen in it, and pressed again with another hash. One that goes on in the
    same view is told by what it is about.
    """
    if "event_id" in body:
        return f"event:{body['event_id']}"
    if body.get("type") == "view_submission":
        view = body["view"]
        step = f":{view.get('private_metadata')}" if view.get("callback_id") in GOES_ON else ""
        return f"view:{view.get('id')}{step}"
    if "trigger_id" in body:
        return f"trigger:{body['trigger_id']}"
    return "body:" + hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
