"""Nothing is approved unread: what a card shortens says by how much, opens whole, and is voted on there."""

from cast import Desk
from change_steps import done_well

STEPS = "\n".join(f"{n}. Do step number {n} very carefully on all of the nodes" for n in range(1, 50))
TRACE = "\n".join(f"  File module{n}.py, line {n}, in handle" for n in range(60))


async def test_a_long_plan_is_read_whole_before_it_is_approved(desk: Desk) -> None:
    await desk.asks_for_change(Plan=STEPS, **{"Backout plan": STEPS.replace("Do", "Undo")})
    asked = await desk.dm(desk.approver).hears("asks for your approval of CHG-1", "48 more lines")
    assert "49. Do" not in asked
    await desk.outsider.clicks("Read all", "changes", message="CHG-1")
    assert all(words in desk.outsider.modal.text for words in ("49. Do step", "49. Undo step"))
    await desk.approver.clicks("Approve", "DM")
    assert "49. Do step" in desk.approver.modal.text
    assert "49. Undo step" in desk.approver.modal.text
    assert "Approved by" not in await desk.channel("changes").hears("CHG-1", "Waiting for one of")
    await desk.approver.closes()
    await desk.approver.runs("/change approve CHG-1 as we said")
    assert "49. Do step" in desk.approver.modal.text
    assert await desk.approver.submits() == {}
    await desk.channel("changes").hears("CHG-1", "Approved by @approver", "as we said")


async def test_votes_with_words_are_given_beside_the_whole_text(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.asks_for_change(Plan=STEPS)
    await desk.manager.runs("/change approve-if CHG-1 only with two people on site")
    assert "49. Do step" in desk.manager.modal.text
    assert desk.manager.modal.value("Condition") == "only with two people on site"
    await desk.manager.closes()
    await desk.approver.clicks("Approve", "DM")
    await desk.approver.clicks("Reject")
    assert await desk.approver.submits(Reason="Too many steps") == {}
    await desk.channel("changes").hears("CHG-1", "rejected; a draft again", "Too many steps")


async def test_a_long_report_is_read_whole_by_who_may_see_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.reports(Description=TRACE)
    for who, where in ((desk.agent, "service-desk"), (desk.requester, "DM")):
        await who.clicks("Read all", where, message="INC-1")
        assert "module59.py" in who.modal.text
        await who.closes()
    assert "more lines" in await desk.channel("service-desk").hears("INC-1", "module0.py")


async def test_a_standard_change_is_read_whole_before_it_is_in_use(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await done_well(desk, 1, Plan=STEPS)
    await desk.requester.clicks("Make it a standard change", "changes")
    await desk.settles()
    assert "more lines" in await desk.channel("changes").hears("STD-1")
    await desk.manager.runs("/change standard")
    assert desk.manager.messages("general")[-1].buttons == ["Review"]
    await desk.manager.clicks("Approve", "changes", message="STD-1")
    assert "49. Do step" in desk.manager.modal.text
    assert await desk.manager.submits() == {}
    await desk.channel("changes").hears("STD-1", "active by @manager")


async def test_problems_known_errors_and_actions_can_be_read_whole(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    agent, long = desk.agent, "\n".join(f"{number}. A line of what is known." for number in range(1, 91))
    await agent.runs("/problem The VPN drops")
    assert not await agent.submits({"Service": "VPN", "What is known of it": long})
    await desk.settles()
    assert "90. A line" not in agent.messages("service-desk")[-1].text
    await agent.clicks("Read all", "service-desk")
    assert "90. A line of what is known." in agent.modal.text
    await agent.closes()
    await agent.runs("/problem known-error PRB-1")
    assert not await agent.submits({"What people see": "It drops", "Workaround": long})
    await agent.runs("/problem KE-1")
    await agent.clicks("Read all", "general")
    assert "90. A line of what is known." in agent.modal.text
    await agent.closes()
    await agent.runs("/action Look at the log")
    given = {"Due on": "2026-03-06", "Owner": "agent", "How it will be verified": long}
    assert not await agent.submits(given)
    await agent.runs("/action ACT-1")
    await agent.clicks("Read all", "general")
    assert "90. A line of what is known." in agent.modal.text
