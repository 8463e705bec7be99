"""Registers and their entries as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rules.form.conditions import Answer
from bot.rules.form.evaluation import Evaluated, deciding
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import Fact, FactKind
from bot.rules.record.flow import label
from bot.rules.record.refs import Noun, RecordVersion
from bot.rules.record.waiting import Waits
from bot.rules.register.flow import EntryState
from bot.rules.register.policy import Register
from bot.usecases.approval.asking import Poll
from bot.usecases.register.entries import TITLE_MOST
from bot.usecases.register.kind import Why
from handlers.approval.views.of_records import Asked, conditions, votes
from handlers.blocks import facts, holder, kit, questions
from handlers.blocks.kit import Block, Message, View
from handlers.ids import Action, Field, Form
from handlers.records import actions
from handlers.records.paging import Listing, Query, of_records
from handlers.register.actions import ACTIONS, said_of
from storage.tables import RegisterEntry

MARK = {EntryState.OPEN: ":large_blue_circle:", EntryState.CLOSED: ":white_check_mark:"}
SAID = {
    FactKind.REGISTER_ENTERED: "entered it",
    FactKind.REGISTER_CHANGED: "changed it",
    FactKind.REGISTER_MOVED: "moved it from “{before}” to “{stage}”",
    FactKind.REGISTER_CLOSED: "closed it: “{stage}”",
    FactKind.REGISTER_REOPENED: "opened it again: “{stage}”",
    FactKind.REGISTER_ASKED: "asked for its move from “{before}” to “{stage}”",
    FactKind.REGISTER_APPROVED: "approved its move",
    FactKind.REGISTER_REJECTED: "rejected its move",
    FactKind.REGISTER_TAKEN_BACK: "took its move to “{stage}” back",
    FactKind.REGISTER_STAGE_LATE: "reminded that it is still “{stage}”",
    FactKind.REGISTER_REVIEWED: "reviewed it, the next time by {review_on}",
    FactKind.REGISTER_ACCEPTED: "accepted it until {until}",
    FactKind.REGISTER_REMINDED: "reminded of its review, due by {review_on}",
}
"""What a fact says after the name of who did it."""


@dataclass(frozen=True)
class Draft:
    """What an entry's form knows beside its answers: the register, and of one that is changed the record as it was."""

    register: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.register} {self.about}".strip()

    @classmethod
    def parse(cls, kept: str) -> "Draft":
        register, _, about = kept.partition(" ")
        return cls(register, about)

    @property
    def seen(self) -> RecordVersion | None:
        """Raises UnknownReference."""
        return RecordVersion.parse(self.about, Noun.ENTRY) if self.about else None


def say(fact: Fact) -> str:
    return facts.said(fact, SAID)


def title(entry: RegisterEntry) -> str:
    return entry.title


def form(
    register: Register, draft: Draft, filled: Evaluated, given: Mapping[str, Answer | None], policy: Policy, typed: str
) -> View:
    """The questions that are asked now; those that decide are answered while the form is open."""
    decides = deciding(register.questions)
    blocks = [kit.ask(Field.TITLE, "Title", kit.text_input(typed, most=TITLE_MOST))]
    blocks += [questions.drawn(one, given.get(one.id), policy, live=one.id in decides) for one in filled.shown]
    verb = f"Change {draft.about.partition('@')[0]}" if draft.about else "New entry"
    return kit.form(Form.REGISTER_ENTRY, verb, "Keep", [kit.section(f"*{kit.esc(register.title)}*"), *blocks], draft)


@dataclass(frozen=True)
class Sheet:
    """All that is drawn of an entry."""

    entry: RegisterEntry
    register: Register | None
    policy: Policy
    links: Sequence[str]
    poll: Poll
    granted: Poll | None = None
    """By which it came where it is."""


def card(sheet: Sheet) -> Message:
    entry, state, seen = sheet.entry, EntryState(sheet.entry.state), RecordVersion.of(sheet.entry)
    waits = bool(entry.asked_stage)
    change = state is EntryState.OPEN and sheet.register and not waits
    first = [] if waits else [actions.button(ACTIONS["move"], seen)]
    first += [kit.button(Action.REGISTER_CHANGE, "Change…", seen)] if change else []
    return Message(f"{entry.ref} {kit.esc(entry.title)} · {label(state)}",
                   [*_body(sheet), kit.actions(*first, actions.more_button(seen))])  # fmt: skip


def _body(sheet: Sheet) -> list[Block]:
    entry, state = sheet.entry, EntryState(sheet.entry.state)
    name = sheet.register.title if sheet.register else entry.register_key
    who = holder.with_whom(entry.owner, entry.owner_group, sheet.policy)
    said = [kit.esc(name), f"*{kit.esc(entry.stage)}*", who]
    said += [f"score {entry.score:g}"] if entry.score is not None else []
    said += [f"review by {kit.day(entry.review_on)}"] if state is EntryState.OPEN else []
    said += [f"to leave this stage by {kit.when(entry.leave_by)}"] if entry.leave_by else []
    blocks = [kit.section(_marked(entry)), kit.context(" · ".join(said))]
    if entry.asked_stage:
        seats = holder.awaited(sheet.poll.standing) if sheet.poll.is_open else ""
        to = f"Its move to “{kit.esc(entry.asked_stage)}” waits for approval"
        blocks.append(kit.section(f":hourglass_flowing_sand: {to}{f' by {seats}' if seats else ''}."))
    blocks += [kit.section(one) for one in said_of(entry)[:30]]
    blocks += conditions(sheet.poll) + (conditions(sheet.granted) if sheet.granted else [])
    if entry.accepted_by:
        blocks.append(
            kit.context(f"Accepted by {kit.mention(entry.accepted_by)} until {kit.day(entry.accepted_until)}")
        )
    return blocks + kit.linked(sheet.links)


def asked(sheet: Sheet) -> Asked:
    entry, seen = sheet.entry, RecordVersion.of(sheet.entry)
    return Asked(
        seen,
        sheet.poll,
        title=kit.esc(entry.title),
        by=entry.asked_by or entry.made_by,
        approval_of=f"where *{entry.ref}* is moved",
        named=f"the move of {facts.named(entry)} to “{kit.esc(entry.asked_stage or '')}”",
        now=f"It is “{kit.esc(entry.stage)}”",
        body=lambda: _body(sheet),
        buttons=votes(ACTIONS, seen),
        unvote=ACTIONS["unvote"],
    )


def news(entry: RegisterEntry, fact: Fact) -> Message:
    return facts.news(entry, fact, say(fact), [actions.more_button(RecordVersion.of(entry))])


def registers(known: Mapping[str, Register], counts: Mapping[str, int]) -> Message:
    """Which registers there are, with how many entries of each are open."""
    lines = [
        f"• *{kit.esc(one.title)}* (`{key}`): {counts.get(key, 0)} open"
        + (f", for {kit.clauses(one.clauses)}" if one.clauses else "")
        for key, one in known.items()
    ]
    text = "\n".join(lines) or "The policy has no register yet."
    hint = "`/register list risk` lists one, `/register add risk Title` enters something."
    return Message(text, [kit.header("Registers"), kit.section(text), kit.context(hint)])


def line(entry: RegisterEntry, policy: Policy, now: datetime | None) -> str:
    """An entry in two lines of a list."""
    score = f"score {entry.score:g}" if entry.score is not None else ""
    still = entry.state == EntryState.OPEN
    when = kit.due_on(entry.review_on, now, "review by", "review was due by") if still else ""
    register = policy.registers.get(entry.register_key)
    said = (
        kit.esc(register.title if register else entry.register_key),
        kit.esc(entry.stage),
        score,
        when,
        holder.with_whom(entry.owner, entry.owner_group, policy),
    )
    return f"{_marked(entry)}\n{' · '.join(filter(None, said))}"


def _marked(entry: RegisterEntry) -> str:
    """Its stages are the policy's own; what is asked for is told apart from what is open."""
    mark = ":large_purple_circle:" if entry.asked_stage else MARK[EntryState(entry.state)]
    return f"{mark} {facts.named(entry)}"


def row(entry: RegisterEntry, policy: Policy, now: datetime | None) -> Block:
    return kit.section(line(entry, policy, now)) | {"accessory": actions.more_button(RecordVersion.of(entry))}


def waits(one: Waits, policy: Policy) -> Block:
    """In “Waiting for you”."""
    vote = one.why == Why.VOTE
    said = line(one.record, policy, one.now) + (holder.stands_in(one.more) if vote else "")
    button = actions.button(
        ACTIONS["vote" if vote else "review"], RecordVersion.of(one.record), "primary" if vote else None
    )
    return kit.section(said) | {"accessory": button}


def listing(
    query: Query, found: Sequence[RegisterEntry], total: int, size: int, policy: Policy, now: datetime
) -> Listing:
    return of_records("entry", query, [row(one, policy, now) for one in found], total, size)


def beside(seen: RecordVersion, *, changes: bool) -> list[Block]:
    """Buttons of the menu that open something."""
    return [kit.button(Action.REGISTER_CHANGE, "Change…", seen)] if changes else []
