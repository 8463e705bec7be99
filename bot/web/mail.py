"""The door of mailboxes: `POST /mail/{mailbox}/{token}`, a message as a provider or a mail server hands it on."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.usecases.mail import receiving
from bot.usecases.mail.receiving import Came
from bot.usecases.policy import in_force
from bot.web.alerts import Secret, fits
from storage.db.database import Database

log = logging.getLogger(__name__)

LARGEST = 10 * 1024 * 1024
"""Bytes of a message with what is attached to it."""
FIELDS = ("body-mime", "email", "RawEmail", "raw")
"""Under which providers have the whole message in a form or in JSON."""


def route(database: Database, now: Callable[[], datetime], secret: Secret) -> Route:
    async def deliver(request: Request) -> Response:
        name, token = request.path_params["mailbox"], request.path_params["token"]
        async with database.read() as tx:
            mailbox = (await in_force(tx)).policy.mailboxes.get(name)
        if not fits(token, secret(mailbox.key.removeprefix("env:")) if mailbox else "") or mailbox is None:
            return _said("refused", "There is no such mailbox.", 404)
        try:
            content = await _message(request)
        except (ClientDisconnect, MultiPartException, ValueError, RecursionError):
            return _said("refused", "The message cannot be read.", 400)
        if content is None:
            return _said("refused", f"A message has at most {LARGEST:,} bytes.", 413)
        found = await receiving.take_in(database, name, mailbox, content, now)
        log.info("a message to the mailbox %s was %s: %s", name, found.came, found.because or found.ref)
        # Never a reason to send it again, nor one to tell a stranger.
        return _said("refused" if found.came is Came.UNREADABLE else "accepted", "", 200)

    door: Callable[[Request], Awaitable[Response]] = deliver
    return Route("/mail/{mailbox}/{token}", door, methods=["POST"])


async def _message(request: Request) -> bytes | None:
    """None for more than a message may have.

    Raises ClientDisconnect, MultiPartException, ValueError, RecursionError.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind == "application/json":
        import json

        told = json.loads(bytes(body))
        found = next((told[name] for name in FIELDS if isinstance(told, dict) and name in told), None)
        return _whole(found)
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        again = Request(request.scope, _once(bytes(body)))
        async with again.form(max_files=20, max_fields=200, max_part_size=LARGEST) as form:
            value = next((form[name] for name in FIELDS if name in form), None)
            return _whole(value if isinstance(value, str) or value is None else await value.read())
    return bytes(body)


def _once(body: bytes) -> Callable[[], Awaitable[dict[str, object]]]:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _whole(found: object) -> bytes:
    if isinstance(found, bytes):
        return found
    if not isinstance(found, str):
        raise ValueError("no message is in it")
    return found.encode("utf-8", "surrogateescape")


def _said(status: str, why: str, code: int) -> Response:
    told = {"status": status, "errors": [why]} if why else {"status": status}
    return JSONResponse(told, code, headers={"Cache-Control": "no-store"})
