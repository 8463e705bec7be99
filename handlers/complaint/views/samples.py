"""Complaints, as the gallery shows them."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.complaint.flow import FLOW, ComplaintState
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.usecases.complaint.kind import Why
from handlers.blocks.samples import AGENT, AT, REQUESTER, Drawn, said
from handlers.complaint import listeners
from handlers.complaint.actions import ACTIONS
from handlers.complaint.views import card as views
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from storage.tables import Complaint


def sample(state: ComplaintState, words: Mapping[str, str]) -> Complaint:
    comment, answered = words.get("comment", "Nobody called back in two days"), state is ComplaintState.ANSWERED
    return Complaint(
        number=4, state=state, title=words.get("title", "Nobody called back"), words=comment, about="INC-12",
        service="vpn", complainant=REQUESTER, received_at=AT, acknowledge_by=AT + timedelta(hours=8),
        answer_by=AT + timedelta(days=5), promised_by=AT + timedelta(days=5), moved_at=AT, moved_by=AGENT,
        answer=comment if answered else "", answered_by=AGENT if answered else None,
    )  # fmt: skip


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: sample(state, words) for state in ComplaintState}
    first, answered = known[ComplaintState.RECEIVED], known[ComplaintState.ANSWERED]
    shown = {verb: Shown(first, policy, AGENT, AT) for verb in ACTIONS}
    fact = Fact(FactKind.COMPLAINT_ANSWERED, "CMP-4", AGENT, AT, 1, {"revision": 1}, {"comment": answered.answer})
    over = Fact(FactKind.COMPLAINT_ESCALATED, "CMP-4", REQUESTER, AT, 1, {"revision": 0}, {})
    return {
        **{f"complaint, {state}": said(views.card(one, ["INC-12", "PRB-1"])) for state, one in known.items()},
        "complaint due": said(views.due(first)),
        "complaint due no more": said(views.due(answered)),
        "complaint news": said(views.news(answered, fact, FLOW.legal(ComplaintState.ANSWERED))),
        "complaint news, over": said(views.news(answered, over, [])),
        "complaint list": said(views.listing(Query(Noun.COMPLAINT), list(known.values()), 40, 15, AT).message()),
        "complaint list, empty": said(views.listing(Query(Noun.COMPLAINT, "late"), [], 0, 15, AT).message()),
        "complaint, form": views.form(policy, words.get("title", ""), "INC-12"),
        **listeners.KIND.previews(shown, first),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(ComplaintState.RECEIVED, words), Why.ANSWER)]
