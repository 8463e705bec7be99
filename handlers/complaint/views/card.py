"""Complaints as people see them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from bot.rules.complaint.flow import FLOW, OWED, ComplaintState
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label, stands
from bot.rules.record.refs import RecordVersion
from bot.rules.record.text import WORDS_MOST, headed
from bot.rules.record.waiting import Waits
from bot.usecases.complaint.complaints import TITLE_MOST
from bot.usecases.complaint.kind import Why
from handlers.blocks import facts, kit
from handlers.blocks.kit import Block, Message, View
from handlers.blocks.services import service_menu
from handlers.complaint.actions import ACTIONS
from handlers.ids import Field, Form
from handlers.records import actions
from handlers.records.ended import ended
from handlers.records.paging import Listing, Query, of_records
from storage.tables import Complaint

REFERENCE_MOST = 20
MARK = {
    ComplaintState.RECEIVED: ":speech_balloon:",
    ComplaintState.ACKNOWLEDGED: ":eyes:",
    ComplaintState.ESCALATED: ":rotating_light:",
    ComplaintState.ANSWERED: ":leftwards_arrow_with_hook:",
    ComplaintState.CLOSED: ":white_check_mark:",
    ComplaintState.WITHDRAWN: ":heavy_multiplication_x:",
}
_LEADING = ("acknowledge", "answer", "accept", "escalate", "add")
SAID = {
    FactKind.COMPLAINT_RECEIVED: "complained",
    FactKind.COMPLAINT_ACKNOWLEDGED: "looks into it",
    FactKind.COMPLAINT_ANSWERED: "answered it",
    FactKind.COMPLAINT_ESCALATED: "escalated it",
    FactKind.COMPLAINT_CLOSED: "closed it: the answer is accepted",
    FactKind.COMPLAINT_WITHDRAWN: "withdrew it",
    FactKind.COMPLAINT_REMINDED: "reminded of it",
    FactKind.COMPLAINT_INFORMED: "added",
}
"""What a fact says after the name of who did it."""


def say(fact: Fact) -> str:
    return facts.said(fact, SAID)


def title(complaint: Complaint) -> str:
    return complaint.title


def form(policy: Policy, typed: str = "", about: str = "") -> View:
    title, words = headed(typed, TITLE_MOST)
    blocks = [
        kit.ask(Field.TITLE, "What is it about?", kit.text_input(title, most=TITLE_MOST)),
        kit.ask(Field.COMMENT, "What is wrong?", kit.text_input(words or typed, most=WORDS_MOST, lines=True),
                hint="Those who answer complaints read it, and nobody else"),
        kit.ask(Field.OTHER, "A record", kit.text_input(about, most=REFERENCE_MOST), optional=True,
                hint="Like INC-12 or REQ-3"),
        kit.ask(Field.SERVICE, "Service", service_menu(policy), optional=True),
    ]  # fmt: skip
    return kit.form(Form.COMPLAINT, "Complain", "Send", blocks)


def card(complaint: Complaint, links: Sequence[str] = (), can: Collection[StrEnum] | None = None) -> Message:
    """`can`: what its reader may do; None draws all that its state allows."""
    state, seen = ComplaintState(complaint.state), RecordVersion.of(complaint)
    said = [f"*{label(state)}*", f"by {kit.mention(complaint.complainant)}", kit.when(complaint.received_at)]
    said += [f"about {complaint.about}"] if complaint.about else []
    said += [f"answer promised by {kit.when(complaint.answer_by)}"] if state in OWED else []
    blocks = [kit.section(f"{MARK[state]} {facts.named(complaint)}"), kit.section(kit.quote(complaint.words, 1200)),
              kit.context(" · ".join(said))]  # fmt: skip
    if complaint.answer:
        blocks.append(kit.section(f"*Answer* of {kit.mention(complaint.answered_by or '')}\n"
                                  f"{kit.quote(complaint.answer, 1200)}"))  # fmt: skip
    others = [one for one in links if one != complaint.about]
    blocks += kit.linked(others)
    legal = FLOW.legal(state) if can is None else can
    first = [actions.button(ACTIONS[verb], seen) for verb in _LEADING if ACTIONS[verb].step in legal]
    return Message(f"{complaint.ref} {kit.esc(complaint.title)} · {label(state)}",
                   [*blocks, kit.actions(*first, actions.more_button(seen))])  # fmt: skip


def news(complaint: Complaint, fact: Fact, can: Collection[StrEnum]) -> Message:
    seen = RecordVersion.of(complaint)
    first = [actions.button(ACTIONS[verb], seen) for verb in _LEADING if ACTIONS[verb].step in can]
    message = facts.news(complaint, fact, say(fact), [*first, actions.more_button(seen)])
    over = complaint.revision != fact.data.get("revision", complaint.revision)
    return ended(message, f"{stands(ComplaintState(complaint.state))} now.") if over else message


def due(complaint: Complaint) -> Message:
    """For those who have to answer; once it is answered it says so."""
    state, seen = ComplaintState(complaint.state), RecordVersion.of(complaint)
    lead = "waits to be acknowledged" if state is ComplaintState.RECEIVED else "waits for an answer"
    text = f":hourglass_flowing_sand: {facts.named(complaint)} {lead}, promised by {kit.when(complaint.answer_by)}."
    first = [actions.button(ACTIONS[verb], seen) for verb in ("acknowledge", "answer")
             if ACTIONS[verb].step in FLOW.legal(state)]  # fmt: skip
    message = Message(f"{complaint.ref} waits", [kit.section(text), kit.actions(*first, actions.more_button(seen))])
    return message if state in OWED else ended(message, f"{stands(state)} now.")


def line(complaint: Complaint, now: datetime | None) -> str:
    """A complaint in two lines of a list."""
    state = ComplaintState(complaint.state)
    said = [label(state), f"by {kit.mention(complaint.complainant)}", kit.when(complaint.received_at)]
    owed = state in OWED
    said += [kit.due(complaint.answer_by, now, "answer promised by", "answer was promised by")] if owed else []
    return f"{MARK[state]} {facts.named(complaint)}\n{' · '.join(said)}"


def row(complaint: Complaint, now: datetime | None) -> Block:
    return kit.section(line(complaint, now)) | {"accessory": actions.more_button(RecordVersion.of(complaint))}


def waits(one: Waits, _policy: Policy) -> Block:
    """In “Waiting for you”. Whether an answer is enough is said with *More…*: it may be escalated as well."""
    if one.why != Why.ANSWER:
        more = actions.more_button(RecordVersion.of(one.record))
        return kit.section(f"{line(one.record, one.now)}\nIt was answered. Is that enough?") | {"accessory": more}
    answer = actions.button(ACTIONS["answer"], RecordVersion.of(one.record), "primary")
    return kit.section(line(one.record, one.now)) | {"accessory": answer}


def opened(complaint: Complaint, _policy: Policy, now: datetime) -> Block:
    """In “Opened by you”."""
    return row(complaint, now)


def listing(query: Query, found: Sequence[Complaint], total: int, size: int, now: datetime) -> Listing:
    return of_records("complaint", query, [row(one, now) for one in found], total, size)
