"""Sample changes, drawn every way."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.approval import Vote
from bot.rules.change_flow import ChangeState, ChangeType
from bot.rules.policy import Policy
from handlers.views import changes
from handlers.views.samples import APPROVER, AT, REQUESTER, Drawn, said
from storage.tables import Approval, Change


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    waiting, approved, rejected = (sample(state, policy, words) for state in ChangeState)
    asked = [Approval(change=7, revision=1, approver=APPROVER, asked_at=AT)]
    voted = [asked[0].model_copy(update={"vote": Vote.REJECT, "voted_at": AT})]
    return {
        "change card, waiting": said(changes.card(waiting, asked * 12, policy)),
        "change card, approved": said(changes.card(approved, voted, policy)),
        "change card, rejected": said(changes.card(rejected, voted, policy)),
        "approval request": said(changes.approval_request(waiting, asked, policy)),
        "approval request, decided": said(changes.approval_request(rejected, voted, policy)),
        "change decided": said(changes.decided(rejected)),
        "change list": said(changes.listing([waiting, approved] * 7, 2, policy)),
        "change list, empty": said(changes.listing([], 0, policy)),
        "change form": changes.request_form(policy, AT, words.get("title", "Upgrade the VPN gateway")),
        "rejection form": changes.rejection_form(waiting),
    }


def sample(state: ChangeState, policy: Policy, words: Mapping[str, str]) -> Change:
    decided = state is not ChangeState.AUTHORISE
    return Change(
        number=7,
        state=state,
        title=words.get("title", "Upgrade the VPN gateway"),
        type=ChangeType.NORMAL,
        service=next(iter(policy.services)),
        why=words.get("why", "The present release is out of support."),
        plan=words.get("plan", "Drain, upgrade the standby, switch over, upgrade the other."),
        backout=words.get("backout", "Switch back to the standby, which keeps the present release for a week."),
        starts_at=AT + timedelta(days=1),
        ends_at=AT + timedelta(days=1, hours=2),
        approvers="change-approvers",
        requester=REQUESTER,
        requested_at=AT,
        decided_at=AT + timedelta(hours=1) if decided else None,
        decided_by=APPROVER if decided else None,
        comment=words.get("comment", "Not on a Monday.") if state is ChangeState.REJECTED else None,
        policy_version=1,
    )
