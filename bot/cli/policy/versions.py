"""The versions of the policy that the database keeps, for `deskbell policy`."""

from datetime import UTC, datetime

from bot import policy_files
from bot.cli.database import opened, ready
from bot.rules.policy.policy import Policy, parse
from bot.rules.record.facts import SYSTEM
from bot.settings import LocalSettings
from bot.usecases import policy as desk_policy
from storage import policy_versions
from storage.db import schema
from storage.db.urls import is_there


async def in_force(settings: LocalSettings) -> tuple[str, str]:
    """What to say of the policy in force, or of the one that will be, and its text."""
    url = settings.database_url.get_secret_value()
    if is_there(url) and schema.current(url):
        async with opened(url) as database, database.read() as tx:
            version = await policy_versions.in_force(tx)
            if version is not None:
                said = f"Version {version.id}, in force since {version.since:%Y-%m-%d %H:%M} UTC"
                return said, await policy_versions.text(tx, version.id)
    policy = policy_files.load(settings.policy) if settings.policy else parse("")
    return f"No policy is in force yet; the first start adopts {settings.policy or 'the default'}", policy.text


async def adopt(policy: Policy, settings: LocalSettings) -> str:
    """Puts it in force and says so. Raises SchemaUnfit."""
    url = settings.database_url.get_secret_value()
    ready(url)
    now = datetime.now(UTC)
    async with opened(url) as database, database.begin() as tx:
        before = await policy_versions.in_force(tx)
        adopted = await desk_policy.adopt(tx, policy, by=SYSTEM, now=now)
    if before is not None and before.id == adopted.version:
        return f"Version {adopted.version} says the same and stays in force."
    return f"Version {adopted.version} is in force from now on. A running Deskbell decides by it at once."
