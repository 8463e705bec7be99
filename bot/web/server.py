"""The bot's HTTP endpoints: Slack's requests, and what a supervisor asks."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress

import uvicorn
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.shutdown import END_SECONDS
from bot.web import slack_body
from handlers.request.request_filter import NOT_SLACKS

CONTENT_TYPE = "text/plain; version=0.0.4"
"""Prometheus's text format; Starlette adds the character set."""

LARGEST_BODY = 1024 * 1024
"""Bytes. Slack's largest payload, a view of 250 KB with its state, stays far below."""

LARGEST_HEAD = 64 * 1024
"""Bytes of what is no body: a request's line and headers, and whatever else stands between its parts."""

IDLE_SECONDS = 75
"""How long an idle connection is kept: longer than a proxy before it does (nginx: 60 s), which would else send into
one that is being closed."""

DATE_SECONDS = 1.0
"""How old the date may be that a response says."""

MOST_FIELDS = 100
"""Of a form. Slack's slash commands have fifteen; what is in them is written without a bare “&”."""

Scrape = Callable[[], Awaitable[bytes]]
"""The metrics, as Prometheus reads them."""

Readiness = Callable[[], Awaitable[list[str]]]
"""Why the bot cannot serve yet, a sentence each; empty once it can."""


class CannotListen(Exception):
    """The address is taken or is not this machine's; the message says what to set."""


def application(
    bolt: AsyncApp | None, readiness: Readiness, scrape: Scrape | None = None, more: Sequence[BaseRoute] = ()
) -> Starlette:
    """`bolt` is None where Slack comes through Socket Mode: then there is no /slack/events."""

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        reasons = await readiness()
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    routes: list[BaseRoute] = [Route("/health", health), Route("/ready", ready), *more]
    if scrape is not None:
        routes.append(Route("/metrics", _metrics(scrape)))
    if bolt is not None:
        # First, since routes are tried one after another.
        routes.insert(0, Route("/slack/events", _slack_events(bolt), methods=["POST"]))
    return Starlette(routes=routes)


def _metrics(scrape: Scrape) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_: Request) -> Response:
        return Response(await scrape(), media_type=CONTENT_TYPE)

    return metrics


def _slack_events(bolt: AsyncApp) -> Callable[[Request], Awaitable[Response]]:
    async def slack_events(request: Request) -> Response:
        asked = _read(request, await _body(request))
        return to_starlette_response(await bolt.async_dispatch(asked))

    return slack_events


class _Bounded(HttpToolsProtocol):
    """httptools puts no bound to a head, and whoever sends one without end would fill the memory with it."""

    _head = 0

    def data_received(self, data: bytes) -> None:
        self._head += len(data)
        super().data_received(data)
        if self._head > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("That head is longer than any of Slack's.")

    def on_body(self, body: bytes) -> None:
        self._head = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._head = 0
        super().on_message_complete()


class _Quiet(uvicorn.Server):
    """A server whose process handles signals elsewhere, and that waits to be told: uvicorn looks ten times a second."""

    capture_signals = nullcontext  # type: ignore[assignment]

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(DATE_SECONDS):
                    await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """uvicorn's own sleeps a tenth of a second between closing and looking, also where nobody is connected, and
        waits for as long as one request takes."""
        for server in self.servers:
            server.close()
        for one in sockets or ():
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(2):  # a connection without a request says on the loop's next turn that it is closed
            await asyncio.sleep(0)
        with suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await self._wait_tasks_to_complete()
        late = list(self.server_state.tasks)
        for task in late:
            task.cancel()
        if late:  # what it takes back needs the database, which is closed later
            await asyncio.wait(late, timeout=END_SECONDS)

    def end(self) -> None:
        self.should_exit = True
        self._ending.set()


@asynccontextmanager
async def serving(application: Starlette, host: str, port: int) -> AsyncIterator[str]:
    """Gives the address; port 0 takes a free one. Raises CannotListen."""
    server = _Quiet(
        uvicorn.Config(
            application,
            host,
            port,
            http=_Bounded,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=IDLE_SECONDS,
        )
    )
    with _listening(host, port) as listener:
        task = asyncio.create_task(server.serve([listener]), name="web")
        try:
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            server.end()
            await task


def _listening(host: str, port: int) -> socket.socket:
    """Bound before anything else is started: requests wait in its queue until the server is up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as fault:
        raise CannotListen(f"Nothing can listen on {host}:{port} ({fault.strerror}). Set DESKBELL_PORT.") from None
    # asyncio sees to this only where a socket names its protocol; without it each answer waits 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def _body(request: Request) -> bytes:
    """Raises HTTPException: 413 as soon as more has come than Slack ever sends, 400 where the caller hung up."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise HTTPException(413, "That is more than Slack ever sends.")
    except ClientDisconnect:
        raise HTTPException(400, "The request ended before its body did.") from None
    return bytes(body)


def _read(request: Request, body: bytes) -> AsyncBoltRequest:
    """Bolt parses before it checks the signature, so anybody's bytes get here. Raises HTTPException 400."""
    if not body.startswith(b"{") and body.count(b"&") >= MOST_FIELDS:
        raise HTTPException(400, NOT_SLACKS)
    try:
        return slack_body.request_of(request, body)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        raise HTTPException(400, NOT_SLACKS) from None
