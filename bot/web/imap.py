"""Mailboxes that are read by IMAP: what is unseen is taken in, and marked as seen once it is kept.

Killed between the two, a message is read again: its Message-ID says that it was taken in.
"""

import asyncio
import imaplib
import logging
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from bot.rules.mail.policy import Mailbox
from bot.usecases.mail import receiving
from bot.usecases.policy import in_force
from storage.db.database import Database, in_transaction

log = logging.getLogger(__name__)

LARGEST = 10 * 1024 * 1024
AT_ONCE = 20
"""Messages of a mailbox that one look takes in."""
SECONDS = 20.0
Secret = Callable[[str], str]
P = ParamSpec("P")
T = TypeVar("T")


class CannotRead(Exception):
    """Why a mailbox could not be read, in words for whoever runs Deskbell."""


async def read_all(database: Database, now: Callable[[], datetime], secret: Secret) -> int:
    """Every mailbox of the policy that has a server to read from; how many messages came. One that fails is logged."""
    async with database.read() as tx:
        boxes = {key: one for key, one in (await in_force(tx)).policy.mailboxes.items() if one.imap}
    came = 0
    for key, box in boxes.items():
        try:
            came += await _read(database, now, secret, key, box)
        except CannotRead as fault:
            log.error("the mailbox %s cannot be read: %s", key, fault)
    return came


async def _read(database: Database, now: Callable[[], datetime], secret: Secret, key: str, box: Mailbox) -> int:
    """Raises CannotRead."""
    if in_transaction():
        raise RuntimeError("no mailbox is read while a transaction is open")
    server = await _aside(_opened, box, secret(box.password.removeprefix("env:")) if box.password else "")
    try:
        uids = await _aside(_unseen, server)
        for uid in uids[:AT_ONCE]:
            content = await _aside(_message, server, uid)
            if content is not None:
                found = await receiving.take_in(database, key, box, content, now)
                log.info("a message of the mailbox %s was %s: %s", key, found.came, found.because or found.ref)
            await _aside(_seen, server, uid)
        return len(uids[:AT_ONCE])
    finally:
        await asyncio.to_thread(_closed, server)


async def _aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Beside the event loop, which waits for no server. Raises CannotRead."""
    try:
        return await asyncio.to_thread(work, *args, **kwargs)
    except (imaplib.IMAP4.error, OSError, ssl.SSLError) as fault:
        raise CannotRead(f"{type(fault).__name__}: {fault}"[:200]) from None


def _opened(box: Mailbox, password: str) -> imaplib.IMAP4:
    parts, trusted = urlsplit(box.imap or ""), ssl.create_default_context()
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=trusted, timeout=SECONDS)
    else:  # the policy has it for this machine alone
        server = imaplib.IMAP4(host, parts.port or 143, timeout=SECONDS)
    try:
        server.login(box.user or box.address, password)
        status, said = server.select(f'"{box.folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"the folder {box.folder} cannot be opened: {_first(said)}")
    except Exception:
        _closed(server)
        raise
    return server


def _unseen(server: imaplib.IMAP4) -> list[str]:
    """UIDs, the oldest first."""
    _, found = server.uid("SEARCH", "UNSEEN")
    return sorted(_first(found).split(), key=int)


def _message(server: imaplib.IMAP4, uid: str) -> bytes | None:
    """None of one that is gone, or larger than a message may be: it is marked as seen and stays where it is."""
    _, sizes = server.uid("FETCH", uid, "(RFC822.SIZE)")
    digits = "".join(one for one in _first(sizes).rpartition("RFC822.SIZE")[2] if one.isdigit())
    if int(digits or 0) > LARGEST:
        log.error("message %s has more than %s bytes, and is not read", uid, f"{LARGEST:,}")
        return None
    _, parts = server.uid("FETCH", uid, "(BODY.PEEK[])")
    return next((one[1] for one in parts or () if isinstance(one, tuple) and isinstance(one[1], bytes)), None)


def _seen(server: imaplib.IMAP4, uid: str) -> None:
    server.uid("STORE", uid, "+FLAGS", r"(\Seen)")


def _closed(server: imaplib.IMAP4) -> None:
    """A connection that was cut cannot say goodbye: its socket is closed all the same."""
    with suppress(imaplib.IMAP4.error, OSError):
        server.logout()
    with suppress(OSError):
        server.shutdown()


def _first(found: object) -> str:
    one = found[0] if isinstance(found, list) and found else b""
    return one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one or "")
