"""From the workspace to the app: a signed HTTP request or a Socket Mode envelope, an answer within 3 seconds."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp

from bot.sandbox.state import Json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

RETRY_DELAYS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""When an event is sent again, after the failure before it (Slack: “The Events API”, Retries)."""
EVENT_ATTEMPTS = 1 + len(RETRY_DELAYS)
WANTS_PAYLOAD = ("slash_commands", "view_submission", "block_suggestion")


@dataclass(frozen=True)
class Ack:
    """The app's answer. `failure` is Slack's word for what went wrong, else None."""

    body: Any = None
    failure: str | None = None
    no_retry: bool = False
    """The app asked not to be sent this again (`X-Slack-No-Retry`)."""

    @property
    def ok(self) -> bool:
        return self.failure is None


class HttpDoor:
    """Signed requests to the app's request URL."""

    def __init__(self, slack: "Workspace", url: str, session: aiohttp.ClientSession) -> None:
        self._slack, self._url, self._session = slack, url, session

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> Ack:
        body, content_type = self._encode(kind, payload)
        headers = {"Content-Type": content_type, **self.signature(body)}
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        try:
            async with asyncio.timeout(self._slack.ack_seconds):
                async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                    if answer.status != 200:
                        no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
                        return Ack(failure="dispatch_failed", no_retry=no_retry)
                    return self._read(answer.content_type, await answer.text())
        except TimeoutError:
            return Ack(failure="operation_timeout")
        except aiohttp.ClientError:
            return Ack(failure="dispatch_failed")

    def signature(self, body: bytes) -> dict[str, str]:
        """Slack's v0 signature over the body at this second of real time."""
        stamp = str(int(time.time()))
        mac = hmac.new(self._slack.signing_secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac.hexdigest()}"}

    @staticmethod
    def _encode(kind: str, payload: Json) -> tuple[bytes, str]:
        if kind == "events_api":
            return json.dumps(payload).encode(), "application/json"
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"

    @staticmethod
    def _read(content_type: str, text: str) -> Ack:
        if not text.strip():
            return Ack()
        if content_type != "application/json":
            return Ack(body=text)
        try:
            return Ack(body=json.loads(text))
        except ValueError:
            return Ack(failure="dispatch_failed")


class Connection:
    """One Socket Mode websocket: what is to be sent waits in order, envelopes wait for their answer."""

    def __init__(self, abort: Callable[[], None]) -> None:
        self.abort = abort
        self.outbox: asyncio.Queue[Json | None] = asyncio.Queue()
        self.waiting: dict[str, asyncio.Future[Ack]] = {}
        self.retiring = False

    def retire(self, reason: str) -> None:
        """Ask the app to reconnect; nothing more is sent here (Slack: “Using Socket Mode”, disconnects)."""
        self.retiring = True
        self.outbox.put_nowait({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})

    def answered(self, frame: Json) -> None:
        """Take the app's answer to an envelope; one that comes too late is lost, as in Slack."""
        waiting = self.waiting.pop(str(frame.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(Ack(body=frame.get("payload")))

    def lost(self) -> None:
        self.retiring = True
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_result(Ack(failure="dispatch_failed"))
        self.waiting.clear()


class SocketDoor:
    """Envelopes over whichever websocket the app holds open; with several, each in turn."""

    def __init__(self, slack: "Workspace") -> None:
        self._slack = slack
        self.connections: list[Connection] = []

    @property
    def ready(self) -> list[Connection]:
        return [connection for connection in self.connections if not connection.retiring]

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> Ack:
        if not self.ready:
            return Ack(failure="dispatch_failed")
        connection = self.ready[0]
        self.connections.remove(connection)
        self.connections.append(connection)
        envelope = self._envelope(kind, payload, retry)
        answer = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = answer
        connection.outbox.put_nowait(envelope)
        done, _ = await asyncio.wait([answer], timeout=self._slack.ack_seconds)
        connection.waiting.pop(envelope["envelope_id"], None)
        return answer.result() if done else Ack(failure="operation_timeout")

    @staticmethod
    def _envelope(kind: str, payload: Json, retry: tuple[int, str] | None) -> Json:
        envelope: Json = {
            "envelope_id": str(uuid4()),
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind in WANTS_PAYLOAD or payload.get("type") in WANTS_PAYLOAD,
        }
        if kind == "events_api":
            number, reason = retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        return envelope


class Delivery:
    """Carries everything to the app: over HTTP where an address is set, else through its sockets."""

    def __init__(self, slack: "Workspace") -> None:
        self._slack = slack
        self.http: HttpDoor | None = None
        self.sockets = SocketDoor(slack)
        self._under_way: set[asyncio.Task[None]] = set()
        self._first_tries: set[asyncio.Future[Ack]] = set()

    async def send(self, kind: str, payload: Json) -> Ack:
        """A command or an interaction: once, since a person waits for it."""
        return await self._send(kind, payload, None)

    def event(self, envelope: Json) -> "asyncio.Future[Ack]":
        """Send an event and see to its retries; the future is the outcome of the first attempt."""
        first: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._first_tries.add(first)
        first.add_done_callback(self._first_tries.discard)
        task = asyncio.create_task(self._persist(envelope, first))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return first

    async def quiet(self) -> None:
        """Wait until every event sent so far was tried once."""
        while self._first_tries:
            await asyncio.wait(set(self._first_tries))

    async def close(self) -> None:
        """Give up whatever still waits for a retry."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _send(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> Ack:
        return await (self.http or self.sockets).send(kind, payload, retry)

    async def _persist(self, envelope: Json, first: "asyncio.Future[Ack]") -> None:
        retry: tuple[int, str] | None = None
        try:
            for number in range(EVENT_ATTEMPTS):
                if number:
                    await self._slack.clock.until(self._slack.clock.now() + RETRY_DELAYS[number - 1])
                ack = await self._send("events_api", envelope, retry)
                if not first.done():
                    first.set_result(ack)
                if ack.ok or ack.no_retry:
                    return
                retry = (number + 1, "http_timeout" if ack.failure == "operation_timeout" else "http_error")
        finally:
            first.cancel()
