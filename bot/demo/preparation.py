"""A desk in the middle of its preparation for ISO/IEC 20000-1: a gap analysis that stopped half-way, a policy that is
being read, an audit with a sample, a risk, a planned management review, and a service that is out of scope."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.rules.iso.criteria import Axis
from bot.sandbox import Workspace
from bot.sandbox.person.people import Person

SCOPE = """
[services.payroll]
out_of_scope = "The provider runs it, and holds a certificate of its own."

[registers.exception]
title = "Exceptions from a policy"
prefix = "EXC"
stages = ["asked for", "granted", "over"]

[registers.exception.moves]
"asked for" = { after = ["granted"], within = "7d" }
granted = { after = ["asked for"], who = ["service-desk"], approval = "documents" }
over = { after = ["granted"] }

[[registers.exception.questions]]
id = "why"
asks = "Why is it needed?"
type = "long text"
required = true

[gap_analysis.field-logs]
clause = "8.6.1"
asks = "Do field engineers log incidents too?"
axis = "done"
"""
"""What the demo's policy says of it: what is out of scope, a register with a way of its own, a question of its own."""

POLICY = "We run services that our colleagues can rely on, keep what we promise, and say so at once when we cannot."

RISK = {
    "What could happen, and what would follow?": "It fails, and nobody has mail until a backup is read back.",
    "How likely is it?": "2 unlikely",
    "How much would it matter?": "5 very much",
    "What is done about it?": "Reduce",
}

WALK = (
    ("Started", "Not addressed", "Strategy papers name most of it; nobody has written the list yet."),
    ("Started", "Not addressed", "Customers are known by name; suppliers are not listed."),
    ("Started", "Started", "The draft of the scope names four services."),
    ("Not addressed", "Started", "Work is done as the policy says; an overview of processes is missing."),
    ("Conforming", "Started", "The head of service operations opened the project and gives a day a week."),
    ("Started", "Started", "The policy is written; not all have read it."),
    ("Conforming", "Conforming", "Groups of the policy, and each has a lead."),
    ("Started", "Started", "Risks are entered since this week."),
)
"""What the manager says of the first clauses: designed, done, and why."""

TRIES, TRY_SECONDS = 100, 0.1

Act = Callable[[], Awaitable[object]]


async def _once_there(who: Person, label: str) -> None:
    """Evidence is counted after a command or a button has its answer: what it shows comes a moment later."""
    for _ in range(TRIES):
        try:
            await who.clicks(label)
            return
        except LookupError:
            await asyncio.sleep(TRY_SECONDS)
    await who.clicks(label)


async def _until(there: Callable[[], bool]) -> None:
    for _ in range(TRIES):
        if there():
            return
        await asyncio.sleep(TRY_SECONDS)


def acts(slack: Workspace) -> list[tuple[float, Act]]:
    """By the hours at which they are done."""
    manager = slack.person("manager")

    async def walk() -> None:
        await manager.runs("/iso walk")
        for designed, done, why in WALK:
            asks = {Axis.DESIGNED: designed, Axis.DONE: done}
            await manager.submits({axis.asks: said for axis, said in asks.items()} | {"Because": why})
        await manager.closes()

    async def own() -> None:
        await manager.runs("/iso owner 8.6.1 @agent")
        await manager.runs("/iso owner 8.5.1 @engineer")

    async def mend() -> None:
        await manager.runs("/iso 7.2")
        await _once_there(manager, "Mend 7.2 done")
        await _until(lambda: manager.modal is not None and manager.modal.title == "Mend 7.2")
        due = (slack.clock.now() + timedelta(days=40)).date()
        await manager.submits({"Due on": due, "Again?": "Each quarter"})

    async def review() -> None:
        await manager.runs("/management-review plan The first month of the desk")
        now = slack.clock.now()
        day = (now + timedelta(days=20)).date()
        await manager.submits({"Records of": f"{now:%Y-%m}", "On": day, "Chair": "owner"})

    of_path = [(1.5, walk), (8, own), (27.5, mend), (63, review)]
    return [*of_path, *_of_a_document(slack), *_of_an_audit(slack), *_of_registers(slack)]


def _of_a_document(slack: Workspace) -> list[tuple[float, Act]]:
    manager, approver, agent = (slack.person(role) for role in ("manager", "approver", "agent"))

    async def begin() -> None:
        await manager.runs("/document new Service management policy")
        await manager.submits({"What it is": "Service management policy"})

    async def write() -> None:
        await manager.runs("/document DOC-1")
        await manager.clicks("Write…")
        await manager.clicks("Write Service management policy")
        await manager.submits({"Service management policy": POLICY})
        await manager.closes()

    async def submit() -> None:
        await manager.runs("/document submit DOC-1 The first version: what we promise")
        await manager.runs("/document readers DOC-1 service-desk")

    async def approve() -> None:
        await approver.runs("/document approve DOC-1")
        await approver.submits({})  # it has more words than its card: they are read first

    async def read() -> None:
        await agent.runs("/document understood DOC-1")

    return [(2, begin), (2.2, write), (2.5, submit), (7, approve), (30, read)]


def _of_an_audit(slack: Workspace) -> list[tuple[float, Act]]:
    manager, approver, agent = (slack.person(role) for role in ("manager", "approver", "agent"))

    async def plan() -> None:
        await manager.runs("/audit plan How incidents are handled")
        await manager.submits({"Clauses": "8.6.1 9.1", "Auditor": "approver", "On": slack.clock.now().date()})

    async def hold() -> None:
        await approver.runs("/audit start AUD-1")
        await approver.runs("/audit check AUD-1 9.1 conforms Figures are computed from the records")
        await approver.runs("/audit check AUD-1 8.6.1 minor @agent Two of four incidents name no configuration item")

    async def report() -> None:
        await approver.runs("/audit report AUD-1 Incidents are recorded; what they are about is often missing")

    async def answer() -> None:
        await agent.runs("/finding answer FND-1 The form does not ask for the item where somebody is in a hurry")
        await agent.runs("/finding action FND-1 @agent friday Offer the items of the service in the form")

    return [(32, plan), (33, hold), (40, report), (60, answer)]


def _of_registers(slack: Workspace) -> list[tuple[float, Act]]:
    agent, engineer = slack.person("agent"), slack.person("engineer")

    async def risk() -> None:
        await engineer.runs("/register add risk The mail store has no second copy")
        await engineer.submits(RISK)

    async def exception() -> None:
        await agent.runs("/register add exception No badge at the side door until the reader is mended")
        await agent.submits({"Why is it needed?": "The reader is broken, and a guard stands at the door."})
        await agent.runs("/register move REG-2 granted The guard is there day and night")

    return [(62, risk), (62.2, exception)]
