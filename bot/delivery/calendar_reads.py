"""Fetching a calendar of the policy: from its own host, over public addresses alone, and without a redirect."""

from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp

from bot.delivery.webhook_calls import NotPublic, is_literal, session_of
from bot.rules.on_call.calendars import LARGEST, RotaCalendar, Unreadable
from bot.rules.webhook import addresses
from storage.db.database import in_transaction

SECONDS = 20.0
_PIECE = 64 * 1024


class CalendarReader:
    """`allow_private` is for tests and the sandbox: then http and any address will do."""

    def __init__(self, secret: Callable[[str], str], *, allow_private: bool = False) -> None:
        self._secret, self._allow_private = secret, allow_private
        self._session: aiohttp.ClientSession | None = None

    async def read(self, calendar: RotaCalendar) -> bytes:
        """Raises Unreadable, which names neither the address nor what it holds."""
        if in_transaction():
            raise RuntimeError("nothing is fetched while a transaction is open")
        url = self._address(calendar)
        if self._session is None:
            self._session = session_of(allow_private=self._allow_private)
        try:
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            async with self._session.get(url, timeout=timeout, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise Unreadable(f"its host answered {answer.status}")
                whole = bytearray()
                async for piece in answer.content.iter_chunked(_PIECE):
                    whole += piece
                    if len(whole) > LARGEST:
                        raise Unreadable(f"it has more than {LARGEST // 1024 // 1024} MiB")
                return bytes(whole)
        except TimeoutError:
            raise Unreadable(f"its host did not answer within {SECONDS:.0f} s") from None
        except NotPublic as fault:
            raise Unreadable(str(fault)) from None
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            raise Unreadable(f"its host cannot be reached ({type(fault).__name__})") from None

    def _address(self, calendar: RotaCalendar) -> str:
        """Raises Unreadable."""
        url = self._secret(calendar.variable)
        if not url:
            raise Unreadable(f"the variable {calendar.variable} is not set")
        parts = urlsplit(url)
        if parts.scheme not in (("https", "http") if self._allow_private else ("https",)):
            raise Unreadable("its address does not begin with https://")
        if (parts.hostname or "").casefold() != calendar.host:
            raise Unreadable(f"its address is not one of {calendar.host}")
        if not self._allow_private and is_literal(calendar.host) and not addresses.is_public(calendar.host):
            raise Unreadable("its address is not public")
        return url

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
