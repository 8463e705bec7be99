"""Fifty people press Approve at the same instant, on three replicas: one decision, and everybody else hears of it.

In every other round the one who asked edits the change in that instant too: nobody's click may count for what they did
not see.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from cluster import Cluster
from environment import Ground, ground
from load import Load
from replicas import ProcessPool
from sqlmodel import col, select
from time_scale import Pace

from bot.rules.change.flow import ChangeType
from bot.rules.policy.policy import parse
from bot.rules.record.facts import FactKind
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.sandbox import messages
from bot.sandbox.app.responses import Answer
from bot.sandbox.person.block_text import controls
from bot.sandbox.person.people import Person
from bot.sandbox.state import Message
from bot.usecases.change import changes
from bot.usecases.change.changes import Request
from bot.usecases.change.details import sheet
from handlers.approval.views import messages as views
from handlers.change.actions import ACTIONS
from storage.journal import journal
from storage.tables import Approval, Change

CROWD = 50
PATIENCE_SECONDS = 60.0
"""That people have here: what is measured is what is decided, and how fast depends on the machine."""
RULES = '[approvals.normal]\nstages = ["any of cab"]'


@dataclass
class Races:
    """What the rounds came to."""

    rounds: int = 0
    edited: int = 0
    """Rounds in which the change was edited before anybody's click counted."""
    clicks: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Seconds until the last of fifty was answered."""

    def fault(self, what: str, about: str) -> None:
        self.faults[what] += 1
        if len(self.examples) < 10:
            self.examples.append(f"{what}: {about}")

    @property
    def clean(self) -> bool:
        return not self.faults


async def race(process_pool: ProcessPool, cluster: Cluster, rounds: int, mutants: tuple[str, ...] = ()) -> Races:
    found = Races()
    async with ground(
        process_pool,
        Load(0, 1),
        cluster=cluster,
        processes=3,
        pace=Pace(scale=1.0),
        mutants=mutants,
        rules=parse(RULES),
        delivers=False,
        crowd=("cab", CROWD),
    ) as here:
        here.slack.ack_seconds = PATIENCE_SECONDS
        await here.started()
        for number in range(rounds):
            await _round(here, number, found)
        if found.faults:
            found.examples += [one.log()[-2000:] for one in here.replicas]
        await asyncio.gather(*(one.stop() for one in here.replicas))
    return found


async def _round(here: Ground, number: int, found: Races) -> None:
    change, said = await _asked(here, number)
    crowd = [here.slack.person(f"cab-{one}") for one in range(CROWD)]
    edits = number % 2 == 1
    began = monotonic()
    edit = asyncio.create_task(_edit(here, change)) if edits else None
    answers = await asyncio.gather(*(_press(one, said) for one in crowd))
    saved = await edit if edit is not None else False
    found.slowest = max(found.slowest, monotonic() - began)
    found.rounds, found.clicks, found.edited = found.rounds + 1, found.clicks + CROWD, found.edited + saved
    await _check(here, change.number, answers, saved, found)


async def _asked(here: Ground, number: int) -> tuple[Change, Message]:
    """A change that is put to the vote, and its card."""
    now = here.slack.clock.now()
    starts = now + timedelta(hours=24 + 3 * number)
    asker = here.slack.person("requester").id
    request = Request(
        "Upgrade", ChangeType.NORMAL, "vpn", "Support ends", "Upgrade", "Back", starts, starts + timedelta(hours=1),
        asker,
    )  # fmt: skip
    async with here.database.begin() as tx:
        change = await changes.submit(tx, request, by=asker, now=now)
        card = views.request(await sheet(tx, Ref(Noun.CHANGE, change.number)), asker, change.revision, 1)
    place, bot = here.slack.channel("changes"), here.slack.bot_user.id
    said = messages.post(
        here.slack, place, user=bot, text=card.text, blocks=card.blocks, bot_id=here.slack.bot_id,
        app_id=here.slack.app_id,
    )  # fmt: skip
    return change, said


async def _press(person: Person, said: Message) -> Answer:
    approve = ACTIONS["approve"].id
    block, button = next(
        (block, element) for block, element in controls(said.blocks) if element.get("action_id") == approve
    )
    where = {"type": "message", "channel": "changes", "ts": said.ts}
    return await person.act(where, block["block_id"], button["action_id"], {"button": True})


async def _edit(here: Ground, change: Change) -> bool:
    """Whether the edit was saved. It comes a little after the first clicks."""
    await asyncio.sleep(0.03)
    request = Request(
        change.title, ChangeType.NORMAL, change.service, change.why, "Upgrade both at once", change.backout,
        change.starts_at, change.ends_at, change.implementer,
    )  # fmt: skip
    seen = RecordVersion(Ref(Noun.CHANGE, change.number), change.revision)
    try:
        async with here.database.begin() as tx:
            await changes.submit(tx, request, seen, by=change.requester, now=here.slack.clock.now())
    except Refusal:
        return False
    return True


async def _check(here: Ground, number: int, answers: list[Answer], edited: bool, found: Races) -> None:
    ref = f"CHG-{number}"
    async with here.database.read() as tx:
        facts = await journal.timeline(tx, ref)
        change = (await tx.exec(select(Change).where(Change.number == number))).one()
        votes = (await tx.exec(select(Approval).where(Approval.subject == ref, col(Approval.vote).is_not(None)))).all()
    kinds = [one.kind for one in facts]
    approved = kinds.count(FactKind.CHANGE_APPROVED)
    if approved > 1 or (not edited and (approved, change.state) != (1, "scheduled")):
        found.fault("transitions", f"{ref} was approved {approved} times and is {change.state}")
    if len(votes) > 1:
        found.fault("votes", f"{ref} counts {len(votes)} votes where one was wanted")
    if FactKind.CHANGE_REVISED in kinds:
        later = facts[kinds.index(FactKind.CHANGE_REVISED) :]
        # Everybody pressed the button on the card of revision 1.
        blind = [one for one in later if one.kind == FactKind.APPROVAL_VOTED]
        if blind or change.revision == 1:
            found.fault("unseen", f"{ref} has a vote for what its voter did not see")
    silent = [one for one in answers if one.failure is not None or not (one.text or one is _first_silent(answers))]
    if silent:
        found.fault("unanswered", f"{len(silent)} of {len(answers)} clicks on {ref}: {silent[0].failure}")


def _first_silent(answers: list[Answer]) -> Answer | None:
    """The one whose vote was counted hears nothing: the card says it."""
    return next((one for one in answers if one.failure is None and not one.text), None)
