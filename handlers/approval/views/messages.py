"""Approval as people see it: requests, reminders, and the forms behind their buttons."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.rules.approval.voting import CaseState, Vote
from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType, legal
from bot.rules.record.refs import RecordVersion
from bot.usecases.change.details import ChangeDetails
from handlers.blocks import holder, kit
from handlers.blocks.kit import Block, Message, View
from handlers.change.actions import ACTIONS
from handlers.change.views import card as change_card
from handlers.change.views.card import ref_of, title
from handlers.ids import Action, Field, Form
from handlers.records.actions import button
from handlers.records.standard_actions import reading
from storage.tables import Approval, ApprovalCase, ApprovalQuestion, Change

LISTED = 40
"""Rows of what waits for a vote."""
REMARK_MOST = 600
"""Characters of a condition or a reason in a message."""


def request(sheet: ChangeDetails, reader: str, revision: int, stage: int) -> Message:
    """The change for one whose word is asked for; once it is given or too late, without a button to give it."""
    change, case = sheet.change, sheet.poll.case
    if change.revision != revision:
        text = f":pencil2: *{ref_of(change)}* {kit.esc(change.title)} was revised after you were asked."
        blocks = [kit.section(f"{text} If your word is still wanted, it is asked for in a message of its own.")]
        return Message(f"{ref_of(change)} was revised", blocks)
    shown = change_card.card(sheet)
    read = [one for one in shown.blocks[-1]["elements"] if one["action_id"] == Action.READ_ALL]
    own = _own(sheet.poll.seats, reader, stage)
    rest = [block for block in shown.blocks if block["type"] != "actions"]
    if own is not None:
        open_still = change.state in {ChangeState.AUTHORISE, ChangeState.SCHEDULED}
        withdraw = [button(ACTIONS["withdraw"], RecordVersion.of(change))] if open_still else []
        return Message(shown.text, [*rest, *([kit.actions(*withdraw, *read)] if withdraw or read else [])])
    if case is None or not case.is_open or case.stage != stage:
        return Message(shown.text, [*rest, *([kit.actions(*read)] if read else [])])
    lead = f"{kit.mention(change.requester)} asks for your approval of *{ref_of(change)}*."
    if change.break_glass:
        lead += " It was begun without approval."
    buttons = kit.actions(*change_card.votes(sheet, shown.blocks), *read, _delegate(change))
    return Message(f"Your approval is asked for: {kit.esc(title(change))}", [kit.section(lead), *rest, buttons])


def end_of(sheet: ChangeDetails, revision: int) -> str:
    """How the approval of a revision ended, in a sentence; empty while it goes on."""
    change, case = sheet.change, sheet.poll.case
    if change.revision != revision:
        return f"It was revised since: revision {change.revision} took the place of revision {revision}."
    if change.state == ChangeState.CANCELLED or case is None or case.state == CaseState.CANCELLED:
        return f"{ref_of(change)} is {ChangeState(change.state).label} now."
    if case.is_due:
        return ""
    by = f" by {kit.mention(case.decided_by)}" if case.decided_by else ""
    when = f" {kit.when(case.decided_at)}" if case.decided_at else ""
    return f"It was {case.decision}{by}{when}."


def reminder(sheet: ChangeDetails, reader: str) -> Message:
    """In the thread of the request, so that its reader has one message of each; the mention is what rings."""
    change, case = sheet.change, sheet.poll.case
    due = f" It must be decided by {kit.when(case.due_at)}." if case else ""
    name = f"*{ref_of(change)}* {kit.esc(change.title)}"
    text = f":hourglass_flowing_sand: {kit.mention(reader)}, {name} still waits for your vote.{due}"
    return Message(f"{ref_of(change)} still waits for your vote", [kit.section(text), review(change)])


def still_waits(change: Change) -> list[Block]:
    """Below other news, for an approver."""
    return [kit.section("It still waits for your vote."), review(change)]


def reminded_before(change: Change, at: datetime) -> Message:
    """What a reminder says once a later one was sent, or its matter is over."""
    text = f"{ref_of(change)}: you were reminded {kit.when(at)}."
    return Message(text, [kit.context(text)])


def remark(sheet: ChangeDetails, vote: Approval) -> Message:
    """For who asked for it: what would have to be so."""
    change = sheet.change
    voter, name = holder.voter(vote), f"*{ref_of(change)}* {kit.esc(change.title)}"
    if vote.vote == Vote.CONDITION:
        lead = f":large_yellow_circle: {voter} approved {name} under a condition:"
        spoken = "was approved under a condition"
    else:
        lead, spoken = f":no_entry_sign: {voter} voted against {name}:", "has a vote against it"
    hint = "Others may still vote. An edit asks for approval anew, and shows what was asked for to all who vote."
    if not _edited(change):
        hint = "Others may still vote. It is begun, so that it cannot be edited: finish it, or back it out."
    blocks = [reading.excerpt(vote.comment or "", REMARK_MOST, RecordVersion.of(change), lead), kit.context(hint)]
    return Message(f"{ref_of(change)} {spoken}", [*blocks, *_edit(change)])


def _edited(change: Change) -> bool:
    """Whether it can be edited now: what is begun, as one that was begun without approval, cannot be."""
    return ChangeStep.REVISE in legal(ChangeState(change.state), ChangeType(change.type))


def _edit(change: Change) -> list[Block]:
    edit = kit.button(Action.EDIT_CHANGE, "Edit", RecordVersion.of(change))
    return [kit.actions(edit)] if _edited(change) else []


def unreachable(sheet: ChangeDetails, stage: int) -> Message:
    """For who asked for it and the change managers: too few are left to approve it."""
    change = sheet.change
    title = next((one.title for one in sheet.poll.stages if one.number == stage), "the group")
    anew = "; an edit asks all anew" if _edited(change) else ""
    text = (
        f":warning: *{ref_of(change)}* {kit.esc(change.title)} cannot be approved as it stands: too few of "
        f"{kit.esc(title)} are left who may vote. Who joins the group is asked at once{anew}."
    )
    return Message(f"Too few are left to approve {ref_of(change)}", [kit.section(text), *_edit(change)])


def overdue(change: Change, case: ApprovalCase) -> Message:
    text = f":rotating_light: *{ref_of(change)}* {kit.esc(change.title)} was begun without approval, and its approval"
    due = f" was due {kit.when(case.due_at)}."
    hint = "Until it is decided, the team that owns the service has no standard changes."
    return Message(f"The approval of {ref_of(change)} is overdue", [kit.section(f"{text}{due}"), kit.context(hint)])


def question(change: Change, asked: ApprovalQuestion) -> Message:
    """For who asked for the change."""
    lead = f":grey_question: {kit.mention(asked.asked_by)} asks about *{ref_of(change)}* {kit.esc(change.title)}:"
    blocks = [kit.section(f"{lead}\n{kit.quote(asked.question)}")]
    if asked.answer:
        blocks.append(kit.section(f"{kit.mention(asked.answered_by or '')} answered:\n{kit.quote(asked.answer)}"))
    else:
        seen = RecordVersion(ref_of(change), asked.id or 0)
        blocks.append(kit.actions(button(ACTIONS["answer"], seen, "primary")))
    return Message(f"A question about {ref_of(change)}", blocks)


def answer(sheet: ChangeDetails, asked: ApprovalQuestion) -> Message:
    """For the approver who wanted to know."""
    change = sheet.change
    lead = f":speech_balloon: {kit.mention(asked.answered_by or '')} answered about *{ref_of(change)}*:"
    blocks = [kit.section(f"{lead}\n{kit.quote(asked.answer or '')}")]
    if sheet.poll.is_open:
        blocks.append(review(change))
    return Message(f"An answer about {ref_of(change)}", blocks)


def waiting(rows: Sequence[Block]) -> Message:
    """`/change approvals`: all that waits for the reader's word, of whatever noun."""
    if not rows:
        text = ":sparkles: Nothing waits for your vote."
        return Message(text, [kit.section(text)])
    more = [kit.context("More wait: these come first.")] if len(rows) > LISTED else []
    return Message(f"{len(rows)} wait for your vote", [kit.header("Waiting for your vote"), *rows[:LISTED], *more])


def delegated(told: Mapping[str, str], reader: str) -> Message:
    """Who votes for whom, for both of them, and for who did so before."""
    owner, to = told["owner"], told["to"]
    starts_at, ends_at = (datetime.fromisoformat(told[name]) for name in ("from", "until"))
    span = f"from {kit.when(starts_at)} until {kit.when(ends_at)}"
    if owner == to:
        whom = "You vote for yourself again" if reader == owner else f"{kit.mention(owner)} votes themselves again"
        text = f":bust_in_silhouette: {whom}: nobody stands in any more."
    elif reader == to:
        text = (
            f":bust_in_silhouette: You stand in for {kit.mention(owner)} in approvals {span}. You are asked when "
            "something waits; `/change approvals` lists it."
        )
    elif reader == owner:
        text = (
            f":bust_in_silhouette: {kit.mention(to)} stands in for you in approvals {span}, and was told. "
            "`/change delegate` takes it back."
        )
    else:
        text = f":bust_in_silhouette: {kit.mention(to)} stands in for {kit.mention(owner)} instead of you {span}."
    return Message(text, [kit.section(text)])


def delegation_form(now: datetime) -> View:
    """Who stands in, from when until when; choosing oneself takes it back."""
    starts_at = now.replace(second=0, microsecond=0)
    blocks = [
        kit.context("They may vote for you in every approval of that time. Choose yourself to take it back."),
        kit.ask(Field.STAND_IN, "Stand-in", kit.people_input()),
        kit.ask(Field.STARTS_AT, "From", kit.datetime_input(starts_at)),
        kit.ask(Field.ENDS_AT, "Until", kit.datetime_input(starts_at + timedelta(days=7))),
    ]
    return kit.form(Form.APPROVAL_DELEGATION, "Have someone stand in", "Save", blocks)


def _delegate(change: Change) -> Block:
    return kit.button(Action.DELEGATE, "Delegate", RecordVersion.of(change))


def review(change: Change) -> Block:
    """For a message that has nothing of what is to be approved."""
    return kit.actions(button(ACTIONS["review"], RecordVersion.of(change), "primary"), _delegate(change))


def _own(seats: Sequence[Approval], reader: str, stage: int) -> Approval | None:
    mine = [one for one in seats if one.stage == stage and reader in {one.voted_by, one.approver} and one.vote]
    return next((one for one in mine if Vote(one.vote or "")), None)
