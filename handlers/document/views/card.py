"""Documents as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rules.document.flow import DocumentState
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label, stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.waiting import Waits
from bot.usecases.approval.asking import Poll
from bot.usecases.document.access import is_in_force
from bot.usecases.document.kind import Why
from handlers.approval.views.of_records import Asked, conditions, votes
from handlers.blocks import facts, holder, kit
from handlers.blocks.kit import Block, Message
from handlers.document.actions import ACTIONS
from handlers.ids import Action
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query, of_records
from handlers.records.standard_actions import reading
from handlers.records.standard_actions.reading import Passage, Reading
from storage.tables import ControlledDocument

MARK = {
    DocumentState.DRAFT: ":memo:",
    DocumentState.IN_REVIEW: ":large_purple_circle:",
    DocumentState.APPROVED: ":ballot_box_with_check:",
    DocumentState.IN_FORCE: ":white_check_mark:",
    DocumentState.WITHDRAWN: ":heavy_multiplication_x:",
}
_LEADING = {
    DocumentState.DRAFT: ("submit",),
    DocumentState.IN_REVIEW: ("take-back",),
    DocumentState.IN_FORCE: ("revise",),
}
SAID = {
    FactKind.DOCUMENT_DRAFTED: "began it",
    FactKind.DOCUMENT_WRITTEN: "wrote on its draft",
    FactKind.DOCUMENT_SUBMITTED: "put it to review",
    FactKind.DOCUMENT_AGREED: "approved it",
    FactKind.DOCUMENT_REJECTED: "rejected it",
    FactKind.DOCUMENT_SENT_BACK: "took it back to a draft",
    FactKind.DOCUMENT_APPROVED: "kept version {version} as approved",
    FactKind.DOCUMENT_IN_FORCE: "put version {version} in force, to be reviewed by {review_on}",
    FactKind.DOCUMENT_REVISED: "began another version",
    FactKind.DOCUMENT_DISCARDED: "threw the draft away",
    FactKind.DOCUMENT_WITHDRAWN: "withdrew it",
    FactKind.DOCUMENT_CONFIRMED: "looked it through: it holds, to be reviewed by {review_on}",
    FactKind.DOCUMENT_CLAUSES: "said which clauses it is for: {clauses}",
    FactKind.DOCUMENT_READERS: "said whose members have to read it: {groups}",
    FactKind.DOCUMENT_ASKED: "asked people to read version {version}",
    FactKind.DOCUMENT_UNDERSTOOD: "has read and understood version {version}",
    FactKind.DOCUMENT_OVERTAKEN: "found that version {policy} of the policy is in force, which it does not show",
    FactKind.DOCUMENT_REMINDED: "reminded of its review",
}
"""What a fact says after the name of who did it."""
TEXT_MOST = 600
"""Characters of a long text on a card; *Read all* has the rest."""


@dataclass(frozen=True)
class Sheet:
    """All that a card shows."""

    document: ControlledDocument
    clauses: Sequence[str]
    poll: Poll
    policy: Policy
    asked: int = 0
    read: int = 0
    """Of those who were asked to read the version in force."""
    links: Sequence[str] = ()


def say(fact: Fact) -> str:
    return facts.said(fact, SAID) + holder.decided(fact)


def reading_of(document: ControlledDocument) -> Reading:
    texts = {"What is new": document.summary, "Withdrawn": document.withdrawn}
    return Reading(document.title, [Passage(name, text) for name, text in texts.items() if text])


def title(document: ControlledDocument) -> str:
    return document.title


def card(sheet: Sheet) -> Message:
    document, state = sheet.document, DocumentState(sheet.document.state)
    spoken = f"{document.ref} {kit.esc(document.title)} · {label(state)}"
    return Message(spoken, [*_body(sheet), kit.actions(*_buttons(document, state))])


def asked(sheet: Sheet) -> Asked:
    document, seen = sheet.document, RecordVersion.of(sheet.document)
    return Asked(
        seen,
        sheet.poll,
        title=kit.esc(document.title),
        by=document.submitted_by or document.made_by,
        approval_of=f"the document *{document.ref}*",
        named=facts.named(document),
        now=stands(DocumentState(document.state)),
        body=lambda: _body(sheet),
        buttons=[*_readings(document), *votes(ACTIONS, seen)],
        unvote=ACTIONS["unvote"],
    )


def due(document: ControlledDocument) -> Message:
    """For who owns it: its day of review."""
    text = f":hourglass_flowing_sand: {facts.named(document)} is to be looked through by {_review_day(document)}."
    seen = RecordVersion.of(document)
    buttons = [actions.button(ACTIONS["confirm"], seen), actions.button(ACTIONS["revise"], seen)]
    message = Message(f"{document.ref} is to be reviewed", [kit.section(text), kit.actions(*buttons)])
    return message if is_in_force(document) else ended(message, f"{stands(DocumentState(document.state))} now.")


def to_read(document: ControlledDocument, version: int, read_at: datetime | None) -> Message:
    """For one who is asked to read a version; once they have, or it holds no more, it says so."""
    text = f":eyes: Please read version {version} of {facts.named(document)}, and say that you have understood it."
    seen = RecordVersion.of(document)
    buttons = [kit.button(Action.DOCUMENT_READ, "Read", seen), actions.button(ACTIONS["understood"], seen)]
    message = Message(f"{document.ref} is for you to read", [kit.section(text), kit.actions(*buttons)])
    if read_at is not None:
        return ended(message, f"You said so {kit.when(read_at)}.")
    if not is_in_force(document) or document.version != version:
        return ended(message, "This version holds no more.")
    return message


def news(document: ControlledDocument, fact: Fact) -> Message:
    return facts.news(document, fact, say(fact), [actions.more_button(RecordVersion.of(document))])


def line(document: ControlledDocument, policy: Policy, now: datetime | None) -> str:
    """A document in two lines of a list."""
    state = DocumentState(document.state)
    who = holder.with_whom(document.owner, document.owner_group, policy)
    held = f"version {document.version} in force" if is_in_force(document) and state is not _S.IN_FORCE else ""
    held = f"version {document.version}" if state is _S.IN_FORCE else held
    when = f"review by {_review_day(document)}" if is_in_force(document) else ""
    if when and document.review_on:
        when = kit.due_on(document.review_on, now, "review by", "review was due by")
    said = " · ".join(filter(None, (label(state), held, when, who, kit.esc(document.sort))))
    return f"{MARK[state]} {facts.named(document)}\n{said}"


def row(document: ControlledDocument, policy: Policy, now: datetime | None) -> Block:
    return kit.section(line(document, policy, now)) | {"accessory": actions.more_button(RecordVersion.of(document))}


def waits(one: Waits, policy: Policy) -> Block:
    """In “Waiting for you”."""
    document: ControlledDocument = one.record
    seen = RecordVersion.of(document)
    pressed = {
        Why.VOTE: lambda: actions.button(ACTIONS["vote"], seen, "primary"),
        Why.READ: lambda: kit.button(Action.DOCUMENT_READ, "Read", seen),
        Why.REVIEW: lambda: actions.button(ACTIONS["confirm"], seen),
        Why.WRITE: lambda: kit.button(Action.DOCUMENT_PARTS, "Write…", seen),
    }[Why(one.why)]()
    said = line(document, policy, one.now) + (holder.stands_in(one.more) if one.why == Why.VOTE else "")
    return kit.section(said) | {"accessory": pressed}


def listing(
    query: Query, found: Sequence[ControlledDocument], total: int, size: int, policy: Policy, now: datetime
) -> Listing:
    return of_records("document", query, [row(one, policy, now) for one in found], total, size, are_open=False)


_S = DocumentState


def _review_day(document: ControlledDocument) -> str:
    return kit.day(document.review_on) if document.review_on else "no day yet"


def _body(sheet: Sheet) -> list[Block]:
    document, state = sheet.document, DocumentState(sheet.document.state)
    who = holder.whose(document.owner, document.owner_group, sheet.policy)
    said = [kit.esc(document.sort), f"*{label(state)}*", f"owned by {who}"]
    if is_in_force(document):
        held = f"version {document.version}" + ("" if state is _S.IN_FORCE else " in force meanwhile")
        said += [held, f"review by {_review_day(document)}"]
    if state is _S.APPROVED and document.effective_on:
        said.append(f"in force from {kit.day(document.effective_on)}")
    if state is _S.IN_REVIEW and sheet.poll.is_open:
        said.append(f"waits for {holder.awaited(sheet.poll.standing)}")
    blocks = [kit.section(f"{MARK[state]} {facts.named(document)}"), kit.context(" · ".join(said))]
    below = [f"for {kit.clauses(sheet.clauses)}" if sheet.clauses else "for no clause yet"]
    below += [f"read and understood by {sheet.read} of {sheet.asked}"] if sheet.asked else []
    below += [f"kept at {kit.esc(document.kept_at)}, SHA-256 {document.file_digest[:12]}…"] if document.kept_at else []
    blocks.append(kit.context(" · ".join(below)))
    if document.summary and state in (_S.IN_REVIEW, _S.APPROVED):
        blocks.append(reading.excerpt(document.summary, TEXT_MOST, RecordVersion.of(document), "*What is new*"))
    if document.withdrawn:
        blocks.append(reading.excerpt(document.withdrawn, TEXT_MOST, RecordVersion.of(document), "*Withdrawn*"))
    blocks += conditions(sheet.poll)
    return blocks + kit.linked(sheet.links)


def _readings(document: ControlledDocument) -> list[Block]:
    """Buttons that open its text, and how it differs from the version before."""
    seen = RecordVersion.of(document)
    found = [kit.button(Action.DOCUMENT_READ, "Read", seen)]
    draft = document.state in (_S.DRAFT, _S.IN_REVIEW, _S.APPROVED) and document.version
    return [*found, kit.button(Action.DOCUMENT_DIFFERENCE, "What is new", seen)] if draft else found


def _buttons(document: ControlledDocument, state: DocumentState) -> list[Block]:
    seen = RecordVersion.of(document)
    first = [kit.button(Action.DOCUMENT_PARTS, "Write…", seen, "primary")] if state is _S.DRAFT else []
    leading = [actions.button(ACTIONS[verb], seen) for verb in _LEADING.get(state, ())]
    return [*first, *_readings(document), *leading, actions.more_button(seen)]
