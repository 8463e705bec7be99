"""What can be checked without Slack: the variables, the database, the policy."""

import asyncio

from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot import policy_files
from bot.doctor.checks import Check, State
from bot.rules.policy.policy import Policy, PolicyFaults, default_text, parse, restore
from bot.settings import LocalSettings, SettingsFault, secret, strays
from storage import policy_versions
from storage.change import standard_changes as stored
from storage.db import schema
from storage.db.database import Database
from storage.db.urls import UnfitAddress, is_there


def variables() -> Check:
    found = strays()
    if not found:
        return Check("settings", State.OK, "complete")
    mend = [f"{name}: did you mean {meant}?" if meant else f"{name}: take it away" for name, meant in found.items()]
    return Check("settings", State.LOOK, f"nothing reads {', '.join(found)}", "; ".join(mend))


def alerts(policy: Policy | None) -> list[Check]:
    """Whether each source of alerts has its token; nothing where the policy has no source."""
    sources = policy.alerts if policy else {}
    closed = {one.variable: name for name, one in sources.items() if not secret(one.variable)}
    if not sources:
        return []
    if not closed:
        return [Check("alerts", State.OK, f"each of {len(sources)} sources has its token")]
    said = ", ".join(f"{variable} is not set, so the source {name} is closed" for variable, name in closed.items())
    return [Check("alerts", State.LOOK, said, "set it in the environment or in .env")]


async def database(settings: LocalSettings) -> Check:
    try:
        return await asyncio.to_thread(_schema, settings.database_url.get_secret_value())
    except (UnfitAddress, ArgumentError) as fault:
        return Check("database", State.FAILED, str(fault), "see DESKBELL_DATABASE_URL in .env.example")
    except (schema.Unreachable, SQLAlchemyError) as fault:
        told = str(getattr(fault, "orig", None) or fault).splitlines()[0]
        mend = "start the server, or mend DESKBELL_DATABASE_URL (.env.example shows its form)"
        return Check("database", State.FAILED, f"it does not answer: {told}", mend)


def _schema(url: str) -> Check:
    if not is_there(url):
        return Check("database", State.OK, "the SQLite file is not there yet; the first start makes it")
    at, needed = schema.current(url), schema.head()
    if at == needed:
        return Check("database", State.OK, f"it answers, and its schema is current ({needed})")
    mend = schema.check(url).partition(": ")[2]
    if schema.stands(url) is schema.Standing.SERVED:
        found = f"it answers; its schema is at {at}, and this version, made for {needed}, may serve it still"
        return Check("database", State.LOOK, found, "go on to the newer Deskbell that has migrated it when you can")
    # On SQLite a start migrates by itself; but nothing mends a database that a newer version has migrated.
    state = State.LOOK if url.startswith("sqlite") and "deskbell migrate" in mend else State.FAILED
    return Check("database", state, f"its schema is at {at or 'nothing yet'}, and this version needs {needed}", mend)


async def policy(settings: LocalSettings, *, readable: bool) -> tuple[Check, Policy | None]:
    """The policy that the next start has in force. `readable`: whether the database may be asked."""
    try:
        if settings.policy:
            return Check("policy", State.OK, f"{settings.policy} is sound"), policy_files.load(settings.policy)
        stored = await _stored(settings.database_url.get_secret_value()) if readable else None
        return stored or (Check("policy", State.OK, "the default"), parse(default_text()))
    except PolicyFaults as found:
        mend = f"deskbell policy check {settings.policy or 'FILE'}"
        return Check("policy", State.FAILED, f"it cannot be used; first of all: {found.faults[0]}", mend), None
    except SettingsFault as fault:
        return Check("policy", State.FAILED, str(fault), "mend DESKBELL_POLICY"), None


async def standard_changes(settings: LocalSettings, policy: Policy | None, *, readable: bool) -> list[Check]:
    """Whether each standard change that a task of the catalogue names is in use; nothing where none is named."""
    named = {
        task.change: f"{item.key}.{task.id}"
        for item in (policy.requests.values() if policy else ())
        for task in item.tasks
        if task.change
    }
    url = settings.database_url.get_secret_value()
    if not named or not readable or not is_there(url) or schema.current(url) is None:
        return []
    house = Database(url)
    try:
        async with house.read() as tx:
            lost = {name: task for name, task in named.items() if await stored.in_use(tx, name) is None}
    finally:
        await house.close()
    if not lost:
        return [Check("catalogue", State.OK, f"each of {len(named)} standard changes of its tasks is in use")]
    said = "; ".join(
        f"no standard change “{name}” is in use, which the task {task} names" for name, task in lost.items()
    )
    return [
        Check("catalogue", State.LOOK, said, "`/change standard` shows those that are; until then people do the task")
    ]


def journal(settings: LocalSettings) -> Check:
    """Whether anybody could tell a journal that was written anew."""
    if settings.audit_key is None:
        mend = "`deskbell audit key` makes a key; docs/audit.md says what it is good for"
        return Check("journal", State.LOOK, "its checkpoints are not signed: DESKBELL_AUDIT_KEY is not set", mend)
    if settings.audit_file is None:
        mend = "name a file, best on another machine, in DESKBELL_AUDIT_FILE"
        return Check("journal", State.LOOK, "its checkpoints are kept in its own database and in Slack alone", mend)
    return Check("journal", State.OK, f"its checkpoints are signed, and kept in {settings.audit_file}")


async def _stored(url: str) -> tuple[Check, Policy] | None:
    if not is_there(url) or schema.current(url) is None:
        return None
    house = Database(url)
    try:
        async with house.read() as tx:
            version = await policy_versions.in_force(tx)
            text = await policy_versions.text(tx, version.id) if version else ""
    finally:
        await house.close()
    if version is None:
        return None
    return Check("policy", State.OK, f"version {version.id} of the database"), restore(text)
