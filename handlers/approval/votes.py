"""What can be done about the approval of a record of any noun: votes, questions and their answers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.record.refs import Noun, RecordVersion
from bot.usecases.approvables import APPROVABLES
from bot.usecases.approval import approvals, delegation
from handlers.blocks.kit import Block
from handlers.records.actions import Action, Do, LooksUp, button, of
from handlers.records.fields import comment
from handlers.records.typed_values import Shown


def vote(how: Vote) -> Do:
    async def do(tx: AsyncSession, about: RecordVersion, why: str = "", *, by: str, now: datetime) -> None:
        await approvals.vote(tx, APPROVABLES[about.ref.noun], about, how, why, by=by, now=now)

    return do


async def withdraw(tx: AsyncSession, about: RecordVersion, *, by: str, now: datetime) -> None:
    await approvals.withdraw(tx, APPROVABLES[about.ref.noun], about.ref, by=by, now=now)


async def ask(tx: AsyncSession, about: RecordVersion, text: str, *, by: str, now: datetime) -> None:
    await delegation.question(tx, APPROVABLES[about.ref.noun], about, text, by=by, now=now)


async def answer(tx: AsyncSession, about: RecordVersion, text: str, *, by: str, now: datetime) -> None:
    await delegation.answer(tx, APPROVABLES[about.ref.noun], about, text, by=by, now=now)


def _other_votes(against: Mapping[str, Action]) -> Callable[[RecordVersion], Sequence[Block]]:
    """The buttons beside approving what was read."""

    def beside(seen: RecordVersion) -> Sequence[Block]:
        return [button(against["approve-if"], seen), button(against["reject"], seen, "danger")]

    return beside


def read_first(
    noun: Noun,
    name: str,
    may: StrEnum,
    may_withdraw: StrEnum,
    note: Callable[[Shown], Sequence[Block]],
    hears: str,
    *,
    looks_up: LooksUp | None = None,
    what: str = "it",
) -> Sequence[Action]:
    """The votes on what no card has whole: it is read in the form that votes. `note` draws it; `hears` says who reads
    the reason of a vote against it."""
    against = of(
        noun, name,
        Action("approve-if", vote(Vote.CONDITION), f"vote for {what} under a condition",
               "has your vote under a condition.",
               comment("Condition", "What must be so for your approval to hold; it stands on record", "condition"),
               "Approve with condition", may, "Approve", "Approve"),
        Action("reject", vote(Vote.REJECT), f"vote against {what}", "has your vote against it.",
               comment("Reason", f"{hears} reads this", "reason"), "Reject", may, "Reject", "Reject"),
    )  # fmt: skip
    return [
        Action("approve", vote(Vote.APPROVE), f"vote for {what}", "has your vote for it.",
               comment("", "", "[words]"), step=may, reads="vote"),
        Action("vote", vote(Vote.APPROVE), "", "has your vote for it.",
               comment("Comment", "It stands on record", "", optional=True), "Read and vote", may, "Review", "Approve",
               typed=False, looks_up=looks_up, note=note, beside=_other_votes(against)),
        *against.values(),
        Action("unvote", withdraw, "take your vote back", "waits for your vote again.",
               label="Take my vote back", step=may_withdraw, typed=False),
    ]  # fmt: skip
