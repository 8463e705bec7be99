"""Changes as people see them: the card, a line of a list, what is said in passing."""

from collections.abc import Sequence

from bot.desk.change_sheet import Sheet
from bot.rules.change_flow import ChangeState, ChangeStep, ChangeType, Result, Risk, legal
from bot.rules.policy import Policy
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.words import shorten
from handlers.ids import Action
from handlers.views import kit
from handlers.views.change_standing import questioned, revision, standing, voting
from handlers.views.collisions import noted
from handlers.views.kit import Block, Message
from storage.tables import Change

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
RISK_MARK = {Risk.LOW: "Low", Risk.MEDIUM: "Medium", Risk.HIGH: ":warning: High"}
_START = ChangeStep.START
_BUTTONS = {
    ChangeStep.SUBMIT: (Action.EDIT_CHANGE, "Go on with it", "primary"),
    ChangeStep.REVISE: (Action.EDIT_CHANGE, "Edit", None),
    ChangeStep.START: (Action.START_CHANGE, "Start", "primary"),
    ChangeStep.FINISH: (Action.FINISH_CHANGE, "Finish", "primary"),
    ChangeStep.CLOSE: (Action.CLOSE_CHANGE, "Close", "primary"),
    ChangeStep.CANCEL: (Action.CANCEL_CHANGE, "Cancel change", None),
}


def ref_of(change: Change) -> Ref:
    return Ref(Noun.CHANGE, change.number)


def seen_of(change: Change) -> Seen:
    return Seen(ref_of(change), change.revision)


def title(change: Change) -> str:
    return f"{ref_of(change)} {change.title}"


def card(sheet: Sheet) -> Message:
    """The change for everyone: what, why, how, when, and how its approval stands."""
    change = sheet.change
    blocks = [*_body(sheet), *_held(sheet), *noted(sheet.collisions, sheet.policy)]
    blocks += [*_plans(change), *revision(sheet), *standing(sheet), *questioned(sheet.questions)]
    blocks += _done(change)
    if buttons := [*_votes(change), *_steps(change)]:
        blocks.append(kit.actions(*buttons))
    return Message(_spoken(change), blocks)


def listing(changes: Sequence[Change], more: int, policy: Policy) -> Message:
    """Open changes, a line each; `more` were left off."""
    if not changes:
        text = ":sparkles: No change is open. `/change` asks for one."
        return Message(text, [kit.section(text)])
    blocks = [kit.header(f"Open changes ({len(changes) + more})")]
    blocks += [kit.section(line(one, policy)) for one in changes]
    if more:
        blocks.append(kit.context(f"{more} more are open; the soonest come first."))
    return Message(f"{len(changes) + more} open changes", blocks)


def asked_for(changes: Sequence[Change], policy: Policy) -> Message:
    """Somebody's own, open or not."""
    if not changes:
        text = "You have asked for no change yet. `/change` asks for one."
        return Message(text, [kit.section(text)])
    header = "Changes that you asked for"
    return Message(header, [kit.header(header), *(kit.section(line(one, policy)) for one in changes)])


def line(change: Change, policy: Policy) -> str:
    """A change in two lines of a list."""
    state = ChangeState(change.state)
    return (
        f"{STATE_MARK[state]} *{ref_of(change)}* {kit.esc(change.title)}\n"
        f"{change.type.capitalize()} · {kit.esc(policy.service_name(change.service))} · {_state(change)}"
        f" · opens {kit.when(change.starts_at)}"
    )


def decided(change: Change) -> Message:
    """Tells who asked for it."""
    by = f" by {kit.mention(change.decided_by)}" if change.decided_by else ""
    said = change.decision or "decided"
    approved = change.decision == ChangeStep.APPROVE
    mark = STATE_MARK[ChangeState.SCHEDULED] if approved else ":no_entry_sign:"
    lines = [f"{mark} *{ref_of(change)}* {kit.esc(change.title)} was {said}{by}."]
    if change.comment:
        lines.append(kit.quote(shorten(change.comment, 600)))
    blocks = []
    if change.state == ChangeState.SCHEDULED:
        lines.append(f"Its window opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}.")
    elif change.state == ChangeState.DRAFT:
        lines.append("It is a draft again: edit it and ask anew, or cancel it.")
        blocks = [kit.actions(kit.button(Action.EDIT_CHANGE, "Edit and ask again", seen_of(change), "primary"))]
    return Message(f"{ref_of(change)} was {said}", [kit.section("\n".join(lines)), *blocks])


def moved(change: Change) -> Message:
    """A step of its life, in a line."""
    text = f"{STATE_MARK[ChangeState(change.state)]} *{ref_of(change)}* {kit.esc(change.title)} is {_state(change)}."
    note = {ChangeState.REVIEW: change.result_note, ChangeState.CANCELLED: change.comment}.get(
        ChangeState(change.state)
    )
    quoted = f"\n{kit.quote(shorten(note, 600))}" if note else ""
    return Message(f"{ref_of(change)} is {_state(change)}", [kit.section(text + quoted)])


def revised(sheet: Sheet, why: str) -> Message:
    """What an edit made different, beside the card; `why` where somebody said so."""
    change = sheet.change
    lead = f":pencil2: *{ref_of(change)}* {kit.esc(change.title)} was revised."
    if change.state == ChangeState.AUTHORISE:
        lead += " Votes given before are void; approval is asked anew."
    window = f"Its window opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}."
    quoted = [kit.section(f"{window}\n{kit.quote(shorten(why, 600))}")] if why else []
    blocks = [kit.section(lead), *quoted, *revision(sheet)]
    return Message(f"{ref_of(change)} was revised", blocks)


def _votes(change: Change) -> list[Block]:
    if not voting(change):
        return []
    seen = seen_of(change)
    return [
        kit.button(Action.APPROVE, "Approve", seen, "primary"),
        kit.button(Action.APPROVE_IF, "Approve with condition", seen),
        kit.button(Action.REJECT, "Reject", seen, "danger"),
        kit.button(Action.ASK_QUESTION, "Ask a question", seen),
    ]


def _steps(change: Change) -> list[Block]:
    state, kind = ChangeState(change.state), ChangeType(change.type)
    held = change.held_by is not None
    pressed = [_BUTTONS[step] for step in legal(state, kind) if step in _BUTTONS and not (held and step is _START)]
    buttons = [kit.button(action, label, seen_of(change), style) for action, label, style in pressed]
    if state is ChangeState.SCHEDULED:  # before the last, which gives it up
        buttons.insert(-1, kit.button(Action.POSTPONE_CHANGE, "Postpone", seen_of(change)))
    if state is ChangeState.CLOSED and kind is ChangeType.NORMAL and change.result == Result.SUCCESS:
        buttons.append(kit.button(Action.PROPOSE_TEMPLATE, "Make it a standard change", seen_of(change)))
    return buttons


def _spoken(change: Change) -> str:
    return f"{kit.esc(title(change))} · {ChangeState(change.state).label}"


def _body(sheet: Sheet) -> list[Block]:
    change, policy = sheet.change, sheet.policy
    state = _state(change)
    facts = [
        f"*Type*\n{change.type.capitalize()}",
        f"*Service*\n{kit.esc(policy.service_names(change.services))}",
        f"*Window*\n{kit.when(change.starts_at)} to {kit.when(change.ends_at)}",
        f"*State*\n{state[0].upper()}{state[1:]}",
        f"*Asked for by*\n{kit.mention(change.requester)}",
        f"*Carried out by*\n{kit.mention(change.implementer)}" if change.implementer else "",
        f"*Risk*\n{_risk(sheet)}" if change.type != ChangeType.STANDARD else "",
        f"*Incident*\n{change.incident}" if change.incident else "",
    ]
    return [
        kit.section(f"{STATE_MARK[ChangeState(change.state)]} *{ref_of(change)}* *{kit.esc(change.title)}*"),
        kit.fields(*filter(None, facts)),
        *_why_risky(sheet),
    ]


def _state(change: Change) -> str:
    label = ChangeState(change.state).label
    if change.held_by is not None and change.state in {ChangeState.AUTHORISE, ChangeState.SCHEDULED}:
        return f"{label}, held by {Ref(Noun.WINDOW, change.held_by)}"
    if change.state == ChangeState.SCHEDULED and change.type == ChangeType.STANDARD:
        return "scheduled as a standard change"
    if change.state == ChangeState.DRAFT and change.decision:
        return f"{change.decision}; {label} again"
    unapproved = change.break_glass and change.decision is None and change.state in {"implementing", "review"}
    result = f" ({change.result})" if change.result else ""
    return label + result + (", not approved yet" if unapproved else "")


def _risk(sheet: Sheet) -> str:
    told = sheet.assessment
    return f"{RISK_MARK[told.risk]} ({told.score} of {told.most})"


def _why_risky(sheet: Sheet) -> list[Block]:
    told = sheet.assessment
    if sheet.change.type == ChangeType.STANDARD:
        return []
    reasons = [kit.esc(one) for one in told.reasons[:4]]
    if told.assumed:
        reasons.append(f"{told.assumed} answers on risk are assumed; nobody gave them.")
    return [kit.context(" ".join(reasons))] if reasons else []


def _held(sheet: Sheet) -> list[Block]:
    if sheet.held_by is None:
        return []
    held = f":double_vertical_bar: *Held by {sheet.held_by.ref}* {kit.esc(sheet.held_by.title)}: it can be neither "
    return [kit.section(f"{held}approved nor started. Another window frees it, or the end of the freeze.")]


def _plans(change: Change) -> list[Block]:
    said = (
        ("Why", change.why),
        ("Plan", change.plan),
        ("Test plan", change.test_plan),
        ("Backout plan", change.backout),
        ("Communication", change.communication),
        ("Links", change.links),
    )
    return [kit.section(f"*{name}*\n{kit.quote(shorten(text, 600))}") for name, text in said if text]


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
    return blocks + [kit.section(f"*{name}*\n{kit.quote(shorten(text, 600))}") for name, text in notes if text]
