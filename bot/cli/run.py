"""`deskbell run`, by itself: what else the command line knows is not imported for it."""

import asyncio
from collections.abc import Sequence

from bot.cli.collector import uncollected
from bot.settings import LocalSettings, load


def run() -> None:
    """Serve a workspace until stopped. Settings come from the environment and .env (see .env.example)."""
    settings = load()
    log_as_told(settings, settings.secrets)
    with uncollected():
        from bot.app import serve

    asyncio.run(serve(settings))


def log_as_told(settings: LocalSettings, secrets: Sequence[str] = ()) -> None:
    from bot import logs

    logs.set_up(settings.log_level, settings.log_format, secrets=secrets)
