"""The doors of monitoring systems: a delivery is verified, read, kept, and then answered with 202.

2xx is said of what was taken, 4xx with reasons of what never can be, 5xx of what should be sent again.
"""

import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.rules.alert import pagerduty, sns_signature
from bot.rules.alert.alerts import Format
from bot.rules.alert.formats import Unreadable, parsed, read
from bot.rules.alert.policy import Source
from bot.rules.alert.sns import SUBSCRIBED
from bot.rules.alert.sns_signature import NotAmazons
from bot.rules.alert.values import table, text
from bot.usecases.alert import deliveries
from bot.usecases.policy import in_force
from bot.web.sns import AmazonUnreachable, Asks
from storage.db.database import Database

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
"""Bytes of a delivery."""
SECONDS = 1.0
"""How old the sources may be that the doors go by. What is kept is worked off by the policy that is in force then."""
_HEADERS = {"Cache-Control": "no-store"}

Secret = Callable[[str], str]
"""What a variable of the environment holds; empty where it is not set."""


def routes(database: Database, now: Callable[[], datetime], secret: Secret, amazon: Asks) -> Sequence[Route]:
    doors = _Doors(database, now, secret, amazon)
    deliver: Callable[[Request], Awaitable[Response]] = doors.deliver
    enqueue: Callable[[Request], Awaitable[Response]] = doors.enqueue
    return [
        Route("/alerts/{source}/{token}", deliver, methods=["POST"]),
        Route("/v2/enqueue", enqueue, methods=["POST"]),
    ]


class _Refused(Exception):
    """What the sender is told instead: a status, and reasons."""

    def __init__(self, status: int, *errors: str) -> None:
        self.status, self.errors = status, list(errors)
        super().__init__(*errors)


class _Doors:
    def __init__(self, database: Database, now: Callable[[], datetime], secret: Secret, amazon: Asks) -> None:
        self._database, self._now, self._secret, self._amazon = database, now, secret, amazon
        self._known: Mapping[str, Source] = {}
        self._read_at = float("-inf")

    async def deliver(self, request: Request) -> Response:
        """`POST /alerts/{source}/{token}`."""
        name, token = request.path_params["source"], request.path_params["token"]
        try:
            source = self._admitted(name, token, await self._read_again())
            if source is None:
                raise _Refused(404, "There is no such source of alerts.")
            content = await _body(request)
            if source.format is Format.SNS:
                await self._verify(source, content)
            await self._keep(name, source, content, secrets.token_hex(16))
        except _Refused as refused:
            return _said({"status": "refused", "errors": refused.errors}, refused.status)
        return _said({"status": "accepted"}, 202)

    async def enqueue(self, request: Request) -> Response:
        """`POST /v2/enqueue`, as PagerDuty's Events API v2 answers."""
        try:
            content = await _body(request)
            payload = parsed(content)
            event = table(payload)
            if isinstance(payload, Unreadable) or not event:
                raise _Refused(400, "The event is no JSON object.")
            # Some clients say the key in a header alone.
            key = text(event.get("routing_key")) or request.headers.get("x-routing-key", "")
            name, source = await self._routed(key)
            if faults := pagerduty.problems(event):
                raise _Refused(400, *faults)
            made = text(event.get("dedup_key")) or secrets.token_hex(16)
            await self._keep(name, source, content, made)
        except _Refused as refused:
            words = "Event object is invalid" if refused.status == 400 else "Event was not taken"
            return _said({"status": "invalid event", "message": words, "errors": refused.errors}, refused.status)
        return _said({"status": "success", "message": "Event processed", "dedup_key": made}, 202)

    def _admitted(self, name: str, token: str, sources: Mapping[str, Source]) -> Source | None:
        """The source of this name and token. One that is not there costs as much as one that is."""
        source = sources.get(name)
        fitting = fits(token, self._secret(source.variable) if source else "")
        return source if fitting else None

    async def _read_again(self) -> Mapping[str, Source]:
        """The sources of the policy in force: read at most once in SECONDS, since a delivery costs one write alone."""
        if time.monotonic() - self._read_at > SECONDS:
            async with self._database.read() as tx:
                self._known = (await in_force(tx)).policy.alerts
            self._read_at = time.monotonic()
        return self._known

    async def _routed(self, key: str) -> tuple[str, Source]:
        """The source with this routing key. All keys are compared, so that time tells nothing. Raises _Refused."""
        found = [
            (name, source)
            for name, source in (await self._read_again()).items()
            if source.format is Format.PAGERDUTY and fits(key, self._secret(source.variable))
        ]
        if not found:
            raise _Refused(400, "Invalid routing key")
        return found[0]

    async def _keep(self, name: str, source: Source, content: bytes, made: str) -> None:
        """Raises _Refused for what says nothing that can be read."""
        reading = read(source, content, made)
        if reading.faults and not reading.alerts:
            log.warning("a delivery of the source %s was turned away: %s", name, reading.faults[0])
            async with self._database.begin() as tx:
                await deliveries.turn_away(tx, name, len(reading.faults), self._now())
            raise _Refused(400, *reading.faults[:20])
        async with self._database.begin() as tx:
            await deliveries.keep(tx, name, content, made, self._now())

    async def _verify(self, source: Source, content: bytes) -> None:
        """Amazon's signature; then a subscription that asks for it is confirmed. Raises _Refused."""
        message = table(parsed(content))
        try:
            certificate = await self._amazon.certificate(sns_signature.certificate_url(message))
            sns_signature.verify(message, certificate, self._now())
            topic = text(message.get("TopicArn"))
            if source.topics and topic not in source.topics:
                raise NotAmazons(f"the topic {topic[:200]} is not among those of the source")
            if message.get("Type") == SUBSCRIBED:
                await self._amazon.confirm(sns_signature.amazons(message.get("SubscribeURL")))
        except NotAmazons as fault:
            raise _Refused(403, str(fault)) from None
        except AmazonUnreachable as fault:
            raise _Refused(503, str(fault)) from None


def fits(token: str, secret: str) -> bool:
    """Whether a token is the secret, in a time that tells nothing of either. No token is that of no secret."""
    given, wanted = (hashlib.sha256(one.encode("utf-8", "surrogatepass")).digest() for one in (token, secret))
    return hmac.compare_digest(given, wanted) and bool(secret)


async def _body(request: Request) -> bytes:
    """Raises _Refused: 413 as soon as there is more than a delivery may have, 400 where the sender hung up."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise _Refused(413, f"A delivery has at most {LARGEST:,} bytes.")
    except ClientDisconnect:
        raise _Refused(400, "The request ended before its body did.") from None
    return bytes(body)


def _said(what: Mapping[str, object], status: int) -> Response:
    headers = {**_HEADERS, "Retry-After": "30"} if status == 503 else _HEADERS
    return JSONResponse(what, status, headers=headers)
