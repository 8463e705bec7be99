"""A change in “Waiting for you”: what is waited for, and the button that does it."""

from bot.rules.approval.voting import Decision
from bot.rules.policy.policy import Policy
from bot.rules.record.refs import RecordVersion
from bot.rules.record.waiting import Waits
from bot.usecases.change.approval import WaitingChange
from bot.usecases.change.waiting import Why
from handlers.blocks import holder, kit
from handlers.blocks.kit import Block
from handlers.change.actions import ACTIONS
from handlers.change.views import card
from handlers.ids import Action
from handlers.records.actions import button
from storage.tables import ApprovalCase, Change

QUESTION_MOST = 200
_STEP = {Why.OPEN: "start", Why.MISSED: "postpone", Why.UNDER_WAY: "finish", Why.REVIEW: "close"}


def row(waits: Waits, policy: Policy) -> Block:
    change: Change = waits.record
    seen = RecordVersion.of(change)
    if waits.why is Why.QUESTION:
        asked = f"{kit.mention(waits.more.asked_by)} asks: “{kit.excerpt(waits.more.question, QUESTION_MOST)}”"
        answer = button(ACTIONS["answer"], RecordVersion(card.ref_of(change), waits.more.id or 0), "primary")
        return kit.section(f"{card.line(change, None, policy)}\n{asked}") | {"accessory": answer}
    if waits.why is Why.VOTE:
        return _vote(change, waits.more, policy)
    case: ApprovalCase | None = waits.more
    said = f"{card.line(change, case, policy)}\n{_said(change, case, Why(waits.why))}"
    pressed = kit.button(Action.EDIT_CHANGE, "Edit", seen) if waits.why in (Why.DRAFT, Why.LEFT) else None
    return kit.section(said) | {"accessory": pressed or button(ACTIONS[_STEP[Why(waits.why)]], seen)}


def _vote(change: Change, waiting: WaitingChange, policy: Policy) -> Block:
    review = button(ACTIONS["review"], RecordVersion.of(change), "primary")
    said = card.line(change, waiting.case, policy) + holder.stands_in(waiting.instead_of)
    return kit.section(said) | {"accessory": review}


def _said(change: Change, case: ApprovalCase | None, why: Why) -> str:
    if why is Why.DRAFT:
        sent_back = case is not None and case.decision in (Decision.REJECTED, Decision.EXPIRED)
        return f"It was {case.decision}: edit it and ask again." if case and sent_back else "A draft of yours."
    if why is Why.LEFT:
        return f"{kit.mention(change.requester)}, who asked for it, has left: edit it and ask again."
    return {
        Why.OPEN: f"Its window is open until {kit.when(change.ends_at)}.",
        Why.MISSED: "Its window passed and it was not started: postpone or cancel it.",
        Why.UNDER_WAY: f"Under way; its window closes {kit.when(change.ends_at)}.",
        Why.REVIEW: "Finished: it waits for its review.",
    }[why]
