"""A sample meeting of the board, drawn every way."""

from collections.abc import Mapping
from datetime import timedelta

from bot.desk.cab_sheet import Agenda, Noted, Point
from bot.rules.approval import Vote
from bot.rules.cab import MeetingState, Settled, Voice, Why, kept
from bot.rules.change_flow import ChangeState, Risk
from bot.rules.policy import Policy
from bot.rules.refs import Noun, Ref
from handlers.views import cab, change_gallery
from handlers.views.samples import AGENT, APPROVER, AT, REQUESTER, Drawn, said
from storage.tables import CabItem, CabMeeting, Change

MEETING = Ref(Noun.MEETING, 3)


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    opened, closed = _agenda(policy, words, over=False), _agenda(policy, words, over=True)
    waiting = opened.points[0]
    sheet = change_gallery.sheet(waiting.change, policy, words)
    return {
        "cab agenda": said(cab.agenda(opened)),
        "cab agenda, closed": said(cab.agenda(closed)),
        "cab pointer": said(cab.pointer(opened)),
        "cab item": said(cab.item(waiting, sheet, MEETING)),
        "cab item, closed": said(cab.item(closed.points[0], sheet, MEETING)),
        "cab minutes": said(cab.minutes(closed)),
        "cab list": said(cab.past([(closed.meeting, 7)] * 15)),
        "cab list, empty": said(cab.past([])),
        "cab note form": cab.note_form(MEETING, waiting.change),
    }


def _agenda(policy: Policy, words: Mapping[str, str], *, over: bool) -> Agenda:
    change = change_gallery.sample(ChangeState.AUTHORISE, policy, words)
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


def _point(change: Change, words: Mapping[str, str], *, over: bool, why: Why) -> Point:
    item = CabItem(id=1, meeting=3, change=change.number, why=why, added_by=APPROVER, added_at=AT)
    item.settled = kept(_settled(change, words)) if over else None
    comment = words.get("comment", "Tell the desk an hour before.")
    return Point(item, change, [Noted(change.number, APPROVER, AT, comment, comment, AGENT)] * 7)


def _settled(change: Change, words: Mapping[str, str]) -> Settled:
    voice = Voice(APPROVER, AGENT, Vote.CONDITION, AT, words.get("comment", "Only after six."))
    return Settled(
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
    )
