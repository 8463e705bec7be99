"""A desk with a record of every noun, public and private, for what must hold of all of them."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

from cast import Desk
from change_steps import agreed, freezes

from bot.rules.policy.policy import parse
from bot.rules.record.refs import COMMAND, Noun, Ref
from bot.sandbox.person.people import Person
from bot.sandbox.person.screen import SeenMessage
from bot.usecases import policy as desk_policy

KNOWN = {"What people see": "It drops", "Workaround": "Restart it"}
SCREENS = ("change approvals", "sla 100", "sla service VPN", "service VPN", "ci impact CI-1", "problem causes PRB-1")
"""Commands that name records, besides those that show or list a noun's own."""
_LISTS_MORE = {Noun.INCIDENT: " all", Noun.CHANGE: " all", Noun.ACTION: " all"}


async def lived_in(desk: Desk) -> None:
    """CHG-1 and STD-1, CHG-2 held by WIN-1 and on CAB-1's agenda; INC-1 public and INC-2 private, each with a problem,
    a known error, a review and two actions, which the engineer owns; REQ-1; and what `managed` and `at_work` say."""
    await reported(desk)
    await agreed(desk)
    await desk.asks_for_change("Upgrade the switch")
    await desk.reports()
    await desk.requester.runs("/incident Phishing mail")
    assert not await desk.requester.submits(Service="Email", Privacy="Private: about security or people")
    for who, number in ((desk.agent, 1), (desk.manager, 2)):
        for typed in (
            f"incident ack INC-{number}",
            f"incident problem INC-{number} It drops again",
            f"incident action INC-{number} @engineer 2026-03-12 Look at it",
            f"problem investigate PRB-{number}",
            f"problem action PRB-{number} @engineer 2026-03-12 Mend it",
            f"problem known-error PRB-{number} It drops: restart it",
            f"problem publish KE-{number}",
            f"incident ask-review INC-{number} Customers noticed first",
        ):
            await who.runs(f"/{typed}")
            if who.modal:
                assert not await who.submits()
            await desk.settles()
    await desk.agent.runs("/problem items PRB-1 VPN")
    await desk.agent.runs("/incident link INC-1 CHG-2")
    await freezes(desk, To=desk.clock.now() + timedelta(days=2))
    await desk.manager.runs("/change cab add CHG-2")
    await desk.manager.runs("/change cab")
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await desk.settles()
    await managed(desk)
    await at_work(desk)


async def managed(desk: Desk) -> None:
    """REG-1 with an action, CMP-1 about INC-1, DOC-1, AUD-1 and MR-1, which name each other in their words."""
    await desk.agent.runs("/register add risk No spare gateway, see INC-1")
    what = {"What could happen, and what would follow?": "INC-1 again"}
    assert not await desk.agent.submits(
        what | {"How likely is it?": "3 possible", "How much would it matter?": "4 much"}
    )
    await desk.settles()
    await desk.requester.runs("/complaint Nobody answers INC-1")
    assert not await desk.requester.submits({"What is wrong?": "REG-1 says why", "A record": "INC-1"})
    await desk.agent.runs("/document new Spare gateways, as REG-1 says")
    assert not await desk.agent.submits({"What it is": "Process", "Clauses": "8.1"})
    await desk.manager.runs("/audit plan Risks")
    assert not await desk.manager.submits({"Clauses": "6.1", "Auditor": "approver", "On": "2026-04-01"})
    await desk.manager.runs("/management-review plan Spring, with REG-1")
    assert not await desk.manager.submits({"Records of": "2026-Q1", "On": "2026-04-01", "Chair": "approver"})
    await desk.settles()
    for typed in ("register action REG-1 friday Mend it", "register link REG-1 INC-1", "register link REG-1 DOC-1"):
        await desk.agent.runs(f"/{typed}")
    await desk.settles()


WEEKLY = """
[reports.weekly]
title = "Weekly service report"
every = "week"
zone = "Europe/London"
channel = "service-desk"
figures = ["incidents-opened", "backlog"]

[surveys.weekly]
title = "How is the service desk?"
every = "week"
zone = "Europe/London"
channel = "service-desk"
questions = ["How good was the help that you got?"]
groups = ["service-desk"]
named = true
least = 1
"""


async def reported(desk: Desk) -> None:
    """RPT-1 and SVY-1, of the week before all this; the agent has answered, and it is over."""
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(WEEKLY), by="operator", now=desk.clock.now())
    await desk.settles()
    desk.clock.forward(days=7)
    await desk.settles()
    await desk.agent.clicks("Answer…", "DM", message="SVY-1")
    said = {"How good was the help that you got?": "2 · Fair", "What should be better?": "Like INC-1 and CHG-2"}
    assert not await desk.agent.submits(said)
    await desk.manager.runs("/survey close SVY-1")
    await desk.settles()


async def at_work(desk: Desk) -> None:
    """What is in the middle of its way: REV-1 is being written, AUD-2 being held with FND-1 to be answered and FND-2
    answered; CAB-1 has a note; REQ-2 has tasks, one of them done."""
    for typed in ("review begin REV-1", "review write REV-1 what-happened It dropped, see INC-1 and CHG-2"):
        await desk.agent.runs(f"/{typed}")
    await desk.manager.runs("/audit plan Incidents, as in INC-1")
    assert not await desk.manager.submits({"Clauses": "8.6.1 9.1", "Auditor": "approver", "On": "2026-03-09"})
    for who, typed in (
        (desk.approver, "audit start AUD-2"),
        (desk.approver, "audit check AUD-2 8.6.1 minor @agent INC-1 names no configuration item"),
        (desk.approver, "audit check AUD-2 9.1 observation @agent Nobody looks at DOC-1"),
        (desk.agent, "finding answer FND-2 REG-1 was not known"),
    ):
        await who.runs(f"/{typed}")
    await desk.manager.runs("/request joiner")
    for question, said in (("Who begins?", "A colleague"), ("First day", "2026-04-01"), ("Which one?", "Linux")):
        await desk.manager.fills({question: said})
    assert not await desk.manager.submits({})
    await desk.settles()
    await desk.approver.runs("/request approve REQ-2")
    await desk.agent.runs("/request done REQ-2 account")
    await desk.settles()


async def screens(desk: Desk, person: Person) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """All that this person is shown: what was posted, App Home, and each record and list that they ask for."""
    await person.opens_home()
    await desk.settles()
    assert person.home is not None
    yield "App Home", person.home.view.blocks
    for place in list(desk.slack.channels.values()):
        if not place.is_private or person.id in place.members:
            for said in place.seen_by(person.id):
                if said.user == desk.slack.bot_user.id:
                    yield f"#{place.name}", said.blocks or [{"type": "mrkdwn", "text": said.text}]
    for typed in (*_of_each_noun(), *SCREENS):
        await person.runs(f"/{typed}")
        shown = person.messages("general")[-1]
        yield f"/{typed}", shown.blocks
        if "More…" in shown.buttons:
            await person.clicks("More…", message=shown)
            assert person.modal is not None
            yield f"/{typed} More…", person.modal.view.blocks
            await person.closes()


def _of_each_noun() -> Iterator[str]:
    for noun in Noun:
        yield COMMAND[noun] + _LISTS_MORE.get(noun, "")
        if Ref(noun, 1).shown != f"/{COMMAND[noun]}":
            command = COMMAND[noun].partition(" ")[0]
            yield from (f"{command} {noun}-1", f"{command} {noun}-2", f"{command} timeline {noun}-1")


def texts(drawn: Any) -> Iterator[tuple[str, str]]:
    """The type and the words of all that stands in blocks."""
    if isinstance(drawn, dict):
        if drawn.get("type") in ("mrkdwn", "plain_text") and "text" in drawn:
            yield drawn["type"], str(drawn["text"])
        drawn = drawn.values()
    elif not isinstance(drawn, list | tuple):
        return
    for one in drawn:
        yield from texts(one)


LINK = re.compile(r"<https?://[^|>]*/archives/(?P<channel>\w+)/p(?P<ts>\d+)\|(?P<ref>[A-Z]{2,3}-\d+)>")
BARE = re.compile(rf"<[^<>]*>|```.*?```|`[^`\n]*`|(?<![\w@/#.-])(?P<ref>(?:{'|'.join(Noun)})-[1-9]\d*)(?![\w@-])", re.S)


def bare(kind: str, words: str) -> set[str]:
    """Numbers that are no link, and no command to type."""
    return {found["ref"] for found in BARE.finditer(words) if found["ref"]}


def seen(desk: Desk, person: Person, channel: str, ts: str) -> SeenMessage | None:
    """The message that a link leads to, if this person can be there."""
    place = desk.slack.channels[channel]
    if place.is_private and person.id not in place.members:
        return None
    return next((one for one in person.messages(place.name) if one.ts.replace(".", "") == ts), None)
