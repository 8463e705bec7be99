"""Who is what to a document: asked here alone, for buttons, lists and refusals alike."""

from collections.abc import Collection
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.document.flow import FLOW, DocumentAct, DocumentState, DocumentStep, Role, phrase
from bot.rules.document.refusals import DocumentFixed, NothingInForce, NotYourDocument
from bot.rules.record.action_phrases import RecordAct
from bot.rules.record.facts import OPERATOR, SYSTEM
from bot.rules.record.flow import Row, label
from bot.rules.record.refs import Ref
from bot.rules.record.refusals import Refusal
from bot.usecases import people
from bot.usecases.policy import in_force
from bot.usecases.records import visibility, workers
from storage.tables import ControlledDocument
from storage.workspace import people as directory

_ANYWAY = frozenset({RecordAct.NOTE, RecordAct.LINK, RecordAct.UNLINK, RecordAct.ACT})
_WORK = frozenset({DocumentAct.ASSIGN, DocumentAct.CLAUSE, DocumentAct.READERS})
_WORKERS = (Role.OWNER, Role.MANAGER)
OF_ANYBODY: frozenset[StrEnum] = frozenset({DocumentAct.UNDERSTAND, DocumentAct.VOTE, DocumentAct.UNVOTE})
"""What is done by others than those who work on it."""
may_work = workers.of(ControlledDocument.owner)
_NEXT = {
    DocumentState.IN_REVIEW: "Take it back first.",
    DocumentState.APPROVED: "It comes into force by itself; revise it then.",
    DocumentState.IN_FORCE: "Revise it: that makes a new version.",
    DocumentState.WITHDRAWN: "Begin another document.",
}


async def find(tx: AsyncSession, ref: Ref) -> ControlledDocument:
    """No access check: for drawing and for Deskbell's own work. Raises NoSuchRecord."""
    return await visibility.find(tx, ControlledDocument, ref)


async def shown_to(tx: AsyncSession, ref: Ref, _by: str) -> ControlledDocument:
    """Documents are for everybody in the workspace. Raises NoSuchRecord."""
    return await find(tx, ref)


async def roles(tx: AsyncSession, document: ControlledDocument, by: str) -> set[Role]:
    """Everything that somebody is to a document. Raises GuestsMayNot."""
    if by == SYSTEM:
        return {Role.DESKBELL}
    if by == OPERATOR:
        return {Role.MANAGER}
    await people.member(tx, by)
    groups = await directory.groups_of(tx, by)
    found = {Role.MANAGER} if (await in_force(tx)).policy.documents.manager in groups else set[Role]()
    if by == document.owner or document.owner_group in groups:
        found.add(Role.OWNER)
    return found


async def require_begins(tx: AsyncSession, by: str) -> None:
    """Those who work in one of the policy's groups begin documents. Raises NotYourDocument, GuestsMayNot."""
    if by == OPERATOR:
        return
    await people.member(tx, by)
    if not await people.in_a_group(tx, by):
        raise NotYourDocument(who="members of the policy's groups", act="begin a document")


async def works_on(tx: AsyncSession, document: ControlledDocument, by: str) -> bool:
    return bool(await roles(tx, document, by))


async def refusal(tx: AsyncSession, document: ControlledDocument, act: str) -> Refusal:
    return NotYourDocument(who=await who(tx, document), act=act)


async def who(tx: AsyncSession, document: ControlledDocument) -> str:
    """Who works on it, as a sentence has them."""
    policy = (await in_force(tx)).policy
    group = policy.groups.get(document.owner_group)
    titles = [group.title if group else document.owner_group, policy.group(policy.documents.manager).title]
    return f"the owner and members of {' and '.join(dict.fromkeys(titles))}"


async def way(
    tx: AsyncSession, document: ControlledDocument, step: DocumentStep, by: str
) -> Row[DocumentStep, DocumentState, Role]:
    """The way that the step takes now. Raises NotYourDocument, AlreadyDone, NotAStep."""
    held = await roles(tx, document, by)
    if held.isdisjoint(FLOW.roles(step)):
        raise await refusal(tx, document, phrase(step).format(ref=document.ref))
    done_by = await people.name(tx, document.moved_by)
    return FLOW.check(document.ref, step, DocumentState(document.state), held, done_by=done_by)


async def may(tx: AsyncSession, what: StrEnum | None, ref: Ref, by: str) -> ControlledDocument:
    """The document, if this person could do that with it now; raises what doing it would. Votes answer elsewhere."""
    document = await shown_to(tx, ref, by)
    if isinstance(what, DocumentStep):
        await way(tx, document, what, by)
    elif what is DocumentAct.UNDERSTAND:
        await people.member(tx, by)
        require_in_force(document, "read")
    elif what in (DocumentAct.WRITE, DocumentAct.CONFIRM, *_WORK):
        await _require_worker(tx, document, DocumentAct(what), by)
        _require_state(document, DocumentAct(what))
    elif isinstance(what, RecordAct):
        await visibility.require_worker(tx, document, by, what)
    return document


async def can(tx: AsyncSession, document: ControlledDocument, by: str) -> Collection[StrEnum]:
    """All that this person could do with it now, but for votes."""
    held, state = await roles(tx, document, by), DocumentState(document.state)
    found: set[StrEnum] = {*FLOW.legal(state, held)}
    if is_in_force(document):
        found.add(DocumentAct.UNDERSTAND)
    if held:
        found |= {*_ANYWAY}
        acts = (DocumentAct.WRITE, DocumentAct.CONFIRM, *_WORK)
        found |= {one for one in acts if _state_allows(document, one)}
    if not document.version:
        found.discard(DocumentStep.DISCARD)
    return found


def is_in_force(document: ControlledDocument) -> bool:
    """Whether a version of it holds now, whatever becomes of its draft."""
    return document.since is not None and document.state != DocumentState.WITHDRAWN


def require_in_force(document: ControlledDocument, done: str) -> None:
    """Raises NothingInForce."""
    if not is_in_force(document):
        now = ": it was withdrawn" if document.state == DocumentState.WITHDRAWN else " yet"
        raise NothingInForce(ref=document.ref, now=now, done=done)


async def _require_worker(tx: AsyncSession, document: ControlledDocument, act: DocumentAct, by: str) -> None:
    if not await works_on(tx, document, by):
        raise await refusal(tx, document, act.format(ref=document.ref))


def _state_allows(document: ControlledDocument, act: DocumentAct) -> bool:
    if act is DocumentAct.WRITE:
        return document.state == DocumentState.DRAFT
    if act is DocumentAct.CONFIRM:
        return is_in_force(document)
    return document.state != DocumentState.WITHDRAWN


def _require_state(document: ControlledDocument, act: DocumentAct) -> None:
    if act is DocumentAct.CONFIRM:
        require_in_force(document, "confirmed")
    elif not _state_allows(document, act):
        state = DocumentState(document.state)
        raise DocumentFixed(ref=document.ref, state=label(state), next=_NEXT[state])


__all__ = ["can", "find", "is_in_force", "may", "require_in_force", "roles", "shown_to", "way", "works_on"]
