"""Meetings of the change advisory board: opened, added to, noted on, closed. Each function is one transaction's work.

A meeting decides nothing: votes count wherever they are given, by the rules of approval, and the agenda shows them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.cab import notices
from bot.rules.cab.meeting import FLOW, ItemOutcome, MeetingState, MeetingStep, Why, kept
from bot.rules.cab.refusals import (
    MeetingOpen,
    MeetingOver,
    NoMeeting,
    NotForTheBoard,
    NothingForTheBoard,
    NotOnTheAgenda,
    OnTheAgenda,
)
from bot.rules.change.flow import ChangeState, Role
from bot.rules.policy.policy import GroupKey
from bot.rules.record import text as record_text
from bot.rules.record.facts import Datum, Fact, FactKind
from bot.rules.record.flow import Row
from bot.rules.record.notices import NoticeKind
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import FormRefused, NotAllowed
from bot.usecases import people
from bot.usecases.cab import agenda
from bot.usecases.change import approval
from bot.usecases.policy import InForce, in_force
from bot.usecases.records import steps
from bot.usecases.records.record import Deed, record
from bot.usecases.records.visibility import find
from storage import counters, record_numbers, records
from storage.cab import meetings
from storage.change import changes
from storage.delivery import outbox
from storage.journal import journal
from storage.tables import CabMeeting, Change
from storage.workspace import people as directory

LOOK_BACK = timedelta(days=90)
"""What went wrong longer ago is not brought up any more."""


@dataclass(frozen=True)
class Note:
    """What its form has."""

    comment: str
    action: str = ""
    person: str = ""
    """Who does it; nobody in particular where it is empty."""


async def convene(tx: AsyncSession, *, by: str, now: datetime) -> CabMeeting:
    """The meeting that is open, or a new one; either way with all on its agenda that waits for the board by now.

    Raises NotAllowed, NothingForTheBoard.
    """
    desk = await in_force(tx)
    await people.require(tx, desk, by, GroupKey.CHANGE_MANAGERS, "open a meeting of the board")
    # One opener at a time: who comes second finds the meeting of who came first.
    await counters.hold(tx, Noun.MEETING)
    meeting = await meetings.open_one(tx)
    gathered = await _gather(tx, desk, meeting, by, now)
    if not await meetings.items(tx, meeting.number if meeting else None):
        raise NothingForTheBoard()
    # Its number is taken last: on PostgreSQL one that is refused after all would be used up.
    meeting = meeting or await _opened(tx, desk, by, now)
    for change, why in gathered:
        data: dict[str, Datum] = {"meeting": str(meeting.ref), "why": why}
        await _record(tx, FactKind.CAB_ITEM_ADDED, str(change.ref), by, now, data)
    await _post(tx, meeting, now)
    return meeting


async def meet(tx: AsyncSession, *, by: str, now: datetime) -> CabMeeting:
    """For change managers as `convene`; anybody else finds the one that is open. Raises NoMeeting."""
    await people.member(tx, by)
    if await directory.is_in(tx, by, GroupKey.CHANGE_MANAGERS):
        return await convene(tx, by=by, now=now)
    meeting = await meetings.open_one(tx)
    if meeting is None:
        raise NoMeeting()
    return meeting


async def add(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> CabMeeting | None:
    """On the open meeting's agenda, or on the next one's. Raises NotAllowed, NotForTheBoard, OnTheAgenda."""
    desk = await in_force(tx)
    await people.require(tx, desk, by, GroupKey.CHANGE_MANAGERS, "put changes on the board's agenda")
    change = await find(tx, Change, ref)
    if change.state in {ChangeState.DRAFT, ChangeState.CANCELLED}:
        raise NotForTheBoard(ref=ref, state=ChangeState(change.state).label)
    await counters.hold(tx, Noun.MEETING)
    meeting = await meetings.open_one(tx)
    if not await meetings.put_on(tx, meeting.number if meeting else None, ref.number, Why.ADDED, by, now):
        raise OnTheAgenda(ref=ref, meeting=meeting.ref if meeting else "the next meeting")
    subject = str(meeting.ref) if meeting else "the next meeting"
    await _record(tx, FactKind.CAB_ITEM_ADDED, str(ref), by, now, {"meeting": subject, "why": Why.ADDED})
    if meeting:
        await _post(tx, meeting, now)
    return meeting


async def attend(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """“I'm here”: the board, the change managers, and those whose changes are on the agenda. Raises NotAllowed."""
    meeting = await _in_session(tx, ref)
    known = await changes.numbered(tx, [one.change for one in await meetings.items(tx, meeting.number)])
    presenting = {who for change in known.values() for who in (change.requester, change.implementer)}
    await _seated(tx, by, "sit in its meetings", presenting)
    if await meetings.attend(tx, meeting.number, by, now):
        await record(tx, meeting, FactKind.CAB_ATTENDED, Deed(by, now))


async def may_note(tx: AsyncSession, ref: Ref, change: Ref, *, by: str) -> None:
    """Raises what noting would."""
    await _seated(tx, by, "write its minutes", ())
    meeting = await find(tx, CabMeeting, ref)
    await _in_order(tx, meeting)
    if await meetings.item(tx, meeting.number, change.number) is None:
        raise NotOnTheAgenda(ref=change, meeting=ref)


async def note(tx: AsyncSession, ref: Ref, change: Ref, said: Note, *, by: str, now: datetime) -> None:
    """A line of the minutes. Raises FormRefused, NotAllowed, MeetingOver, NotOnTheAgenda."""
    await may_note(tx, ref, change, by=by)
    await _in_session(tx, ref)
    text, action = record_text.clean(said.comment), record_text.clean(said.action)
    faults = record_text.faults({"comment": ("The note", text, record_text.WORDS_MOST)})
    if len(action) > record_text.WORDS_MOST or (said.person and not action):
        faults |= record_text.faults({"action": ("The action", action, record_text.WORDS_MOST)})
    if faults:
        raise FormRefused(faults)
    data: dict[str, Datum] = {"change": change.number, "owner": said.person or None}
    typed = {"note": text, "action": action} if action else {"note": text}
    await _record(tx, FactKind.CAB_NOTED, str(ref), by, now, data, typed)
    await outbox.redraw(tx, str(change), now, {NoticeKind.CAB_ITEM})


async def close(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> None:
    """Keeps how each change stood, and posts the minutes. Raises NotAllowed, MeetingOver, NoSuchRecord."""
    desk = await in_force(tx)
    await people.require(tx, desk, by, GroupKey.CHANGE_MANAGERS, "close a meeting of the board")
    meeting = await find(tx, CabMeeting, ref)
    await steps.step(tx, meeting, partial(_in_order, tx), closed_at=now, closed_by=by, exports=1)
    for item in sorted(await meetings.items(tx, ref.number), key=lambda one: one.change):
        # Held one after the other, as votes hold them: each stands in the minutes as it stood at one instant.
        await changes.held(tx, item.change)
        change = Ref(Noun.CHANGE, item.change)
        settled = await agenda.settled(tx, change)
        await meetings.settle(tx, item.id or 0, kept(settled))
        await _record(tx, FactKind.CAB_SETTLED, str(change), by, now, _told(ref, settled))
        await outbox.redraw(tx, str(change), now, {NoticeKind.CAB_ITEM})
    await record(
        tx, meeting, FLOW.facts[MeetingStep.CLOSE], Deed(by, now), {"present": await meetings.present(tx, ref.number)}
    )
    await outbox.put_all(tx, notices.closed(str(ref), meeting.channel_name), now)


async def export(tx: AsyncSession, ref: Ref, *, by: str, now: datetime) -> CabMeeting:
    """The minutes as a file once more, in the meeting's thread. Raises NotAllowed, MeetingOpen, NoSuchRecord."""
    await _seated(tx, by, "export its minutes", ())
    meeting = await find(tx, CabMeeting, ref)
    if meeting.state == MeetingState.OPEN:
        raise MeetingOpen(ref=ref)
    number = await meetings.count_export(tx, ref.number)
    await _record(tx, FactKind.CAB_EXPORTED, str(ref), by, now, {"number": number})
    await outbox.put(tx, notices.exported(str(ref), meeting.channel_name, number), now)
    return meeting


async def _opened(tx: AsyncSession, desk: InForce, by: str, now: datetime) -> CabMeeting:
    meeting = CabMeeting(
        number=await record_numbers.next_number(tx, Noun.MEETING),
        state=MeetingState.OPEN,
        chair=by,
        channel_name=desk.policy.channel(desk.policy.cab.channel),
        opened_at=now,
        policy_version=desk.version,
    )
    await records.add(tx, meeting)
    await meetings.take_over(tx, meeting.number)
    await record(tx, meeting, FactKind.CAB_OPENED, Deed(by, now))
    return meeting


async def _gather(
    tx: AsyncSession, desk: InForce, meeting: CabMeeting | None, by: str, now: datetime
) -> list[tuple[Change, Why]]:
    """What came on the agenda by this; with None on that of the next meeting."""
    found = [(Why.WAITING, one) for one in await approval.waiting_for_groups(tx, desk.policy.cab.groups)]
    found += [(Why.LOOK_BACK, one) for one in await meetings.gone_wrong(tx, now - LOOK_BACK)]
    number = meeting.number if meeting else None
    return [(change, why) for why, change in found if await meetings.put_on(tx, number, change.number, why, by, now)]


async def _post(tx: AsyncSession, meeting: CabMeeting, now: datetime) -> None:
    """The agenda, and each change in its thread; what stands there already is not said again."""
    ref = str(meeting.ref)
    await outbox.put(tx, notices.opened(ref, meeting.channel_name), now)
    for item in await meetings.items(tx, meeting.number):
        await outbox.put(tx, notices.item(ref, str(Ref(Noun.CHANGE, item.change)), meeting.channel_name), now)
    await outbox.redraw(tx, ref, now)


async def _in_session(tx: AsyncSession, ref: Ref) -> CabMeeting:
    """The meeting, held open until this transaction ends. Raises MeetingOver, NoSuchRecord."""
    meeting = await find(tx, CabMeeting, ref)
    await records.hold(tx, CabMeeting, ref.number)
    await tx.refresh(meeting)
    await _in_order(tx, meeting)
    return meeting


async def _in_order(tx: AsyncSession, meeting: CabMeeting) -> Row[MeetingStep, MeetingState, Role]:
    """The way to its end. Raises MeetingOver where it has been closed."""
    (way,) = FLOW.ways(MeetingStep.CLOSE)
    if meeting.state not in way.from_states:
        raise MeetingOver(ref=meeting.ref, by=await people.name(tx, meeting.closed_by))
    return way


async def _seated(tx: AsyncSession, by: str, act: str, also: Collection[str]) -> None:
    """The board and the change managers. Raises NotAllowed, GuestsMayNot."""
    await people.member(tx, by)
    desk = await in_force(tx)
    board = [members for key in desk.policy.cab.groups for members in await directory.members(tx, key)]
    managers = await directory.members(tx, GroupKey.CHANGE_MANAGERS)
    if by not in {*board, *managers, *also}:
        raise NotAllowed(group=desk.policy.groups[desk.policy.cab.groups[0]].title, act=act)


def _told(ref: Ref, one: ItemOutcome) -> dict[str, Datum]:
    return {
        "meeting": str(ref),
        "revision": one.revision,
        "state": one.state,
        "decision": one.decision,
        "approved": one.approved,
        "needs": one.needs,
    }


async def _record(
    tx: AsyncSession,
    kind: FactKind,
    subject: str,
    by: str,
    now: datetime,
    data: Mapping[str, Datum],
    typed: Mapping[str, str] | None = None,
) -> None:
    await journal.record(tx, Fact(kind, subject, by, now, (await in_force(tx)).version, data, typed or {}))
