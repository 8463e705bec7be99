"""The versions of the policy that the database keeps, for `deskbell policy`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.desk import policy as desk_policy
from bot.doctor.here import is_there
from bot.rules.facts import SYSTEM
from bot.rules.policy import Policy, parse
from bot.settings import LocalSettings
from storage import policies, schema
from storage.database import Database


async def in_force(settings: LocalSettings) -> tuple[str, str]:
    """What to say of the policy in force, or of the one that will be, and its text."""
    url = settings.database_url.get_secret_value()
    if is_there(url) and schema.current(url):
        async with opened(url) as database, database.read() as tx:
            version = await policies.in_force(tx)
        if version is not None:
            return f"Version {version.id}, in force since {version.since:%Y-%m-%d %H:%M} UTC", version.text
    source = settings.policy or "the default"
    return f"No policy is in force yet; the first start adopts {source}", parse(settings.policy_text() or "").text


async def adopt(policy: Policy, settings: LocalSettings) -> str:
    """Puts it in force and says so. Raises SchemaUnfit."""
    url = settings.database_url.get_secret_value()
    if url.startswith("sqlite"):
        schema.migrate(url)  # as a start would
    else:
        schema.require_current(url)
    now = datetime.now(UTC)
    async with opened(url) as database, database.begin() as tx:
        before = await policies.in_force(tx)
        adopted = await desk_policy.adopt(tx, policy, by=SYSTEM, now=now)
    if before is not None and before.id == adopted.version:
        return f"Version {adopted.version} says the same and stays in force."
    return f"Version {adopted.version} is in force from now on. A running Deskbell decides by it at once."


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()
