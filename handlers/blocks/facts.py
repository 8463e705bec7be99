"""What a fact says after the name of who did it, and the message that tells of one: the same for each noun."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from bot.rules.action.flow import ActionState
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label
from bot.rules.record.refs import Ref
from handlers.blocks import holder, kit, moved_in
from handlers.blocks.kit import Block, Message
from storage.tables import ActionItem

OF_ALL = {
    FactKind.RECORD_UNLINKED: "undid its link to {other}",
    FactKind.APPROVAL_ASKED: "asked for approval",
    FactKind.APPROVAL_VOTED: "voted: {vote}{seat}",
    FactKind.APPROVAL_WITHDRAWN: "took a vote back",
    FactKind.APPROVAL_REMINDED: "reminded those who are asked",
    FactKind.APPROVAL_RECOUNTED: "counted again who may vote",
    FactKind.APPROVAL_EXPIRED: "closed the vote, since nobody decided in time",
    FactKind.APPROVAL_OVERDUE: "found the approval overdue",
    FactKind.APPROVAL_QUESTIONED: "asked a question before voting",
    FactKind.APPROVAL_ANSWERED: "answered it",
    FactKind.APPROVAL_DELEGATED: "named a stand-in",
    **moved_in.SAID,
}
_BY_ENDING = {"noted": "noted", "linked": "linked it to {other}", "assigned": "gave it to {whom}"}
"""Each noun has its own fact of what the record engine does: INCIDENT_NOTED, PROBLEM_NOTED."""

WORDS_MOST = 1200
"""Characters of typed words in a message; the record has them whole."""


class Titled(Protocol):
    @property
    def ref(self) -> Ref: ...
    @property
    def title(self) -> str: ...


def said(fact: Fact, own: Mapping[FactKind, str], **more: str) -> str:
    """`own` are the sentences of one noun, before those of all; `more` is escaped, and fills them beside the data."""
    known = kit.told(fact.data) | {"seat": holder.from_seat(fact), "whom": holder.given_to(fact)}
    known |= moved_in.known(fact) | more
    ending = _BY_ENDING.get(fact.kind.rpartition("_")[2])
    sentence = own.get(fact.kind) or OF_ALL.get(fact.kind) or ending or fact.kind.replace("_", " ")
    return sentence.format_map(known) + _conditions(fact)


def _conditions(fact: Fact) -> str:
    """Of what was approved: no condition that somebody made is passed over."""
    count = int(str(fact.data.get("conditions") or 0))
    return f" under {'a condition' if count == 1 else f'{count} conditions'}" if count else ""


def named(one: Titled) -> str:
    return f"*{one.ref}* {kit.esc(one.title)}"


def told(one: Titled, text: str) -> Message:
    """A sentence about a record, without a button."""
    lead = f"{kit.colon(named(one))} {text}"
    return Message(lead, [kit.section(lead)])


def news(
    one: Titled, fact: Fact, sentence: str, buttons: Sequence[Block], *, about: str = "", after: str = ""
) -> Message:
    """One thing that happened, with the words that were typed, unless they are its title. `about` follows the title,
    `after` the sentence."""
    words = fact.words.get("comment", "")
    words = "" if words == one.title else words
    blocks = [kit.section(f"{kit.colon(named(one) + about)} {kit.mention(fact.by)} {sentence}.{after}")]
    blocks += [kit.section(kit.quote(words, WORDS_MOST))] if words else []
    blocks += [kit.actions(*buttons)] if buttons else []
    return Message(f"{one.ref}: {sentence}", blocks)


def done_about_it(found: Sequence[ActionItem]) -> Iterator[Block]:
    """The actions that came of a report or a survey."""
    if found:
        owed = ((named(one), label(ActionState(one.state)), kit.day(one.due_on)) for one in found)
        said = "\n".join(f"• {kit.colon(what)} {state}, due {day}" for what, state, day in owed)
        yield kit.section(f"*What is done about it*\n{said}")
