"""Certificates of Amazon SNS, and the address that confirms a subscription: asked of Amazon's hosts alone."""

from typing import Protocol

import aiohttp

from bot.rules.alert.sns_signature import amazons

LARGEST = 64 * 1024
KEPT_MOST = 16
TIMEOUT = aiohttp.ClientTimeout(total=10)


class AmazonUnreachable(Exception):
    """Amazon does not answer; the message says how. What was delivered should be sent again."""


class Asks(Protocol):
    async def certificate(self, url: str) -> bytes: ...
    async def confirm(self, url: str) -> None: ...


class Certificates:
    """Each is read once. No address leads anywhere but to Amazon, nor is a redirect followed."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._kept: dict[str, bytes] = {}

    async def certificate(self, url: str) -> bytes:
        """Raises NotAmazons, AmazonUnreachable."""
        if url not in self._kept:
            read = await self._get(amazons(url))
            if len(self._kept) >= KEPT_MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[url] = read
        return self._kept[url]

    async def confirm(self, url: str) -> None:
        """Raises NotAmazons, AmazonUnreachable."""
        await self._get(amazons(url))

    async def _get(self, url: str) -> bytes:
        try:
            async with self._session.get(url, allow_redirects=False, timeout=TIMEOUT) as answer:
                if answer.status != 200:
                    raise AmazonUnreachable(f"Amazon answered {answer.status}")
                return await answer.content.read(LARGEST)
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise AmazonUnreachable(f"Amazon cannot be reached: {type(fault).__name__}") from None
