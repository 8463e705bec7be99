"""How a change's approval stands: votes, questions, what a revision made different."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.change_sheet import Sheet
from bot.rules.approval import Vote
from bot.rules.change_flow import ChangeState, ChangeStep
from bot.rules.change_scope import Difference, apart
from bot.rules.policy import Policy
from bot.rules.words import shorten
from handlers.views import kit
from handlers.views.kit import Block
from storage.tables import Approval, Change, ChangeQuestion

VOTED = {Vote.APPROVE: "Approved", Vote.CONDITION: "Approved under a condition", Vote.REJECT: "Rejected"}


def standing(sheet: Sheet) -> list[Block]:
    """How the approval stands: what each stage waits for, who voted."""
    change, poll = sheet.change, sheet.poll
    blocks: list[Block] = []
    if voting(change):
        for stage in poll.stages[change.stage - 1 : change.stage]:
            free = [s.approver for s in poll.seats if s.stage == stage.number and not s.vote]
            left = stage.needs - sum(
                s.vote in {Vote.APPROVE, Vote.CONDITION} for s in poll.seats if s.stage == stage.number
            )
            number = f"Stage {stage.number} of {len(poll.stages)} ({kit.esc(stage.title)}). " if poll.stages[1:] else ""
            wanted = "one" if left == 1 else str(left)
            blocks.append(kit.context(f"{number}Waiting for {wanted} of {_people(free)}"))
    votes = [_vote(one) for one in poll.seats if one.vote and one.voted_at]
    if votes:
        blocks.append(kit.context(*votes[:10]))
    if change.decision == ChangeStep.EXPIRE:
        blocks.append(kit.context(":hourglass: Nobody decided in time."))
    return blocks


def voting(change: Change) -> bool:
    """Whether votes are taken; not of what a freeze holds."""
    begun = change.break_glass and change.state in {ChangeState.IMPLEMENTING, ChangeState.REVIEW}
    return change.decision is None and change.held_by is None and (change.state == ChangeState.AUTHORISE or begun)


def difference(one: Difference, policy: Policy) -> str:
    """A line of what is different."""
    return f"*{one.name.capitalize()}*: ~{_value(one, one.before, policy, 0)}~ → {_value(one, one.after, policy, 1)}"


def _value(one: Difference, text: str, policy: Policy, which: int) -> str:
    if one.field in {"starts_at", "ends_at"} and text:
        return kit.when(datetime.fromisoformat(text))
    if one.field == "implementer" and text:
        return kit.mention(text)
    if one.field in {"service", "touches"}:
        return kit.esc(", ".join(policy.service_name(key) for key in text.split())) or "none"
    if one.field == "answers":
        return ("the former", "other ones")[which]
    return kit.esc(" ".join(apart(one.before, one.after)[which].split())) or "nothing"


def _people(seats: Sequence[str]) -> str:
    others = f" and {len(seats) - 10} more" if len(seats) > 10 else ""
    return ", ".join(kit.mention(one) for one in seats[:10]) + others


def _vote(one: Approval) -> str:
    voter = one.voted_by or one.approver
    instead = f" for {kit.mention(one.approver)}" if voter != one.approver else ""
    said = f"{VOTED[Vote(one.vote or Vote.APPROVE)]} by {kit.mention(voter)}{instead}"
    when = f" {kit.when(one.voted_at)}" if one.voted_at else ""
    return f"{said}{when}" + (f": “{kit.esc(shorten(one.comment, 250))}”" if one.comment else "")


def questioned(questions: Sequence[ChangeQuestion]) -> list[Block]:
    said = []
    for one in questions[-5:]:
        text = f":grey_question: {kit.mention(one.asked_by)}: {kit.esc(shorten(one.question, 250))}"
        if one.answer:
            text += f"\n:speech_balloon: {kit.mention(one.answered_by or '')}: {kit.esc(shorten(one.answer, 250))}"
        said.append(text)
    return [kit.context(*said)] if said else []


def revision(sheet: Sheet) -> list[Block]:
    if not sheet.revised:
        return []
    lines = "\n".join(difference(one, sheet.policy) for one in sheet.revised)
    return [kit.section(f"*Different from revision {sheet.change.revision - 1}*\n{lines}")]
