"""A program on the other side of webhooks (Standard Webhooks 1.0): it takes what is signed, and shows what came.

It verifies by itself, as a stranger's program would. Whoever wants to see webhooks come asks for its list.
"""

import asyncio
import base64
import hmac
import json
import re
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

TOLERANCE_SECONDS = 300
KEPT_MOST, ID_MOST = 200, 100
PREFIX = "whsec_"


@dataclass(frozen=True)
class Came:
    """A message, and what was found out about its signature."""

    at: datetime
    id: str
    what: str
    fault: str = ""

    @property
    def line(self) -> str:
        """“09:00:12 signed   incident.opened INC-1 msg_…”."""
        return f"{self.at:%H:%M:%S} {f'REFUSED: {self.fault}' if self.fault else 'signed'}  {self.what}  {self.id}"


class WebhookReceiver:
    """Its secret is `whsec_` and base64. Doors: POST tells it, GET lists what came, `?follow` goes on listing."""

    def __init__(self, secret: str) -> None:
        self._key = base64.b64decode(secret.removeprefix(PREFIX))
        self.came: deque[Came] = deque(maxlen=KEPT_MOST)
        self._in_all = 0
        self._more = asyncio.Event()

    def route(self, path: str, closing: asyncio.Event) -> Route:
        async def endpoint(request: Request) -> Response:
            if request.method == "POST":
                return await self._taken(request)
            if "follow" in request.query_params:
                return StreamingResponse(self._followed(closing), media_type="text/plain; charset=utf-8")
            return PlainTextResponse("".join(f"{one.line}\n" for one in self.came) or "Nothing came yet.\n")

        return Route(path, endpoint, methods=["GET", "POST"])

    async def _taken(self, request: Request) -> Response:
        body = await request.body()
        fault = self._fault(request, body)
        # What nobody signed is not read.
        what = "(not read)" if fault else _what(body)
        self.came.append(Came(datetime.now(UTC), request.headers.get("webhook-id", "")[:ID_MOST], what, fault))
        self._in_all += 1
        self._more.set()
        self._more = asyncio.Event()
        return PlainTextResponse(fault or "taken", 401 if fault else 200)

    def _fault(self, request: Request, body: bytes) -> str:
        """What is wrong with the signature; empty where one of them is right."""
        sent, said = request.headers.get("webhook-timestamp", ""), request.headers.get("webhook-signature", "")
        if not re.fullmatch(r"[0-9]{1,12}", sent) or abs(time.time() - int(sent)) > TOLERANCE_SECONDS:
            return "its time is not now"
        message = f"{request.headers.get('webhook-id', '')}.{sent}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.digest(self._key, message, sha256)).decode()
        signed = any(hmac.compare_digest(one.encode(), wanted.encode()) for one in said.split())
        return "" if signed else "nobody who has the secret signed it"

    async def _followed(self, closing: asyncio.Event) -> AsyncIterator[str]:
        shown, ends = 0, asyncio.create_task(closing.wait())
        try:
            while not closing.is_set():
                more, fresh, shown = self._more, self._in_all - shown, self._in_all
                for one in list(self.came)[-fresh:] if fresh else ():
                    yield f"{one.line}\n"
                comes = asyncio.create_task(more.wait())
                await asyncio.wait([comes, ends], return_when=asyncio.FIRST_COMPLETED)
                comes.cancel()
        finally:
            ends.cancel()


def _what(body: bytes) -> str:
    try:
        told = json.loads(body)
        return f"{told['type']} {told['data'].get('ref', '')}".rstrip()
    except (ValueError, KeyError, TypeError, AttributeError):
        return "(no message)"
