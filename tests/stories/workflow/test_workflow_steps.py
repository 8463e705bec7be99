"""Steps of Workflow Builder: done in somebody's name, refused in words, and one that waits until somebody decides."""

from typing import Any

from cast import Desk


async def ran(desk: Desk, step: str, **inputs: str) -> Any:
    found = await desk.slack.runs_step(step, person=desk.requester.id, **inputs)
    await desk.settles()
    return found


async def test_a_step_does_what_its_person_could_and_says_its_number(desk: Desk) -> None:
    step = await ran(desk, "report_incident", summary="VPN drops", description="Each night")
    assert (step.state, step.outputs) == ("completed", {"reference": "INC-1"})
    await desk.channel("service-desk").hears("INC-1", "VPN drops", "@requester", "VPN")
    step = await ran(desk, "ask_for_something", item="laptop", answers="What do you need? A new one")
    assert step.outputs == {"reference": "REQ-1"}
    await desk.dm(desk.requester).hears("REQ-1", "A new one")
    for answers, said in (
        ("colour: red", "“colour: red” is no question of “A laptop”. It asks: What do you need?"),
        ("<!channel> & red", "“&lt;!channel&gt; &amp; red” is no question"),
        ("need: A third one", "“A third one” is not offered"),
        ("need: A repair", "“Which one is broken?”: This has to be answered"),
        (f"picture: F1 {'a' * 64} 5 https://files.example.com/x x.png", "wants a file, which a workflow cannot give"),
    ):
        step = await ran(desk, "ask_for_something", item="laptop", answers=answers)
        assert step.state == "failed"
        assert said in step.error
    step = await desk.slack.runs_step("report_incident", person=desk.slack.bot_user.id, summary="From a program")
    await desk.settles()
    assert step.state == "failed"
    assert len(desk.slack.executions) == 8


async def test_a_step_waits_until_it_is_approved_and_tells_of_it_once(desk: Desk) -> None:
    step = await ran(desk, "ask_for_change", title="Upgrade the VPN gateway", plan="Switch over")
    assert step.outputs == {"reference": "CHG-1"}
    waits = await ran(desk, "wait_until_approved", reference="CHG-1")
    also = await ran(desk, "wait_until_approved", reference="chg-1")
    # Nobody asks for a change in another's name: it is a draft until its person submits it.
    assert "draft" in (await desk.requester.runs("/change CHG-1")).text.lower()
    await desk.requester.runs("/change edit CHG-1")
    assert not await desk.requester.submits({"Service": "VPN", "Why": "Out of support", "Backout plan": "Switch back"})
    await desk.settles()
    assert waits.state == also.state == "running"
    desk.slack.faults.add("functions.completeSuccess", drop=True, accept=True)
    await desk.approver.runs("/change approve CHG-1")
    await desk.settles()
    desk.clock.forward(minutes=2)  # The answer to the first was lost: it is looked at again later.
    await desk.settles()
    for one in (waits, also, await ran(desk, "wait_until_approved", reference="CHG-1")):
        assert (one.state, one.outputs["decision"]) == ("completed", "approved")
    await desk.asks_for_change("Another one")
    given_up = await ran(desk, "wait_until_approved", reference="CHG-2")
    await desk.requester.runs("/change cancel CHG-2 Not needed")
    await desk.settles()
    assert given_up.outputs == {"decision": "withdrawn"}
    await desk.reports()
    refused = await ran(desk, "wait_until_approved", reference="INC-1")
    assert "INC-1 is nothing that is put to approval" in refused.error
    for typed in ("12", "the gateway", "XYZ-1", ""):
        assert "is nothing that is put to approval" in (await ran(desk, "wait_until_approved", reference=typed)).error
