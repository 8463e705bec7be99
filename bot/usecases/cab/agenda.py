"""All that a meeting of the board shows, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.cab.meeting import ItemOutcome, VoteRecord, restored
from bot.rules.cab.refusals import NotOnTheAgenda
from bot.rules.change.flow import ChangeState
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Ref
from bot.usecases.change.access import ref_of
from bot.usecases.change.details import sheet
from bot.usecases.policy import in_force
from bot.usecases.records.declared import Kind
from bot.usecases.records.visibility import find
from storage.cab import meetings
from storage.change import changes
from storage.journal import journal
from storage.tables import CabItem, CabMeeting, Change


@dataclass(frozen=True)
class Minute:
    """What was said about a change, and what is to be done by whom."""

    change: int
    by: str
    at: datetime
    note: str
    action: str
    owner: str


@dataclass(frozen=True)
class AgendaItem:
    """A change on the agenda."""

    item: CabItem
    change: Change
    notes: Sequence[Minute]

    @property
    def settled(self) -> ItemOutcome | None:
        """How it stood in the end; None while the meeting is open."""
        return restored(self.item.settled) if self.item.settled else None


@dataclass(frozen=True)
class Agenda:
    meeting: CabMeeting
    points: Sequence[AgendaItem]
    present: Sequence[str]
    """Who said that they are there."""
    voters: Sequence[str]
    """Who voted on one of its changes while it was open, wherever they did."""
    policy: Policy

    @property
    def ref(self) -> Ref:
        return self.meeting.ref


async def agenda(tx: AsyncSession, ref: Ref) -> Agenda:
    """Raises NoSuchRecord."""
    meeting = await find(tx, CabMeeting, ref)
    notes = _notes(await journal.timeline(tx, str(ref)))
    items = await meetings.items(tx, ref.number)
    known = await changes.numbered(tx, [one.change for one in items])
    points = [
        AgendaItem(one, known[one.change], [note for note in notes if note.change == one.change]) for one in items
    ]
    return Agenda(
        meeting=meeting,
        points=points,
        present=await meetings.present(tx, ref.number),
        voters=await _voters(tx, meeting, [one.change for one in points]),
        policy=(await in_force(tx)).policy,
    )


async def point(tx: AsyncSession, ref: Ref, change: Ref) -> AgendaItem:
    """One change on an agenda. Raises NotOnTheAgenda, NoSuchRecord."""
    item = await meetings.item(tx, ref.number, change.number)
    if item is None:
        raise NotOnTheAgenda(ref=change, meeting=ref)
    notes = [one for one in _notes(await journal.timeline(tx, str(ref))) if one.change == change.number]
    return AgendaItem(item, await find(tx, Change, change), notes)


async def settled(tx: AsyncSession, ref: Ref) -> ItemOutcome:
    """A change as it stands now, for the minutes."""
    shown = await sheet(tx, ref)
    change, poll, told = shown.change, shown.poll, shown.assessment
    standing = poll.standing if poll.stages else None
    return ItemOutcome(
        title=change.title,
        type=change.type,
        service=shown.policy.service_name(change.service),
        revision=change.revision,
        state=ChangeState(change.state),
        risk=told.risk,
        reasons=told.reasons,
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        requester=change.requester,
        implementer=change.implementer,
        decision=poll.case.decision if poll.case else None,
        result=change.result,
        approved=standing.approved if standing else 0,
        needs=standing.needs if standing else 0,
        voices=tuple(
            VoteRecord(one.voted_by or one.approver, one.approver, Vote(one.vote), one.voted_at, one.comment or "")
            for one in poll.seats
            if one.vote and one.voted_at
        ),
        collisions=tuple(f"{one.kind} {one.ref}".strip() for one in shown.collisions),
        waits=poll.case is not None and poll.case.is_due,
    )


def _notes(facts: Sequence[Fact]) -> list[Minute]:
    """What was noted, without the words that were erased."""
    return [
        Minute(
            int(str(fact.data["change"])),
            fact.by,
            fact.at,
            fact.words.get("note", ""),
            fact.words.get("action", ""),
            str(fact.data["owner"] or ""),
        )
        for fact in facts
        if fact.kind is FactKind.CAB_NOTED
    ]


async def _voters(tx: AsyncSession, meeting: CabMeeting, about: Sequence[Change]) -> list[str]:
    """From the journal: votes that fell with a revision were given by somebody all the same."""
    if meeting.closed_at is None:
        return []
    found: dict[str, None] = {}
    for one in about:
        for fact in await journal.timeline(tx, str(ref_of(one))):
            if fact.kind is FactKind.APPROVAL_VOTED and meeting.opened_at <= fact.at <= meeting.closed_at:
                found[fact.by] = None
    return list(found)


async def _shown_to(tx: AsyncSession, ref: Ref, _by: str) -> CabMeeting:
    return await find(tx, CabMeeting, ref)


KIND = Kind(CabMeeting, _shown_to, "a meeting of the board")
