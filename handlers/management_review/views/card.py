"""Management reviews as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rules.iso.periods import spoken
from bot.rules.management_review.flow import LIVE, MeetingState
from bot.rules.management_review.inputs import NOTHING, Input, restored
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label, stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import shorten
from bot.rules.record.waiting import Waits
from bot.usecases.management_review.meetings import TITLE_MOST
from handlers.blocks import facts, fitting, kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action, Field, Form
from handlers.management_review.actions import ACTIONS
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query, of_records
from storage.tables import ActionItem, ManagementReview

PERIOD_MOST = 30
MARK = {
    MeetingState.PLANNED: ":calendar:",
    MeetingState.HELD: ":speech_balloon:",
    MeetingState.CLOSED: ":white_check_mark:",
    MeetingState.CANCELLED: ":heavy_multiplication_x:",
}
_LEADING = {MeetingState.PLANNED: ("hold", "refresh"), MeetingState.HELD: ("say", "decide", "attend", "close")}
SAID = {
    FactKind.MANAGEMENT_REVIEW_PLANNED: "planned it for {planned_on}",
    FactKind.MANAGEMENT_REVIEW_DRAWN: "drew its inputs of {period}",
    FactKind.MANAGEMENT_REVIEW_CHAIRED: "said that {chair} chairs it, no longer {before}",
    FactKind.MANAGEMENT_REVIEW_UNCHAIRED: "found that {person}, who chairs it, has left; say who chairs it now",
    FactKind.MANAGEMENT_REVIEW_HELD: "began to hold it",
    FactKind.MANAGEMENT_REVIEW_SAID: "wrote what was said of {topic}",
    FactKind.MANAGEMENT_REVIEW_ATTENDED: "said who takes part",
    FactKind.MANAGEMENT_REVIEW_CLOSED: "closed it: its minutes are frozen",
    FactKind.MANAGEMENT_REVIEW_CANCELLED: "cancelled it",
    FactKind.MANAGEMENT_REVIEW_REMINDED: "reminded of it",
}
"""What a fact says after the name of who did it."""


@dataclass(frozen=True)
class Sheet:
    """All that a card shows."""

    review: ManagementReview
    decisions: Sequence[ActionItem] = ()


def say(fact: Fact) -> str:
    people = {one: kit.mention(str(fact.data[one])) for one in ("chair", "before", "person") if one in fact.data}
    period = {"period": kit.esc(spoken(str(fact.data["period"])))} if "period" in fact.data else {}
    return facts.said(fact, SAID, **people, **period)


def title(review: ManagementReview) -> str:
    return review.title


def plan_form(typed: str) -> View:
    blocks = [
        kit.ask(Field.TITLE, "Title", kit.text_input(typed, most=TITLE_MOST), optional=True),
        kit.ask(Field.OTHER, "Records of", kit.text_input(most=PERIOD_MOST), hint="A period: 2026-Q1, 2026-03, 2026"),
        kit.ask(Field.DUE_ON, "On", {"type": "datepicker"}),
        kit.ask(Field.PERSON, "Chair", kit.people_input(), hint="Of top management, who decides"),
    ]
    return kit.form(Form.MANAGEMENT_REVIEW_PLAN, "Plan a review", "Plan", blocks)


def card(sheet: Sheet) -> Message:
    review, state, seen = sheet.review, MeetingState(sheet.review.state), RecordVersion.of(sheet.review)
    said = [f"*{label(state)}*", f"records of {kit.esc(spoken(review.period))}", f"chair {kit.mention(review.chair)}",
            f"planned for {kit.day(review.planned_on)}"]  # fmt: skip
    blocks = [kit.section(f"{MARK[state]} {facts.named(review)}"), kit.context(" · ".join(said))]
    if review.attended:
        there = [kit.mention(one) for one in review.attended.split()]
        blocks.append(kit.context(f"Took part: {kit.some(there)}"))
    if review.inputs:
        blocks.append(kit.section("\n".join(_topic(one) for one in restored(review.inputs))))
    if sheet.decisions:
        decided = [_decision(one) for one in sheet.decisions]
        blocks.append(kit.section("\n".join(["*Decisions*", *kit.first(decided, 15)])))
    if review.digest:
        blocks.append(kit.context(f"Minutes frozen, SHA-256 {review.digest[:16]}…"))
    first = [actions.button(ACTIONS[verb], seen) for verb in _LEADING.get(state, ())]
    read = [kit.button(Action.MANAGEMENT_REVIEW_READ, "Read", seen)]
    return Message(f"{review.ref} {kit.esc(review.title)} · {label(state)}",
                   [*blocks, kit.actions(*first, *read, actions.more_button(seen))])  # fmt: skip


def due(review: ManagementReview) -> Message:
    """For those who hold it; once it is over it says so."""
    text = f":hourglass_flowing_sand: {facts.named(review)} is planned for {kit.day(review.planned_on)}."
    seen = RecordVersion.of(review)
    buttons = kit.actions(actions.button(ACTIONS["hold"], seen), actions.more_button(seen))
    message = Message(f"{review.ref} is near", [kit.section(text), buttons])
    now = f"{stands(MeetingState(review.state))} now."
    return message if review.state == MeetingState.PLANNED else ended(message, now)


def unchaired(review: ManagementReview, left: str) -> Message:
    """For those who hold it, until somebody else chairs it."""
    text = f"{kit.colon(facts.named(review))} {kit.mention(left)}, who chairs it, has left."
    message = Message(f"{review.ref} has no chair", [
        kit.section(text), kit.actions(actions.button(ACTIONS["chair"], RecordVersion.of(review), "primary"))
    ])  # fmt: skip
    if MeetingState(review.state) not in LIVE:
        return ended(message, f"{stands(MeetingState(review.state))} now.")
    return message if review.chair == left else ended(message, f"{kit.mention(review.chair)} chairs it now.")


def whole(review: ManagementReview, text: str, page: int = 0) -> View:
    """Its minutes, page by page."""
    every = fitting.pages([kit.section(piece) for piece in fitting.sections(kit.written(text) or "_Nothing yet_")])
    page, seen = min(page, len(every) - 1), RecordVersion.of(review)
    turns = ((Action.MANAGEMENT_REVIEW_READ, "Back", page - 1), (Action.MANAGEMENT_REVIEW_READ_ON, "On", page + 1))
    shown = [kit.button(action, name, f"{seen} {to}") for action, name, to in turns if 0 <= to < len(every)]
    more = [kit.context(f"Page {page + 1} of {len(every)}"), kit.actions(*shown)] if shown else []
    return kit.list_view(str(review.ref), [*every[page], *more])


def line(review: ManagementReview) -> str:
    """A review in two lines of a list."""
    state = MeetingState(review.state)
    said = " · ".join((label(state), kit.day(review.planned_on), f"records of {kit.esc(spoken(review.period))}"))
    return f"{MARK[state]} {facts.named(review)}\n{said}"


def row(review: ManagementReview) -> Block:
    return kit.section(line(review)) | {"accessory": actions.more_button(RecordVersion.of(review))}


def waits(one: Waits, _policy: Policy) -> Block:
    """In “Waiting for you”."""
    review: ManagementReview = one.record
    leading = next(iter(_LEADING.get(MeetingState(review.state), ())), None)
    pressed = {"accessory": actions.button(ACTIONS[leading], RecordVersion.of(review))} if leading else {}
    return row(review) | pressed


def listing(query: Query, found: Sequence[ManagementReview], total: int, size: int) -> Listing:
    return of_records("management review", query, [row(one) for one in found], total, size)


def _topic(one: Input) -> str:
    first = kit.finding(shorten(one.lines[0], 140)) if one.lines else f"_{NOTHING}_"
    more = f" and {len(one.lines) - 1} more" if len(one.lines) > 1 else ""
    said = f"\n{kit.quote(one.said, 200, 2)}" if one.said else ""
    return f"*{one.topic.heading}* {first}{more}{said}"


def _decision(one: ActionItem) -> str:
    who = kit.mention(one.owner) if one.owner else "nobody yet"
    return f"• {one.ref} {kit.colon(kit.esc(one.title))} {who}, due {kit.day(one.due_on)}, {one.state}"
