"""Fifty approvers press at once on three processes: one decision, and every other press is answered."""

import pytest
from races import CROWD, race

pytestmark = pytest.mark.postgres
ROUNDS = 2


async def test_fifty_presses_at_once_make_one_decision_and_every_press_is_answered(process_pool, server):
    found = await race(process_pool, server, ROUNDS)
    assert found.clean, found.examples
    assert found.clicks == ROUNDS * CROWD


@pytest.mark.long
async def test_a_thousand_rounds_make_a_thousand_decisions(process_pool, server):
    found = await race(process_pool, server, 1000)
    assert found.clean, found.examples
