"""All that can be done to a proposed change of the policy. The order is that of help and menu."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.policy_proposal.flow import ProposalAct, ProposalStep
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases.approvables import APPROVABLES
from bot.usecases.approval import approvals
from bot.usecases.policy_proposal import approval, proposals
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Block
from handlers.ids import Field
from handlers.records.actions import Action, Do, button, of
from handlers.records.fields import Ask, Words
from handlers.records.standard_actions.standard import STANDARD, by_ref
from handlers.records.typed_values import Shown


def _vote(vote: Vote) -> Do:
    async def do(tx: AsyncSession, about: RecordVersion, why: str = "", *, by: str, now: datetime) -> None:
        await approvals.vote(tx, APPROVABLES[about.ref.noun], about, vote, why, by=by, now=now)

    return do


async def _unvote(tx: AsyncSession, about: RecordVersion, *, by: str, now: datetime) -> None:
    await approvals.withdraw(tx, APPROVABLES[about.ref.noun], about.ref, by=by, now=now)


async def _changes(tx: AsyncSession, row: Any, _seen: RecordVersion, _by: str) -> Sequence[str]:
    return await proposals.changes_of(tx, row)


def listed(lines: Sequence[str]) -> list[Block]:
    """How a policy differs, in as many sections as it takes."""
    shown = "\n".join(f"`{kit.esc(one).replace('`', chr(39))}`" for one in lines)
    return [kit.section(one) for one in fitting.sections(shown or "_Nothing is different._")]


def _difference(shown: Shown) -> Sequence[Block]:
    """What is voted on, as far as a modal has room."""
    first, *others = fitting.pages(listed(shown.more or []))
    left = [kit.context(f"Page 1 of {len(others) + 1}: *Read all* on the card has the rest.")] if others else []
    return [*first, *left]


def _other_votes(seen: RecordVersion) -> Sequence[Block]:
    return [button(ACTIONS["approve-if"], seen), button(ACTIONS["reject"], seen, "danger")]


def _words(label: str, hint: str, usage: str) -> Sequence[Ask]:
    return (Words(Field.COMMENT, label, hint, usage),)


ACTIONS = of(
    Noun.POLICY, "desk",
    Action("approve", _vote(Vote.APPROVE), "vote for it", "has your vote for it.", _words("", "", "[words]"),
           step=ProposalAct.VOTE, reads="vote"),
    Action("vote", _vote(Vote.APPROVE), "", "has your vote for it.", (
               Words(Field.COMMENT, "Comment", "It stands on record", optional=True),
           ), "Read and vote", ProposalAct.VOTE, "Review", "Approve", typed=False,
           note=_difference, beside=_other_votes, looks_up=_changes),
    Action("approve-if", _vote(Vote.CONDITION), "vote for it under a condition", "has your vote under a condition.",
           _words("Condition", "What must be so for your approval to hold; it stands on record", "condition"),
           "Approve with condition", ProposalAct.VOTE, "Approve", "Approve"),
    Action("reject", _vote(Vote.REJECT), "vote against it", "has your vote against it.",
           _words("Reason", "Who proposed it reads this", "reason"),
           "Reject", ProposalAct.VOTE, "Reject", "Reject"),
    Action("unvote", _unvote, "take your vote back", "waits for your vote again.",
           label="Take my vote back", step=ProposalAct.UNVOTE, typed=False),
    Action("withdraw", by_ref(approval.withdraw), "it is not wanted any more", "is withdrawn.",
           _words("Reason", "It stands on record", "reason"),
           "Withdraw…", ProposalStep.WITHDRAW, "Withdraw", "Withdraw"),
    Action("take-back", by_ref(proposals.take_back), "put the policy before it in force again", "is taken back.",
           _words("Reason", "What it did that it should not; the policy before it is in force again", "reason"),
           "Take it back…", ProposalStep.TAKE_BACK, "Take back", "Take back"),
    *(one for one in STANDARD if one.verb in ("link", "unlink", "note")),
)  # fmt: skip
