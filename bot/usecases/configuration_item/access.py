"""Who is what to an item: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.configuration_item.flow import FLOW, CiAct, CiState, CiStep, Role, phrase
from bot.rules.configuration_item.items import schema_of
from bot.rules.configuration_item.policy import SERVICE
from bot.rules.configuration_item.refusals import NotYourItem, OfThePolicy
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import OPERATOR, SYSTEM
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility, workers
from bot.usecases.records.declared import kind_of
from storage.configuration_item.visibility import ALL_SEEING, EVERYBODY, Viewer
from storage.tables import ConfigurationItem, Record
from storage.workspace import people as directory

may_work = workers.of()


async def viewer_of(tx: AsyncSession, by: str) -> Viewer:
    if by in (SYSTEM, OPERATOR):
        return ALL_SEEING
    policy, groups = (await in_force(tx)).policy, await directory.groups_of(tx, by)
    entitled = {policy.configuration.manager, policy.incidents.private.group, *policy.configuration.audience}
    return Viewer(groups, not entitled.isdisjoint(groups))


async def viewer_for(tx: AsyncSession, about: Record, reader: str | None) -> Viewer:
    """Of who reads a record that names items: a public one is read by everybody, whoever asked for it now. Without a
    reader a private one is read by the group that sees what is private."""
    if not kind_of(about.noun).private(about):
        return EVERYBODY
    return ALL_SEEING if reader is None else await viewer_of(tx, reader)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> ConfigurationItem:
    """Every member may look items up. Raises NoSuchRecord, also for a private one that is not for their eyes."""
    item = await visibility.find(tx, ConfigurationItem, ref)
    if item.private and not (await viewer_of(tx, by)).see(item):
        raise NoSuchRecord(ref=ref, command=ref.command)
    return item


async def roles(tx: AsyncSession, item: ConfigurationItem, by: str) -> set[Role]:
    """Raises GuestsMayNot."""
    await people.member(tx, by)
    groups = await directory.groups_of(tx, by)
    found = {Role.OWNER} if item.owner_group in groups else set[Role]()
    return found | ({Role.MANAGER} if (await in_force(tx)).policy.configuration.manager in groups else set())


async def works_on(tx: AsyncSession, item: ConfigurationItem, by: str) -> bool:
    return by == SYSTEM or bool(await roles(tx, item, by))


async def refusal(tx: AsyncSession, item: ConfigurationItem, act: str) -> Refusal:
    policy = (await in_force(tx)).policy
    groups = dict.fromkeys(filter(None, (item.owner_group, policy.configuration.manager)))
    titles = [policy.groups[key].title for key in groups if key in policy.groups]
    return NotYourItem(who=f"members of {' and '.join(titles)}", act=act)


async def require_manager(tx: AsyncSession, by: str, act: str) -> None:
    """Whoever runs the command line may. Raises NotAllowed."""
    if by == OPERATOR:
        return
    desk = await in_force(tx)
    await people.require(tx, desk, by, desk.policy.configuration.manager, act)


async def require(tx: AsyncSession, item: ConfigurationItem, what: StrEnum, by: str) -> None:
    """Raises NotYourItem; OfThePolicy for what only the policy says; AlreadyDone, NotAStep for a step."""
    await visibility.require_worker(tx, item, by, phrase(what))
    if isinstance(what, CiStep | CiAct) and what is not CiAct.RELATE and await is_policys(tx, item):
        raise OfThePolicy(ref=item.ref)
    if isinstance(what, CiStep):
        done_by = await people.name(tx, item.moved_by)
        FLOW.check(item.ref, what, CiState(item.state), await roles(tx, item, by), done_by=done_by)


async def is_policys(tx: AsyncSession, item: ConfigurationItem) -> bool:
    """Whether it is a service, which the policy says all of."""
    return item.type == SERVICE and not schema_of((await in_force(tx)).policy).makes_services


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> ConfigurationItem:
    """The item, if this person could do that with it now; raises what doing it would."""
    item = await shown_to(tx, ref, by)
    if what is not None:
        await require(tx, item, what, by)
    return item


async def can(tx: AsyncSession, item: ConfigurationItem, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now."""
    held = await roles(tx, item, by)
    if not held:
        return set()
    always: set[StrEnum] = {RecordAct.NOTE, RecordAct.LINK, RecordAct.ACT, CiAct.RELATE}
    if await is_policys(tx, item):
        return always
    return {*always, *CiAct, *FLOW.legal(CiState(item.state), held)}
