"""What cannot be linked, promised or written down is refused, in the same words from either side."""

import asyncio

from cast import Desk

from bot.rules.problem.flow import FLOW, ProblemState
from storage.journal import journal

PRIVATE = {"Privacy": ["Private: about security or people"]}


async def test_what_is_over_private_or_unknown_is_refused_from_either_side(desk_on_sqlite: Desk) -> None:
    desk, agent, manager = desk_on_sqlite, desk_on_sqlite.agent, desk_on_sqlite.manager
    await desk.reports("VPN is down")
    await desk.reports("Keys were stolen", **PRIVATE)
    for title in ("It was once so", "The VPN drops each night"):
        await agent.runs(f"/incident problem INC-1 {title}")
    assert "dismissed" in (await agent.runs("/problem dismiss PRB-1 Nobody remembers")).text
    await desk.reports("Mail is slow")

    async def both(one: str, other: str) -> tuple[str, str]:
        noun = {"PRB": "problem", "INC": "incident"}
        return tuple([(await agent.runs(f"/{noun[a[:3]]} link {a} {b}")).text for a, b in ((one, other), (other, one))])  # type: ignore[return-value]

    for one, other, said in (
        ("PRB-1", "INC-3", "PRB-1 is dismissed"),  # over
        ("PRB-2", "INC-2", "There is no INC-2"),  # private
        ("PRB-2", "INC-1", "linked already"),
    ):
        first, second = await both(one, other)
        assert said in first, (one, other, first)
        assert said in second, (one, other, second)
    assert "There is no PRB-9" in (await agent.runs("/incident link INC-3 PRB-9")).text
    assert "There is no INC-9" in (await agent.runs("/problem link PRB-2 INC-9")).text
    for name in ("INC-2", "INC-3"):
        assert "PRB-" not in (await manager.runs(f"/incident {name}")).text
    # Words to match are words: a pattern matches nothing but itself.
    await agent.runs("/problem known-error PRB-2")
    words = {"What people see": "The tunnel drops", "Workaround": "Quit the client", "Other words for it": ".*|[a-z]+"}
    assert not await agent.submits(words)
    await agent.runs("/problem publish KE-1")
    await desk.requester.runs("/incident Mail bounces each morning")
    assert "KE-1" not in desk.requester.modal.text


async def test_only_who_takes_part_owns_an_action_by_a_day_that_is_to_come(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    desk.slack.add_person("guest", is_restricted=True)
    desk.slack.change_person("engineer", deleted=True)
    await desk.bot.refresh_directory()
    await desk.agent.runs("/action Look through the alarms")
    new = {"Due on": "2026-03-09", "How it will be verified": "Somebody reads them"}
    for who in ("guest", "engineer"):
        assert "cannot take part" in str(await desk.agent.submits(new | {"Owner": who})), who
    assert "over" in str(await desk.agent.submits({"Owner": "agent", "Due on": "2026-03-01"}))
    assert not await desk.agent.submits({"Due on": "2026-03-09"})


async def test_of_two_who_close_at_once_one_does(desk: Desk) -> None:
    await desk.agent.runs("/problem The VPN drops each night")
    assert not await desk.agent.submits({"Service": "VPN"})
    for typed in (
        "investigate PRB-1",
        "known PRB-1 Nobody can say",
        "action PRB-1 @agent friday Restart it",
        "fix PRB-1",
    ):
        await desk.agent.runs(f"/problem {typed}")
    await desk.agent.runs("/action done ACT-1 It restarts")
    await desk.manager.runs("/action verify ACT-1 It does")
    await desk.agent.runs("/problem fixed PRB-1")
    desk.clock.forward(days=31)
    await desk.settles()
    answers = await asyncio.gather(
        *(who.runs("/problem close PRB-1 30 quiet nights") for who in (desk.agent, desk.manager))
    )
    told = sorted(one.text for one in answers)
    assert [("is closed." in one, "already closed" in one) for one in told].count((True, False)) == 1, told
    async with desk.bot.database.read() as tx:
        facts = await journal.timeline(tx, "PRB-1")
    assert FLOW.replay(facts) is ProblemState.CLOSED
    assert [one.kind for one in facts].count("problem_closed") == 1
