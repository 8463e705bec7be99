"""The REST API is served where it is on, and costs nothing where it is not."""

import subprocess
import sys

import aiohttp
from cast import Desk

from bot.app import serving


async def test_it_is_served_where_it_is_on(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{desk.url}/api/v1/services") as answer:
            assert answer.status == 404
        desk.bot.settings = desk.bot.settings.model_copy(update={"api": True})
        async with serving(desk.bot) as url, http.get(f"{url}/api/v1/services") as answer:
            assert answer.status == 401


def test_a_bot_holds_nothing_that_it_does_not_use() -> None:
    """Neither the API's libraries, nor those of the command line, of pictures and of expressions in a policy."""
    unused = {"fastapi", "typer", "yaml", "jmespath", "PIL", "icalendar", "alembic", "openpyxl", "bot.rules.imports"}
    code = f"import sys, bot.app, bot.cli.run; print(bool({unused} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
