"""A process that reminds of actions, a day after another, until it is killed: `reminding_process.py URL FROM TO`.

It prints the day that it is at after each transaction.
"""

import asyncio
import sys
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.usecases import timers
from storage.db.database import Database


async def main(url: str, first: date, last: date) -> None:
    database = Database(url)
    day = first
    while day <= last:
        now, fired = datetime.combine(day, time(23, 0), ZoneInfo("UTC")), 1
        while fired:
            async with database.begin() as tx:
                fired = await timers.ring_due(tx, now, but=timers.LONG)
            print(day, flush=True)
        day += timedelta(days=1)
    await database.close()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(date.fromisoformat, sys.argv[2:])))
