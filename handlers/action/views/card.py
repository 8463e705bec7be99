"""Actions as people see them."""

from collections.abc import Sequence
from datetime import date

from bot.rules.action.flow import FLOW, PROMISED, ActionKind, ActionState, ActionStep
from bot.rules.action.reminders import Standing, digest_line, standing
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label, stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.waiting import Waits
from bot.usecases.action.lists import Digest
from bot.usecases.action.waiting import Why
from handlers.action.actions import ACTIONS
from handlers.blocks import facts, holder, kit
from handlers.blocks.kit import Block, Message
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query, of_records
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading
from storage.tables import ActionItem

DIGEST_MOST = 10
MARK = {
    ActionState.OPEN: ":white_circle:",
    ActionState.DOING: ":large_yellow_circle:",
    ActionState.DONE: ":large_orange_circle:",
    ActionState.VERIFIED: ":large_green_circle:",
    ActionState.DROPPED: ":heavy_multiplication_x:",
}
_PRESSED = {ActionStep.START: "start", ActionStep.FINISH: "done", ActionStep.VERIFY: "verify"}
SAID = {
    FactKind.ACTION_RAISED: "raised it, due on {due_on}",
    FactKind.ACTION_STARTED: "started it",
    FactKind.ACTION_DONE: "did it",
    FactKind.ACTION_VERIFIED: "verified it",
    FactKind.ACTION_SENT_BACK: "sent it back",
    FactKind.ACTION_DROPPED: "dropped it",
    FactKind.ACTION_EXTENDED: "put it off from {before} to {due_on}",
    FactKind.ACTION_REMINDED: "reminded of it",
    FactKind.ACTION_KEPT: "counted the interval that was due on {due_on} as kept",
    FactKind.ACTION_MISSED: "counted the interval that was due on {due_on} as missed",
}
"""What a fact says after the name of who did it."""
TEXT_MOST = 600
"""Characters of a long text on a card; *Read all* has the rest."""


def say(fact: Fact) -> str:
    return facts.said(fact, SAID)


def title(action: ActionItem) -> str:
    return action.title


def reading_of(action: ActionItem) -> Reading:
    return Reading(action.title, [Passage("Verified by", action.verification or "")])


def card(action: ActionItem, policy: Policy, links: Sequence[str], lead: str = "") -> Message:
    """`lead` says why somebody gets it; what may be pressed stands below."""
    state = ActionState(action.state)
    blocks = [
        *([kit.section(lead)] if lead else []),
        kit.section(f"{MARK[state]} {_lock(action)}*{action.ref}* *{kit.esc(action.title)}*"),
        kit.context(*_facts(action, policy)),
    ]
    if action.verification:
        blocks.append(reading.excerpt(action.verification, TEXT_MOST, RecordVersion.of(action), "*Verified by*"))
    others = [one for one in links if one != action.parent]
    blocks += kit.linked(others)
    steps = FLOW.legal(state)
    buttons = [actions.button(ACTIONS[_PRESSED[step]], RecordVersion.of(action)) for step in steps if step in _PRESSED]
    return Message(_spoken(action), [*blocks, kit.actions(*buttons, actions.more_button(RecordVersion.of(action)))])


def given(action: ActionItem, policy: Policy, links: Sequence[str]) -> Message:
    return card(action, policy, links, f"*{action.ref}* is yours: you own what is to be done here.")


def line(action: ActionItem, today: date, policy: Policy) -> str:
    """An action in two lines of a list."""
    who = holder.with_whom(action.owner, action.owner_group, policy)
    of = f" · of {action.parent}" if action.parent else ""
    return (
        f"{MARK[ActionState(action.state)]} {_lock(action)}{facts.named(action)}\n"
        f"{_due(action, today)} · {who} · {label(ActionState(action.state))}{of}"
    )


def row(action: ActionItem, today: date, policy: Policy) -> Block:
    return kit.section(line(action, today, policy)) | {"accessory": actions.more_button(RecordVersion.of(action))}


def waits(one: Waits, policy: Policy) -> Block:
    """In “Waiting for you”."""
    action: ActionItem = one.record
    verb = "done" if action.state == ActionState.DOING else "start"
    verb = "verify" if one.why == Why.VERIFY else verb
    pressed = actions.button(ACTIONS[verb], RecordVersion.of(action))
    return kit.section(line(action, one.more, policy)) | {"accessory": pressed}


def listing(query: Query, found: Sequence[ActionItem], total: int, size: int, today: date, policy: Policy) -> Listing:
    return of_records("action", query, [row(one, today, policy) for one in found], total, size)


def digest(found: Digest, policy: Policy) -> Message | None:
    """One message a person and day; None where nothing is left to be said."""
    if not found.own and not found.group:
        return None
    text = f":memo: *What you promised*: {_counted(found.own, found.day, policy)}."
    blocks = [kit.section(text)] if found.own else []
    blocks += _rows(found.own, found.day, "`/action list mine` shows all", policy)
    if found.group:
        said = f":busts_in_silhouette: *Of your groups*: {_counted(found.group, found.day, policy)}."
        blocks += [kit.section(said), *_rows(found.group, found.day, "`/action list group` shows all", policy)]
    return Message(f"Your actions: {_counted([*found.own, *found.group], found.day, policy)}", blocks)


def news(action: ActionItem, fact: Fact) -> Message:
    after = " Somebody other than who did it verifies it." if fact.kind is FactKind.ACTION_DONE else ""
    seen, state = RecordVersion.of(action), ActionState(action.state)
    offered = [ACTIONS["verify"], ACTIONS["send-back"]] if state is ActionState.DONE else []
    offered += [ACTIONS["assign"]] if state in PROMISED and action.owner is None else []
    buttons = [*(actions.button(one, seen) for one in offered), actions.more_button(seen)]
    return ended(facts.news(action, fact, say(fact), buttons, after=after), _end_of(action, fact))


def _end_of(action: ActionItem, fact: Fact) -> str:
    """How the matter of this news ended; empty while somebody is to do something."""
    state = ActionState(action.state)
    if fact.kind is FactKind.ACTION_DONE and state is not ActionState.DONE:
        return f"{stands(state)} now."
    if fact.data.get("left") and action.owner:
        return f"It is with {kit.mention(action.owner)} now."
    return ""


def _rows(found: Sequence[ActionItem], day: date, where: str, policy: Policy) -> list[Block]:
    more = [kit.context(f"There are {len(found) - DIGEST_MOST} more; {where}.")] if len(found) > DIGEST_MOST else []
    return [*(row(one, day, policy) for one in found[:DIGEST_MOST]), *more]


def _counted(found: Sequence[ActionItem], day: date, policy: Policy) -> str:
    stands = [standing(date.fromisoformat(one.due_on), day, policy.actions) for one in found]
    said = ((Standing.LATE, "late"), (Standing.TODAY, "due today"), (Standing.SOON, "due soon"))
    return digest_line([(stands.count(one), words) for one, words in said])


def _facts(action: ActionItem, policy: Policy) -> list[str]:
    said = [f"Due *{kit.day(action.due_on)}*", holder.with_whom(action.owner, action.owner_group, policy)]
    said += [f"to {action.kind}" if action.kind in set(ActionKind) else "", label(ActionState(action.state))]
    if action.extensions:
        said.append("put off once" if action.extensions == 1 else f"put off {action.extensions} times")
    said += [f"repeats: `{kit.esc(action.repeats)}`"] if action.repeats else []
    said += [f"of {action.parent}"] if action.parent else []
    return [" · ".join(filter(None, said))]


def _due(action: ActionItem, today: date) -> str:
    due = date.fromisoformat(action.due_on)
    if action.state not in PROMISED:
        return f"was due {kit.day(action.due_on)}"
    late = (today - due).days
    if late > 0:
        return f":rotating_light: due {kit.day(action.due_on)}, late by {late} {'day' if late == 1 else 'days'}"
    return "due today" if not late else f"due {kit.day(action.due_on)}"


def _lock(action: ActionItem) -> str:
    return ":lock: " if action.private else ""


def _spoken(action: ActionItem) -> str:
    return f"{action.ref} {kit.esc(action.title)} · due {kit.day(action.due_on)}"
