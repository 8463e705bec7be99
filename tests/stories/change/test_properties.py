"""Whatever people do in whatever order: nothing is scheduled but by the votes of those who may give them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from approval_search import Audit, World
from cast import MONDAY
from databases import Postgres, folder, fresh_sqlite
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.approval.voting import Vote
from bot.rules.change.flow import ChangeType
from bot.rules.change_window.windows import Repeat, WindowSort
from bot.rules.policy.policy import Policy, parse
from bot.rules.record.facts import SYSTEM
from bot.rules.record.refs import Noun, RecordVersion, Ref
from bot.rules.record.refusals import Refusal
from bot.usecases import policy as desk_policy
from bot.usecases import timers as sweep
from bot.usecases.approval import approvals, delegation
from bot.usecases.cab import meetings
from bot.usecases.change import changes
from bot.usecases.change import steps as change_steps
from bot.usecases.change.approval import CHANGE
from bot.usecases.change.changes import Request
from bot.usecases.change_window import windows
from bot.usecases.change_window.windows import Wanted
from storage.approval import approvals as stored_approvals
from storage.change import changes as stored
from storage.db.database import Database
from storage.journal import journal
from storage.tables import Change, Person
from storage.workspace import people

REQUESTER, IMPLEMENTER, A, B, C, MANAGER, OUTSIDER = "U11", "U12", "U13", "U14", "U15", "U16", "U17"
CAST = (REQUESTER, IMPLEMENTER, A, B, C, MANAGER, OUTSIDER)
GROUPS = {
    "change-approvers": {REQUESTER, IMPLEMENTER, A, B},
    "cab": {REQUESTER, IMPLEMENTER, B, C, MANAGER},
    "change-managers": {MANAGER},
    "service-desk": {A},
}
"""Who asks and who carries out stand in both groups that decide: nothing but Deskbell keeps them from voting."""
STAGES = {
    "any": (("any", "change-approvers"),),
    "two": (("any", "change-approvers"), ("2", "cab")),
    "all": (("all", "change-approvers"), ("any", "cab")),
    "board": (("2", "cab"),),
}
CHG = Ref(Noun.CHANGE, 1)
FAR = MONDAY + timedelta(days=200)
"""When its window is: no story here lives to see it."""


def policy(key: str, *, veto: bool) -> Policy:
    stages = ", ".join(f'"{rule} of {group}"' for rule, group in STAGES[key])
    text = (
        f'[approvals.normal]\nstages = [{stages}]\none_rejection = {str(veto).lower()}\nremind = "8h"\nexpires = "5d"'
    )
    return parse(text)


@dataclass
class Life:
    """A change, the people around it, and the auditor who looks at every step."""

    database: Database
    now: Any = MONDAY
    world: World = field(default_factory=lambda: World(STAGES["any"], {key: set(who) for key, who in GROUPS.items()}))
    facts: int = 0
    windows: int = 0
    """How many were made."""

    def __post_init__(self) -> None:
        self.audit = Audit(self.world)

    async def begin(self) -> None:
        async with self.database.begin() as tx:
            await desk_policy.adopt(tx, policy("any", veto=False), by=SYSTEM, now=MONDAY)
            for one in CAST:
                await people.upsert(tx, Person(id=one, name=one, seen_at=MONDAY))
            for group, members in self.world.groups.items():
                await people.set_members(tx, group, members)
            await changes.submit(tx, _request(), by=REQUESTER, now=MONDAY)
        await self.look()

    async def take(self, step: "Step") -> None:
        self.now += step.after
        await self._sweep()
        before = await self._row()
        try:
            async with self.database.begin() as tx:
                await ACTS[step.act](tx, self, step, await stored.get(tx, 1))
        except Refusal:
            assert await self._row() == before, "what is refused changes nothing"
        else:
            REMEMBERED.get(step.act, _nothing)(self, step)
        await self.look()

    async def look(self) -> None:
        async with self.database.read() as tx:
            facts = await journal.timeline(tx, str(CHG))
            case = (await stored_approvals.cases(tx, [str(CHG)]))[str(CHG)]
        row = await self._row()
        self.audit.read(facts[self.facts :], row)
        assert case.revision == row["revision"]
        assert case.is_open == (row["state"] == "authorise" and row["held_by"] is None), "votes are taken or not"
        self.facts = len(facts)

    async def _sweep(self) -> None:
        fired = 1
        while fired:
            async with self.database.begin() as tx:
                fired = await sweep.ring_due(tx, self.now)
            if fired:
                await self.look()

    async def _row(self) -> Mapping[str, Any]:
        async with self.database.read() as tx:
            found = await stored.get(tx, 1)
        assert found is not None
        return found.model_dump()


@dataclass(frozen=True)
class Step:
    act: str
    by: str = MANAGER
    who: str = MANAGER
    """Whom it concerns, where that is somebody else."""
    pick: int = 0
    """Which of several ways to do it."""
    after: timedelta = timedelta(minutes=1)


def _request(change: Change | None = None, **edited: Any) -> Request:
    names = ("title", "service", "why", "plan", "backout", "starts_at", "ends_at", "implementer")
    kept = {name: getattr(change, name) for name in names} if change else {}
    new = {
        "title": "Upgrade",
        "service": "vpn",
        "why": "The release is out of support",
        "plan": "Upgrade the standby, switch over",
        "backout": "Switch back",
        "starts_at": FAR,
        "ends_at": FAR + timedelta(hours=2),
        "implementer": IMPLEMENTER,
    }
    return Request(type=ChangeType.NORMAL, **(new | kept | edited))


def _seen(change: Change, stale: bool) -> RecordVersion:
    return RecordVersion(CHG, max(1, change.revision - stale))


async def _vote(tx: AsyncSession, life: Life, step: Step, change: Change) -> None:
    kind = (Vote.APPROVE, Vote.CONDITION, Vote.APPROVE, Vote.REJECT, Vote.APPROVE)[step.pick]
    seen = _seen(change, stale=step.pick == 4)
    asked_now = change.revision
    await approvals.vote(tx, CHANGE, seen, kind, "Because", by=step.by, now=life.now)
    assert seen.revision == asked_now, "a click on an older revision counted"


async def _withdraw(tx: AsyncSession, life: Life, step: Step, _change: Change) -> None:
    await approvals.withdraw(tx, CHANGE, CHG, by=step.by, now=life.now)


async def _edit(tx: AsyncSession, life: Life, step: Step, change: Change) -> None:
    """Of the plan, the reason (a slip, or more than one), the window, the service; or nothing, asked for anew."""
    edits: tuple[dict[str, Any], ...] = (
        {"plan": f"Upgrade both at once, attempt {life.now.timestamp()}"},
        {"why": change.why + "."},
        {"starts_at": change.starts_at + timedelta(days=1), "ends_at": change.ends_at + timedelta(days=1)},
        {"service": "email" if change.service == "vpn" else "vpn"},
        {},
    )
    request = _request(change, **edits[step.pick])
    await changes.submit(tx, request, _seen(change, stale=False), by=step.by, now=life.now)


async def _hand_over(tx: AsyncSession, life: Life, step: Step, change: Change) -> None:
    """Somebody else is to carry it out: perhaps one who has voted."""
    request = _request(change, implementer=step.who)
    await changes.submit(tx, request, _seen(change, stale=False), by=step.by, now=life.now)


async def _delegate(tx: AsyncSession, life: Life, step: Step, _change: Change) -> None:
    starts_at, ends_at = _span(life, step)
    await delegation.delegate(tx, step.who, starts_at, ends_at, by=step.by, now=life.now)


def _span(life: Life, step: Step) -> tuple[Any, Any]:
    starts_at = life.now + timedelta(hours=(0, 0, 5, 30, 0)[step.pick])
    return starts_at, starts_at + timedelta(hours=(1, 90, 10, 200, 24)[step.pick])


async def _membership(tx: AsyncSession, life: Life, step: Step, _change: Change) -> None:
    await people.set_members(tx, _group(step), life.world.groups[_group(step)] ^ {step.who})


def _group(step: Step) -> str:
    return ("change-approvers", "cab", "cab", "change-approvers", "cab")[step.pick]


async def _presence(tx: AsyncSession, life: Life, step: Step, _change: Change) -> None:
    """Somebody leaves the workspace, or comes back."""
    there = step.who in life.world.gone
    await people.upsert(tx, Person(id=step.who, name=step.who, deleted=not there, seen_at=life.now))


async def _adopt(tx: AsyncSession, life: Life, step: Step, _change: Change) -> None:
    """Other rules, in the middle of a vote."""
    await desk_policy.adopt(tx, policy(_rules(step), veto=step.pick % 2 == 1), by=SYSTEM, now=life.now)


def _rules(step: Step) -> str:
    return ("two", "board", "all", "any", "two")[step.pick]


async def _board(tx: AsyncSession, life: Life, step: Step, _change: Change) -> None:
    """A meeting with it on its agenda: it decides nothing."""
    if step.pick:
        await meetings.convene(tx, by=step.by, now=life.now)
    else:
        await meetings.close(tx, Ref(Noun.MEETING, 1), by=step.by, now=life.now)


async def _freeze(tx: AsyncSession, life: Life, step: Step, _change: Change) -> None:
    """Over the whole time that its window can come to lie in; or the last one is lifted."""
    if step.pick == 4:
        await windows.lift(tx, RecordVersion(_last_window(life), 0), "Over", by=step.by, now=life.now)
        return
    sort = WindowSort.HARD if step.pick == 0 else WindowSort.SOFT
    span = (FAR - timedelta(days=30), FAR + timedelta(days=60))
    wanted = Wanted("Year's end", sort, (), *span, Repeat.ONCE, "", "The books are closed")
    await windows.make(tx, wanted, by=step.by, now=life.now)


def _last_window(life: Life) -> Ref:
    return Ref(Noun.WINDOW, max(life.world.freezes, default=1))


async def _cancel(tx: AsyncSession, life: Life, step: Step, change: Change) -> None:
    await change_steps.cancel(tx, _seen(change, stale=False), "Not needed", by=step.by, now=life.now)


async def _start(tx: AsyncSession, life: Life, step: Step, change: Change) -> None:
    await change_steps.start(tx, _seen(change, stale=False), by=step.by, now=life.now)


def _nothing(_life: Life, _step: Step) -> None:
    """What it did stands in the journal alone."""


def _came_or_went(life: Life, step: Step) -> None:
    life.world.groups[_group(step)] ^= {step.who}


def _left_or_came_back(life: Life, step: Step) -> None:
    life.world.gone ^= {step.who}


def _arranged(life: Life, step: Step) -> None:
    life.world.arranged.append((step.by, step.who, *_span(life, step)))


def _frozen_or_free(life: Life, step: Step) -> None:
    if step.pick == 4:
        del life.world.freezes[_last_window(life).number]
    else:
        life.windows += 1
        life.world.freezes[life.windows] = step.pick == 0


def _adopted(life: Life, step: Step) -> None:
    life.world.stages = STAGES[_rules(step)]


ACTS: Mapping[str, Callable[[AsyncSession, Life, Step, Any], Awaitable[None]]] = {
    "vote": _vote,
    "withdraw": _withdraw,
    "edit": _edit,
    "hand over": _hand_over,
    "delegate": _delegate,
    "membership": _membership,
    "presence": _presence,
    "adopt": _adopt,
    "board": _board,
    "freeze": _freeze,
    "cancel": _cancel,
    "start": _start,
}
REMEMBERED: Mapping[str, Callable[[Life, Step], None]] = {
    "membership": _came_or_went,
    "presence": _left_or_came_back,
    "delegate": _arranged,
    "adopt": _adopted,
    "freeze": _frozen_or_free,
}
"""What the journal of the change does not tell."""

PEOPLE = st.sampled_from([*CAST, REQUESTER, IMPLEMENTER, A, B])
PICKS = st.integers(0, 4)
SPANS = st.sampled_from([timedelta(minutes=1), timedelta(minutes=1), timedelta(hours=4), timedelta(days=3)])
ANY = st.builds(lambda *step: [Step(*step)], st.sampled_from([*ACTS, *("vote",) * 6]), PEOPLE, PEOPLE, PICKS, SPANS)
VOTES = st.lists(
    st.builds(Step, st.just("vote"), PEOPLE, pick=st.sampled_from([0, 0, 0, 1, 4])), min_size=1, max_size=4
)


def _then_votes(act: str) -> st.SearchStrategy[list[Step]]:
    """Something by somebody about somebody, and a vote of the one and the other: what a lone step seldom comes to."""
    return st.builds(
        lambda by, who, pick, last: [Step(act, by, who, pick), Step("vote", last), Step("vote", who), Step("vote", by)],
        PEOPLE,
        PEOPLE,
        PICKS,
        PEOPLE,
    )


STEPS = st.lists(
    st.one_of(ANY, ANY, VOTES, *map(_then_votes, ("delegate", "hand over", "membership", "freeze"))), max_size=12
).map(lambda parts: [step for part in parts for step in part])


async def _lived(url: str, steps: list[Step]) -> Audit:
    database = Database(url)
    try:
        life = Life(database)
        await life.begin()
        for step in steps:
            await life.take(step)
        return life.audit
    finally:
        await database.close()


@pytest.mark.slow
@given(STEPS)
@example([Step("vote", REQUESTER), Step("vote", IMPLEMENTER)])
@example([Step("delegate", A, REQUESTER, pick=1), Step("vote", REQUESTER)])
@example([Step("delegate", A, IMPLEMENTER, pick=1), Step("vote", IMPLEMENTER)])
@example([Step("delegate", IMPLEMENTER, OUTSIDER, pick=1), Step("vote", OUTSIDER)])
@example([Step("delegate", A, C, pick=1), Step("delegate", C, OUTSIDER, pick=1), Step("vote", OUTSIDER)])
@example([Step("adopt"), Step("edit", REQUESTER), Step("vote", A), Step("hand over", REQUESTER, A), Step("vote", C)])
@example([Step("vote", A, pick=4), Step("edit", REQUESTER), Step("vote", A, pick=4)])
@example([Step("adopt"), Step("edit", REQUESTER), Step("vote", A), Step("edit", REQUESTER), Step("vote", C)])
@example([Step("membership", who=A), Step("vote", A), Step("presence", who=B), Step("vote", B)])
@example([Step("freeze", pick=0), Step("vote", A), Step("freeze", pick=4), Step("vote", A)])
@example([Step("vote", A), Step("freeze", pick=1), Step("vote", A), Step("vote", B)])
@example([Step("freeze", pick=1), Step("edit", REQUESTER), Step("vote", A), Step("freeze", pick=0), Step("vote", C)])
@example([Step("adopt", pick=1), Step("edit", REQUESTER), Step("vote", B), Step("withdraw", B), Step("vote", C)])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_is_scheduled_but_by_the_votes_of_those_who_may_give_them(steps: list[Step]) -> None:
    with folder() as where:
        asyncio.run(_lived(fresh_sqlite(where), steps))


@pytest.mark.postgres
@pytest.mark.slow
@given(steps=STEPS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nor_on_postgresql(postgres: Postgres, steps: list[Step]) -> None:
    url = postgres.fresh()
    try:
        asyncio.run(_lived(url, steps))
    finally:
        postgres.drop(url)


WAYS = {
    "by one of them": [Step("vote", A)],
    "under a condition": [Step("vote", B, pick=1)],
    "by a stand-in": [Step("delegate", A, OUTSIDER, pick=1), Step("vote", OUTSIDER)],
    "in a soft freeze": [Step("vote", A), Step("freeze", pick=1), Step("vote", B)],
    "after a freeze": [Step("freeze", pick=0), Step("freeze", pick=4), Step("vote", A)],
    "in two stages": [Step("adopt"), Step("edit", REQUESTER), Step("vote", A), Step("vote", C), Step("vote", MANAGER)],
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_the_auditor_sees_a_change_scheduled(way: str, sqlite_url: str) -> None:
    """What never comes about would prove nothing above."""
    audit = asyncio.run(_lived(sqlite_url, WAYS[way]))
    assert audit.approved
    assert audit.seen["state"] == "scheduled"
