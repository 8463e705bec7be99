"""A process that takes letters in, resolves what they report and tells of it, until it is killed.

`telling_process.py URL COUNT OFFSET`: the offset is how many seconds its clock is ahead. It begins anew with the first
letter each time, as a provider does that had no answer: what was done already is not done again.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.app import Deskbell
from bot.settings import Settings
from bot.usecases.incident import steps
from bot.usecases.mail import receiving
from bot.usecases.policy import in_force
from storage import records
from storage.tables import Incident

AGENT = "U1"
_NOT_SLACKS = "DELETE FROM outbox WHERE kind NOT IN ('webhook_event', 'mail_answer')"


class Clock:
    def __init__(self, ahead: float) -> None:
        self.ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def letter(number: int) -> bytes:
    head = f"From: C <caller{number % 50}@example.com>\nSubject: Case {number}\nMessage-ID: <{number}@example.com>\n\n"
    return f"{head}It is down.\n".encode()


async def main(url: str, count: int, ahead: float) -> None:
    clock = Clock(ahead)
    bot = Deskbell(_settings(url), clock.now)
    for number in range(count):
        async with bot.database.begin() as tx:
            box = (await in_force(tx)).policy.mailboxes["help"]
            mail = await receiving.understood(box, letter(number))
            await receiving.receive(tx, "help", box, mail, clock.now())
            await tx.exec(text(_NOT_SLACKS))
        if number % 3 == 2:
            await bot.relay.deliver()
    for number in range(1, count + 1):
        async with bot.database.begin() as tx:
            found = await records.get(tx, Incident, number)
            if found is not None and found.resolved_at is None:
                await steps.resolve(tx, found.ref, "fixed", "Restarted", by=AGENT, now=clock.now())
            await tx.exec(text(_NOT_SLACKS))
    while True:
        await bot.relay.deliver()
        due = await bot.relay.next_due()
        if due is None:
            break
        clock.ahead += max(due - clock.now(), timedelta(0)) + timedelta(milliseconds=1)
    print("done", clock.ahead.total_seconds(), flush=True)


def _settings(url: str) -> Settings:
    return Settings(
        _env_file=None, bot_token="xoxb-1-nobody", app_token="xapp-1-nobody", signing_secret="0" * 32,
        slack_api_url="http://127.0.0.1:9/api/", database_url=url, webhooks_allow_private=True,
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
