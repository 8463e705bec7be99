"""A sample meeting of the board, drawn every way."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.approval.voting import Vote
from bot.rules.cab.meeting import ItemOutcome, MeetingState, VoteRecord, Why, kept
from bot.rules.change.flow import ChangeState, Risk
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun, Ref
from bot.usecases.cab.agenda import Agenda, AgendaItem, Minute
from handlers.blocks.samples import AGENT, APPROVER, AT, REQUESTER, Drawn, said
from handlers.cab.views import agenda
from handlers.change.views import samples as change_samples
from storage.tables import CabItem, CabMeeting, Change

MEETING = Ref(Noun.MEETING, 3)


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    opened, closed = _agenda(policy, words, over=False), _agenda(policy, words, over=True)
    waiting = opened.points[0]
    sheet = change_samples.sheet(waiting.change, policy, words)
    return {
        "cab agenda": said(agenda.agenda(opened)),
        "cab agenda, closed": said(agenda.agenda(closed)),
        "cab pointer": said(agenda.pointer(opened)),
        "cab item": said(agenda.item(waiting, sheet, MEETING)),
        "cab item, closed": said(agenda.item(closed.points[0], sheet, MEETING)),
        "cab minutes": said(agenda.minutes(closed)),
        "cab list": said(agenda.past([(closed.meeting, 7)] * 15)),
        "cab list, empty": said(agenda.past([])),
        "cab note form": agenda.note_form(MEETING, waiting.change),
    }


def _agenda(policy: Policy, words: Mapping[str, str], *, over: bool) -> Agenda:
    change = change_samples.sample(ChangeState.AUTHORISE, policy, words)
    points = [_point(change, words, over=over, why=why) for why in Why] * 15
    return Agenda(_meeting(over=over), points, [APPROVER] * 30, [AGENT], policy)


def _meeting(*, over: bool) -> CabMeeting:
    return CabMeeting(
        number=MEETING.number,
        state=MeetingState.CLOSED if over else MeetingState.OPEN,
        chair=APPROVER,
        channel_name="changes",
        opened_at=AT,
        closed_at=AT + timedelta(hours=1) if over else None,
        closed_by=APPROVER if over else None,
        policy_version=1,
    )


def _point(change: Change, words: Mapping[str, str], *, over: bool, why: Why) -> AgendaItem:
    item = CabItem(id=1, meeting=3, change=change.number, why=why, added_by=APPROVER, added_at=AT)
    item.settled = kept(_settled(change, words)) if over else None
    comment = words.get("comment", "Tell the desk an hour before.")
    return AgendaItem(item, change, [Minute(change.number, APPROVER, AT, comment, comment, AGENT)] * 7)


def _settled(change: Change, words: Mapping[str, str]) -> ItemOutcome:
    voice = VoteRecord(APPROVER, AGENT, Vote.CONDITION, AT, words.get("comment", "Only after six."))
    return ItemOutcome(
        title=change.title,
        type=change.type,
        service="VPN",
        revision=change.revision,
        state=ChangeState.AUTHORISE,
        risk=Risk.HIGH,
        reasons=("There is no way back on a critical service.",),
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        requester=REQUESTER,
        implementer=AGENT,
        decision=None,
        result=None,
        approved=1,
        needs=2,
        voices=(voice,) * 12,
        collisions=("change CHG-9",),
        waits=True,
    )
