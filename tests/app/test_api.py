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


UNUSED = {
    "fastapi", "typer", "rich", "pygments", "yaml", "jmespath", "jinja2", "PIL", "icalendar",
    "recurring_ical_events", "alembic", "psycopg", "openpyxl", "xlsxwriter", "xml.etree", "imaplib", "holidays",
    "rapidfuzz", "cryptography", "websockets", "bot.rules.imports", "bot.usecases.imports", "bot.demo",
    "bot.doctor", "bot.sandbox", "bot.web.api", "bot.web.imap", "storage.db.backup", "storage.db.database_roles",
    "storage.journal.export", "storage.iso.container", "sqlalchemy.dialects.postgresql", "smtplib", "dateutil.rrule",
    "slack_sdk.socket_mode",
}  # fmt: skip
"""What costs memory and only some desks, some commands or some hours need: imported in the function that needs it."""


def test_a_bot_holds_nothing_that_it_does_not_use() -> None:
    code = f"import sys, bot.app, bot.cli.run; print(sorted({UNUSED} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
