"""What a change says in words: whole, in a modal, and as much of it as a card has room for."""

from collections.abc import Sequence

from bot.rules.change.flow import ChangeType, Risk
from bot.usecases.change.details import ChangeDetails
from handlers.blocks import kit, questions
from handlers.blocks.kit import Block
from handlers.change.views import approval_status
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading, additional
from handlers.records.typed_values import Shown
from storage.tables import Change

RISK_MARK = {Risk.LOW: "Low", Risk.MEDIUM: "Medium", Risk.HIGH: ":warning: High"}
MOST, LINES = 240, 3
"""Characters and lines of each text on a card that shows all."""
BRIEF_MOST, BRIEF_LINES = 150, 1
"""The same of one that does not."""
_FIRST = 3
"""Of a card that cannot show all: why, plan and backout plan."""


def asked_for(change: Change) -> list[Passage]:
    """What approval is asked of, in the order of the card."""
    said = (
        ("Why", change.why),
        ("Plan", change.plan),
        ("Backout plan", change.backout),
        ("Test plan", change.test_plan),
        ("Communication", change.communication),
        ("Links", change.links),
    )
    return [Passage(name, text) for name, text in said if text]


def shortened(change: Change) -> bool:
    """Whether a card shows less than all that approval is asked of."""
    return any(_is_long(one) for one in asked_for(change))


def on_card(sheet: ChangeDetails) -> list[Block]:
    """All of it, where that is short; else the beginnings, and what the rest is about."""
    change = sheet.change
    said = asked_for(change)
    if shortened(change):
        shown, rest, bounds = said[:_FIRST], said[_FIRST:], (BRIEF_MOST, BRIEF_LINES)
    else:
        shown, rest, bounds = said, [], (MOST, LINES)
    blocks = [kit.section("\n".join(_line(one, *bounds) for one in shown))] if shown else []
    if rest:
        blocks.append(kit.context(f"Not shown here: {', '.join(one.name.lower() for one in rest)}."))
    return [*blocks, *questions.answered(sheet.fields)]


def reading_of(sheet: ChangeDetails) -> Reading:
    """Every word of it, and of what was said about it."""
    change = sheet.change
    later = (
        ("What happened", change.result_note),
        ("Review", change.review),
        ("Reason of the cancellation", change.cancel_reason),
    )
    votes = [Passage(*one) for one in approval_status.said_with_votes(sheet)]
    asked = [Passage(*one) for one in approval_status.said_in_questions(sheet)]
    return Reading(change.title, [*asked_for(change), *additional(sheet.fields), *_named(later), *votes, *asked])


def for_a_vote(shown: Shown) -> list[Block]:
    """All that somebody should know before they vote, whole."""
    sheet: ChangeDetails = shown.more
    change, policy = sheet.change, sheet.policy
    facts = [
        f"{change.type.capitalize()} · {kit.esc(policy.service_names(change.services))} · {kit.when(change.starts_at)} "
        f"to {kit.when(change.ends_at)} · revision {change.revision}",
        f"Asked for by {kit.mention(change.requester)}, to be carried out by {kit.mention(change.implementer)}",
        *risk(sheet, whole=True),
    ]
    blocks = [kit.context(*facts), *approval_status.asked_before(sheet), *approval_status.revision(sheet)]
    blocks += [*approval_status.standing(sheet), *approval_status.questioned(sheet.questions)]
    return [*blocks, *reading.whole([*asked_for(change), *additional(sheet.fields)])]


def risk(sheet: ChangeDetails, *, whole: bool = False) -> list[str]:
    """How risky it is; why, where it is high, somebody gave answers or all is told. Nothing of a standard change."""
    if sheet.change.type == ChangeType.STANDARD:
        return []
    told = sheet.assessment
    reasons = [kit.esc(one) for one in told.reasons[:4]] if whole or told.answered or told.risk is Risk.HIGH else []
    if told.assumed:
        reasons.append(f"{told.assumed} answers on risk are assumed; nobody gave them.")
    return [" ".join([f"Risk: {RISK_MARK[told.risk]} ({told.score} of {told.most}).", *reasons])]


def _is_long(one: Passage) -> bool:
    return len(kit.esc(one.text)) > MOST or one.text.count("\n") >= LINES


def _line(one: Passage, most: int, lines: int) -> str:
    shown = kit.excerpt(one.text, most, lines)
    return f"*{one.name}*  {shown}" if "\n" not in shown else f"*{one.name}*\n{shown}"


def _named(said: Sequence[tuple[str, str | None]]) -> list[Passage]:
    return [Passage(name, text) for name, text in said if text]
