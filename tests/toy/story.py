"""A loan from its command to its timeline, and a change that somebody is thanked for. Run in a copy of the house."""

from cast import Desk

from bot.rules.loan.flow import FLOW, LoanState
from storage.journal import journal


async def test_a_loan_is_asked_for_handed_out_and_taken_back(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    assert "LON-1" in (await desk.requester.runs("/loan A projector")).text
    refused = await desk.outsider.runs("/loan hand-out LON-1")
    assert "Only members of the service desk can hand LON-1 out" in refused.text
    assert "LON-1 is handed out" in (await desk.agent.runs("/loan hand-out LON-1")).text
    await desk.agent.runs("/loan LON-1")
    await desk.agent.clicks("Take back", "general")
    again = await desk.agent.runs("/loan take-back LON-1")
    assert "already taken back" in again.text
    assert "has your note" in (await desk.agent.runs("/loan note LON-1 The lamp is weak")).text
    await desk.agent.runs("/loan LON-1")
    await desk.agent.clicks("Link…", "general")
    assert not await desk.agent.submits({"Another record": "INC-1"})
    assert "INC-1" in (await desk.requester.runs("/loan LON-1")).text
    assert "LON-1" in (await desk.requester.runs("/incident INC-1")).text
    told = (await desk.agent.runs("/loan timeline LON-1")).text
    for said in ("asked for it", "handed it out", "took it back", "The lamp is weak", "linked it to INC-1"):
        assert said in told
    assert "The lamp is weak" not in (await desk.requester.runs("/loan timeline LON-1")).text
    assert "A projector" in (await desk.requester.runs("/loan list")).text
    async with desk.bot.database.read() as tx:
        assert FLOW.replay(await journal.timeline(tx, "LON-1")) is LoanState.BACK


async def test_a_loan_is_found_by_mention_and_help_and_by_a_number_in_short_form(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/loan A projector")
    assert "is handed out" in (await desk.agent.runs("/loan hand-out 1")).text
    assert "take-back LON-n" in (await desk.agent.runs("/loan help")).text
    assert "Did you mean" in (await desk.agent.runs("/loan take-bak LON-1")).text
    assert "/loan LON-1" in (await desk.agent.runs("/incident LON-1")).text
    await desk.agent.join("changes")
    await desk.agent.says("@deskbell take-back LON-1", "changes")
    await desk.settles()
    assert "LON-1 is back" in desk.agent.notes("changes")[-1]
    await desk.agent.says("@deskbell take-back", "changes")
    await desk.settles()
    assert "LON-12" in desk.agent.notes("changes")[-1]


async def test_who_carries_a_change_out_is_thanked(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change()
    assert "thanked" in (await desk.outsider.runs("/change thank CHG-1 It went very well")).text
    await desk.outsider.runs("/change CHG-1")
    await desk.outsider.clicks("More…", "general")
    await desk.outsider.clicks("Thank…")
    assert not await desk.outsider.submits({"Thanks": "To all of you"})
    told = (await desk.requester.runs("/change timeline CHG-1")).text
    assert "thanked for it" in told
    assert "It went very well" in told
    assert "To all of you" in told
