"""What the desk costs its people: clicks a task, messages a life, and heights of cards.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_use.py)

Counted in the sandbox through the same labels as everyone's. k is a command or a text that is typed, c a click, and a
choice from a menu two. Heights are of the sandbox's page at 1360 px, where Chromium is installed.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from browsing import chromium, installed, tab
from cast import CHANGE, Desk, open_desk
from change_steps import convened
from databases import fresh_sqlite

from bot.sandbox.person.people import Person
from bot.sandbox.person.screen import named
from bot.sandbox.state import Message as Said

TYPED = ("plain_text_input", "number_input", "url_text_input", "email_text_input")
EVERYDAY = (
    "New starter has no mailbox", "Wi-Fi drops in meeting room 3", "Payroll shows last year", "Laptop fan very loud",
    "I forgot my password", "VPN is down", "Email with attachments bounces", "The website is slow",
    "Printer prints blank pages",
)  # fmt: skip


@dataclass
class Hands:
    """A person whose clicks and words are counted."""

    person: Person
    made: Counter[str] = field(default_factory=Counter)

    async def runs(self, text: str) -> Any:
        self.made["k"] += 1
        return await self.person.runs(text)

    async def says(self, *given: Any, **more: Any) -> None:
        self.made["k"] += 1
        await self.person.says(*given, **more)

    async def clicks(self, label: str, *given: Any, **more: Any) -> None:
        self.made["c"] += 1
        await self.person.clicks(label, *given, **more)

    async def chooses(self, option: Any, *given: Any, **more: Any) -> None:
        self.made["c"] += 2
        await self.person.chooses(option, *given, **more)

    async def submits(self, *given: dict[str, Any], **more: Any) -> None:
        for label, words in {key: value for one in (*given, more) for key, value in one.items()}.items():
            assert self.person.modal is not None
            _, element = named(self.person.modal.view.blocks, label)
            self.made.update({"k": 1} if element["type"] in TYPED else {"c": 2})
            await self.person.fills({label: words})
        self.made["c"] += 1
        faults = await self.person.submits()
        assert not faults, faults

    def told(self) -> str:
        found = " + ".join(f"{count} {what}" for what in "kc" if (count := self.made[what]))
        self.made.clear()
        return found


@asynccontextmanager
async def at_a_desk() -> AsyncIterator[Desk]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(fresh_sqlite(Path(folder))) as desk:
            yield desk


async def clicks(say: Callable[[str, str], None]) -> None:
    async with at_a_desk() as desk:
        requester, agent = Hands(desk.requester), Hands(desk.agent)
        guessed = 0
        for words in EVERYDAY:
            await desk.requester.runs(f"/incident {words}")
            guessed += bool(desk.requester.modal and desk.requester.modal.value("Service"))
            await desk.requester.closes()
        await requester.runs("/incident VPN is down")
        await requester.submits()
        say("report by command", f"{requester.told()}; the service is guessed in {guessed} of {len(EVERYDAY)}")
        await desk.settles()
        await agent.clicks("I'm on it", "service-desk")
        say("take it and acknowledge it, on the card", agent.told())
        await desk.reports("VPN is slow")
        await desk.agent.opens_home()
        await desk.settles()
        await agent.clicks("I'm on it", where="home")
        say("the same from App Home", agent.told())
        await agent.chooses("engineer", "Assign to", "service-desk", message="VPN is slow")
        say("give it to somebody, on the card", agent.told())
        await agent.chooses("P2 High", "Priority", "service-desk", message="VPN is slow")
        if desk.agent.modal:
            await agent.submits(Reason="Half of the team")
        say("change its priority, on the card", agent.told())
        await agent.clicks("More…", "service-desk", message="VPN is down")
        await agent.clicks("Set pending…")
        await agent.submits({"Reason": "Which office?"})
        say("wait for the customer", agent.told())
        await desk.settles()
        await requester.says("In the north office", "DM")
        say("answer that, as the reporter", requester.told())
        await desk.settles()
        await agent.clicks("Resolve", "service-desk", message="VPN is down")
        await agent.submits({"Resolution note": "Restarted"})
        say("resolve", agent.told())
        await desk.settles()
        await requester.clicks("It works again", "DM")
        say("confirm", requester.told())
        await desk.settles()
        await requester.clicks("5 · Excellent", "DM")
        say("rate", requester.told())
        said = await desk.engineer.says("VPN drops for the third time today", "general")
        await desk.agent.uses_shortcut("Log incident", said)
        await agent.submits()
        agent.made["c"] += 2
        say("report what a message says", f"{agent.told()}, the menu counted")
        await desk.reports("Core switch is gone")
        await agent.clicks("Declare major", "service-desk", message="Core switch is gone")
        say("declare a major incident", f"{agent.told()}, and Slack's confirm")
        await desk.settles()
    await _of_changes(say)


async def _of_changes(say: Callable[[str, str], None]) -> None:
    async with at_a_desk() as desk:
        requester, approver, manager = Hands(desk.requester), Hands(desk.approver), Hands(desk.manager)
        await requester.runs("/change Upgrade the VPN gateway")
        await requester.submits({key: value for key, value in CHANGE.items() if key != "Service"})
        say("normal change, without answers on risk", requester.told())
        await desk.settles()
        await approver.clicks("Approve", "changes")
        say("approve", approver.told())
        desk.clock.forward(days=1, hours=1)
        await desk.settles()
        await requester.clicks("Start", "changes")
        requester.made.clear()
        await desk.settles()
        await requester.clicks("Finish", "changes")
        await requester.submits()
        await desk.settles()
        await requester.clicks("Close", "changes")
        await requester.submits()
        say("finish and close a change", requester.told())
        await manager.runs("/report month")
        say("how did we do this month", manager.told())
    await _of_votes(say)
    await _of_later_nouns(say)


async def _of_votes(say: Callable[[str, str], None]) -> None:
    async with at_a_desk() as desk:
        requester, approver, agent = Hands(desk.requester), Hands(desk.approver), Hands(desk.agent)
        await desk.asks_for_change()
        await approver.clicks("Ask a question", "DM")
        await approver.submits({"Question": "Who is on site?"})
        say("ask a question about a change", approver.told())
        await desk.settles()
        await requester.clicks("Answer", "DM")
        await requester.submits({"Answer": "Two of us"})
        say("answer it", requester.told())
        await desk.settles()
        await approver.clicks("Approve with condition", "DM")
        await approver.submits({"Condition": "Only with two people"})
        say("approve under a condition", approver.told())
        await desk.settles()
        await requester.clicks("Edit", "DM")
        await requester.submits({"Plan": "Upgrade the standby with two people, switch over"})
        say("edit it as the condition asks", requester.told())
        await desk.settles()
        await approver.clicks("Reject", "DM")
        await approver.submits({"Reason": "Not this week"})
        say("reject", approver.told())
        await desk.reports()
        await agent.runs("/change break-glass Restart the VPN gateway")
        end = desk.clock.now() + timedelta(hours=1)
        await agent.submits({"Why": "Nobody can work", "Plan": "Restart", "Backout plan": "None", "End": end})
        say("break-glass, with the incident and service offered", agent.told())


async def _of_later_nouns(say: Callable[[str, str], None]) -> None:
    async with at_a_desk() as desk:
        requester, agent = Hands(desk.requester), Hands(desk.agent)
        await requester.runs("/request laptop")
        await requester.submits({"What do you need?": "A new one"})
        say("ask for something of the catalogue", requester.told())
        await desk.settles()
        await agent.clicks("Start", "service-desk")
        await desk.settles()
        await agent.clicks("Fulfilled…", "service-desk")
        await agent.submits({"What was done": "It stands on the desk"})
        say("begin it and fulfil it", agent.told())
        await desk.settles()
        await requester.clicks("I have it", "DM")
        say("confirm that", requester.told())
        await desk.reports()
        await agent.runs("/incident problem INC-1 It drops each night")
        say("raise a problem from an incident", agent.told())
        await desk.settles()
        await agent.clicks("Investigate", "service-desk")
        say("take it and look for its cause", agent.told())
        await agent.runs("/problem action PRB-1 @engineer friday Mend the log")
        say("have somebody promise an action", agent.told())


Counted = Callable[[], Awaitable[str]]


def counter(desk: Desk) -> Counted:
    """What was said since the last call: in channels (threads, and what those show there, beside) and to whom."""
    seen: set[tuple[str, str]] = set()

    async def since() -> str:
        await desk.settles()
        found: Counter[str] = Counter()
        for place in desk.slack.channels.values():
            for said in place.messages:
                if (place.id, said.ts) in seen or said.user != desk.slack.bot_user.id or said.ephemeral_to:
                    continue
                seen.add((place.id, said.ts))
                dm = [one for one in place.members if one != desk.slack.bot_user.id] if place.is_im else []
                where = f"DM {desk.slack.users[dm[0]].name}" if dm else f"#{place.name}"
                found[where + _below(said)] += 1
        return ", ".join(f"{where} {count}" for where, count in sorted(found.items())) or "nothing"

    return since


def _below(said: Said) -> str:
    if said.thread_ts in (None, said.ts):
        return ""
    return " (thread, shown in the channel)" if said.broadcast else " (thread)"


async def passes(desk: Desk, hours: int) -> None:
    """From one hour to the next, as a clock does: an outage would bundle what was missed."""
    for _ in range(hours):
        desk.clock.forward(hours=1)
        await desk.settles()


async def messages(say: Callable[[str, str], None]) -> None:
    async with at_a_desk() as desk:
        since = counter(desk)
        await since()
        await desk.reports(Impact="Medium", Urgency="Medium")
        await desk.agent.runs("/incident ack INC-1")
        await desk.agent.runs("/incident resolve INC-1 Restarted")
        await desk.settles()
        await desk.requester.runs("/incident confirm INC-1")
        say("report, ack, resolve, confirm, rate", await since())
        await desk.reports("VPN is slow", Impact="Medium")
        await passes(desk, 14)
        say("a P2 that nobody takes, for 14 hours", await since())
    async with at_a_desk() as desk:
        since = counter(desk)
        await since()
        for number in range(11):
            await desk.reports(
                f"Printer {number} is jammed", Service="Laptops & accounts", Impact="Medium", Urgency="Medium"
            )
        await since()
        await passes(desk, 15)
        say("11 small incidents left over a night", await since())
    async with at_a_desk() as desk:
        await desk.reports()
        since = counter(desk)
        await since()
        await desk.agent.runs("/incident major INC-1")
        if desk.agent.modal:
            await desk.agent.submits()
        for minutes in (10, 20, 20):
            desk.clock.forward(minutes=minutes)
            await desk.settles()
            await desk.agent.runs("/incident update INC-1 We look at the gateway")
        await desk.agent.runs("/incident resolve INC-1 The gateway is back")
        say("a major incident of 50 minutes", await since())
    await _lives_of_changes(say)


async def _lives_of_changes(say: Callable[[str, str], None]) -> None:
    async with at_a_desk() as desk:
        since = counter(desk)
        await since()
        await desk.asks_for_change(
            Start=desk.clock.now() + timedelta(days=20), End=desk.clock.now() + timedelta(days=21)
        )
        say("a change is asked for", await since())
        await passes(desk, 7 * 24)
        say("nobody decides on it for 7 days", await since())
    async with at_a_desk() as desk:
        await desk.reports()
        since = counter(desk)
        await since()
        await desk.agent.runs("/change break-glass Restart the gateway")
        end = desk.clock.now() + timedelta(hours=1)
        given = {"Title": "Restart the gateway", "Service": "VPN", "Why": "Nobody can work", "Plan": "Restart"}
        faults = await desk.agent.submits(given | {"Backout plan": "None", "End": end, "Incident": "INC-1"})
        assert not faults, faults
        await passes(desk, 48)
        say("break-glass, unapproved for 48 hours", await since())


async def heights(say: Callable[[str, str], None]) -> None:
    if installed() is None:
        say("heights", "no Chromium here")
        return
    async with at_a_desk() as desk:
        await desk.reports(Impact="Medium", Urgency="Medium")
        await desk.reports("Core switch is gone")
        await convened(desk)
        desk.clock.forward(minutes=14)
        await desk.settles()
        await desk.agent.runs("/incident list")
        await desk.agent.runs("/desk")
        async with chromium() as browser, tab(browser, desk.server.url, width=1360, height=860) as page:
            for channel, words, name in (
                ("service-desk", "VPN is down", "incident card"),
                ("service-desk", "Core switch is gone", "incident card, P1"),
                ("changes", "Upgrade the VPN gateway", "change card"),
                ("general", "Open incidents", "list of 2"),
                ("general", "All commands", "/desk"),
            ):
                await page.get_by_role("button", name="Act as agent").click()
                await page.get_by_role("navigation").get_by_role("button", name=channel).first.click()
                card = page.get_by_role("article").filter(has_text=words).first
                box = await card.bounding_box()
                say(name, f"{box['height']:.0f} px" if box else "not found")


async def main() -> None:
    for title, table in (("Clicks", clicks), ("Messages", messages), ("Heights at 1360 px", heights)):
        print(f"\n{title}")
        await table(lambda name, told: print(f"  {name:45} {told}"))


if __name__ == "__main__":
    asyncio.run(main())
