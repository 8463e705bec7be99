"""All endpoints on one loopback port: Web API, Socket Mode, response_urls, the page and its API."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

import aiohttp
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from uvicorn.lifespan.off import LifespanOff

from bot.sandbox import page
from bot.sandbox.app.delivery import HttpDoor
from bot.sandbox.endpoints import api, download, link, private_file, response, upload
from bot.sandbox.page import control
from bot.sandbox.webhooks import WebhookReceiver
from bot.sandbox.workspace import Workspace

GRACE_SECONDS = 1.0
"""How long a request in hand may take to end when the doors close."""
BACKLOG = 2048


IDLE_SECONDS = 75
"""How long an idle connection is kept: longer than the app keeps its own, as a server's should be."""


class Server:
    """Opens a workspace's doors: `async with Server(workspace) as server: …`."""

    def __init__(
        self,
        workspace: Workspace,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        on_clock: Callable[[], Awaitable[None]] | None = None,
        webhooks: WebhookReceiver | None = None,
    ) -> None:
        """`webhooks`: a program beside the workspace, at /webhooks, that an app may tell what happens."""
        self.workspace, self._webhooks = workspace, webhooks
        self._host, self._port = host, port
        self._closing = asyncio.Event()
        config = uvicorn.Config(
            self._app(on_clock), host=host, port=port, backlog=BACKLOG, lifespan="off", log_config=None,
            log_level="warning", access_log=False, ws="websockets-sansio", server_header=False, date_header=False,
            timeout_keep_alive=IDLE_SECONDS,
        )  # fmt: skip
        self._uvicorn = uvicorn.Server(config)
        self._session: aiohttp.ClientSession | None = None
        self._events_url: str | None = None

    def _app(self, on_clock: Callable[[], Awaitable[None]] | None) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/api/{method}", api(self.workspace, self.abort), methods=["GET", "POST"]),
                WebSocketRoute("/link/", link(self.workspace, self.abort)),
                Route("/response/{team}/{key}", response(self.workspace), methods=["POST"]),
                Route("/upload/{file}", upload(self.workspace), methods=["POST"]),
                Route("/files/{file}", download(self.workspace), methods=["GET"]),
                Route("/files-pri/{file}/download", private_file(self.workspace), methods=["GET"]),
                *([self._webhooks.route("/webhooks", self._closing)] if self._webhooks else []),
                *control.routes(self.workspace, on_clock, self._closing),
                *page.routes(self.workspace),
            ]
        )

    async def __aenter__(self) -> Self:
        """Raises OSError when the port is taken."""
        self._uvicorn.config.load()
        self._uvicorn.lifespan = LifespanOff(self._uvicorn.config)
        door = socket.create_server((self._host, self._port), backlog=BACKLOG)
        # asyncio sees to this only where a socket names its protocol; without it each answer waits 40 ms for an ACK.
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port = door.getsockname()[1]
        await self._uvicorn.startup(sockets=[door])
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.workspace.base_url = self.url
        self.deliver_to(self._events_url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.workspace.base_url = None
        self._closing.set()
        await self.workspace.delivery.close()
        for server in self._uvicorn.servers:
            server.close()
        for connection in list(self._uvicorn.server_state.connections):
            connection.shutdown()
        tasks = set(self._uvicorn.server_state.tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
        for connection in list(self._uvicorn.server_state.connections):
            connection.transport.abort()
        if self._session is not None:
            await self._session.close()
        self.workspace.delivery.http = None

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """What an AsyncWebClient wants as its `base_url`."""
        return f"{self.url}/api/"

    def deliver_to(self, events_url: str | None) -> None:
        """Deliver to the app over HTTP at this address; None: by Socket Mode."""
        self._events_url = events_url
        if self._session is not None:
            door = HttpDoor(self.workspace, events_url, self._session) if events_url else None
            self.workspace.delivery.http = door

    def abort(self, client: tuple[str, int]) -> None:
        """Cut the connection of a client as a broken network does."""
        for connection in list(self._uvicorn.server_state.connections):
            if getattr(connection, "client", None) == client:
                connection.transport.abort()
