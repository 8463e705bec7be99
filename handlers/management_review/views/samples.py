"""Management reviews, as the gallery shows them."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.rules.management_review.flow import MeetingState
from bot.rules.management_review.inputs import Topic, filled, kept
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.usecases.management_review.kind import Why
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.management_review import listeners
from handlers.management_review.actions import ACTIONS
from handlers.management_review.views import card as views
from handlers.management_review.views.card import Sheet
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from storage.tables import ActionItem, ManagementReview


def sample(state: MeetingState, words: Mapping[str, str]) -> ManagementReview:
    comment = words.get("comment", "Promises were kept but for one")
    inputs = filled({Topic.PERFORMANCE: [comment, comment], Topic.AUDITS: [comment]}, {Topic.PERFORMANCE: comment})
    return ManagementReview(
        number=5, state=state, title=words.get("title", "Management review of 2026-Q1"), period="2026-Q1",
        planned_on=str((AT + timedelta(days=9)).date()), chair=APPROVER, attended=f"{APPROVER} {AGENT}",
        inputs="" if state is MeetingState.PLANNED else kept(inputs), planned_by=AGENT, planned_at=AT, moved_at=AT,
        digest="a" * 64 if state is MeetingState.CLOSED else "", moved_by=AGENT,
    )  # fmt: skip


def decision(words: Mapping[str, str]) -> ActionItem:
    return ActionItem(
        number=6, state="open", title=words.get("title", "Buy a second gateway"), kind="prevent", owner=AGENT,
        owner_group="service-desk", due_on=str(AT.date()), planned_on=str(AT.date()), raised_by=AGENT, raised_at=AT,
        moved_at=AT, moved_by=AGENT, parent="MR-5", private=True,
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: sample(state, words) for state in MeetingState}
    first = known[MeetingState.HELD]
    shown = {verb: Shown(first, policy, AGENT, AT, ZoneInfo("UTC")) for verb in ACTIONS}
    long = "A line of the minutes.\n" * 30_000
    return {
        **{f"meeting, {state}": said(views.card(Sheet(one, [decision(words)]))) for state, one in known.items()},
        "meeting near": said(views.due(known[MeetingState.PLANNED])),
        "meeting without chair": said(views.unchaired(known[MeetingState.PLANNED], known[MeetingState.PLANNED].chair)),
        "meeting with a chair again": said(views.unchaired(known[MeetingState.PLANNED], "U0GONE")),
        "meeting without chair no more": said(views.unchaired(first, first.chair)),
        "meeting near no more": said(views.due(first)),
        "meeting list": said(views.listing(Query(Noun.MANAGEMENT_REVIEW), list(known.values()), 40, 15).message()),
        "meeting list, empty": said(views.listing(Query(Noun.MANAGEMENT_REVIEW), [], 0, 15).message()),
        "meeting, plan": views.plan_form(words.get("title", "")),
        "meeting, whole": views.whole(first, long, 1),
        "meeting, first page": views.whole(first, long),
        "meeting, read": views.whole(first, words.get("comment", "")),
        **listeners.KIND.previews(shown, first),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(MeetingState.PLANNED, words), Why.HOLD)]
