"""The days before the demo opens: what the cast did, by the same commands and buttons as everyone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app import Deskbell
from bot.demo import estate, improvement, on_call, preparation
from bot.sandbox import Workspace
from storage import timers
from storage.delivery import lanes

DAYS = 3
LEAD = timedelta(days=1)
"""Before them, in which hardly anything happened: what comes often is measured against it."""
SECOND = timedelta(seconds=1)
"""Slack's pace: a channel takes a message a second."""


@dataclass(frozen=True)
class Incident:
    """One incident's life; hours are counted from the first day's start."""

    at: float
    who: str
    summary: str
    description: str
    impact: str
    urgency: str
    service: str
    acknowledged: float | None = None
    resolved: float | None = None
    note: str = ""
    items: tuple[str, ...] = ()
    """The configuration items that it is about, by their names."""


@dataclass(frozen=True)
class Change:
    at: float
    who: str
    title: str
    service: str
    why: str
    plan: str
    backout: str
    ahead: float
    """Hours from the demo's opening to its window."""
    decided: float | None = None
    by: str = "approver"
    rejected: str = ""
    items: tuple[str, ...] = ()


INCIDENTS = [
    Incident(
        -23.5, "outsider", "Badge opens no door on the third floor",
        "It works everywhere else.", "Just me", "Low", "Laptops & accounts", -23, -21,
        "The badge was not in the group of the third floor.",
    ),
    Incident(
        1, "requester", "Printer on the second floor prints blank pages",
        "Every page comes out white, from any laptop.", "Just me", "Low", "Laptops & accounts", 1.5, 4,
        "The drum was empty; a new one is in and a spare is ordered.",
    ),
    Incident(
        6, "engineer", "Website answers slowly from outside the office",
        "Pages take eight seconds. Inside the office all is well.", "Everyone", "Medium", "Website", 6.1, 7.5,
        "A cache node had been left out of the pool since a restart. It is back, and starts by itself now.",
        ("web node 2",),
    ),
    Incident(
        20, "outsider", "Cannot sign in to the payroll system",
        "It says that my account is locked.", "Just me", "Medium", "Payroll system", 20.4, 22,
        "The account was locked after a mistyped password. It is open again.",
    ),
    Incident(
        27, "requester", "Email with attachments bounces",
        "Anything over 5 MB comes back at once, also inside the house.", "My team", "High", "Email", 28.5, 31,
        "A limit was lowered by mistake with last night's update. It is back at 25 MB.",
    ),
    Incident(
        44, "approver", "Laptop does not wake from sleep",
        "Black screen until I hold the power button.", "Just me", "Low", "Laptops & accounts", 46,
    ),
    *(
        Incident(
            at, who, summary, "It is back after a minute each time.", "Just me", "Medium", "VPN", 48.5, 49,
            "The gateway was restarted.",
        )
        for at, who, summary in (
            (48.05, "requester", "VPN connection drops in video calls"),
            (48.15, "engineer", "The VPN drops my connection again"),
            (48.3, "manager", "VPN drops the connection every few minutes"),
        )
    ),
    Incident(
        52, "engineer", "Build machines lose the network for seconds at a time",
        "Three builds failed this morning, each at a different step.", "My team", "Medium", "Network", 52.8,
        items=("core switch",),
    ),
    Incident(
        69.5, "requester", "Shared calendar shows last week's rooms",
        "Room bookings of today are missing for everyone in sales.", "My team", "Medium", "Email",
    ),
    Incident(
        71.4, "outsider", "Pages of the website show an old price list",
        "Customers see the prices of last month.", "Everyone", "Medium", "Website",
    ),
]  # fmt: skip

CHANGES = [
    Change(
        3, "engineer", "Renew the website's certificate", "Website",
        "It expires in two weeks.", "Issue, install on both nodes, reload one after the other.",
        "The old one stays valid: install it again.", 20, 5,
    ),
    Change(
        24, "engineer", "Move payroll backups to the new store", "Payroll system",
        "The old store is full in a month.", "Copy, compare, switch the job, keep the old copies for 30 days.",
        "Point the job at the old store.", 44, 26, "manager",
    ),
    Change(
        48, "requester", "Let everyone install browser extensions", "Laptops & accounts",
        "People ask for it.", "Switch the policy off.", "Switch the policy on.", 30, 50, "manager",
        "Not without a list of what is allowed: one extension that reads every page is enough.",
    ),
    Change(
        68, "engineer", "Upgrade the VPN gateway to the supported release", "VPN",
        "The present release gets no fixes from next month on.",
        "1. Drain the standby. 2. Upgrade it. 3. Switch over. 4. Upgrade the other.",
        "Switch back to the node that still runs the old release; decide within 20 minutes.", 26,
        items=("vpn gateway 1", "vpn gateway 2"),
    ),
]  # fmt: skip

Act = Callable[[], Awaitable[object]]


async def live_through(slack: Workspace, bot: Deskbell) -> None:
    """Plays the days up to now; each act goes through the bot as a person's would."""
    start = slack.clock.now() + LEAD
    acts: list[tuple[float, Act]] = [*estate.acts(slack), *preparation.acts(slack), *on_call.acts(slack)]
    acts += improvement.acts(slack, _number)
    acts += [(at, act) for incident in INCIDENTS for at, act in _incident_acts(slack, incident)]
    acts += [(at, act) for change in CHANGES for at, act in _change_acts(slack, change)]
    acts += _complaint_acts(slack)
    for at, act in sorted(acts, key=lambda one: one[0]):
        await _forward(slack, bot, (start + timedelta(hours=at) - slack.clock.now()))
        await act()
    await _forward(slack, bot, start + timedelta(days=DAYS) - slack.clock.now())
    slack.busy = ""


def _number(begins: str) -> int:
    """Of the incident whose summary begins so."""
    told = sorted(INCIDENTS, key=lambda one: one.at)
    return next(number for number, one in enumerate(told, 1) if one.summary.startswith(begins))


async def _forward(slack: Workspace, bot: Deskbell, span: timedelta) -> None:
    """From one reminder to the next, so that each rings when it was due."""
    end = slack.clock.now() + span
    while True:
        await bot.relay.deliver()  # The lease of what is on its way would run out as the clock moves.
        waits = await _next_due(bot)
        if (now := slack.clock.now()) >= end:
            return
        stop = min(max(waits, now + SECOND), end) if waits else end
        slack.clock.forward(seconds=(stop - now).total_seconds())
        await bot.jobs.sweep()
        await bot.jobs.long_timers()


async def _next_due(bot: Deskbell) -> datetime | None:
    """When something is to ring or to be sent."""
    async with bot.database.read() as tx:
        found = [await timers.next_due(tx), await lanes.next_due(tx)]
    return min((one for one in found if one), default=None)


def _named(items: tuple[str, ...]) -> dict[str, list[str]]:
    return {"Configuration items": list(items)} if items else {}


def _incident_acts(slack: Workspace, told: Incident) -> list[tuple[float, Act]]:
    who, agent = slack.person(told.who), slack.person("agent")

    async def report() -> None:
        await who.runs(f"/incident {told.summary}", "service-desk")
        words = {"Description": told.description, "Impact": told.impact, "Urgency": told.urgency}
        await who.submits(words | {"Service": told.service} | _named(told.items))

    async def acknowledge() -> None:
        await agent.clicks("I'm on it", "service-desk", message=told.summary)

    async def resolve() -> None:
        await agent.clicks("Resolve", "service-desk", message=told.summary)
        await agent.submits({"Resolution note": told.note})

    acts: list[tuple[float, Act]] = [(told.at, report)]
    acts += [(told.acknowledged, acknowledge)] if told.acknowledged else []
    return acts + ([(told.resolved, resolve)] if told.resolved else [])


def _change_acts(slack: Workspace, told: Change) -> list[tuple[float, Act]]:
    who, by = slack.person(told.who), slack.person(told.by)
    opens = slack.clock.now().replace(minute=0, second=0, microsecond=0) + LEAD + timedelta(days=DAYS, hours=told.ahead)

    async def ask() -> None:
        await who.runs(f"/change {told.title}")
        words = {"Why": told.why, "Plan": told.plan, "Backout plan": told.backout}
        window = {"Start": opens, "End": opens + timedelta(hours=2)}
        await who.submits(words | window | {"Service": told.service} | _named(told.items))

    async def decide() -> None:
        await by.clicks("Reject" if told.rejected else "Approve", "changes", message=told.title)
        if told.rejected:
            await by.submits({"Reason": told.rejected})

    return [(told.at, ask), *([(told.decided, decide)] if told.decided else [])]


def _complaint_acts(slack: Workspace) -> list[tuple[float, Act]]:
    """One that waits for its answer."""
    who, agent = slack.person("outsider"), slack.person("agent")

    async def complain() -> None:
        await who.runs("/complaint Locked out of payroll on the last day of the month")
        await who.submits({"What is wrong?": "It took two hours, and nobody said when.", "Service": "Payroll system"})

    async def acknowledge() -> None:
        await agent.runs("/complaint acknowledge CMP-1")

    return [(24, complain), (26, acknowledge)]
