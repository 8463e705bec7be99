"""Documents, as the gallery shows them."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.approval.voting import Question, Stage
from bot.rules.document.flow import DocumentState
from bot.rules.iso.criteria import Document
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.usecases.approval.asking import Poll
from bot.usecases.document.kind import Why
from handlers.approval.views import of_records
from handlers.blocks import facts
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.document import listeners
from handlers.document.actions import ACTIONS
from handlers.document.views import card as views
from handlers.document.views import writing
from handlers.document.views.card import Sheet
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from storage.tables import ApprovalCase, ControlledDocument, DocumentReading


def sample(state: DocumentState, words: Mapping[str, str]) -> ControlledDocument:
    comment, held = words.get("comment", "The escalation was missing"), state is DocumentState.IN_FORCE
    return ControlledDocument(
        number=2, state=state, title=words.get("title", "Incident management: how we do it"), sort=Document.PROCESS,
        owner=AGENT, owner_group="change-managers", text=f"# Incidents\n\n## Steps\n\n{comment}\n\n## Rules\n\n- One",
        written=3, writers=AGENT, summary=comment, readers="service-desk", made_by=AGENT, made_at=AT, moved_at=AT,
        effective_on=str((AT + timedelta(days=9)).date()) if state is DocumentState.APPROVED else "",
        version=1 if held else 0, since=AT if held else None,
        review_on=str((AT + timedelta(days=365)).date()) if held else "", moved_by=AGENT, submitted_by=AGENT,
        withdrawn=comment if state is DocumentState.WITHDRAWN else None,
    )  # fmt: skip


def sheet(document: ControlledDocument, policy: Policy) -> Sheet:
    case = ApprovalCase(
        subject="DOC-2", revision=1, policy="documents", state="open", barred=" ", asked_at=AT, needed_at=AT,
        due_at=AT, stage=1,
    )  # fmt: skip
    stages = (Stage("Change managers", (APPROVER,), 1, False),)
    return Sheet(document, ["8.6.1"], Poll(case, [], [], Question(1, {}, stages), []), policy, 9, 4, ["INC-1", "ACT-3"])


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: sample(state, words) for state in DocumentState}
    first, held = known[DocumentState.DRAFT], known[DocumentState.IN_FORCE]
    comment = words.get("comment", "It takes longer")
    fact = Fact(FactKind.DOCUMENT_SUBMITTED, "DOC-2", AGENT, AT, 1, {}, {"comment": comment})
    wanted = sheet(known[DocumentState.IN_REVIEW], policy)
    shown = {verb: Shown(first, policy, AGENT, AT, "8.6.1") for verb in ACTIONS}
    rows = [
        DocumentReading(document=2, version=1, person=AGENT, asked_at=AT, read_at=AT),
        DocumentReading(document=2, version=1, person=APPROVER, asked_at=AT),
    ]
    return {
        **{f"document, {state}": said(views.card(sheet(one, policy))) for state, one in known.items()},
        "document, to approve": said(of_records.vote(views.asked(wanted), APPROVER, 1)),
        "document, to approve no more": said(of_records.vote(views.asked(wanted), APPROVER, 2)),
        "document, approval reminder": said(of_records.reminder(views.asked(wanted), APPROVER)),
        "document, to review": said(views.due(held)),
        "document, to review no more": said(views.due(known[DocumentState.WITHDRAWN])),
        "document, to read": said(views.to_read(held, 1, None)),
        "document, read": said(views.to_read(held, 1, AT)),
        "document, to read no more": said(views.to_read(held, 3, None)),
        "document news": said(views.news(first, fact)),
        "document, told": said(facts.told(first, "a vote was taken back.")),
        "document list": said(views.listing(Query(Noun.DOCUMENT), list(known.values()), 40, 15, policy, AT).message()),
        "document list, empty": said(views.listing(Query(Noun.DOCUMENT, "late"), [], 0, 15, policy, AT).message()),
        "document, new": writing.begin(words.get("title", ""), Document.POLICY, "5.1 5.2"),
        "document, whole": writing.whole(held, "A line of the text.\n" * 30_000, "version 1", 1, asked=True),
        "document, first page": writing.whole(held, "A line of the text.\n" * 30_000, "version 1"),
        "document, quoted": writing.whole(held, comment, "the draft"),
        "document, empty": writing.whole(held, "", "version 1"),
        "document headings": writing.headings(first),
        "document heading": writing.heading(first, 1),
        "document, what is new": writing.difference(first, [f"+{comment}", f"-{comment}"] * 60, "from version 1"),
        "document, nothing new": writing.difference(first, [], ""),
        "document readers": writing.readers(held, rows),
        **listeners.KIND.previews(shown, held),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    found = {
        Why.VOTE: DocumentState.IN_REVIEW,
        Why.READ: DocumentState.IN_FORCE,
        Why.REVIEW: DocumentState.IN_FORCE,
        Why.WRITE: DocumentState.DRAFT,
    }
    return [Waits(sample(state, words), why) for why, state in found.items()]
