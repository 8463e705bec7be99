"""Deskbell as `deskbell run` has it, but for its relay, which rests: nothing is drawn and sent behind a request.

A process of its own, by which a request is measured without what is told of it afterwards.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import logs
from bot.app import running, until_signalled
from bot.settings import Settings


@asynccontextmanager
async def resting(settings: Settings) -> AsyncIterator[None]:
    async with running(settings) as bot:
        await bot.relay.stop()
        yield


if __name__ == "__main__":
    settings = Settings()
    logs.set_up(settings.log_level, settings.log_format)
    asyncio.run(until_signalled(resting(settings)))
