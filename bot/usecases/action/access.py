"""Who sees an action, and what they are to it: asked here alone, for buttons, lists, digests and refusals alike."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.action.flow import FLOW, PROMISED, ActionAct, ActionState, ActionStep, Role, has_owners, phrase
from bot.rules.action.refusals import ActionEnded, NotYourAction, OwnAction
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import SYSTEM
from bot.rules.record.flow import Row, label
from bot.rules.record.refs import Ref, of_subject
from bot.rules.record.refusals import NoSuchRecord, Refusal
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility
from storage.action import actions
from storage.tables import ActionItem
from storage.workspace import people as directory

_CHECKS = (ActionStep.VERIFY, ActionStep.SEND_BACK)


async def shown_to(tx: AsyncSession, ref: Ref, by: str) -> ActionItem:
    """Raises NoSuchRecord, also for one that is not for this person's eyes."""
    action = await visibility.find(tx, ActionItem, ref)
    if not await is_for(tx, action, by):
        raise NoSuchRecord(ref=ref, command=ref.command)
    return action


async def is_for(tx: AsyncSession, action: ActionItem, by: str) -> bool:
    """One of a private record is for its owner, and for those whom that record's own rule shows it to."""
    return not action.private or by in (SYSTEM, action.owner) or await _sees(tx, action.parent, by)


async def parents_seen(tx: AsyncSession, by: str) -> list[str]:
    """The private records with actions that this person may see."""
    parents = await actions.private_parents(tx)
    # At once for each noun: whoever looks at one of them below has read it then.
    await visibility.private_ones(tx, {of_subject(one) for one in parents})
    return [one for one in parents if await _sees(tx, one, by)]


async def those_for(tx: AsyncSession, found: Iterable[ActionItem], by: str) -> list[ActionItem]:
    return [one for one in found if await is_for(tx, one, by)]


async def roles(tx: AsyncSession, action: ActionItem, by: str) -> set[Role]:
    """Everything that somebody is to an action. Raises GuestsMayNot."""
    await people.member(tx, by)
    groups = await directory.groups_of(tx, by)
    found = set[Role]()
    if by == action.owner or (action.owner is None and action.owner_group in groups):
        found.add(Role.OWNER)
    if (await in_force(tx)).policy.actions.manager in groups:
        found.add(Role.MANAGER)
    concerned = by == action.raised_by or action.owner_group in groups or Role.MANAGER in found
    if by not in (action.owner, action.done_by) and (concerned or await _works_on_parent(tx, action, by)):
        found.add(Role.CHECKER)
    return found


async def works_on(tx: AsyncSession, action: ActionItem, by: str) -> bool:
    return by == SYSTEM or bool(await roles(tx, action, by))


async def refusal(tx: AsyncSession, action: ActionItem, act: str) -> Refusal:
    who = f"the owner, members of {await _group(tx, action)} and those who work on {_source(action)}"
    return NotYourAction(who=who, act=act)


async def way(tx: AsyncSession, action: ActionItem, step: ActionStep, by: str) -> Row[ActionStep, ActionState, Role]:
    """The way that the step takes now. Raises NotYourAction, OwnAction, AlreadyDone, NotAStep."""
    held = await roles(tx, action, by)
    if step in _CHECKS and action.state == ActionState.DONE and by in (action.owner, action.done_by):
        others = await who_else(tx, action, has_owners(step))
        raise OwnAction(act=phrase(step).format(ref=action.ref), others=others[:1].upper() + others[1:])
    await _require(tx, action, step, held)
    return FLOW.check(action.ref, step, ActionState(action.state), held, done_by=await people.name(tx, action.moved_by))


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> ActionItem:
    """The action, if this person could do that with it now; raises what doing it would."""
    action = await shown_to(tx, ref, by)
    if isinstance(what, ActionStep):
        await way(tx, action, what, by)
    elif isinstance(what, ActionAct):
        await require_promised(tx, action, what, by)
    elif what is not None:
        await visibility.require_worker(tx, action, by, what)
    return action


async def require_promised(tx: AsyncSession, action: ActionItem, act: ActionAct, by: str) -> None:
    """Raises NotYourAction, ActionEnded."""
    await _require(tx, action, act, await roles(tx, action, by))
    if action.state not in PROMISED:
        raise ActionEnded(ref=action.ref, state=label(ActionState(action.state)))


async def can(tx: AsyncSession, action: ActionItem, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now."""
    held, state = await roles(tx, action, by), ActionState(action.state)
    found: set[StrEnum] = set(FLOW.legal(state, held))
    if state in PROMISED and not held.isdisjoint(has_owners(ActionAct.EXTEND)):
        found |= set(ActionAct)
    return found | ({RecordAct.NOTE, RecordAct.LINK} if held else set())


async def who_else(tx: AsyncSession, action: ActionItem, wanted: Collection[Role]) -> str:
    """The people of these roles as a sentence has them: “members of Service desk”."""
    policy = (await in_force(tx)).policy
    named = []
    if Role.OWNER in wanted:
        named.append("who owns it" if action.owner else f"members of {await _group(tx, action)}")
    if Role.CHECKER in wanted:
        named.append(f"members of {await _group(tx, action)} and those who work on {_source(action)}")
    if not named or Role.MANAGER in wanted:
        named.append(f"members of {policy.group(policy.actions.manager).title}")
    return " and ".join(dict.fromkeys(named))


async def _require(tx: AsyncSession, action: ActionItem, what: ActionStep | ActionAct, held: Collection[Role]) -> None:
    wanted = has_owners(what)
    if set(held).isdisjoint(wanted):
        raise NotYourAction(who=await who_else(tx, action, wanted), act=phrase(what).format(ref=action.ref))


def _source(action: ActionItem) -> str:
    """What it comes from; the number of what is private is not for everybody who may see the action."""
    return "what it comes from" if action.private else action.parent or "it"


async def _group(tx: AsyncSession, action: ActionItem) -> str:
    """Its title; of a group that the policy no longer has, its key."""
    found = (await in_force(tx)).policy.groups.get(action.owner_group)
    return found.title if found else action.owner_group


async def _sees(tx: AsyncSession, parent: str | None, by: str) -> bool:
    return parent is not None and await visibility.sees(tx, of_subject(parent), by)


async def _works_on_parent(tx: AsyncSession, action: ActionItem, by: str) -> bool:
    if action.parent is None:
        return False
    try:
        parent = await visibility.shown_to(tx, of_subject(action.parent), by)
    except Refusal:  # of some nouns who may not look is told that they may not: of the action it says nothing
        return False
    return await visibility.works_on(tx, parent, by)
