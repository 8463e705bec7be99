"""Where an entry goes is the register's to say: from which stage, by whom, with whose approval, and for how long."""

import pytest
from cast import Desk

from bot.rules.policy.policy import parse
from bot.rules.record.refs import Noun, Ref
from bot.rules.record.refusals import Refusal
from bot.rules.register.flow import FLOW, EntryAct, EntryState
from bot.usecases.approval import approvals
from bot.usecases.policy import adopt
from bot.usecases.register import access
from bot.usecases.register.approval import ENTRY
from storage.journal import journal

ENTRY_1 = Ref(Noun.ENTRY, 1)
MOVES = """
[registers.exception]
title = "Exceptions from a policy"
prefix = "EXC"
manager = "change-managers"
stages = ["asked for", "granted", "over"]

[registers.exception.moves]
"asked for" = { after = ["granted"], within = "3d" }
granted = { after = ["asked for"], who = ["service-desk"], approval = "documents" }
over = { after = ["granted"] }
"""


async def exception(desk: Desk) -> None:
    async with desk.bot.database.begin() as tx:
        await adopt(tx, parse(MOVES), by="deskbell", now=desk.clock.now())
    await desk.agent.runs("/register add exception No badge at the side door")
    assert not await desk.agent.submits({})
    await desk.settles()


async def test_a_move_that_needs_approval_is_voted_on_with_what_it_is_about(desk: Desk) -> None:
    await exception(desk)
    card = await desk.channel("service-desk").hears("REG-1", "No badge at the side door", "asked for")
    assert "to leave this stage by" in card
    assert "from there it goes to: granted" in (await desk.agent.runs("/register move REG-1 over Why")).text
    refused = (await desk.manager.runs("/register move REG-1 granted")).text
    assert "Only members of Service desk can move REG-1 to “granted”" in refused
    said = (await desk.agent.runs("/register move REG-1 granted The door has a guard")).text
    assert "waits for approval of its move to “granted”" in said
    await desk.settles()
    await desk.channel("service-desk").hears("REG-1", "Its move to “granted” waits for approval")
    assert "waits for approval of its move" in (await desk.agent.runs("/register move REG-1 granted")).text
    assert "You asked for this move" in (await desk.agent.runs("/register approve REG-1")).text
    assert "is reviewed" in (await desk.agent.runs("/register review REG-1 It still stands")).text, (
        "and the vote goes on"
    )
    await desk.manager.clicks("Read and vote", "DM", message="REG-1")
    assert "From “asked for” to “granted”" in desk.manager.modal.text
    assert not await desk.manager.submits({})
    await desk.settles()
    await desk.dm(desk.agent).hears("REG-1", "approved its move")
    shown = (await desk.agent.runs("/register REG-1")).text
    assert "granted" in shown
    assert "waits" not in shown
    assert "is “over” now" in (await desk.agent.runs("/register move REG-1 over It was mended")).text
    async with desk.bot.database.read() as tx:
        assert FLOW.replay(await journal.timeline(tx, "REG-1")) is EntryState.CLOSED


async def test_a_move_is_rejected_taken_back_and_asked_for_again(desk: Desk) -> None:
    await exception(desk)
    await desk.agent.runs("/register move REG-1 granted The door has a guard")
    await desk.settles()
    assert "has your vote against it" in (await desk.manager.runs("/register reject REG-1 There is no guard")).text
    await desk.settles()
    await desk.dm(desk.agent).hears("REG-1", "rejected its move", "There is no guard")
    assert "asked for" in (await desk.agent.runs("/register REG-1")).text
    await desk.agent.runs("/register move REG-1 granted There is one now")
    await desk.settles()
    assert "stays where it is" in (await desk.agent.runs("/register take-back REG-1")).text
    await desk.settles()
    assert "No move of REG-1 waits for approval" in (await desk.agent.runs("/register take-back REG-1")).text
    await desk.agent.runs("/register move REG-1 granted Now it is right")
    await desk.settles()
    await desk.manager.clicks("Read and vote", "DM", message="REG-1")
    assert not await desk.manager.submits({})
    await desk.settles()
    assert "is “over” now" in (await desk.agent.runs("/register move REG-1 over Mended")).text


async def test_a_stage_that_should_be_left_is_reminded_of_each_week_while_it_is_not(desk: Desk) -> None:
    await exception(desk)
    desk.clock.forward(days=4)
    await desk.settles()
    await desk.dm(desk.agent).hears("REG-1", "reminded that it is still “asked for”")
    await desk.dm(desk.manager).hears("REG-1", "reminded that it is still “asked for”")
    assert "REG-1" in (await desk.agent.runs("/register list late")).text
    desk.clock.forward(days=7)
    await desk.settles()
    assert await desk.dm(desk.agent).count("reminded that it is still “asked for”") == 2
    await desk.agent.runs("/register move REG-1 granted The door has a guard")
    await desk.settles()
    await desk.manager.clicks("Read and vote", "DM", message="REG-1")
    assert not await desk.manager.submits({})
    desk.clock.forward(days=14)
    await desk.settles()
    assert await desk.dm(desk.agent).count("reminded that it is still “asked for”") == 2


async def test_the_form_offers_only_the_stages_to_which_this_person_moves_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await exception(desk)
    await desk.agent.runs("/register move REG-1")
    assert desk.agent.modal.options("Stage") == ["granted"]
    refused = (await desk.manager.runs("/register move REG-1")).text
    assert "Only members of Service desk can move REG-1 to “granted”" in refused, "before anything is typed"
    async with desk.bot.database.begin() as tx:
        free = MOVES.partition("[registers.exception.moves]")[0].replace("granted", "in treatment")
        await adopt(tx, parse(free), by="deskbell", now=desk.clock.now())
    await desk.manager.runs("/register move REG-1")
    assert desk.manager.modal.options("Stage") == ["in treatment", "over"]
    assert "is “in treatment” now" in (await desk.manager.runs("/register move REG-1 in treatment At last")).text
    assert "from there it goes to" in (await desk.manager.runs("/register move REG-1 in treatment")).text


async def unvoted(desk: Desk) -> str:
    """What a manager hears who clicks “Take my vote back” on an old message."""
    with pytest.raises(Refusal) as refused:
        async with desk.bot.database.begin() as tx:
            await approvals.withdraw(tx, ENTRY, ENTRY_1, by=desk.manager.id, now=desk.clock.now())
    return refused.value.sentence


async def test_who_asked_for_a_move_takes_it_back_and_a_vote_on_it_is_over_then(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await exception(desk)
    await desk.manager.runs("/register assign REG-1 me")
    assert await unvoted(desk) == "No move of REG-1 waits for approval. `/register REG-1` shows where it is."
    await desk.agent.runs("/register move REG-1 granted The door has a guard")
    assert "Only the owner and members" in (await desk.requester.runs("/register take-back REG-1")).text
    async with desk.bot.database.read() as tx:
        entry = await access.find(tx, ENTRY_1)
        assert EntryAct.TAKE_BACK in await access.can(tx, entry, desk.agent.id)
    assert "stays where it is" in (await desk.agent.runs("/register take-back REG-1")).text
    over = "Nobody votes on REG-1 any more, so that vote cannot be taken back. Ask for the move again."
    assert await unvoted(desk) == over
    await desk.agent.runs("/register move REG-1 granted Now it is right")
    await desk.manager.runs("/register reject REG-1 There is no guard")
    assert await unvoted(desk) == over
    await desk.agent.runs("/register move REG-1 granted There is one now")
    await desk.manager.runs("/register approve REG-1")
    assert not await desk.manager.submits({})
    await desk.agent.runs("/register move REG-1 over Mended")
    assert "was moved once it was approved" in await unvoted(desk)
