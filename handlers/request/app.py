"""Every request of Slack's passes here: it gets a code, and is timed, counted and logged."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.listener.async_listener import AsyncListener

from bot import logs
from handlers.request.admission import Admission

log = logging.getLogger(__name__)

Heard = Callable[[str, str, str, float], None]
"""Told of each answer: the request's kind and name, what came of it, and seconds."""

SOON = 1.5
"""Seconds after which Slack, which waits for three, is told what was acknowledged although the listener goes on."""
LOOKS = 0.05
"""Seconds between two looks whether a slow listener has acknowledged."""
ENDING = 3.0
"""Seconds that a stop leaves to what goes on."""

_USER = re.compile(r"[UW][A-Z0-9]{2,20}", re.ASCII)


@dataclass
class Request:
    kind: str
    name: str
    """An id of ours, or "other": what somebody sends must not become a name that is counted under."""
    person: str
    code: str
    """Stands in every log line of the request, and in what a person is shown where it fails."""
    outcome: str = "done"
    saved: bool = False
    """Whether what was asked for is committed, whatever becomes of the answer."""
    answered: bool = False
    """Whether Slack has its answer already: what is still to be said goes elsewhere."""


_current: ContextVar[Request | None] = ContextVar("request", default=None)


def code() -> str:
    """The code of the request that is being answered."""
    request = _current.get()
    return request.code if request else _new_code()


def came_to(outcome: str) -> None:
    """What became of the request that is being answered, where it was not simply done."""
    request = _current.get()
    if request is not None:
        request.outcome = outcome


def saved() -> None:
    """The request that is being answered has committed."""
    request = _current.get()
    if request is not None:
        request.saved = True


def was_saved() -> bool:
    request = _current.get()
    return request is not None and request.saved


def was_answered() -> bool:
    request = _current.get()
    return request is not None and request.answered


class Door(AsyncApp):
    """Bolt's app, whose every answer is heard of, whichever way the request came.

    Bolt answers when a listener has ended. One that has acknowledged and goes on for longer than Slack waits is left to
    go on: so what takes long acknowledges first, and tells the person later.
    """

    soon = SOON
    heard: Heard | None = None
    names: Mapping[str, Collection[str]] = MappingProxyType({})
    """What answers, by kind of request: the names that are counted under."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._turnstile = Admission()
        self._going: set[asyncio.Task[BoltResponse]] = set()

    def hear(self, listener: AsyncListener) -> None:
        """Register a listener that is none of those that Bolt makes of functions."""
        self._async_listeners.append(listener)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        began = time.perf_counter()
        request = _request(req.body or {}, self.names)
        token = _current.set(request)
        try:
            with logs.telling(request=request.code, kind=request.kind, name=request.name):
                await self._turnstile.passed()
                answer = await self._answer(req, request)
                self._tell(request, answer, time.perf_counter() - began)
        finally:
            _current.reset(token)
        # Over a socket only what was done is acknowledged by Bolt, and what was turned away would come again.
        return BoltResponse(status=200) if req.mode == "socket_mode" and answer.status != 200 else answer

    async def _answer(self, req: AsyncBoltRequest, request: Request) -> BoltResponse:
        going = asyncio.create_task(super().async_dispatch(req))
        try:
            done, _ = await asyncio.wait({going}, timeout=self.soon)
            acked = req.context.ack.response
            while not done and acked is None:
                done, _ = await asyncio.wait({going}, timeout=LOOKS)
                acked = req.context.ack.response
        except asyncio.CancelledError:  # a stop that nobody's answer can wait for
            going.cancel()
            await asyncio.wait({going})
            raise
        if done or acked is None:
            return going.result()
        request.answered = True
        self._going.add(going)
        going.add_done_callback(self._ended)
        return acked

    def _ended(self, going: "asyncio.Task[BoltResponse]") -> None:
        self._going.discard(going)
        if not going.cancelled() and (fault := going.exception()):
            log.error("what went on after its answer failed", exc_info=fault)

    async def rest(self, seconds: float = ENDING) -> None:
        """Wait for what goes on after its answer, and end what takes longer."""
        if self._going:
            _, late = await asyncio.wait(self._going, timeout=seconds)
            for one in late:
                one.cancel()
            if late:  # what it takes back needs the database, which is closed next
                await asyncio.wait(late, timeout=seconds)

    def _tell(self, request: Request, answer: BoltResponse, seconds: float) -> None:
        if answer.status != 200 and request.outcome == "done":
            request.outcome = "unauthorised" if answer.status == 401 else "unknown"
        # Before its signature was found good, whoever sent it may have named anybody.
        person = {} if request.outcome == "unauthorised" else {"person": request.person}
        with logs.telling(**person, outcome=request.outcome, ms=round(seconds * 1000, 1)):
            log.info("%s %s: %s in %.0f ms", request.kind, request.name, request.outcome, seconds * 1000)
        if self.heard is not None:
            self.heard(request.kind, request.name, request.outcome, seconds)


def _request(body: Mapping[str, Any], names: Mapping[str, Collection[str]]) -> Request:
    """Read before the signature is checked, so it may hold anything."""
    kind, name = _named(body)
    user = body.get("user_id") or _within(body, "user", "id") or _within(body, "event", "user")
    person = user if isinstance(user, str) and _USER.fullmatch(user) else ""
    known = isinstance(name, str) and name in names.get(kind, ())
    return Request(kind, str(name) if known else "other", person, _new_code())


def _named(body: Mapping[str, Any]) -> tuple[str, object]:
    """The kind, and what it calls itself."""
    if "command" in body:
        return "command", body["command"]
    if "event" in body:
        return "event", _within(body, "event", "type")
    match body.get("type"):
        case "block_actions":
            pressed = body.get("actions")
            first = pressed[0] if isinstance(pressed, list) and pressed else None
            return "action", first.get("action_id") if isinstance(first, Mapping) else None
        case "view_submission" | "view_closed":
            return "submission", _within(body, "view", "callback_id")
        case "shortcut" | "message_action":
            return "shortcut", body.get("callback_id")
        case "block_suggestion":
            return "options", body.get("action_id")
    return "other", None


def _within(body: Mapping[str, Any], key: str, inner: str) -> object:
    found = body.get(key)
    return found.get(inner) if isinstance(found, Mapping) else None


def _new_code() -> str:
    return f"DB-{secrets.token_hex(3).upper()}"
