"""What tests of the REST API do: a token, and requests with it."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp
from cast import Desk
from starlette.applications import Starlette

from bot.rules.api.limits import Limits
from bot.rules.api.tokens import SCOPES
from bot.usecases.api import tokens
from bot.web import server
from bot.web.api.app import mounted

KEYS = count(1)
PLENTY = Limits(per_minute=60_000, burst=10_000)


@dataclass
class Answer:
    status: int
    headers: Any
    body: Any


@dataclass
class Client:
    http: aiohttp.ClientSession
    url: str
    token: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    """The ETag of each record as it was last read."""

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.asks("GET", path, None, headers)

    async def post(self, path: str, body: Any = None, *, key: str = "", match: str | None = "") -> Answer:
        """Of a record as it was last read, unless told; `match=None` says nothing of it."""
        record = "/".join(path.split("/")[:3])
        headers = {"Idempotency-Key": key or f"k{next(KEYS)}"}
        if match is not None and (match or record in self.seen):
            headers["If-Match"] = match or self.seen[record]
        return await self.asks("POST", path, body, headers)

    async def asks(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        given_body = body if isinstance(body, bytes) else json.dumps(body).encode()
        content = None if body is None else io.BytesIO(given_body)
        given = {"Content-Type": "application/json", **bearer, **headers}
        async with self.http.request(method, f"{self.url}{path}", data=content, headers=given) as answer:
            text = await answer.text()
            told = json.loads(text) if text and "json" in answer.headers.get("content-type", "") else text
            if answer.headers.get("ETag"):
                self.seen["/".join(path.split("/")[:3])] = answer.headers["ETag"]
            return Answer(answer.status, answer.headers, told)


async def token_of(desk: Desk, person: str, *scopes: str) -> str:
    async with desk.bot.database.begin() as tx:
        text, _ = await tokens.make(tx, person, scopes or SCOPES, "test", None, desk.clock.now())
    return text


@asynccontextmanager
async def served(desk: Desk, limits: Limits = PLENTY) -> AsyncIterator[Client]:
    async with AsyncExitStack() as stack:
        house = Starlette(routes=[mounted(desk.bot.database, desk.clock.now, limits)])
        url = await stack.enter_async_context(server.serving(house, "127.0.0.1", 0))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Client(http, f"{url}/api/v1")
