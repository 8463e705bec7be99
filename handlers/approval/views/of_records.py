"""What voters and whoever asked read about the vote on a record: the same words for each noun."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.approval.voting import Vote
from bot.rules.record.refs import RecordVersion
from bot.usecases.approval.asking import Poll
from handlers.blocks import holder, kit
from handlers.blocks.kit import Block, Message
from handlers.records.actions import Action, button
from handlers.records.ended import ended

CONDITION_MOST, CONDITIONS = 600, 5
"""Characters of a condition on a card, and how many stand there."""


@dataclass(frozen=True)
class Asked:
    """What a noun says of its vote; all texts are escaped."""

    seen: RecordVersion
    poll: Poll
    title: str
    by: str
    """The person who asks."""
    approval_of: str
    named: str
    """What waits, in a reminder."""
    now: str
    """What became of it, a sentence without its end: “It is in force”."""
    body: Callable[[], Sequence[Block]]
    buttons: Sequence[Block]
    """Those that vote, and those that open what is voted on."""
    unvote: Action
    reminds: Sequence[Block] = ()
    """The buttons of a reminder, where they are others."""


def votes(verbs: Mapping[str, Action], seen: RecordVersion) -> list[Block]:
    """Of what is read in the form that votes."""
    return [
        button(verbs["vote"], seen, "primary"),
        button(verbs["approve-if"], seen),
        button(verbs["reject"], seen, "danger"),
    ]


def conditions(poll: Poll) -> list[Block]:
    """For each card: what was asked for by those who voted for it binds whoever goes on with it."""
    asked = [one for one in poll.seats if one.vote == Vote.CONDITION]
    said = [
        f":large_yellow_circle: Approved under a condition by {holder.voter(one)}:\n"
        f"{kit.quote(one.comment or '', CONDITION_MOST)}"
        for one in asked[:CONDITIONS]
    ]
    more = len(asked) - len(said)
    return [*map(kit.section, said), *([kit.context(f"{more} more approved under a condition.")] if more else [])]


def vote(asked: Asked, reader: str, stage: int, owner: str | None = None) -> Message:
    """For one whose word is asked for; without buttons once it is given, or is wanted no more."""
    poll = asked.poll
    lead = f"{kit.mention(asked.by)} asks for your approval of {asked.approval_of}.{holder.stands_in(owner)}"
    blocks = [kit.section(lead), *asked.body()]
    spoken = f"Your approval is asked for: {asked.title}"
    if poll.case is None or not poll.is_open:
        return ended(Message(spoken, blocks), f"{asked.now} now.")
    if any(one.stage == stage and reader in (one.voted_by, one.approver) and one.vote for one in poll.seats):
        return Message(spoken, [*blocks, kit.context("You have voted."), kit.actions(button(asked.unvote, asked.seen))])
    if poll.case.stage != stage:
        return ended(Message(spoken, blocks), "Your vote is not wanted any more.")
    return Message(spoken, [*blocks, kit.actions(*asked.buttons)])


def reminder(asked: Asked, reader: str) -> Message:
    poll = asked.poll
    due = f" It must be decided by {kit.when(poll.case.due_at)}." if poll.case else ""
    text = f":hourglass_flowing_sand: {kit.mention(reader)}, {asked.named} still waits for your vote.{due}"
    blocks = [kit.section(text), kit.actions(*(asked.reminds or asked.buttons))]
    message = Message(f"{asked.seen.ref} still waits for your vote", blocks)
    return message if poll.is_open else ended(message, f"{asked.now} now.")
