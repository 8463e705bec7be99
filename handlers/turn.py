"""One request's turn: who asks, when, and the transactions it may open."""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk import people
from bot.rules.refusals import GuestsMayNot
from storage import inbox
from storage.database import Database

KINDS = frozenset({"command", "event", "type"})
"""Every request of Slack's has one of these."""


class Repeated(Exception):
    """Slack sent this again, or someone replayed it; it was done the first time."""


@dataclass(frozen=True)
class Turn:
    person: str
    """Slack's user id, from the signed payload and from nowhere else."""
    now: datetime
    key: str
    database: Database
    reads: AsyncWebClient
    """For questions to Slack that no answer waits for."""
    public_url: str = ""
    """Where our web port can be reached from outside, without a slash at the end; empty where nobody has said."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A write transaction that happens once a request. Raises Repeated."""
        async with self.database.begin() as tx:
            if not await inbox.first_time(tx, self.key, self.now):
                raise Repeated(self.key)
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A look, for those whom Deskbell may serve. Raises GuestsMayNot."""
        async with self.database.read() as tx:
            await people.member(tx, self.person)
            yield tx


def taker(
    database: Database, reads: AsyncWebClient, now: Callable[[], datetime], public_url: str = ""
) -> Callable[[AsyncBoltContext, dict[str, Any], Callable[[], Awaitable[Any]]], Awaitable[Any]]:
    """The middleware that gives each listener its `turn`."""

    async def take_turn(context: AsyncBoltContext, body: dict[str, Any], next: Callable[[], Awaitable[Any]]) -> Any:  # noqa: A002
        if not KINDS & body.keys():
            return BoltResponse(status=400, body="That is not a request as Slack sends them.")
        if "event" not in body and _team_of(body) != _home(context):
            raise GuestsMayNot()
        context["turn"] = Turn(context.user_id or "", now(), _key(body), database, reads, public_url)
        return await next()

    return take_turn


def _home(context: AsyncBoltContext) -> str | None:
    """The workspace that Deskbell is installed in."""
    installed = context.authorize_result
    return installed.team_id if installed else None


def _team_of(body: Mapping[str, Any]) -> str | None:
    """The workspace of the person who acts: in a shared channel it need not be the channel's."""
    user = body.get("user")
    if isinstance(user, Mapping) and user.get("team_id"):
        return str(user["team_id"])
    team = body.get("team")
    return team.get("id") if isinstance(team, Mapping) else body.get("team_id")


def _key(body: Mapping[str, Any]) -> str:
    """What tells this request from every other: the same for a retry, a replay and a second press of one submission."""
    if "event_id" in body:
        return f"event:{body['event_id']}"
    if body.get("type") == "view_submission":
        return f"view:{body['view'].get('id')}:{body['view'].get('hash')}"
    if "trigger_id" in body:
        return f"trigger:{body['trigger_id']}"
    return "body:" + hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
