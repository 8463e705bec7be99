"""Changes as people see them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.rules.approval import Vote
from bot.rules.change_flow import ChangeState, ChangeType
from bot.rules.policy import GroupKey, Policy
from bot.rules.refs import Noun, Ref, Seen
from bot.rules.words import SUMMARY_MOST, WORDS_MOST, shorten
from handlers.ids import Action, Field, Form
from handlers.views import kit
from handlers.views.incidents import service_options
from handlers.views.kit import Block, Message, View
from storage.tables import Approval, Change

STATE_MARK = {
    ChangeState.AUTHORISE: ":large_yellow_circle:",
    ChangeState.SCHEDULED: ":large_green_circle:",
    ChangeState.REJECTED: ":no_entry_sign:",
}
_VOTED = {Vote.APPROVE: "approved", Vote.REJECT: "rejected"}


def ref_of(change: Change) -> Ref:
    return Ref(Noun.CHANGE, change.number)


def title(change: Change) -> str:
    return f"{ref_of(change)} {change.title}"


def card(change: Change, approvals: Sequence[Approval], policy: Policy) -> Message:
    """The change for everyone: what, why, how, when, and how the approval stands."""
    blocks = [*_body(change, policy), *_plans(change), _standing(change, approvals)]
    if change.state == ChangeState.AUTHORISE:
        blocks.append(_decide(change))
    return Message(_spoken(change), blocks)


def approval_request(change: Change, approvals: Sequence[Approval], policy: Policy) -> Message:
    """The change for one whose word is asked for."""
    shown = card(change, approvals, policy)
    if change.state != ChangeState.AUTHORISE:
        return shown
    lead = f"{kit.mention(change.requester)} asks for your approval of *{ref_of(change)}*."
    return Message(f"Your approval is asked for: {kit.esc(title(change))}", [kit.section(lead), *shown.blocks])


def decided(change: Change) -> Message:
    """Tells the requester."""
    by = kit.mention(change.decided_by or "")
    outcome = "approved" if change.state == ChangeState.SCHEDULED else "rejected"
    mark = STATE_MARK[ChangeState(change.state)]
    lines = [f"{mark} *{ref_of(change)}* {kit.esc(change.title)} was {outcome} by {by}."]
    if change.comment:
        lines.append(kit.quote(change.comment))
    if change.state == ChangeState.SCHEDULED:
        lines.append(f"Its window opens {kit.when(change.starts_at)} and closes {kit.when(change.ends_at)}.")
    return Message(f"{ref_of(change)} was {outcome}", [kit.section("\n".join(lines))])


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


def line(change: Change, policy: Policy) -> str:
    """A change in two lines of a list."""
    state = ChangeState(change.state)
    return (
        f"{STATE_MARK[state]} *{ref_of(change)}* {kit.esc(change.title)}\n"
        f"{change.type.capitalize()} · {kit.esc(policy.service_name(change.service))} · {state.label}"
        f" · opens {kit.when(change.starts_at)}"
    )


def request_form(policy: Policy, now: datetime, typed: str = "") -> View:
    """The form to ask for a change; its window is suggested a day ahead, an hour long."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1, hours=1)
    line = " ".join(typed.split())
    types = [kit.option(one.capitalize(), one) for one in ChangeType]
    groups = [kit.option(group.title, key) for key, group in policy.groups.items()]
    blocks = [
        kit.ask(Field.TITLE, "Title", kit.text_input(line, most=SUMMARY_MOST), hint="What changes, in a line"),
        kit.ask(Field.TYPE, "Type", kit.select(types, ChangeType.NORMAL)),
        kit.ask(Field.SERVICE, "Service", kit.select(service_options(policy), policy.service_named_in(typed))),
        _long(Field.WHY, "Why", "What it is for, and what happens without it"),
        _long(Field.PLAN, "Plan", "The steps, in order"),
        _long(Field.BACKOUT, "Backout plan", "How to get back to where you were, and by when it must be decided"),
        kit.ask(Field.STARTS_AT, "Start", kit.datetime_input(starts_at)),
        kit.ask(Field.ENDS_AT, "End", kit.datetime_input(starts_at + timedelta(hours=1))),
        kit.ask(Field.APPROVERS, "Approvers", kit.select(groups, GroupKey.CHANGE_APPROVERS)),
    ]
    return kit.form(Form.CHANGE_REQUEST, "Ask for a change", "Ask for approval", blocks)


def rejection_form(change: Change) -> View:
    why = kit.ask(
        Field.COMMENT,
        "Reason",
        kit.text_input(most=WORDS_MOST, lines=True),
        hint="What would have to be different; the requester reads this",
    )
    lead = kit.section(f"*{ref_of(change)}* {kit.esc(change.title)}")
    seen = Seen(ref_of(change), change.revision)
    return kit.form(Form.CHANGE_REJECTION, f"Reject {ref_of(change)}", "Reject", [lead, why], seen)


def _long(field: Field, label: str, hint: str) -> Block:
    return kit.ask(field, label, kit.text_input(most=WORDS_MOST, lines=True), hint=hint)


def _decide(change: Change) -> Block:
    seen = Seen(ref_of(change), change.revision)
    return kit.actions(
        kit.button(Action.APPROVE, "Approve", seen, "primary"),
        kit.button(Action.REJECT, "Reject", seen, "danger"),
    )


def _spoken(change: Change) -> str:
    return f"{kit.esc(title(change))} · {ChangeState(change.state).label}"


def _body(change: Change, policy: Policy) -> list[Block]:
    state = ChangeState(change.state)
    return [
        kit.section(f"{STATE_MARK[state]} *{ref_of(change)}* *{kit.esc(change.title)}*"),
        kit.fields(
            f"*Type*\n{change.type.capitalize()}",
            f"*Service*\n{kit.esc(policy.service_name(change.service))}",
            f"*Window*\n{kit.when(change.starts_at)} to {kit.when(change.ends_at)}",
            f"*Asked for by*\n{kit.mention(change.requester)}",
        ),
    ]


def _plans(change: Change) -> list[Block]:
    said = (("Why", change.why), ("Plan", change.plan), ("Backout plan", change.backout))
    return [kit.section(f"*{name}*\n{kit.quote(shorten(text, 600))}") for name, text in said]


def _standing(change: Change, approvals: Sequence[Approval]) -> Block:
    if change.state == ChangeState.AUTHORISE:
        asked = ", ".join(kit.mention(one.approver) for one in approvals[:10])
        others = f" and {len(approvals) - 10} more" if len(approvals) > 10 else ""
        return kit.context(f"Waiting for one of {asked}{others}")
    said = [
        f"{_VOTED[Vote(one.vote)].capitalize()} by {kit.mention(one.approver)} {kit.when(one.voted_at)}"
        for one in approvals
        if one.vote and one.voted_at
    ]
    return kit.context(*said, *([f"“{kit.esc(shorten(change.comment, 300))}”"] if change.comment else []))
