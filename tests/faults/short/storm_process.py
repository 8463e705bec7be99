"""A process that takes deliveries in and works them off, until it is killed: `storm_process.py URL FROM TO`.

It prints the number of each delivery once that is kept, as the door answers 202 then.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime

from bot.usecases.alert import deliveries
from storage.db.database import Database


def content(number: int) -> bytes:
    began = datetime.now(UTC).isoformat()
    alert = {"status": "firing", "fingerprint": f"k{number}", "labels": {"alertname": "Down"}, "startsAt": began}
    return json.dumps({"version": "4", "groupKey": f"g{number}", "alerts": [alert]}).encode()


async def main(url: str, first: int, last: int) -> None:
    database = Database(url)
    for number in range(first, last):
        async with database.begin() as tx:
            await deliveries.keep(tx, "prom", content(number), "m", datetime.now(UTC))
        print(number, flush=True)
        if number % 7 == 0:
            await work(database, 5)
    while await work(database, 50):
        pass
    await database.close()
    print("done", flush=True)


async def work(database: Database, most: int) -> int:
    async with database.begin() as tx:
        return await deliveries.work_off(tx, datetime.now(UTC), most)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
