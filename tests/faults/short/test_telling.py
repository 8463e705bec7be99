"""Webhooks and e-mail under kills and a flaky other side: nothing is lost, nothing is told twice as two, all in order.

A receiver may see a message again whose answer was lost: by its id, which stays the same, it knows it. DESKBELL_TELLING
says how many letters.
"""

import asyncio
import base64
import os
import random
import signal
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from mail_server import MailServer
from short.again import imported
from sqlalchemy import text

from bot.rules.policy.policy import parse
from bot.usecases import policy as desk_policy
from storage.db.database import Database
from storage.tables import Person
from storage.workspace import people

AGENT = "U1"
COUNT = int(os.environ.get("DESKBELL_TELLING", "9"))
KILLS = max(3, COUNT // 10)
POLICY = """
[webhooks.status]
url = "{hook}"
events = ["incident.opened", "incident.resolved"]
secret = "env:HOOK"

[mailboxes.help]
address = "help@desk.example.com"
key = "env:MAIL_KEY"
senders = ["example.com"]
smtp = "{smtp}"
most_an_hour = 1000
"""
PROCESS = Path(__file__).with_name("telling_process.py")
SAYS = {"incident_opened": "is with the service desk", "incident_resolved": "is resolved"}


class OtherSide(MailServer):
    """A program and a mail server that say no, fall silent, or see the bot killed: before they took it, or after."""

    def __init__(self) -> None:
        super().__init__()
        self.chance, self.kills, self.bot, self.told = random.Random(11), 0, None, []
        self.again = 0
        """How often the bot cannot know that a message was taken."""

    async def came(self) -> None:
        if self.chance.random() < 0.15 and await self.strikes():
            self.again += 1

    async def strikes(self) -> bool:
        if self.kills >= KILLS or self.bot is None:
            return False
        self.kills += 1
        self.bot.kill()
        await asyncio.to_thread(self.bot.wait)
        return True

    async def hook(self, request: web.Request) -> web.Response:
        body, fate = await request.json(), self.chance.random()
        if fate < 0.1:
            return web.Response(status=503)
        if fate < 0.2:
            await self.strikes()
            return web.Response(status=503)
        self.told.append((request.headers["webhook-id"], body["type"], body["data"]["ref"]))
        if fate < 0.3:
            self.again += 1
            if not await self.strikes():
                return web.Response(status=500)
        return web.Response()

    async def run(self, url: str) -> str:
        """Until it is done, as often as it is killed; its clock is further ahead each time. The last that it said."""
        ahead, said = 0.0, ""
        secret = f"whsec_{base64.b64encode(bytes(32)).decode()}"
        with imported(PROCESS) as telling:
            while not said.startswith("done"):
                with telling.run(url, COUNT, ahead, HOOK=secret) as self.bot:
                    said = await asyncio.to_thread(self.bot.stdout.read)
                    assert said or await asyncio.to_thread(self.bot.wait) == -signal.SIGKILL, "it ended by itself"
                ahead += 120 + self.kills
        return said


async def test_programs_and_people_outside_are_told_all_of_it_in_order_under_kills(sqlite_url: str) -> None:
    async with OtherSide() as other:
        house = web.Application()
        house.router.add_post("/hook", other.hook)
        runner = web.AppRunner(house)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await _begin(sqlite_url, POLICY.format(hook=hook, smtp=other.url))
        await other.run(sqlite_url)
        await runner.cleanup()
        facts, states = await _known(sqlite_url)
    assert other.kills == KILLS
    assert len(facts) == 2 * COUNT
    assert states == {"sent": 4 * COUNT}
    told = list(dict.fromkeys(other.told))
    assert [(kind, ref) for _, kind, ref in told] == [(one.replace("_", "."), ref) for one, ref in facts]
    letters = {one["Message-ID"]: one for one in other.taken}
    found = [(one["Subject"], one.get_content()) for one in letters.values()]
    assert len(found) == len(facts)
    for (subject, words), (kind, ref) in zip(found, facts, strict=True):
        assert f"[{ref}]" in subject
        assert SAYS[kind] in words
    twice = len(other.told) - len(told) + len(other.taken) - len(letters)
    assert twice <= other.again, "only what nobody could know was taken comes again"


async def _begin(url: str, policy: str) -> None:
    database = Database(url)
    now = datetime.now(UTC)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, parse(policy), by="deskbell", now=now)
        await people.upsert(tx, Person(id=AGENT, name="agent", seen_at=now))
        await people.set_members(tx, "service-desk", [AGENT])
    await database.close()


async def _known(url: str) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """What is on record, in order, and what became of the rows of the outbox."""
    database = Database(url)
    kinds = "SELECT kind, subject FROM fact WHERE kind IN ('incident_opened', 'incident_resolved') ORDER BY id"
    async with database.read() as tx:
        facts = [(kind, ref) for kind, ref in await tx.exec(text(kinds))]
        rows = await tx.exec(text("SELECT state, count(*) FROM outbox GROUP BY state"))
        states = {str(row[0]): int(row[1]) for row in rows}
    await database.close()
    return facts, states
