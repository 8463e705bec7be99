"""Reviews, as the gallery shows them."""

from collections.abc import Mapping
from datetime import timedelta

from bot.rules.approval.voting import Question, Stage
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import Noun
from bot.rules.record.waiting import Waits
from bot.rules.review.blameless import Hint
from bot.rules.review.document import Bullets, Document, Paragraph, Part, Rows
from bot.rules.review.flow import ReviewState
from bot.rules.review.snapshot import Difference
from bot.usecases.approval.asking import Poll
from bot.usecases.review.kind import Why
from handlers.approval.views import of_records
from handlers.blocks import facts
from handlers.blocks.samples import AGENT, APPROVER, AT, Drawn, said
from handlers.records.paging import Query
from handlers.records.typed_values import Shown
from handlers.review import listeners
from handlers.review.actions import ACTIONS
from handlers.review.views import card as views
from handlers.review.views import writing
from handlers.review.views.card import Sheet
from storage.tables import ApprovalCase, Review, ReviewSectionText


def sample(state: ReviewState, words: Mapping[str, str]) -> Review:
    comment = words.get("comment", "It was a drill")
    return Review(
        number=2, state=state, title=words.get("title", "The VPN is down for everybody"), about="INC-1",
        because="it was P1 and it was a major incident", service="vpn", owner_group="service-desk", facilitator=AGENT,
        due_on=str((AT + timedelta(days=7)).date()), asked_by="deskbell", asked_at=AT, moved_at=AT, moved_by=AGENT,
        submitted_by=AGENT, declined=comment if state is ReviewState.DECLINED else None, drawn="{}", drawn_at=AT,
        drawn_from=40, version=1 if state is ReviewState.PUBLISHED else 0,
    )  # fmt: skip


def rows(words: Mapping[str, str]) -> dict[str, ReviewSectionText]:
    texts = {
        "what-happened": words.get("comment", "At two the gateway was out of memory."),
        "causes": words.get("description", "- The log was never rotated\n- Nothing watches memory at night"),
    }
    return {
        key: ReviewSectionText(review=2, section=key, text=text, revision=3, by=AGENT, at=AT)
        for key, text in texts.items()
    }


def sheet(review: Review, policy: Policy, words: Mapping[str, str]) -> Sheet:
    case = ApprovalCase(
        subject="REV-2", revision=1, policy="reviews", state="open", barred=" ", asked_at=AT, needed_at=AT, due_at=AT,
        stage=1,
    )  # fmt: skip
    stages = (Stage("Change managers", (APPROVER,), 1, False),)
    hints = [Hint("What contributed", words.get("summary", "should have")[:60], "What was known then?")] * 7
    poll = Poll(case, [], [], Question(1, {}, stages), [])
    return Sheet(review, policy, policy.reviews.sections, ["causes"], poll, hints, ["INC-1", "PRB-3"])


def document(words: Mapping[str, str]) -> Document:
    text = words.get("comment", "At two the gateway was out of memory.")
    timeline = Rows(("When", "What"), tuple((f"2026-03-02 09:{n:02} UTC", f"told by <@{AGENT}>") for n in range(40)))
    parts = (
        Part("what-happened", "What happened", (Paragraph((text,)), Bullets((text, text)))),
        Part("timeline", "Timeline", (timeline,), automatic=True),
    )
    return Document("REV-2", words.get("title", "The VPN is down"), (("Review of", "INC-1"),), parts)


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    known = {state: sample(state, words) for state in ReviewState}
    first, comment = known[ReviewState.DRAFT], words.get("comment", "It takes longer")
    fact = Fact(FactKind.REVIEW_SUBMITTED, "REV-2", AGENT, AT, 1, {}, {"comment": comment})
    wanted = sheet(known[ReviewState.IN_REVIEW], policy, words)
    written, template = rows(words), policy.reviews.sections
    section = next(one for one in template if one.id == "causes")
    found = [Difference("timeline", [("09:00", comment)] * 9, [("09:10", comment)] * 14)]
    shown = {verb: Shown(first, policy, AGENT, AT, document(words)) for verb in ACTIONS}
    return {
        **{f"review, {state}": said(views.card(sheet(one, policy, words))) for state, one in known.items()},
        **{f"review due, {state}": said(views.due(one)) for state, one in known.items()},
        "review, to approve": said(of_records.vote(views.asked(wanted), APPROVER, 1)),
        "review, to approve no more": said(of_records.vote(views.asked(wanted), APPROVER, 2)),
        "review, approval reminder": said(of_records.reminder(views.asked(wanted), APPROVER)),
        "review news": said(views.news(first, fact)),
        "review, told": said(facts.told(first, "a vote was taken back.")),
        "review, canvas": said(views.canvas(first, "https://deskbell.slack.com/docs/T1/F1")),
        "review list": said(views.listing(Query(Noun.REVIEW), list(known.values()), 40, 15, policy, AT).message()),
        "review list, empty": said(views.listing(Query(Noun.REVIEW, "late"), [], 0, 15, policy, AT).message()),
        "review, whole": writing.whole(document(words)),
        "review sections": writing.sections(first, template, written),
        "review section": writing.section(first, section, written["causes"]),
        "review section, overtaken": writing.section(first, section, written["causes"], comment),
        "review, what is new": views.difference(first, found, {"timeline": "Timeline"}),
        "review, nothing new": views.difference(first, [], {}),
        **listeners.KIND.previews(shown, first),
    }


def waits(words: Mapping[str, str]) -> list[Waits]:
    found = {Why.VOTE: ReviewState.IN_REVIEW, Why.WRITE: ReviewState.DUE}
    return [Waits(sample(state, words), why) for why, state in found.items()]
