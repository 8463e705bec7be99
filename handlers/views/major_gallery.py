"""Sample major incidents, drawn every way."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.facts import Fact, FactKind
from bot.rules.incident_flow import IncidentState
from bot.rules.major_flow import MajorState
from bot.rules.policy import Policy
from bot.rules.policy_major import RoleKey
from handlers.views import incident_gallery, kit, major_asides, major_forms, major_incidents
from handlers.views.major_incidents import MajorSeen
from handlers.views.samples import AGENT, APPROVER, AT, REQUESTER, Drawn, said
from storage.tables import MajorIncident, TimelineEntry


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    fresh, led, over = (sample(state, policy, words) for state in (_S.INVESTIGATING, _S.MONITORING, _S.RESOLVED))
    told, passed, entry = _told(words), _passed(words), _entry(words)
    card = kit.Message("INC-12", [kit.section("*INC-12*")])
    return {
        "card, major suggested": said(major_asides.suggesting(card, fresh.incident, policy)),
        "card, major": said(major_asides.marked(card, "C0INC12")),
        "major announcement": said(major_incidents.announcement(led)),
        "major announcement, over": said(major_incidents.announcement(over)),
        "major board, nobody yet": said(major_incidents.board(fresh)),
        "major board": said(major_incidents.board(led)),
        "major board, over": said(major_incidents.board(over)),
        "major roles wanted": said(major_incidents.roles_wanted(fresh)),
        "status update": said(major_incidents.update(led, told)),
        "major ended": said(major_incidents.ended(over)),
        "update nudge": said(major_incidents.nudge(led)),
        "update late": said(major_incidents.update_late(led)),
        "handover": said(major_incidents.handover(led, passed, [told, passed] * 15)),
        "channel refused": said(major_asides.trouble(fresh, "major_channel", "restricted_action", "")),
        "invitation refused": said(major_asides.trouble(led, "major_invitation", "cant_invite", REQUESTER)),
        "channel archived": said(major_asides.trouble(led, "major_topic", "is_archived", "")),
        "status form": major_forms.status_form(led, AT),
        "handover form": major_forms.handover_form(led),
        "timeline entries": major_forms.timeline_list(led.seen, [entry] * 60),
        "timeline entry form": major_forms.entry_form(led.seen, entry, AT),
        "timeline entry form, new": major_forms.entry_form(led.seen, None, AT),
    }


_S = MajorState


def sample(state: MajorState, policy: Policy, words: Mapping[str, str]) -> MajorSeen:
    led, over = state is not _S.INVESTIGATING, state is _S.RESOLVED
    major = MajorIncident(
        number=12,
        state=state,
        updates=2 if led else 0,
        next_update_at=None if over else AT + timedelta(minutes=30),
        updated_at=AT if led else None,
        channel_name="inc-12-vpn-is-down" if led else None,
        declared_at=AT,
        declared_by=AGENT,
        ended_at=AT + timedelta(hours=2) if over else None,
        policy_version=1,
    )
    return MajorSeen(
        incident=incident_gallery.sample(IncidentState.ACKNOWLEDGED, policy, words),
        major=major,
        policy=policy,
        roles=dict.fromkeys(RoleKey, AGENT) if led else {},
        channel="C0INC12" if led else None,
        told=_told(words) if led else None,
    )


def _told(words: Mapping[str, str]) -> Fact:
    due = (AT + timedelta(minutes=30)).isoformat()
    text = words.get("description", "The gateway's certificate has expired. A new one is being issued.")
    return Fact(
        kind=FactKind.MAJOR_UPDATED,
        subject="INC-12",
        by=AGENT,
        at=AT,
        policy_version=1,
        data={"update": 1, "state": MajorState.IDENTIFIED, "next_update_at": due},
        words={"update": text},
    )


def _passed(words: Mapping[str, str]) -> Fact:
    note = words.get("comment", "The vendor calls back at ten.")
    data = {"from": AGENT, "to": APPROVER}
    return Fact(FactKind.MAJOR_HANDED_OVER, "INC-12", AGENT, AT, 1, data, {"note": note})


def _entry(words: Mapping[str, str]) -> TimelineEntry:
    text = words.get("description", "The gateway answers again.")
    return TimelineEntry(id=7, subject="INC-12", at=AT, text=text, author=AGENT, added_by=AGENT, added_at=AT)
