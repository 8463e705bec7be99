"""The REST API: `/api/v1`, imported only where it is on, since FastAPI costs a start 0.2 s and 11 MiB."""

import logging
import re
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from importlib import metadata
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount

from bot.rules.api import cursors
from bot.rules.api.limits import Bucket, Limits
from bot.rules.api.refusals import NotAToken
from bot.rules.api.tokens import WRITTEN
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import Refusal
from bot.usecases.alert import lists as alert_lists
from bot.usecases.api import reading, tokens
from bot.usecases.api.tokens import Caller
from bot.usecases.incident import incidents, steps
from bot.usecases.policy import in_force
from bot.usecases.records import comments
from bot.web.api import problems, rotas, webhooks, writing
from bot.web.api.bodies import NewIncident, Note, Pending, Reason, Resolution
from bot.web.api.bounded import Bounded
from bot.web.api.page import html
from bot.web.api.problems import Fault, Problem, ProblemDetails, declared
from storage.db.database import Database
from storage.tables import Alert, Record

log = logging.getLogger(__name__)

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


def build(database: Database, now: Callable[[], datetime], limits: Limits = USUAL) -> FastAPI:
    app = FastAPI(
        title="Deskbell",
        version=metadata.version("deskbell"),
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
        responses={},
        dependencies=[Depends(_known_parameters)],
    )
    _Api(app, database, now, limits).open()
    app.add_middleware(Bounded)
    return app


def mounted(database: Database, now: Callable[[], datetime], limits: Limits = USUAL) -> Mount:
    """At /api/v1, whatever stands behind it: by itself a mount lets no path with a line break in."""
    mount = Mount("/api/v1", build(database, now, limits))
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


class _Api:
    def __init__(self, app: FastAPI, database: Database, now: Callable[[], datetime], limits: Limits) -> None:
        self.app, self.database, self.now, self.limits = app, database, now, limits
        self.buckets: dict[int, Bucket] = {}

    def open(self) -> None:
        for collection, noun in reading.NOUNS.items():
            self._reads(collection, noun)
        for collection in WRITTEN:
            self._notes(collection, reading.NOUNS[collection])
        self._incidents()
        self._others()
        self.app.add_exception_handler(Refusal, _refused)
        self.app.add_exception_handler(Problem, _problem)
        self.app.add_exception_handler(RequestValidationError, _invalid)
        self.app.add_exception_handler(HTTPException, _http)
        self.app.add_exception_handler(Exception, _unexpected)
        document = self.app.openapi

        def with_problems() -> dict[str, Any]:
            whole = document()
            problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = whole.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(problem.pop("$defs", {}) | {"ProblemDetails": problem})
            whole.setdefault("webhooks", webhooks.declared())
            return whole

        self.app.openapi = with_problems  # type: ignore[method-assign]

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

    def _reads(self, collection: str, noun: Noun) -> None:
        scope = f"{collection}:read"

        async def listed(request: Request, q: Words = "", limit: Limit = LIMIT, cursor: Cursor = None) -> Response:
            async def ask(tx: AsyncSession, who: Caller) -> Response:
                what = f"{collection} {q}"
                after = cursors.read(who.secret, what, cursor) if cursor else None
                found, more = await reading.page(tx, collection, q, after, limit, who, self.now())
                following = cursors.written(who.secret, what, found[-1].number) if more else None
                return _page(request, [reading.as_json(one) for one in found], following)

            return await self.read(request, scope, ask)

        async def told(request: Request, ref: RefPath) -> Response:
            async def ask(tx: AsyncSession, who: Caller) -> Response:
                answer = writing.of_record(await reading.one(tx, Ref.parse(ref, noun), who))
                wanted = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
                if wanted & {answer.headers["etag"], "*"}:
                    return Response(status_code=304, headers={"ETag": answer.headers["etag"]})
                return answer

            return await self.read(request, scope, ask)

        async def history(request: Request, ref: RefPath) -> Response:
            async def ask(tx: AsyncSession, who: Caller) -> Response:
                facts = await reading.history(tx, Ref.parse(ref, noun), who)
                return JSONResponse({"items": [reading.fact_as_json(one) for one in facts]})

            return await self.read(request, scope, ask)

        word = collection.replace("-", " ")
        self._get(f"/{collection}", listed, f"List {word}, the newest first", _pages())
        self._get(f"/{collection}/{{ref}}", told, f"One of the {word}", _records())
        self._get(f"/{collection}/{{ref}}/timeline", history, "What happened to it", _pages())

    def _get(self, path: str, endpoint: Any, summary: str, answers: dict[int | str, dict[str, Any]]) -> None:
        name = _named(path)
        self.app.get(
            path,
            summary=summary,
            operation_id=f"read-{name}",
            dependencies=[BEARER],
            responses={**READS, **answers},
            response_class=JSONResponse,
        )(endpoint)

    def _post(self, path: str, endpoint: Any, summary: str, status: int = 200, *, seen: bool = True) -> None:
        name = _named(path)
        self.app.post(
            path,
            summary=summary,
            operation_id=f"write-{name}",
            dependencies=[BEARER],
            status_code=status,
            responses={**WRITES, **_records(status)},
            response_class=JSONResponse,
            openapi_extra={"parameters": _PARAMETERS if seen else _PARAMETERS[:1]},
        )(endpoint)

    def _notes(self, collection: str, noun: Noun) -> None:
        scope = f"{collection}:write"

        async def note(request: Request, ref: RefPath, body: Note) -> Response:
            about = Ref.parse(ref, noun)

            async def effect(tx: AsyncSession, who: Caller) -> Record:
                await comments.note(tx, about, body.text, by=who.person, now=self.now())
                return await reading.one(tx, about, who)

            return await self.write(request, scope, effect, about, 201)

        self._post(f"/{collection}/{{ref}}/notes", note, "Note something on it", 201)

    def _incidents(self) -> None:
        async def log_one(request: Request, body: NewIncident) -> Response:
            async def effect(tx: AsyncSession, who: Caller) -> Record:
                report = incidents.Report(
                    body.summary, body.description, body.service, body.impact, body.urgency, body.private
                )
                return await incidents.log(tx, report, by=who.person, now=self.now())

            return await self.write(request, "incidents:write", effect, None, 201)

        self._post("/incidents", log_one, "Log an incident", 201, seen=False)

        async def step(request: Request, ref: str, take: Callable[..., Awaitable[Record]], *given: Any) -> Response:
            about = Ref.parse(ref, Noun.INCIDENT)

            async def effect(tx: AsyncSession, who: Caller) -> Record:
                await reading.one(tx, about, who)
                return await take(tx, about, *given, by=who.person, now=self.now())

            return await self.write(request, "incidents:write", effect, about)

        async def acknowledge(request: Request, ref: RefPath) -> Response:
            return await step(request, ref, steps.acknowledge)

        async def start(request: Request, ref: RefPath) -> Response:
            return await step(request, ref, steps.start)

        async def pend(request: Request, ref: RefPath, body: Pending) -> Response:
            return await step(request, ref, steps.pend, body.on, body.reason)

        async def resume(request: Request, ref: RefPath) -> Response:
            return await step(request, ref, steps.resume)

        async def resolve(request: Request, ref: RefPath, body: Resolution) -> Response:
            return await step(request, ref, steps.resolve, body.code, body.resolution)

        async def close(request: Request, ref: RefPath) -> Response:
            return await step(request, ref, steps.close)

        async def cancel(request: Request, ref: RefPath, body: Reason) -> Response:
            return await step(request, ref, steps.cancel, body.reason)

        async def reopen(request: Request, ref: RefPath, body: Reason) -> Response:
            return await step(request, ref, steps.reopen, body.reason)

        for one in (acknowledge, start, pend, resume, resolve, close, cancel, reopen):
            verb = one.__name__
            self._post(f"/incidents/{{ref}}/{verb}", one, f"{verb.capitalize()} an incident")

    def _others(self) -> None:
        async def alerts(request: Request, q: Words = "", limit: Limit = LIMIT) -> Response:
            async def ask(tx: AsyncSession, who: Caller) -> Response:
                found = await alert_lists.page(tx, q, by=who.person, size=limit)
                rows = [_alert(alert, group.incident) for alert, group in found.rows]
                return JSONResponse({"items": rows, "total": found.total})

            return await self.read(request, "alerts:read", ask)

        async def services(request: Request) -> Response:
            async def ask(tx: AsyncSession, _who: Caller) -> Response:
                policy = (await in_force(tx)).policy
                return JSONResponse(
                    {"items": [{"key": key, **one.model_dump(mode="json")} for key, one in policy.services.items()]}
                )

            return await self.read(request, "services:read", ask)

        self._get("/alerts", alerts, "Alerts that fire, or others by their words", _pages())
        self._get("/services", services, "The services of the policy", _pages())

        async def on_call(request: Request) -> Response:
            async def ask(tx: AsyncSession, who: Caller) -> Response:
                return JSONResponse({"items": await rotas.every(tx, who.person, self.now())})

            return await self.read(request, "rotas:read", ask)

        async def shifts(request: Request, key: Key, since: Since = None, until: Until = None) -> Response:
            async def ask(tx: AsyncSession, who: Caller) -> Response:
                return JSONResponse(await rotas.shifts(tx, key, since, until, who.person, self.now()))

            return await self.read(request, "rotas:read", ask)

        self._get("/rotas", on_call, "Who is on call for each rota, now and next", _pages())
        self._get("/rotas/{key}/shifts", shifts, "Who is on call for a rota in a span, and why", _pages())

        async def docs() -> Response:
            return HTMLResponse(html(self.app.openapi()))

        self.app.get("/docs", include_in_schema=False)(docs)


def _named(path: str) -> str:
    """“incidents-one-timeline”: what an operation is called by."""
    return re.sub(r"/\{\w+\}", "-one", path).strip("/").replace("/", "-")


def _page(request: Request, items: list[dict[str, Any]], cursor: str | None) -> Response:
    headers = {}
    if cursor:
        following = request.url.include_query_params(cursor=cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return JSONResponse({"items": items, "next": cursor}, headers=headers)


def _alert(alert: Alert, incident: int | None) -> dict[str, Any]:
    told = alert.model_dump(mode="json", exclude={"kept", "changes", "group_id", "labels"})
    return {**told, "incident": f"INC-{incident}" if incident else None}


def _records(status: int = 200) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": "The record", "content": {"application/json": {"schema": RECORD}}}}


def _pages() -> dict[int | str, dict[str, Any]]:
    schema = {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": {"type": "object"}}, "next": {"type": ["string", "null"]}},
    }
    return {200: {"description": "A page", "content": {"application/json": {"schema": schema}}}}


async def _refused(request: Request, refusal: Exception) -> Response:
    return _with_limits(request, problems.of_refusal(refusal))  # type: ignore[arg-type]


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101 - registered for it alone
    return _with_limits(request, problems.answer(problem.status, problem.detail, headers=problem.headers))


async def _known_parameters(request: Request) -> None:
    """A parameter that is misspelled would list more than was asked for. Raises RequestValidationError."""
    known = sorted(one.alias for one in request.scope["route"].dependant.query_params)
    there = f"there are {', '.join(known)}" if known else "there are none"
    if stray := [name for name in request.query_params if name not in known]:
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": f"Is no parameter here; {there}."} for name in dict.fromkeys(stray)]
        )


async def _invalid(_request: Request, invalid: Exception) -> Response:
    assert isinstance(invalid, RequestValidationError)  # noqa: S101
    errors = [
        Fault(pointer="#/" + "/".join(str(part) for part in one["loc"][1:]), detail=str(one["msg"]))
        for one in invalid.errors()
    ]
    return problems.answer(422, "Some of the request cannot be read: errors says what.", errors)


async def _http(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101
    return problems.answer(fault.status_code, str(fault.detail), headers=fault.headers)


async def _unexpected(request: Request, fault: Exception) -> Response:
    told = problems.code()
    log.error("%s: %s %s failed", told, request.method, request.url.path, exc_info=fault)
    detail = "Something went wrong, and nothing was saved. Try again; if it stays, give the code to whoever runs it."
    return problems.answer(500, detail, instance=told)


def _with_limits(request: Request, answer: Response) -> Response:
    answer.headers.update(getattr(request.state, "limits", {}))
    return answer
