"""Sample major incidents, drawn every way."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.incident.flow import IncidentState
from bot.rules.major_incident.flow import MajorState
from bot.rules.major_incident.policy import RoleKey
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from handlers.blocks import kit
from handlers.blocks.samples import AGENT, APPROVER, AT, REQUESTER, Drawn, said
from handlers.incident.views import samples as incident_samples
from handlers.major_incident.views import forms, messages, notes
from handlers.major_incident.views.messages import MajorSeen
from storage.tables import MajorIncident, TimelineEntry


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    fresh, led, over = (sample(state, policy, words) for state in (_S.INVESTIGATING, _S.MONITORING, _S.RESOLVED))
    down = sample(_S.STOOD_DOWN, policy, words)
    told, passed, entry = _told(words), _passed(words), _entry(words)
    card = kit.Message("INC-12", [kit.section("*INC-12*")])
    return {
        "card, major suggested": said(notes.suggesting(card, fresh.incident, policy)),
        "card, major": said(notes.marked(card, "C0INC12")),
        "major announcement": said(messages.announcement(led)),
        "major announcement, over": said(messages.announcement(over)),
        "major board, nobody yet": said(messages.board(fresh)),
        "major board": said(messages.board(led)),
        "major board, over": said(messages.board(over)),
        "major roles wanted": said(messages.roles_wanted(fresh)),
        "major roles wanted, taken": said(messages.roles_wanted(led)),
        "major board, stood down": said(messages.board(down)),
        "major stood down": said(messages.stood_down(down, AGENT)),
        "status update": said(messages.update(led, told)),
        "status update, the next is late": said(messages.update(led, told, late=True)),
        "status update, over": said(messages.update(over, told)),
        "major ended": said(messages.ended(over)),
        "update nudge": said(messages.nudge(led)),
        "update nudge, settled": said(messages.nudge(led, "the status update was given")),
        "update late": said(messages.update_late(led)),
        "update late, settled": said(messages.update_late(over, "it is over")),
        "handover": said(messages.handover(led, passed, [told, passed] * 15, [entry] * 15)),
        "channel refused": said(notes.trouble(fresh, "major_channel", "restricted_action", "")),
        "invitation refused": said(notes.trouble(led, "major_invitation", "cant_invite", REQUESTER)),
        "channel archived": said(notes.trouble(led, "major_topic", "is_archived", "")),
        "status form": forms.status_form(led, AT),
        "status form, which resolves": forms.status_form(led, AT, resolves=True),
        "handover form": forms.handover_form(led),
        "timeline entries": forms.timeline_list(led.seen, [entry] * 60),
        "timeline entry form": forms.entry_form(led.seen, entry, AT),
        "timeline entry form, new": forms.entry_form(led.seen, None, AT),
    }


_S = MajorState


def sample(state: MajorState, policy: Policy, words: Mapping[str, str]) -> MajorSeen:
    led, over = state is not _S.INVESTIGATING, state in (_S.RESOLVED, _S.STOOD_DOWN)
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
        incident=incident_samples.sample(IncidentState.ACKNOWLEDGED, policy, words),
        major=major,
        policy=policy,
        roles=dict.fromkeys(RoleKey, AGENT) if led else {},
        channel="C0INC12" if led else None,
        told=_told(words) if led else None,
        since=AT,
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
