"""Changes as people see them: the card, a line of a list, what is said in passing."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bot.rules.approval.voting import Decision, Vote
from bot.rules.change.flow import ChangeState, ChangeStep, ChangeType, Result, legal
from bot.rules.policy.policy import ChannelKey, Policy
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.usecases.approval.asking import Poll
from bot.usecases.change.details import ChangeDetails
from handlers.blocks import fitting, holder, kit, moved_in
from handlers.blocks.kit import Block, Message
from handlers.change.actions import ACTIONS
from handlers.change.views import texts
from handlers.change.views.approval_status import asked_before, questioned, revision, standing, unapproved_in_time
from handlers.change.views.conflicts import noted
from handlers.ids import Action
from handlers.records.actions import button, more_button
from handlers.records.paging import Listing, Query
from handlers.records.standard_actions import reading
from storage.tables import ApprovalCase, Change

STATE_MARK = {
    ChangeState.DRAFT: ":pencil2:",
    ChangeState.SUBMITTED: ":large_yellow_circle:",
    ChangeState.ASSESS: ":large_yellow_circle:",
    ChangeState.AUTHORISE: ":large_yellow_circle:",
    ChangeState.SCHEDULED: ":large_green_circle:",
    ChangeState.IMPLEMENTING: ":large_blue_circle:",
    ChangeState.REVIEW: ":large_purple_circle:",
    ChangeState.CLOSED: ":white_check_mark:",
    ChangeState.CANCELLED: ":no_entry_sign:",
}
Cases: TypeAlias = Mapping[int, ApprovalCase]
"""How the approvals of changes stand, by number."""
_START = ChangeStep.START
_BUTTONS = {
    ChangeStep.SUBMIT: (Action.EDIT_CHANGE, "Go on with it", "primary"),
    ChangeStep.REVISE: (Action.EDIT_CHANGE, "Edit", None),
    ChangeStep.START: (ACTIONS["start"].id, ACTIONS["start"].label, "primary"),
    ChangeStep.FINISH: (ACTIONS["finish"].id, ACTIONS["finish"].label, "primary"),
    ChangeStep.CLOSE: (ACTIONS["close"].id, ACTIONS["close"].label, "primary"),
    ChangeStep.CANCEL: (ACTIONS["cancel"].id, ACTIONS["cancel"].label, None),
}


NOTE_MOST = 250
"""Characters of what is said with a vote, a question or an end, on a card."""
MISSED = "window missed: postpone or cancel"
MISSED_MARK = ":warning:"


HELD_MARK, FAILED_MARK = ":double_vertical_bar:", ":x:"


def mark_of(change: Change) -> str:
    held = change.held_by is not None
    return mark(ChangeState(change.state), held=held, missed=change.missed, failed=change.failed)


def mark(state: ChangeState, *, held: bool = False, missed: bool = False, failed: bool = False) -> str:
    """One mark for cards, lists, agenda and calendar: green is what can go on, a tick what went well."""
    if missed:
        return MISSED_MARK
    if held and state in {ChangeState.AUTHORISE, ChangeState.SCHEDULED}:
        return HELD_MARK
    if failed and state in {ChangeState.REVIEW, ChangeState.CLOSED}:
        return FAILED_MARK
    return STATE_MARK[state]


def ref_of(change: Change) -> Ref:
    return Ref(Noun.CHANGE, change.number)


def title(change: Change) -> str:
    return f"{ref_of(change)} {change.title}"


def card(sheet: ChangeDetails) -> Message:
    """The change for everyone: what, why, how, when, and how its approval stands."""
    change = sheet.change
    blocks = [*_body(sheet), *_held(sheet), *noted(sheet.collisions, sheet.policy), *texts.on_card(sheet)]
    blocks += [*asked_before(sheet), *revision(sheet), *standing(sheet), *questioned(sheet.questions)]
    blocks += _done(change)
    blocks += kit.linked(sheet.linked)
    read = [reading.button(RecordVersion.of(change))] if _goes_on(sheet) else []
    blocks.append(
        kit.actions(
            *votes(sheet, blocks),
            *_steps(change, window_open=sheet.window_open),
            *read,
            more_button(RecordVersion.of(change)),
        )
    )
    return Message(_spoken(change), blocks)


def listing(query: Query, changes: Sequence[Change], cases: Cases, total: int, size: int, policy: Policy) -> Listing:
    """A change in two lines each; what was typed to list by is in the query, else they are open."""
    title, empty = "Open changes", ":sparkles: No change is open. `/change` asks for one."
    if query.text.lower() in ("mine", "my"):
        title = "Your changes"
        empty = "No change is yours: you have asked for none and carry none out. `/change` asks for one."
    elif query.text:
        title, empty = "Changes", "No change matches that. `/change list` shows all that are open."
    rows = [kit.section(line(one, cases.get(one.number), policy)) for one in changes]
    return Listing(query, title, rows, total, size, empty)


def line(change: Change, case: ApprovalCase | None, policy: Policy) -> str:
    """A change in two lines of a list."""
    return (
        f"{mark_of(change)} *{ref_of(change)}* {kit.esc(change.title)}\n"
        f"{change.type.capitalize()} · {kit.esc(policy.service_name(change.service))} · {_state(change, case)}"
        f" · window from {kit.when(change.starts_at)}"
    )


def asked(change: Change, case: ApprovalCase | None, policy: Policy) -> Message:
    """For who asked for it, where they did."""
    text = f"{mark_of(change)} *{ref_of(change)}* {kit.colon(kit.esc(change.title))} {_state(change, case)}."
    where = f"Its window is from {kit.when(change.starts_at)}. Its card is in #{policy.channel(ChannelKey.CHANGES)}."
    return Message(f"{ref_of(change)}: {_state(change, case)}", [kit.section(f"{text}\n{where}")])


def end_of_decision(change: Change, case: ApprovalCase) -> str:
    """What has come of a decision since, where it binds no more; empty while it does."""
    if change.revision != case.revision:
        void = "That approval is void" if case.decision == Decision.APPROVED else "It was asked for again"
        return f"{void}: it was revised since, and revision {change.revision} is {ChangeState(change.state).label}."
    binds = ChangeState.SCHEDULED if case.decision == Decision.APPROVED else ChangeState.DRAFT
    return "" if change.state == binds and not change.missed else f"It is {_state(change, case)} now."


def decided(change: Change, poll: Poll) -> Message:
    """Tells who asked for it, with every condition that it was approved under."""
    case = poll.case
    if case is None:
        raise LookupError(f"{ref_of(change)} was never asked for")
    by = f" by {kit.mention(case.decided_by)}" if case.decided_by else ""
    said = case.decision or "decided"
    approved = case.decision == Decision.APPROVED
    mark = STATE_MARK[ChangeState.SCHEDULED] if approved else ":no_entry_sign:"
    remarks = [one for one in poll.seats if one.vote == (Vote.CONDITION if approved else Vote.REJECT)]
    under = ", under conditions" if remarks[1:] else ", under a condition" if remarks else ""
    lines = [f"{mark} *{ref_of(change)}* {kit.esc(change.title)} was {said}{by}{under if approved else ''}."]
    if case.comment and not remarks:
        lines.append(kit.quote(case.comment, 600))
    voters = ((holder.voter(one), one.comment or "") for one in remarks)
    lines += kit.first([f"{voter}:\n{kit.quote(comment, 500)}" for voter, comment in voters], 5)
    blocks = []
    if change.state == ChangeState.SCHEDULED and change.revision == case.revision:
        if remarks:
            edit = kit.button(Action.EDIT_CHANGE, "Edit", RecordVersion.of(change))
            blocks = [kit.context("An edit asks for approval anew."), kit.actions(edit)]
        lines.append(f"Its window opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}.")
    elif change.state == ChangeState.DRAFT and change.revision == case.revision:
        if unapproved_in_time(case):
            lines.append(f"Its window opened {kit.when(case.needed_at)} without approval. Ask for another window.")
        lines.append("It is a draft again: edit it and ask anew, or cancel it.")
        blocks = [
            kit.actions(kit.button(Action.EDIT_CHANGE, "Edit and ask again", RecordVersion.of(change), "primary"))
        ]
    return Message(f"{ref_of(change)} was {said}", [kit.section("\n".join(lines)), *blocks])


def moved(change: Change, case: ApprovalCase | None) -> Message:
    """A step of its life, in a line."""
    state, said = ChangeState(change.state), _state(change, case)
    text = f"{mark_of(change)} *{ref_of(change)}* {kit.esc(change.title)} is {said}."
    note = {ChangeState.REVIEW: change.result_note, ChangeState.CANCELLED: change.cancel_reason}.get(state)
    quoted = f"\n{kit.quote(note, 600)}" if note else ""
    return Message(f"{ref_of(change)} is {said}", [kit.section(text + quoted)])


def revised(sheet: ChangeDetails, why: str) -> Message:
    """What an edit made different, beside the card; `why` where somebody said so."""
    change = sheet.change
    lead = f":pencil2: *{ref_of(change)}* {kit.esc(change.title)} was revised."
    if change.state == ChangeState.AUTHORISE:
        lead += " Votes given before are void; approval is asked anew."
    window = f"Its window opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}."
    quoted = [kit.section(f"{window}\n{kit.quote(why, 600)}")] if why else []
    blocks = [kit.section(lead), *quoted, *revision(sheet)]
    return Message(f"{ref_of(change)} was revised", blocks)


def votes(sheet: ChangeDetails, shown: Sequence[Block]) -> list[Block]:
    """The buttons to vote with, while votes are taken. What is not all in `shown` is read whole to be approved."""
    if not sheet.poll.is_open:
        return []
    seen = RecordVersion.of(sheet.change)
    read = texts.shortened(sheet.change) or not fitting.fits(shown)
    approve = button(ACTIONS["review"], seen, "primary", "Approve") if read else None
    return [
        approve or button(ACTIONS["approve"], seen, "primary"),
        button(ACTIONS["approve-if"], seen),
        button(ACTIONS["reject"], seen, "danger"),
        button(ACTIONS["ask"], seen),
    ]


def _steps(change: Change, *, window_open: bool) -> list[Block]:
    state, kind = ChangeState(change.state), ChangeType(change.type)
    stopped = change.held_by is not None or change.missed or not window_open
    pressed = [_BUTTONS[step] for step in legal(state, kind) if step in _BUTTONS and not (stopped and step is _START)]
    buttons = [kit.button(action, label, RecordVersion.of(change), style) for action, label, style in pressed]
    if state is ChangeState.SCHEDULED:  # before the last, which gives it up
        buttons.insert(-1, button(ACTIONS["postpone"], RecordVersion.of(change), "primary" if change.missed else None))
    if state is ChangeState.CLOSED and kind is ChangeType.NORMAL and change.result == Result.SUCCESS:
        buttons.append(button(ACTIONS["propose"], RecordVersion.of(change)))
    return buttons


def _goes_on(sheet: ChangeDetails) -> bool:
    """Whether there is more to read than the card shows."""
    change = sheet.change
    said = [change.result_note, change.review]
    said += [text for one in sheet.questions for text in (one.question, one.answer)]
    said += [one.comment for one in (*sheet.poll.seats, *sheet.asked_before)]
    return texts.shortened(change) or any(len(one) > NOTE_MOST for one in said if one)


def _spoken(change: Change) -> str:
    return f"{kit.esc(title(change))} · {MISSED if change.missed else ChangeState(change.state).label}"


def _body(sheet: ChangeDetails) -> list[Block]:
    """What it is in two lines: what and how it stands, when and by whom."""
    change, policy = sheet.change, sheet.policy
    state = _state(change, sheet.poll.case)
    what = [
        f"*{state[0].upper()}{state[1:]}*",
        change.type.capitalize(),
        kit.esc(policy.service_names(change.services)),
        f"for {change.incident}" if change.incident else "",
    ]
    who = [f"Asked for by {kit.mention(change.requester)}"]
    if change.implementer == change.requester:
        who = [f"Asked for and implemented by {kit.mention(change.requester)}"]
    elif change.implementer:
        who.append(f"implemented by {kit.mention(change.implementer)}")
    when = f"{kit.when(change.starts_at)} to {kit.when(change.ends_at)}"
    origin = moved_in.mark(change.old_ref, change.imported_from)
    head = f"{mark_of(change)} *{ref_of(change)}* *{kit.esc(change.title)}*"
    return [
        kit.section(f"{head}\n{' · '.join(filter(None, what))}"),
        kit.context(" · ".join(filter(None, (when, ", ".join(who), origin))), *texts.risk(sheet)),
    ]


def _state(change: Change, case: ApprovalCase | None) -> str:
    label = ChangeState(change.state).label
    if change.missed:
        return MISSED
    if change.held_by is not None and change.state in {ChangeState.AUTHORISE, ChangeState.SCHEDULED}:
        return f"{label}, held by {Ref(Noun.WINDOW, change.held_by)}"
    if change.state == ChangeState.SCHEDULED and change.type == ChangeType.STANDARD:
        return "scheduled as a standard change"
    if change.state == ChangeState.DRAFT and case is not None and case.decision:
        return f"{case.decision}; {label} again"
    unapproved = change.break_glass and case is not None and case.is_due
    result = f" ({change.result})" if change.result else ""
    return label + result + (", not approved yet" if unapproved else "")


def _held(sheet: ChangeDetails) -> list[Block]:
    if sheet.held_by is None:
        return []
    held = kit.colon(f":double_vertical_bar: *Held by {sheet.held_by.ref}* {kit.esc(sheet.held_by.title)}")
    then = "it can be neither approved nor started. Another window frees it, or the end of the freeze."
    return [kit.section(f"{held} {then}")]


def _done(change: Change) -> list[Block]:
    """What became of it."""
    said = []
    if change.started_at:
        ended = f", ended {kit.when(change.finished_at)}" if change.finished_at else ""
        said.append(f"Began {kit.when(change.started_at)}{ended}")
    if change.result:
        said.append(change.result.capitalize())
    if change.caused:
        said.append(f":link: Caused {change.caused}")
    blocks = [kit.context(*said)] if said else []
    notes = (("What happened", change.result_note), ("Review", change.review))
    return blocks + [kit.section(f"*{name}*\n{kit.quote(text, NOTE_MOST)}") for name, text in notes if text]
