"""Approval as people see it: requests, reminders, and the forms behind their buttons."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.desk.change_sheet import Sheet
from bot.desk.stand_ins import Waiting
from bot.rules.approval import Vote
from bot.rules.change_flow import ChangeState
from bot.rules.policy import Policy
from bot.rules.refs import Seen
from bot.rules.words import WORDS_MOST
from handlers.ids import Action, Field, Form
from handlers.views import changes, kit
from handlers.views.change_forms import long
from handlers.views.change_standing import voting
from handlers.views.changes import ref_of, seen_of, title
from handlers.views.kit import Block, Message, View
from storage.tables import Approval, Change, ChangeQuestion


def request(sheet: Sheet, reader: str, revision: int, stage: int) -> Message:
    """The change for one whose word is asked for; once it is given or too late, without a button to give it."""
    change = sheet.change
    if change.revision != revision:
        text = f":pencil2: *{ref_of(change)}* {kit.esc(change.title)} was revised after you were asked."
        blocks = [kit.section(f"{text} If your word is still wanted, it is asked for in a message of its own.")]
        return Message(f"{ref_of(change)} was revised", blocks)
    shown = changes.card(sheet)
    own = _own(sheet.poll.seats, reader, stage)
    rest = [block for block in shown.blocks if block["type"] != "actions"]
    if own is not None:
        withdraw = [kit.button(Action.WITHDRAW_VOTE, "Withdraw my vote", seen_of(change))]
        open_still = change.state in {ChangeState.AUTHORISE, ChangeState.SCHEDULED}
        return Message(shown.text, [*rest, *([kit.actions(*withdraw)] if open_still else [])])
    if not voting(change) or change.stage != stage:
        return Message(shown.text, rest)
    lead = f"{kit.mention(change.requester)} asks for your approval of *{ref_of(change)}*."
    if change.break_glass:
        lead += " It was begun without approval."
    return Message(
        f"Your approval is asked for: {kit.esc(title(change))}", [kit.section(lead), *rest, _buttons(change)]
    )


def reminder(sheet: Sheet) -> Message:
    change = sheet.change
    due = f" It must be decided by {kit.when(change.due_at)}." if change.due_at else ""
    text = f":hourglass_flowing_sand: *{ref_of(change)}* {kit.esc(change.title)} still waits for your vote.{due}"
    return Message(f"{ref_of(change)} still waits for your vote", [kit.section(text), _buttons(change)])


def overdue(change: Change) -> Message:
    text = f":rotating_light: *{ref_of(change)}* {kit.esc(change.title)} was begun without approval, and its approval"
    due = f" was due {kit.when(change.due_at)}." if change.due_at else " is overdue."
    hint = "Until it is decided, the team that owns the service has no standard changes."
    return Message(f"The approval of {ref_of(change)} is overdue", [kit.section(f"{text}{due}"), kit.context(hint)])


def question(change: Change, asked: ChangeQuestion) -> Message:
    """For who asked for the change."""
    lead = f":grey_question: {kit.mention(asked.asked_by)} asks about *{ref_of(change)}* {kit.esc(change.title)}:"
    blocks = [kit.section(f"{lead}\n{kit.quote(asked.question)}")]
    if asked.answer:
        blocks.append(kit.section(f"{kit.mention(asked.answered_by or '')} answered:\n{kit.quote(asked.answer)}"))
    else:
        seen = Seen(ref_of(change), asked.id or 0)
        blocks.append(kit.actions(kit.button(Action.ANSWER_QUESTION, "Answer", seen, "primary")))
    return Message(f"A question about {ref_of(change)}", blocks)


def answer(sheet: Sheet, asked: ChangeQuestion) -> Message:
    """For the approver who wanted to know."""
    change = sheet.change
    lead = f":speech_balloon: {kit.mention(asked.answered_by or '')} answered about *{ref_of(change)}*:"
    blocks = [kit.section(f"{lead}\n{kit.quote(asked.answer or '')}")]
    if voting(change):
        blocks.append(_buttons(change))
    return Message(f"An answer about {ref_of(change)}", blocks)


def waiting(shown: Sequence[Waiting], policy: Policy) -> Message:
    """`/change approvals`: what waits for the reader's word."""
    if not shown:
        text = ":sparkles: No change waits for your vote."
        return Message(text, [kit.section(text)])
    blocks = [kit.header("Waiting for your vote"), *lines(shown, policy)]
    return Message(f"{len(shown)} changes wait for your vote", blocks)


def lines(shown: Sequence[Waiting], policy: Policy) -> list[Block]:
    """A change each, with the button to approve it: App Home has them too."""
    return [_line(one, policy) for one in shown]


def _line(one: Waiting, policy: Policy) -> Block:
    instead = f"\n:bust_in_silhouette: You stand in for {kit.mention(one.instead_of)}" if one.instead_of else ""
    approve = kit.button(Action.APPROVE, "Approve", seen_of(one.change), "primary")
    return kit.section(changes.line(one.change, policy) + instead) | {"accessory": approve}


def rejection_form(change: Change) -> View:
    why = long(Field.COMMENT, "Reason", "What would have to be different; the requester reads this")
    return _form(Form.CHANGE_REJECTION, f"Reject {ref_of(change)}", "Reject", change, [why])


def condition_form(change: Change) -> View:
    what = long(Field.COMMENT, "Condition", "What must be so for your approval to hold; it stands on the card")
    return _form(Form.APPROVAL_CONDITION, f"Approve {ref_of(change)}", "Approve", change, [what])


def question_form(change: Change) -> View:
    what = long(Field.COMMENT, "Question", "Who asked for the change hears it and can answer")
    return _form(Form.APPROVAL_QUESTION, f"Ask about {ref_of(change)}", "Ask", change, [what])


def answer_form(change: Change, asked: ChangeQuestion) -> View:
    blocks = [
        kit.section(kit.quote(asked.question)),
        kit.ask(Field.COMMENT, "Answer", kit.text_input(most=WORDS_MOST, lines=True)),
    ]
    about = Seen(ref_of(change), asked.id or 0)
    return kit.form(Form.APPROVAL_ANSWER, f"Answer on {ref_of(change)}", "Answer", blocks, about)


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


def _buttons(change: Change) -> Block:
    seen = seen_of(change)
    return kit.actions(
        kit.button(Action.APPROVE, "Approve", seen, "primary"),
        kit.button(Action.APPROVE_IF, "Approve with condition", seen),
        kit.button(Action.REJECT, "Reject", seen, "danger"),
        kit.button(Action.ASK_QUESTION, "Ask a question", seen),
        kit.button(Action.DELEGATE, "Delegate", seen),
    )


def _own(seats: Sequence[Approval], reader: str, stage: int) -> Approval | None:
    mine = [one for one in seats if one.stage == stage and reader in {one.voted_by, one.approver} and one.vote]
    return next((one for one in mine if Vote(one.vote or "")), None)


def _form(form: Form, name: str, submit: str, change: Change, blocks: list[Block]) -> View:
    lead = kit.section(f"*{ref_of(change)}* {kit.esc(change.title)}")
    return kit.form(form, name, submit, [lead, *blocks], seen_of(change))
