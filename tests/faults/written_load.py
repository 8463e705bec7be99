"""Writes a load down with the release on PYTHONPATH: `written_load.py URL MESSAGES A_SECOND RUNGS FIRST`."""

import asyncio
import sys
from datetime import datetime

from load import Load, promise

from bot.rules.record.facts import SYSTEM
from bot.usecases import policy as desk_policy
from storage.db.database import Database


async def main(url: str, load: Load, first: datetime) -> None:
    database = Database(url)
    async with database.begin() as tx:
        await desk_policy.adopt(tx, load.policy(), by=SYSTEM, now=first)
    await promise(database, load, first)
    await database.close()


if __name__ == "__main__":
    url, messages, a_second, rungs, first = sys.argv[1:]
    asyncio.run(main(url, Load(int(messages), float(a_second), int(rungs)), datetime.fromisoformat(first)))
