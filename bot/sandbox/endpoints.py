"""The endpoints that the app calls: Web API, Socket Mode websocket, response_url."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox import pictures, web_api
from bot.sandbox.app.delivery import Connection
from bot.sandbox.app.response_urls import HookRefused
from bot.sandbox.page import files
from bot.sandbox.state import Json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Abort = Callable[[tuple[str, int]], None]
Endpoint = Callable[[Request], Awaitable[Response]]
UNREADABLE: Json = {"ok": False, "error": "invalid_json"}


async def arguments(request: Request) -> Json:
    """The arguments of a call from query, form, multipart or JSON body. Raises ValueError for a broken body."""
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        body = json.loads(await request.body() or b"{}")
        if not isinstance(body, dict):
            raise ValueError("A JSON body must be an object.")
        return args | body
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            args |= dict(form)
    return args


def api(slack: "Workspace", abort: Abort) -> Endpoint:
    """`/api/<method>`: ok or not, it answers at HTTP 200, unless it is a rate limit or a fault."""

    async def endpoint(request: Request) -> Response:
        try:
            args = await arguments(request)
        except ValueError:
            return JSONResponse(UNREADABLE)
        sent_as_json = request.headers.get("content-type", "").startswith("application/json")
        if sent_as_json and "token" in args:
            del args["token"]  # Slack reads a token from a JSON body no more than we do
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or args.pop("token", "")
        args.pop("token", None)
        reply = await web_api.answer(slack, request.path_params["method"], token, args)
        if reply is None:
            return await _hung_up(request, abort)
        if sent_as_json and "charset" not in request.headers["content-type"]:
            reply.body.setdefault("warning", "missing_charset")
        return JSONResponse(reply.body, reply.status, _headers(slack, token) | (reply.headers or {}))

    return endpoint


def _headers(slack: "Workspace", token: str) -> dict[str, str]:
    """What Slack says beside every answer: its time, and what the token may do."""
    headers = {"Date": format_datetime(slack.clock.now(), usegmt=True)}
    if token == slack.bot_token:
        headers["X-OAuth-Scopes"] = ",".join(sorted(slack.manifest.scopes))
    return headers


async def _hung_up(request: Request, abort: Abort) -> Response:
    """Cut the connection, and wait until it is cut, so that nothing is sent any more."""
    if request.client is not None:
        abort((request.client.host, request.client.port))
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


def response(slack: "Workspace") -> Endpoint:
    """A response_url."""

    async def endpoint(request: Request) -> Response:
        try:
            body: Any = json.loads(await request.body())
        except ValueError:
            body = None
        try:
            slack.hooks.answer(request.path_params["key"], body)
        except HookRefused as refused:
            return PlainTextResponse(refused.word, refused.status)
        return PlainTextResponse("ok")

    return endpoint


def upload(slack: "Workspace") -> Endpoint:
    """Where the bytes of a file go between the two steps of its upload."""

    async def endpoint(request: Request) -> Response:
        waiting = slack.files.get(request.path_params["file"])
        if waiting is None or waiting.complete:
            return PlainTextResponse("file_not_found", 404)
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            async with request.form() as form:
                parts = [part for part in form.values() if isinstance(part, UploadFile)]
                waiting.content = b"".join([await part.read() for part in parts])
        else:
            waiting.content = await request.body()
        return PlainTextResponse(f"OK - {len(waiting.content)}")

    return endpoint


_HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}


def download(slack: "Workspace") -> Endpoint:
    """A file's bytes, for the page."""

    async def endpoint(request: Request) -> Response:
        found = slack.files.get(request.path_params["file"])
        if found is None or not found.complete:
            return PlainTextResponse("file_not_found", 404)
        kind = pictures.kind_of(found.name)
        # A browser shows plain text, and keeps what it does not know: a file must never run as a page.
        kind = "text/plain; charset=utf-8" if kind in files.TEXTS or kind == "text/html" else kind
        return Response(found.content, media_type=kind, headers=_HARMLESS)

    return endpoint


def private_file(slack: "Workspace") -> Endpoint:
    """A file's bytes, for an app that may read files; for all others a page to sign in, as Slack answers."""

    async def endpoint(request: Request) -> Response:
        found = slack.files.get(request.path_params["file"])
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if found is None or token != slack.bot_token or "files:read" not in slack.manifest.scopes:
            return HTMLResponse("<!doctype html><title>Sign in</title>")
        return Response(found.content, media_type=pictures.kind_of(found.name), headers=_HARMLESS)

    return endpoint


def link(slack: "Workspace", abort: Abort) -> Callable[[WebSocket], Awaitable[None]]:
    """The Socket Mode websocket, for whoever holds a ticket from apps.connections.open."""

    async def endpoint(websocket: WebSocket) -> None:
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in slack.tickets or websocket.client is None:
            await websocket.close(1008)
            return
        slack.tickets.discard(ticket)
        await websocket.accept()
        client = (websocket.client.host, websocket.client.port)
        connection = Connection(lambda: abort(client))
        sockets = slack.delivery.sockets
        sockets.connections.append(connection)
        await websocket.send_json(_hello(slack, len(sockets.connections)))
        sender = asyncio.create_task(_send(websocket, connection))
        try:
            await _receive(websocket, connection)
        finally:
            sender.cancel()
            connection.lost()
            sockets.connections.remove(connection)

    return endpoint


def _hello(slack: "Workspace", connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": slack.app_id},
    }


async def _send(websocket: WebSocket, connection: Connection) -> None:
    try:
        while True:
            await websocket.send_json(await connection.outbox.get())
    except WebSocketDisconnect:
        connection.lost()


async def _receive(websocket: WebSocket, connection: Connection) -> None:
    """Take the app's answers until it goes away; what is no JSON is passed over, as Slack does."""
    try:
        while True:
            try:
                frame = json.loads(await websocket.receive_text())
            except ValueError:
                continue
            if isinstance(frame, dict):
                connection.answered(frame)
    except WebSocketDisconnect:
        return
