"""How a change's approval stands: votes, questions, what a revision made different."""

from collections.abc import Sequence
from datetime import datetime

from bot.rules.approval.voting import Decision, Vote
from bot.rules.change.revision_diff import Difference, apart
from bot.rules.policy.policy import Policy
from bot.usecases.change.details import ChangeDetails
from handlers.blocks import holder, kit
from handlers.blocks.kit import Block
from storage.tables import Approval, ApprovalCase, ApprovalQuestion

VOTED = {Vote.APPROVE: "Approved", Vote.CONDITION: "Approved under a condition", Vote.REJECT: "Rejected"}


VOTES_MOST = 9
"""On a card; a line more says how many there are, and Slack takes ten."""


def standing(sheet: ChangeDetails) -> list[Block]:
    """How the approval stands: what each stage waits for, who voted."""
    poll, case = sheet.poll, sheet.poll.case
    blocks: list[Block] = []
    if case is not None and case.is_open:
        for stage in poll.stages[case.stage - 1 : case.stage]:
            free = [s.approver for s in poll.seats if s.stage == stage.number and not s.vote]
            left = stage.needs - sum(
                s.vote in {Vote.APPROVE, Vote.CONDITION} for s in poll.seats if s.stage == stage.number
            )
            number = f"Stage {stage.number} of {len(poll.stages)} ({kit.esc(stage.title)}). " if poll.stages[1:] else ""
            wanted = "one" if left == 1 else str(left)
            blocks.append(kit.context(f"{number}Waiting for {wanted} of {_people(free)}"))
    votes = [_vote(one) for one in poll.seats if one.vote and one.voted_at]
    if votes:
        # Each in a text of its own: together they are more than Slack shows, and conditions would be cut.
        blocks.append(kit.context(*kit.first(votes, VOTES_MOST)))
    if case is not None and case.decision == Decision.EXPIRED:
        late = f", and its window opened {kit.when(case.needed_at)}" if unapproved_in_time(case) else ""
        blocks.append(kit.context(f":hourglass: Nobody decided in time{late}."))
    return blocks


def unapproved_in_time(case: ApprovalCase) -> bool:
    """Whether its window opened before it was approved."""
    return case.decision == Decision.EXPIRED and case.decided_at is not None and case.needed_at <= case.decided_at


def difference(one: Difference, policy: Policy) -> str:
    """A line of what is different."""
    before, after = _value(one, one.before, policy, 0), _value(one, one.after, policy, 1)
    said = "its lines or spaces" if before == after else f"~{before}~ → {after}"
    return f"*{one.name.capitalize()}*: {said}"


def _value(one: Difference, text: str, policy: Policy, which: int) -> str:
    if one.field in {"starts_at", "ends_at"} and text:
        return kit.when(datetime.fromisoformat(text))
    if one.field == "implementer" and text:
        return kit.mention(text)
    if one.field in {"service", "touches"}:
        return kit.esc(", ".join(policy.service_name(key) for key in text.split())) or "none"
    if one.field in {"answers", "additional"}:
        return ("the former", "other ones")[which]
    return kit.esc(" ".join(apart(one.before, one.after)[which].split())) or "nothing"


def _people(seats: Sequence[str]) -> str:
    return kit.some([kit.mention(one) for one in seats], 10)


def _vote(one: Approval) -> str:
    when = f" {kit.when(one.voted_at)}" if one.voted_at else ""
    return f"{_who(one)}{when}" + (f": “{kit.excerpt(one.comment, 250)}”" if one.comment else "")


def questioned(questions: Sequence[ApprovalQuestion]) -> list[Block]:
    said = []
    for one in questions[-5:]:
        text = f":grey_question: {kit.mention(one.asked_by)}: {kit.excerpt(one.question, 250)}"
        if one.answer:
            text += f"\n:speech_balloon: {kit.mention(one.answered_by or '')}: {kit.excerpt(one.answer, 250)}"
        said.append(text)
    return [kit.context(*said)] if said else []


def said_with_votes(sheet: ChangeDetails) -> list[tuple[str, str]]:
    """What was said with each vote, whole, behind who said it."""
    said = [*sheet.asked_before, *(one for one in sheet.poll.seats if one.vote)]
    return [(f"{_who(one)}, revision {one.revision}", one.comment) for one in said if one.comment]


def said_in_questions(sheet: ChangeDetails) -> list[tuple[str, str]]:
    """Every question with its answer, whole."""
    said = []
    for one in sheet.questions:
        said.append((f"{kit.mention(one.asked_by)} asks", one.question))
        if one.answer:
            said.append((f"{kit.mention(one.answered_by or '')} answers", one.answer))
    return said


def asked_before(sheet: ChangeDetails) -> list[Block]:
    """Conditions and votes against, of the last revision that had any: does the present one meet them?"""
    if not sheet.asked_before:
        return []
    lines = [f"{_who(one)}: “{kit.excerpt(one.comment or '', 250)}”" for one in sheet.asked_before]
    lead = f"*Asked for on revision {sheet.asked_before[0].revision}* Does revision {sheet.change.revision} meet it?"
    return [kit.section("\n".join([lead, *kit.first(lines, 5)]))]


def _who(one: Approval) -> str:
    return f"{VOTED[Vote(one.vote or Vote.APPROVE)]} by {holder.voter(one)}"


def revision(sheet: ChangeDetails) -> list[Block]:
    if not sheet.revised:
        return []
    lines = "\n".join(difference(one, sheet.policy) for one in sheet.revised)
    return [kit.section(f"*Different from revision {sheet.change.revision - 1}*\n{lines}")]
