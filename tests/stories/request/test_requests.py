"""What somebody asks for: a form that is data, approval, tasks, fulfilment; told to who asked as it is."""

from cast import Desk

from bot.rules.policy.policy import parse
from bot.rules.request.flow import FLOW, RequestState
from bot.usecases import policy as desk_policy
from storage.journal import journal


async def state(desk: Desk, ref: str) -> RequestState:
    """As the journal tells it."""
    async with desk.bot.database.read() as tx:
        return FLOW.replay(await journal.timeline(tx, ref))


async def test_a_form_asks_what_the_answers_make_necessary_and_keeps_nothing_else(desk: Desk) -> None:
    shown = (await desk.requester.runs("/request")).text
    for said in ("A laptop", "/request laptop", "Access to a service", "That is an incident"):
        assert said in shown
    await desk.requester.runs("/request laptop")
    assert desk.requester.modal.title == "A laptop"
    labels = desk.requester.modal.labels
    assert labels == ["What do you need?", "For somebody else"]
    await desk.requester.fills({"What do you need?": "A repair"})
    assert "Which one is broken?" in desk.requester.modal.labels
    await desk.requester.fills({"Which one is broken?": "LT-0042"})
    await desk.requester.fills({"What do you need?": "A new one"})
    assert "Which one is broken?" not in desk.requester.modal.labels
    await desk.requester.fills({"What do you need?": "A repair"})
    assert "Which one is broken?" in str(await desk.requester.submits({"Which one is broken?": ""}))
    assert not await desk.requester.submits({"Which one is broken?": "LT-0042"})
    await desk.channel("service-desk").hears("REQ-1", "A laptop", "Which one is broken?", "LT-0042")
    await desk.dm(desk.requester).hears("REQ-1", "new", "promised by")
    refused = (await desk.outsider.runs("/request start REQ-1")).text
    assert refused == "Only members of Service desk can start REQ-1. Ask one of them."
    await desk.agent.clicks("Start", "service-desk")
    await desk.dm(desk.requester).hears("REQ-1", "being fulfilled", "with @agent")
    await desk.agent.opens_home()
    await desk.settles()
    await desk.agent.clicks("Fulfilled…", where="home")
    assert "What was done" in desk.agent.modal.labels
    await desk.agent.closes()
    assert "is fulfilled" in (await desk.agent.runs("/request fulfil REQ-1 The battery is new")).text
    await desk.dm(desk.requester).hears("REQ-1", "fulfilled it", "The battery is new")
    news = [one.buttons for one in desk.requester.messages("DM") if "fulfilled it" in one.text][-1]
    assert news[:2] == ["I have it", "Not yet…"], "beside what is to be answered"
    await desk.requester.clicks("Not yet…", "DM")
    assert not await desk.requester.submits({"What is missing": "It is another laptop"})
    await desk.channel("service-desk").hears("REQ-1", "being fulfilled")
    assert "is fulfilled" in (await desk.agent.runs("/request fulfil req 1 It is yours now")).text
    await desk.settles()
    await desk.requester.clicks("I have it", "DM")
    await desk.dm(desk.requester).hears("REQ-1", "It is closed")
    told = (await desk.outsider.runs("/request timeline REQ-1")).text
    for said in ("asked for it", "started it", "fulfilled it", "sent it back", "confirmed it"):
        assert said in told
    assert await state(desk, "REQ-1") is RequestState.CLOSED


async def test_what_needs_approval_is_voted_on_by_others_and_its_tasks_fulfil_it(desk: Desk) -> None:
    await desk.approver.runs("/request joiner")
    joiner = {"Who begins?": "A colleague", "First day": "2026-04-01", "Which one?": "Linux"}
    assert not await desk.approver.submits(joiner | {"For somebody else": ["requester"]})
    await desk.dm(desk.requester).hears("REQ-1", "waiting for approval", "asked by @approver")
    refused = (await desk.approver.runs("/request approve REQ-1")).text
    assert "You asked for REQ-1, or it is for you" in refused
    await desk.manager.clicks("Approve", "DM")
    await desk.dm(desk.requester).hears("REQ-1", "@manager approved it")
    await desk.dm(desk.manager).hears("REQ-1", "Make the badge", "Security desk")
    assert "still has tasks" in (await desk.agent.runs("/request fulfil REQ-1 All of it")).text
    assert "comes after Make the account" in (await desk.agent.runs("/request done REQ-1 laptop")).text
    await desk.agent.clicks("Task done…", "service-desk")
    assert not await desk.agent.submits({"Task": "Make the account"})
    assert "already done" in (await desk.agent.runs("/request done REQ-1 account")).text
    assert "one task less" in (await desk.manager.runs("/request done REQ-1 Make the badge")).text
    assert "Only members of" in (await desk.outsider.runs("/request done REQ-1 laptop")).text
    await desk.settles()
    await desk.agent.clicks("Task done…", "service-desk")
    assert not await desk.agent.submits({}), "the only one that is left is chosen"
    await desk.dm(desk.approver).hears("REQ-1", "fulfilled it")
    assert await state(desk, "REQ-1") is RequestState.DONE
    assert "REQ-1" in (await desk.requester.runs("/request list mine")).text
    assert "REQ-1" in (await desk.agent.runs("/request list group joiner done")).text
    assert "not something to list by" in (await desk.agent.runs("/request list purple")).text


async def test_rejection_and_withdrawal_end_it_and_nobody_is_asked_any_more(desk: Desk) -> None:
    access = {"Which service?": "VPN", "What do you need to do there?": "Change things"}
    for _ in range(2):
        await desk.requester.runs("/request access")
        assert not await desk.requester.submits(access | {"Why do you need that much?": "I keep it"})
    await desk.settles()
    assert "vote against it" in (await desk.approver.runs("/request reject REQ-1 Ask your lead first")).text
    await desk.dm(desk.requester).hears("REQ-1", "rejected it", "Ask your lead first")
    assert "is withdrawn" in (await desk.requester.runs("/request withdraw REQ-2 I moved")).text
    assert "REQ-2 is withdrawn" in (await desk.approver.runs("/request approve REQ-2")).text
    assert (await state(desk, "REQ-1"), await state(desk, "REQ-2")) == (RequestState.REJECTED, RequestState.WITHDRAWN)


async def test_a_broken_promise_is_told_to_whoever_has_the_request(desk: Desk) -> None:
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    desk.clock.forward(days=4, hours=23)
    agent = desk.dm(desk.agent)
    assert await agent.count("REQ-1", "reminds of it") == 0
    desk.clock.forward(hours=2)
    assert await agent.count("REQ-1", "reminds of it", "it was promised by") == 1
    assert "is with @agent now" in (await desk.agent.runs("/request assign REQ-1 me")).text
    assert "REQ-1" in (await desk.agent.runs("/request list late mine")).text
    desk.clock.forward(days=7)
    assert await agent.count("REQ-1", "reminds of it") == 1


async def test_a_form_that_changed_while_it_was_open_is_shown_with_what_was_typed(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/request leaver")
    await desk.requester.fills({"Who leaves?": "engineer", "Last day": "2026-04-01"})
    added = '[[requests.laptop.questions]]\nid = "a"\nasks = "Why?"\ntype = "text"\n'
    added += '[[requests.leaver.questions]]\nid = "person"\nasks = "Whose last day is it?"\ntype = "person"\n'
    async with desk.bot.database.begin() as tx:
        await desk_policy.adopt(tx, parse(added), by="operator", now=desk.clock.now())
    await desk.requester.submits({})
    assert "This form was changed while you had it open" in desk.requester.modal.text
    assert "“Last day” is no longer asked." in desk.requester.modal.text
    assert not await desk.requester.submits({})
    await desk.channel("service-desk").hears("REQ-1", "Whose last day is it?", "@engineer")
    assert "2026-04-01" not in (await desk.requester.runs("/request REQ-1")).text
