"""What it costs to open a form of 40 questions with conditions: as a ratio to a fixed modal of the same size.

    make bench    (or: PYTHONPATH=tests python tests/bench/bench_request_form.py [questions])

Both are drawn in turn, on one database: who may ask is looked up, then the form is evaluated and drawn; the fixed one
is put together from blocks that are there.
"""

import asyncio
import copy
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from databases import fresh_sqlite

from bot.rules.form.evaluation import begun, evaluate
from bot.rules.policy.policy import parse
from bot.rules.request.policy import known
from bot.usecases import policy as desk_policy
from bot.usecases.request import catalogue
from handlers.blocks import kit
from handlers.blocks.kit import Block
from handlers.ids import Form
from handlers.request_catalogue.views import form as views
from storage.db.database import Database
from storage.tables import Person
from storage.workspace import people

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TURNS = 200


def catalogue_of(number: int) -> str:
    """Half of the questions under a condition that holds."""
    found = ['[requests.long]\ntitle = "A long form"\nservice = "laptops"']
    for one in range(number):
        kind = (
            'type = "choice"\noptions = ["Yes, please", "No"]\ndefault = "Yes, please"'
            if one % 2 == 0
            else 'type = "text"'
        )
        when = f'\nwhen = {{ q{one - 1} = "Yes, please" }}' if one % 2 else ""
        found.append(f'[[requests.long.questions]]\nid = "q{one}"\nasks = "Question {one}?"\n{kind}{when}')
    return "\n\n".join(found)


async def opened(database: Database) -> tuple[float, list[Block]]:
    began = time.perf_counter()
    async with database.read() as tx:
        item = await catalogue.item(tx, "long", "U1")
        policy = (await desk_policy.in_force(tx)).policy
    begins = begun(item.questions, {})
    view = views.form(item, evaluate(item.questions, begins, known(policy.services)), begins, policy)
    return time.perf_counter() - began, view["blocks"]


async def fixed(database: Database, blocks: list[Block]) -> float:
    began = time.perf_counter()
    async with database.read() as tx:
        await catalogue.item(tx, "long", "U1")
    kit.form(Form.REQUEST_ASK, "A long form", "Ask", copy.deepcopy(blocks), "{}")
    return time.perf_counter() - began


async def measured(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(fresh_sqlite(Path(folder)))
        async with database.begin() as tx:
            await desk_policy.ensure(tx, parse(catalogue_of(number)), now=NOW)
            await people.upsert(tx, Person(id="U1", name="requester", seen_at=NOW))
        asked, plain = [], []
        for _ in range(TURNS):
            took, blocks = await opened(database)
            asked.append(took)
            plain.append(await fixed(database, blocks))
        await database.close()
    ratio = median(asked) / median(plain)
    print(f"{number} questions: {median(asked) * 1000:.2f} ms, fixed {median(plain) * 1000:.2f} ms: {ratio:.2f} times")


if __name__ == "__main__":
    asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 40))
