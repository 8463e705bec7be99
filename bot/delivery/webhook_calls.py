"""Calls to webhooks: signed, over public addresses alone, and without a redirect.

The address that was checked is the one that is connected to: a name that resolves to another one a moment later leads
nowhere else.
"""

import socket
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.delivery.results import Deferred, Refused, Result, Sent
from bot.rules.webhook import addresses, schedule, signing
from handlers.delivery.slack_tasks import CallWebhook
from storage.db.database import in_transaction

GONE = "410 Gone"
USER_AGENT = "Deskbell-Webhooks/1"
_HEADERS = {"content-type": "application/json", "user-agent": USER_AGENT}

Secrets = Callable[[str], str]
"""What a variable of the environment holds; empty where it is not set."""


class NotPublic(OSError):
    """An address of a private network, which nobody is told at."""


class _Public(AbstractResolver):
    """Resolves names, and refuses those of which any address is not public."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        require_public([one["host"] for one in found])
        return found

    async def close(self) -> None:
        await self._resolver.close()


def require_public(found: Sequence[str]) -> None:
    """Raises NotPublic."""
    if not found or not all(addresses.is_public(one) for one in found):
        raise NotPublic("its name leads to an address that is not public")


class WebhookCaller:
    """`allow_private` is for tests and the sandbox: then http and any address will do."""

    def __init__(
        self, secret: Secrets, *, allow_private: bool = False, resolver: AbstractResolver | None = None
    ) -> None:
        self.secret, self._allow_private, self._resolver = secret, allow_private, resolver
        self._session: aiohttp.ClientSession | None = None

    async def call(self, step: CallWebhook, tries: int, mark: str, seconds: float) -> Result:
        """The verdict, with when it is to be tried again. `tries`: with this one."""
        if in_transaction():
            raise RuntimeError("no endpoint is called while a transaction is open")
        status, error = await self.attempt(step, seconds)
        if status is not None and 200 <= status < 300:
            return Sent()
        if status == 410:
            return Refused(GONE)
        wait = schedule.wait(tries, mark)
        if wait is None:
            return Refused(f"{error}; tried {tries} times")
        return Deferred(error, seconds=wait.total_seconds())

    async def attempt(self, step: CallWebhook, seconds: float) -> tuple[int | None, str]:
        """One try: the status, None where there was no answer, and what went wrong."""
        try:
            headers = self._signed(step)
            self._require_address(step.url)
        except (signing.BadSecret, NotPublic) as fault:
            return None, str(fault)
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._open().post(
                step.url, data=step.body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, f"{answer.status} {answer.reason or ''}".strip()[:200]
        except TimeoutError:
            return None, f"no answer within {seconds:.0f} s"
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            return None, _said(fault)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _signed(self, step: CallWebhook) -> dict[str, str]:
        """Raises BadSecret, naming the variable and never what it holds."""
        keys = []
        for name in step.variables:
            if not (text := self.secret(name)):
                raise signing.BadSecret(f"the variable {name} is not set")
            try:
                keys.append(signing.Key.parse(text))
            except signing.BadSecret as fault:
                raise signing.BadSecret(f"the variable {name} holds no secret: {fault}") from None
        return {**_HEADERS, **signing.headers(step.id, int(time.time()), step.body, keys)}

    def _require_address(self, url: str) -> None:
        """Raises NotPublic. A host that is written as an address is not resolved, so it is looked at here."""
        if self._allow_private:
            return
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise NotPublic("it begins with http://, and only https is told")
        host = (parts.hostname or "").rstrip(".")
        if host.rpartition(".")[2].casefold() in ("localhost", "local", "internal", ""):
            raise NotPublic("its name is one of a private network")
        if is_literal(host) and not addresses.is_public(host):
            raise NotPublic("its address is not public")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = session_of(allow_private=self._allow_private, resolver=self._resolver)
        return self._session


def session_of(*, allow_private: bool, resolver: AbstractResolver | None = None) -> aiohttp.ClientSession:
    """One that connects to public addresses alone, to those that it has checked."""
    inner = resolver or aiohttp.ThreadedResolver()
    checked = inner if allow_private else _Public(inner)
    connector = aiohttp.TCPConnector(resolver=checked, use_dns_cache=False, limit=50)
    # No proxy of the environment's: it would resolve the name anew.
    return aiohttp.ClientSession(connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar())


def is_literal(host: str) -> bool:
    """Whether it is an address by itself, however it is written: 127.1 and 0x7f000001 too."""
    try:
        socket.inet_aton(host)
    except OSError:
        return ":" in host
    return True


def _said(fault: Any) -> str:
    inner = getattr(fault, "os_error", None) or fault.__cause__
    if isinstance(fault, NotPublic) or isinstance(inner, NotPublic):
        return str(inner if isinstance(inner, NotPublic) else fault)
    return f"{type(fault).__name__}: {fault}"[:200]
