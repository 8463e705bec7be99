"""The real bot's processes, broken while they work: nothing lost, nothing twice, nothing early, in order.

Short runs of the campaigns that find the most; `-m long` runs all of them, and `make faults` in earnest.
"""

import pytest
from load import Load
from run import CAMPAIGNS, run

SHORT = ("kill at each point", "everything")
LOAD = Load(messages=120, a_second=12, rungs=2)
ALL = [(name, database) for name, one in CAMPAIGNS.items() for database in one.databases]


@pytest.mark.parametrize("name", SHORT)
async def test_one_process_on_sqlite_keeps_every_promise(process_pool, name):
    found = await run(process_pool, CAMPAIGNS[name], LOAD, cluster=None)
    assert found.clean, "\n".join(found.examples)
    assert found.messages
    assert found.faults


@pytest.mark.postgres
async def test_three_processes_on_postgres_keep_every_promise_under_kills(process_pool, server):
    found = await run(process_pool, CAMPAIGNS["kill at random"], LOAD, cluster=server)
    assert found.clean, "\n".join(found.examples)
    assert found.messages
    assert found.faults


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize(("name", "database"), ALL)
async def test_every_campaign_keeps_every_promise(process_pool, server, name, database):
    load = Load(messages=600, a_second=20)
    found = await run(process_pool, CAMPAIGNS[name], load, cluster=server if database == "postgres" else None)
    assert found.clean, "\n".join(found.examples)
