"""Reviews as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label, stands
from bot.rules.record.refs import ABOUT, Noun, RecordVersion, Ref
from bot.rules.record.waiting import Waits
from bot.rules.review.blameless import Hint
from bot.rules.review.flow import OWED, WRITABLE, ReviewState
from bot.rules.review.policy import ReviewSection
from bot.rules.review.snapshot import Difference
from bot.usecases.approval.asking import Poll
from bot.usecases.review.kind import Why
from handlers.approval.views.of_records import Asked, conditions, votes
from handlers.blocks import facts, holder, kit
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query, of_records
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading
from handlers.review.actions import ACTIONS
from storage.tables import Review

MARK = {
    ReviewState.DUE: ":white_circle:",
    ReviewState.DRAFT: ":memo:",
    ReviewState.IN_REVIEW: ":large_purple_circle:",
    ReviewState.PUBLISHED: ":white_check_mark:",
    ReviewState.DECLINED: ":heavy_multiplication_x:",
}
_LEADING = {
    ReviewState.IN_REVIEW: ("take-back",),
    ReviewState.PUBLISHED: ("amend", "export"),
    ReviewState.DECLINED: ("reopen",),
}
SAID = {
    FactKind.REVIEW_ASKED: "asked for it, due on {due_on}",
    FactKind.REVIEW_BEGUN: "began to write it",
    FactKind.REVIEW_WRITTEN: "wrote “{section}”",
    FactKind.REVIEW_MILESTONE: "set the milestone “{milestone}”",
    FactKind.REVIEW_REFRESHED: "took what was new on record",
    FactKind.REVIEW_SUBMITTED: "put it to review",
    FactKind.REVIEW_APPROVED: "approved it",
    FactKind.REVIEW_REJECTED: "rejected it",
    FactKind.REVIEW_PUBLISHED: "published version {version}",
    FactKind.REVIEW_SENT_BACK: "took it back to a draft",
    FactKind.REVIEW_AMENDED: "began another version",
    FactKind.REVIEW_DECLINED: "declined it",
    FactKind.REVIEW_REOPENED: "asked for it again",
    FactKind.REVIEW_REMINDED: "reminded of it",
    FactKind.REVIEW_EXPORTED: "exported it",
}
"""What a fact says after the name of who did it."""
HINTS_MOST = 5
TEXT_MOST = 600
"""Characters of a long text on a card; *Read all* has the rest."""


@dataclass(frozen=True)
class Sheet:
    """All that a card shows."""

    review: Review
    policy: Policy
    template: Sequence[ReviewSection]
    written: Sequence[str]
    """Ids of the sections that somebody wrote."""
    poll: Poll
    hints: Sequence[Hint] = field(default_factory=list)
    links: Sequence[str] = ()


def say(fact: Fact) -> str:
    if fact.kind is FactKind.REVIEW_WRITTEN:
        # By its name, as people see it; facts of before it was kept have the id.
        name = fact.data.get("title") or str(fact.data["section"]).replace("-", " ").capitalize()
        fact = replace(fact, data={**fact.data, "section": name})
    return facts.said(fact, SAID) + holder.decided(fact)


def reading_of(review: Review) -> Reading:
    return Reading(review.title, [Passage("Declined", review.declined or "")])


def title(review: Review) -> str:
    return review.title


def card(sheet: Sheet) -> Message:
    review, state = sheet.review, ReviewState(sheet.review.state)
    spoken = f"{review.ref} Review of {review.about} · {label(state)}"
    return Message(spoken, [*_body(sheet), kit.actions(*_buttons(sheet))])


def canvas(review: Review, link: str) -> Message:
    """Where it is; whoever is in the channel can read it there."""
    title = f"<{link}|{kit.esc(review.title)}>" if link else f"{kit.esc(review.title)}, a tab of this channel"
    text = f":page_facing_up: *{review.ref}* is written out as a canvas: {title}"
    return Message(f"{review.ref} as a canvas", [kit.section(text)])


def asked(sheet: Sheet) -> Asked:
    review, seen = sheet.review, RecordVersion.of(sheet.review)
    return Asked(
        seen,
        sheet.poll,
        title=kit.esc(review.title),
        by=review.submitted_by or review.asked_by,
        approval_of=f"the review *{review.ref}*",
        named=facts.named(review),
        now=stands(ReviewState(review.state)),
        body=lambda: _body(sheet),
        buttons=[kit.button(Action.REVIEW_READ, "Read it", seen), *votes(ACTIONS, seen)],
        unvote=ACTIONS["unvote"],
    )


def due(review: Review) -> Message:
    """For who is to write it; once it is published or declined, it says so."""
    lead = f"The review {facts.named(review)} of {review.about} is due on {kit.day(review.due_on)}."
    text = f":hourglass_flowing_sand: {lead}"
    seen = RecordVersion.of(review)
    buttons = [kit.button(Action.REVIEW_SECTIONS, "Write…", seen)] if review.state in WRITABLE else []
    message = Message(f"{review.ref} is due", [kit.section(text), kit.actions(*buttons, actions.more_button(seen))])
    return message if review.state in OWED else ended(message, f"{stands(ReviewState(review.state))} now.")


def news(review: Review, fact: Fact) -> Message:
    about = f", the review of {review.about}"
    return facts.news(review, fact, say(fact), [actions.more_button(RecordVersion.of(review))], about=about)


def none_of(about: Ref) -> Message:
    text = f"There is no review of {about}."
    if about.noun in (Noun.INCIDENT, Noun.CHANGE):
        text += f" `/{ABOUT[about.noun]} ask-review {about} why` asks for one."
    return Message(text, [kit.section(text)])


def line(review: Review, policy: Policy, now: datetime | None) -> str:
    """A review in two lines of a list."""
    state = ReviewState(review.state)
    who = holder.with_whom(review.facilitator, review.owner_group, policy)
    when = kit.due_on(review.due_on, now) if state in OWED else f"version {review.version}" if review.version else ""
    said = " · ".join(filter(None, (label(state), when, who, f"of {review.about}")))
    return f"{MARK[state]} {facts.named(review)}\n{said}"


def row(review: Review, policy: Policy, now: datetime | None) -> Block:
    return kit.section(line(review, policy, now)) | {"accessory": actions.more_button(RecordVersion.of(review))}


def waits(one: Waits, policy: Policy) -> Block:
    """In “Waiting for you”."""
    review: Review = one.record
    seen = RecordVersion.of(review)
    vote_it = actions.button(ACTIONS["vote"], seen, "primary")
    pressed = vote_it if one.why == Why.VOTE else kit.button(Action.REVIEW_SECTIONS, "Write…", seen)
    return kit.section(line(review, policy, one.now) + holder.stands_in(one.more)) | {"accessory": pressed}


def listing(query: Query, found: Sequence[Review], total: int, size: int, policy: Policy, now: datetime) -> Listing:
    return of_records("review", query, [row(one, policy, now) for one in found], total, size)


def difference(review: Review, found: Sequence[Difference], titles: dict[str, str]) -> View:
    """What *Refresh* would change."""
    if not found:
        return kit.list_view(f"Refresh {review.ref}", [kit.section(f"Nothing is new on record about {review.about}.")])
    blocks: list[Block] = [kit.section(f"On record about {review.about} is more than {review.ref} was drawn from.")]
    for one in found:
        gone = [f"− ~{shown(first)}: {shown(said)}~" for first, said in one.gone]
        new = [f"+ {shown(first)}: {shown(said)}" for first, said in one.new]
        lines = [*gone[:8], *new[:12]]
        left = len(gone) + len(new) - len(lines)
        lines += [f"and {left} more"] if left else []
        blocks.append(kit.section("\n".join([f"*{kit.esc(titles.get(one.section, one.section))}*", *lines])))
    blocks.append(kit.actions(actions.button(ACTIONS["refresh"], RecordVersion.of(review), "primary")))
    return kit.list_view(f"Refresh {review.ref}", blocks)


def shown(text: str) -> str:
    """A text that Deskbell drew, with its instants in the zone of who reads."""
    return kit.finding(text)


def _body(sheet: Sheet) -> list[Block]:
    review, state = sheet.review, ReviewState(sheet.review.state)
    who = holder.with_whom(review.facilitator, review.owner_group, sheet.policy)
    said = [f"review of {review.about}", f"*{label(state)}*", who]
    said += [f"due {kit.day(review.due_on)}"] if state in OWED else []
    said += [f"version {review.version}"] if review.version else []
    if state is ReviewState.IN_REVIEW and sheet.poll.is_open:
        said.append(f"waits for {holder.awaited(sheet.poll.standing)}")
    blocks = [kit.section(f"{MARK[state]} {facts.named(review)}"), kit.context(" · ".join(said))]
    blocks.append(kit.context(f"Why it is asked for: {kit.esc(review.because)}"))
    if review.declined:
        blocks.append(reading.excerpt(review.declined, TEXT_MOST, RecordVersion.of(review), "*Declined*"))
    if state in (ReviewState.DUE, ReviewState.DRAFT):
        blocks.append(kit.section("\n".join(_progress(sheet))))
        blocks += [hint(one) for one in sheet.hints[:HINTS_MOST]]
    blocks += conditions(sheet.poll)
    others = [one for one in sheet.links if one != review.about]
    return blocks + kit.linked(others)


def hint(one: Hint) -> Block:
    return kit.context(f":bulb: {kit.esc(one.where)} says “{kit.esc(one.words)}”. {one.says}")


def _progress(sheet: Sheet) -> list[str]:
    """What is written, and what has to be."""
    found = []
    for one in sheet.template:
        if one.automatic is None:
            mark = ":white_check_mark:" if one.id in sheet.written else ":white_circle:"
            found.append(f"{mark} {kit.esc(one.title)}{' (required)' if one.required else ''}")
    return found


def _buttons(sheet: Sheet) -> list[Block]:
    seen, state = RecordVersion.of(sheet.review), ReviewState(sheet.review.state)
    first = [kit.button(Action.REVIEW_SECTIONS, "Write…", seen, "primary")] if state in WRITABLE else []
    first += [actions.button(ACTIONS["submit"], seen)] if state is ReviewState.DRAFT else []
    first.append(kit.button(Action.REVIEW_READ, "Read", seen))
    first += [actions.button(ACTIONS[verb], seen) for verb in _LEADING.get(state, ())]
    return [*first, actions.more_button(seen)]


def beside(seen: RecordVersion, *, writable: bool) -> list[Block]:
    """Buttons of the menu that open something to look at."""
    write = [kit.button(Action.REVIEW_SECTIONS, "Write…", seen), kit.button(Action.REVIEW_DIFFERENCE, "Refresh…", seen)]
    read = [kit.button(Action.REVIEW_READ, "Read", seen)]
    return [*(write if writable else []), *read]
