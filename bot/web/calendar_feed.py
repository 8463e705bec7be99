"""The change calendar's feed over HTTP, for whoever has a person's address. A wrong address answers 404."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.usecases.calendar import feed as calendar_feed
from bot.usecases.policy import in_force
from handlers.calendar.views.feed import feed, tag
from storage.db.database import Database

HEADERS = {"Cache-Control": "private, max-age=300", "Referrer-Policy": "no-referrer"}
_NOT_THERE = "There is no such calendar. `/change calendar subscribe` in Slack makes an address.\n"


def route(database: Database, now: Callable[[], datetime], public_url: str) -> Route:
    """`public_url` names the events' home; without one nobody has an address, and any host will do."""
    host = urlsplit(public_url).hostname or "deskbell"

    async def calendar(request: Request) -> Response:
        content = await _content(database, request.path_params["token"], now(), host)
        if content is None:
            return PlainTextResponse(_NOT_THERE, 404, headers={"Cache-Control": "no-store"})
        known = tag(content)
        if known in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers={**HEADERS, "ETag": known})
        return Response(content, media_type="text/calendar", headers={**HEADERS, "ETag": known})

    endpoint: Callable[[Request], Awaitable[Response]] = calendar
    return Route("/calendar/{token}.ics", endpoint, methods=["GET"])


async def _content(database: Database, token: str, now: datetime, host: str) -> bytes | None:
    async with database.read(long=True) as tx:
        person = await calendar_feed.reader(tx, token)
        if person is None:
            return None
        found = await calendar_feed.entries(tx, person, now)
        services = {key: one.name for key, one in (await in_force(tx)).policy.services.items()}
    # A thousand events take a good part of a second to write: beside the event loop, which Slack waits for.
    return await asyncio.to_thread(feed, found, services, host)
