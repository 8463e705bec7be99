"""The door that every request to the API comes through: who asks, within which rate and scope, and the answer."""

import re
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.security import HTTPBearer
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import JSONResponse, Response

from bot.rules.api.limits import Bucket, Limits
from bot.rules.api.refusals import NotAToken
from bot.rules.record.refs import Ref
from bot.usecases.api import tokens
from bot.usecases.api.tokens import Caller
from bot.web.api import writing
from bot.web.api.problems import Problem, declared
from storage.db.database import Database

LIMIT, MOST = 50, 200
USUAL = Limits()
READS = declared(400, 401, 403, 404, 405, 422, 429)
WRITES = declared(400, 401, 403, 404, 405, 409, 412, 413, 422, 428, 429)
RECORD: dict[str, Any] = {
    "type": "object",
    "required": ["ref", "state"],
    "properties": {"ref": {"type": "string"}, "state": {"type": "string"}, "revision": {"type": "integer"}},
}
BEARER = Depends(HTTPBearer(auto_error=False, description="A token that `deskbell token create` made."))

Limit = Annotated[int, Query(ge=1, le=MOST)]
Words = Annotated[str, Query(max_length=200, description="The list words of Slack: `mine vpn p1`.")]
Cursor = Annotated[str | None, Query(max_length=200, description="Of the page before.")]
RefPath = Annotated[str, Path(max_length=20, description="A reference, like INC-12.")]
Key = Annotated[str, Path(max_length=100, description="A rota of the policy, by its key.")]
Since = Annotated[datetime | None, Query(alias="from", description="Of the rota's zone, where it has no offset; now.")]
Until = Annotated[datetime | None, Query(alias="to", description="Four weeks behind it, if left out.")]
_PARAMETERS = [
    {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string", "minLength": 1}}
    for name, words in (
        ("Idempotency-Key", "A new one for each request; the same one to send it again."),
        ("If-Match", "The ETag of the record as it was read, or *."),
    )
]


class Door:
    """Where operations are added: `get` and `post` declare one, `read` and `write` answer it in a transaction."""

    def __init__(self, app: FastAPI, database: Database, now: Callable[[], datetime], limits: Limits) -> None:
        self.app, self.database, self.now, self.limits = app, database, now, limits
        self.buckets: dict[int, Bucket] = {}

    async def caller(self, tx: AsyncSession, request: Request, scope: str) -> Caller:
        """Who asks, within their rate and scope. Raises NotAToken, NotThisScope, Problem."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.casefold() != "bearer":
            raise NotAToken()
        who = await tokens.caller(tx, token.strip(), self.now())
        began = time.monotonic()
        wait = self.buckets.setdefault(who.token, Bucket.full(self.limits, began)).take(began)
        request.state.limits = self._limits(who)
        if wait:
            raise Problem(429, "Too many requests. Wait a moment.", {"Retry-After": str(int(wait) + 1)})
        who.require(scope)
        return who

    def _limits(self, who: Caller) -> dict[str, str]:
        left = int(self.buckets[who.token].left)
        return {
            "RateLimit-Policy": f'"token";q={self.limits.burst};w={self.limits.fills_in}',
            "RateLimit": f'"token";r={left};t=1',
        }

    async def read(
        self, request: Request, scope: str, ask: Callable[[AsyncSession, Caller], Awaitable[Response]]
    ) -> Response:
        async with self.database.read() as tx:
            who = await self.caller(tx, request, scope)
            answer = await ask(tx, who)
        await self._note_use(who)
        return self._marked(request, answer)

    async def write(
        self, request: Request, scope: str, effect: writing.Effect, ref: Ref | None = None, status: int = 200
    ) -> Response:
        await request.body()
        async with self.database.begin() as tx:
            who = await self.caller(tx, request, scope)
            answer = await writing.once(tx, request, who, effect, ref, status, self.now())
        await self._note_use(who)
        return self._marked(request, answer)

    async def _note_use(self, who: Caller) -> None:
        if who.last_used_on != self.now().date().isoformat():
            async with self.database.begin() as tx:
                await tokens.note_use(tx, who, self.now())

    def _marked(self, request: Request, answer: Response) -> Response:
        answer.headers.update({**request.state.limits, "Cache-Control": "no-store"})
        return answer

    def get(self, path: str, endpoint: Any, summary: str, answers: dict[int | str, dict[str, Any]]) -> None:
        name = _named(path)
        self.app.get(
            path,
            summary=summary,
            operation_id=f"read-{name}",
            dependencies=[BEARER],
            responses={**READS, **answers},
            response_class=JSONResponse,
        )(endpoint)
        # RFC 9110, 9.3.2: the same without its body, which the server leaves out.
        self.app.head(path, include_in_schema=False, dependencies=[BEARER], response_class=JSONResponse)(endpoint)

    def post(self, path: str, endpoint: Any, summary: str, status: int = 200, *, seen: bool = True) -> None:
        name = _named(path)
        self.app.post(
            path,
            summary=summary,
            operation_id=f"write-{name}",
            dependencies=[BEARER],
            status_code=status,
            responses={**WRITES, **records(status)},
            response_class=JSONResponse,
            openapi_extra={"parameters": _PARAMETERS if seen else _PARAMETERS[:1]},
        )(endpoint)


def _named(path: str) -> str:
    """“incidents-one-timeline”: what an operation is called by."""
    return re.sub(r"/\{\w+\}", "-one", path).strip("/").replace("/", "-")


def records(status: int = 200) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": "The record", "content": {"application/json": {"schema": RECORD}}}}


def pages() -> dict[int | str, dict[str, Any]]:
    schema = {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": {"type": "object"}}, "next": {"type": ["string", "null"]}},
    }
    return {200: {"description": "A page", "content": {"application/json": {"schema": schema}}}}
