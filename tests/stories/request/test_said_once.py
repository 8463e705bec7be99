"""A timeline says each thing once."""

from cast import Desk

JOINER = {"Who begins?": "A colleague", "First day": "2026-04-01", "Which one?": "Linux"}


async def test_a_request_is_put_to_approval_once(desk: Desk) -> None:
    await desk.requester.runs("/request joiner")
    assert not await desk.requester.submits(JOINER)
    await desk.settles()
    told = (await desk.requester.runs("/request timeline REQ-1")).text
    assert told.count("approval") == 1, told
