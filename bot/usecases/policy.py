"""The policy in force, read inside the transaction that it decides."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy.policy import Policy, default_text, parse, restore
from bot.rules.policy_proposal.policy import Master
from bot.rules.record.facts import SYSTEM, Datum, Fact, FactKind
from storage import policy_versions, timers
from storage.db.snapshot import known_steady, only_looks, settled
from storage.journal import journal

FOLLOW = "policy"
"""Subject and kind of the timer that has running clocks follow a version that was adopted."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoPolicyYet(LookupError):
    def __init__(self) -> None:
        super().__init__("No policy is in force yet. Put one there with `deskbell policy apply FILE`.")


@dataclass(frozen=True)
class InForce:
    version: int
    policy: Policy
    since: datetime


@cache
def shipped() -> Policy:
    """The policy of a desk that says nothing of its own."""
    return parse(default_text())


_restored: dict[str, Policy] = {}
"""By digest, what versions say: to read its text again took longer than any other statement of a request."""
MOST_RESTORED = 16


async def _restore(tx: AsyncSession, version: policy_versions.Version) -> Policy:
    found = _restored.get(version.hash)
    if found is None:
        if len(_restored) >= MOST_RESTORED:
            _restored.clear()
        found = _restored[version.hash] = restore(await policy_versions.text(tx, version.id))
    return found


async def in_force(tx: AsyncSession) -> InForce:
    """The newest version, the same for a whole transaction.

    Before one was adopted, who only looks is answered by the one that would be. Raises NoPolicyYet where facts are to
    name a version.
    """
    # A dozen rules of one request ask for it.
    if (found := settled(tx, InForce)) is not None:
        told: InForce = found
        return told
    version = await policy_versions.in_force(tx)
    if version is not None:
        told = InForce(version.id, await _restore(tx, version), version.since)
        known_steady(tx, {InForce: told})
        return told
    if only_looks(tx):
        return InForce(0, shipped(), EPOCH)
    raise NoPolicyYet


async def at_version(tx: AsyncSession, version: int) -> Policy:
    """The policy as it was at a version, which a record of that time names. Raises LookupError."""
    kept = await policy_versions.get(tx, version)
    if kept is None:
        raise LookupError(f"there was no policy version {version}")
    return await _restore(tx, kept)


async def adopt(tx: AsyncSession, policy: Policy, *, by: str, now: datetime) -> InForce:
    """Puts the policy in force and on record; one that says the same as before stays the version it was."""
    before = await policy_versions.in_force(tx)
    version = await policy_versions.adopt(tx, policy.text, now)
    if before is None or before.id != version.id:
        data: dict[str, Datum] = {"version": version.id, "hash": version.hash}
        await journal.record(tx, Fact(FactKind.POLICY_ADOPTED, "policy", by, now, version.id, data))
        if before is not None:
            await timers.schedule(tx, FOLLOW, FOLLOW, str(version.id), now)
    return InForce(version.id, policy, version.since)


async def begin(tx: AsyncSession, given: Policy | None, *, by: str, now: datetime) -> InForce:
    """What a start puts in force, and so does the first write of a command: the policy that the settings name. Without
    one, what is in force stays; where nothing is, it is the one that is shipped. Where Slack is the master, the file
    counts again once it says something else."""
    before = await policy_versions.master(tx)
    digest = given.digest if given is not None else None
    if before != digest:
        await policy_versions.set_master(tx, digest)
    if given is None:
        return await ensure(tx, shipped(), now=now)
    if given.proposals.master is Master.SLACK and before == digest:
        return await ensure(tx, given, now=now)
    return await adopt(tx, given, by=by, now=now)


async def is_kept_in_a_file(tx: AsyncSession) -> bool:
    """Whether what is approved in Slack has to be committed somewhere, since each start puts that in force."""
    desk = await in_force(tx)
    return desk.policy.proposals.master is Master.FILE and await policy_versions.master(tx) is not None


async def ensure(tx: AsyncSession, policy: Policy, *, now: datetime) -> InForce:
    """The policy in force; the one given, where there is none yet."""
    if await policy_versions.in_force(tx) is None:
        return await adopt(tx, policy, by=SYSTEM, now=now)
    return await in_force(tx)
