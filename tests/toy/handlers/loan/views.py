"""Loans, drawn; and what their facts say."""

from collections.abc import Mapping, Sequence

from bot.rules.loan.flow import FLOW, LoanState
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.refs import RecordVersion
from handlers.blocks import kit
from handlers.blocks.kit import Message
from handlers.blocks.samples import AGENT, AT, REQUESTER, Drawn, said
from handlers.loan.actions import ACTIONS
from handlers.records import actions
from handlers.records.typed_values import Shown
from storage.tables import Loan

SAID = {
    FactKind.LOAN_ASKED: "asked for it",
    FactKind.LOAN_HANDED_OUT: "handed it out",
    FactKind.LOAN_TAKEN_BACK: "took it back",
    FactKind.LOAN_NOTED: "noted",
    FactKind.LOAN_LINKED: "linked it to {other}",
}


def say(fact: Fact) -> str:
    return SAID[fact.kind].format_map(fact.data)


def seen_of(loan: Loan) -> RecordVersion:
    return RecordVersion(loan.ref, 0)


def card(loan: Loan, links: Sequence[str]) -> Message:
    steps = FLOW.legal(LoanState(loan.state))
    lines = [f"*{loan.ref}* {kit.esc(loan.item)}", f"For {kit.mention(loan.borrower)}. It is {loan.state}."]
    lines += [f"Linked: {', '.join(links)}"] if links else []
    buttons = [actions.button(one, seen_of(loan)) for one in ACTIONS.values() if one.step in steps or one.title]
    return Message(f"{loan.ref} {kit.esc(loan.item)}", [kit.section("\n".join(lines)), kit.actions(*buttons)])


def listing(loans: Sequence[Loan]) -> Message:
    lines = [f"*{one.ref}* {kit.esc(one.item)}: {one.state}" for one in loans] or ["Nothing is on loan."]
    return Message("Loans", [kit.section(line) for line in lines])


def drawn(policy: Policy, words: Mapping[str, str]) -> dict[str, Drawn]:
    """The samples of the gallery."""
    item = words.get("title", "A projector")
    known = {state: Loan(number=3, state=state, item=item, borrower=REQUESTER, asked_at=AT) for state in LoanState}
    first = known[LoanState.ASKED]
    shown = {verb: Shown(first, policy, AGENT, AT) for verb in ACTIONS}
    return {
        **{f"loan, {state}": said(card(loan, ["INC-1"])) for state, loan in known.items()},
        "loan list": said(listing(list(known.values()))),
        **actions.previews(ACTIONS, shown, seen_of(first), item),
    }
