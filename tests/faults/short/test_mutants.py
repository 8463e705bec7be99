"""With one safeguard off, the harness goes red: else its green would say nothing."""

import pytest
from load import Load
from mutant_runs import TRIALS, found_out

SHORT = ("look-up", "inbox")


@pytest.mark.parametrize("mutant", SHORT)
async def test_a_safeguard_that_is_missing_is_found_out(process_pool, mutant):
    assert await found_out(process_pool, mutant, None, Load(messages=100, a_second=12, rungs=2))


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize("mutant", [one for one in TRIALS if one not in SHORT])
async def test_every_safeguard_that_is_missing_is_found_out(process_pool, server, mutant):
    assert await found_out(process_pool, mutant, server)
