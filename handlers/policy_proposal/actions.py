"""All that can be done to a proposed change of the policy. The order is that of help and menu."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.policy_proposal.flow import ProposalAct, ProposalStep
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases.policy_proposal import approval, proposals
from handlers.approval import votes
from handlers.blocks import fitting, kit
from handlers.blocks.kit import Block
from handlers.records.actions import Action, of
from handlers.records.fields import comment
from handlers.records.standard_actions.standard import STANDARD, by_ref
from handlers.records.typed_values import Shown


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


ACTIONS = of(
    Noun.POLICY, "desk",
    *votes.read_first(Noun.POLICY, "desk", ProposalAct.VOTE, ProposalAct.UNVOTE, _difference, "Who proposed it",
                      looks_up=_changes),
    Action("withdraw", by_ref(approval.withdraw), "it is not wanted any more", "is withdrawn.",
           comment("Reason", "It stands on record", "reason"),
           "Withdraw…", ProposalStep.WITHDRAW, "Withdraw", "Withdraw"),
    Action("take-back", by_ref(proposals.take_back), "put the policy before it in force again", "is taken back.",
           comment("Reason", "What it did that it should not; the policy before it is in force again", "reason"),
           "Take it back…", ProposalStep.TAKE_BACK, "Take back", "Take back"),
    *(one for one in STANDARD if one.verb in ("link", "unlink", "note")),
)  # fmt: skip
