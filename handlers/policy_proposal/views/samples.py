"""Changes of the policy, as the gallery shows them."""

import json
from collections.abc import Mapping

from bot.rules.approval.voting import Question, Stage
from bot.rules.policy.common_changes import COMMON
from bot.rules.policy.policy import Policy
from bot.rules.policy_proposal.flow import ProposalState
from bot.rules.record.facts import SYSTEM, Fact, FactKind
from bot.rules.record.waiting import Waits
from bot.usecases.approval.asking import Poll
from bot.usecases.policy_proposal.kind import Why
from handlers.approval.views import of_records
from handlers.blocks import facts
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.policy_proposal import listeners
from handlers.policy_proposal.actions import ACTIONS
from handlers.policy_proposal.views import card as views
from handlers.policy_proposal.views import policy as policy_views
from handlers.policy_proposal.views.card import Sheet
from handlers.records.typed_values import Shown
from storage.tables import ApprovalCase, PolicyProposal

RAN = json.dumps({"days": 30, "clocks": 41, "come": {"resolution": 2, "response": 1}, "go": {}, "stay": 4})


def sample(state: ProposalState, words: Mapping[str, str]) -> PolicyProposal:
    version = 4 if state in (ProposalState.ADOPTED, ProposalState.TAKEN_BACK) else None
    return PolicyProposal(
        number=2, state=state, title=words.get("title", "Answer P1 within 10 minutes"),
        why=words.get("comment", "The night shift asks for it"), text='[targets.P1]\nresponse = "10m"\n', base=3,
        result="", digest="0" * 64, replayed="" if state is ProposalState.PROPOSED else RAN, version=version,
        before=3 if version else None, proposed_by=AGENT, proposed_at=AT, moved_at=AT, moved_by=AGENT,
    )  # fmt: skip


def sheet(proposal: PolicyProposal, lines: int = 1) -> Sheet:
    case = ApprovalCase(
        subject="POL-2", revision=1, policy="policy", state="open", barred=" ", asked_at=AT, needed_at=AT,
        due_at=AT, stage=1,
    )  # fmt: skip
    stages = (Stage("Change managers", (APPROVER,), 1, False),)
    changes = ["~ targets.P1.response = 10m (was 15m)"] * lines
    return Sheet(proposal, changes, Poll(case, [], [], Question(1, {}, stages), []), ["CHG-1"])


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: sample(state, words) for state in ProposalState}
    first = known[ProposalState.PROPOSED]
    fact = Fact(FactKind.POLICY_CHANGED, "POL-2", SYSTEM, AT, 1, {"version": 4, "before": 3}, {})
    wanted = sheet(first)
    forms = {key: one for key, one in COMMON.items() if one.possible(policy)}
    shown = {verb: Shown(first, policy, AGENT, AT, ["~ targets.P1.response = 10m (was 15m)"]) for verb in ACTIONS}
    return {
        **{f"policy change, {state}": said(views.card(sheet(one, 40))) for state, one in known.items()},
        "policy change, to approve": said(of_records.vote(views.asked(wanted), APPROVER, 1)),
        "policy change, to approve no more": said(of_records.vote(views.asked(wanted), APPROVER, 2)),
        "policy change, approval reminder": said(of_records.reminder(views.asked(wanted), APPROVER)),
        "policy change, news": said(views.news(first, fact)),
        "policy change, told": said(facts.told(first, "a vote was taken back.")),
        "policy": said(policy_views.overview(3, AT, policy, True, list(known.values()))),
        "policy section": policy_views.section("services", policy),
        "policy, ways to change it": policy_views.choices(policy),
        **{f"policy form, {key}": policy_views.common(one, policy, {}) for key, one in forms.items()},
        "policy form, text": policy_views.text(),
        **listeners.KIND.previews(shown, first),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    return [Waits(sample(ProposalState.PROPOSED, words), Why.VOTE)]
