"""The bot is told to stop while somebody is being served."""

import asyncio

import pytest
from cast import open_desk


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_who_is_being_served_when_the_bot_stops_is_answered(sqlite_url: str, transport: str) -> None:
    async with open_desk(sqlite_url, transport) as desk:
        slow = desk.slack.faults.add("views.open", delay=0.5, accept=True)
        asking = asyncio.create_task(desk.requester.runs("/incident VPN is down"))
        while slow.times:  # noqa: ASYNC110 - the call is on its way once its fault is used up
            await asyncio.sleep(0.001)
        # The bot stops when this is left.
    assert (await asking).ok
    assert desk.requester.modal.title == "Report an incident"
