"""Turns over HTTP, by the same personal address as the change calendar. A wrong address answers 404."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.usecases.calendar import feed as calendar_feed
from bot.usecases.on_call import feed as on_call_feed
from bot.web.calendar_feed import HEADERS
from handlers.calendar.views.feed import tag
from handlers.on_call.views.feed import feed
from storage.db.database import Database

_NOT_THERE = "There is no such calendar. `/oncall calendar` in Slack makes an address.\n"


def routes(database: Database, now: Callable[[], datetime], public_url: str) -> list[Route]:
    """A person's turns, and those of a rota. `public_url` names the events' home."""
    host = urlsplit(public_url).hostname or "deskbell"

    async def turns(request: Request) -> Response:
        rota = request.path_params.get("rota")
        content = await _content(database, request.path_params["token"], rota, now(), host)
        if content is None:
            return PlainTextResponse(_NOT_THERE, 404, headers={"Cache-Control": "no-store"})
        known = tag(content)
        if known in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers={**HEADERS, "ETag": known})
        return Response(content, media_type="text/calendar", headers={**HEADERS, "ETag": known})

    endpoint: Callable[[Request], Awaitable[Response]] = turns
    return [
        Route("/calendar/{token}/on-call.ics", endpoint, methods=["GET"]),
        Route("/calendar/{token}/on-call/{rota}.ics", endpoint, methods=["GET"]),
    ]


async def _content(database: Database, token: str, rota: str | None, now: datetime, host: str) -> bytes | None:
    async with database.read(long=True) as tx:
        person = await calendar_feed.reader(tx, token)
        found = await on_call_feed.events(tx, by=person, now=now, rota=rota) if person else None
    if found is None:
        return None
    name = f"On call: {found[0].title if found else rota}" if rota else "My turns on call"
    return await asyncio.to_thread(feed, found, name, host)
