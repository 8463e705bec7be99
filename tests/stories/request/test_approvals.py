"""What waits for an approver: one list of all nouns, questions before the vote, and nothing approved unread."""

from cast import Desk


async def test_one_list_has_all_that_waits_for_a_vote(desk: Desk) -> None:
    access = {"Which service?": "VPN", "What do you need to do there?": "Change things"}
    await desk.requester.runs("/request access")
    assert not await desk.requester.submits(access | {"Why do you need that much?": "I keep it"})
    await desk.settles()
    for command in ("/change approvals", "/request approvals"):
        shown = (await desk.approver.runs(command)).text
        assert "Waiting for your vote" in shown
        assert "REQ-1" in shown
        assert "Nothing waits for your vote" in (await desk.outsider.runs(command)).text


async def test_an_approver_asks_and_reads_all_before_voting(desk: Desk) -> None:
    access = {"Which service?": "VPN", "What do you need to do there?": "Change things"}
    await desk.requester.runs("/request access")
    assert not await desk.requester.submits(access | {"Why do you need that much?": "I keep it. " * 100 + "At last."})
    await desk.settles()
    assert "At last" not in str(desk.dm(desk.approver))
    await desk.approver.clicks("Ask a question", "DM")
    assert not await desk.approver.submits({"Question": "Until when?"})
    await desk.dm(desk.requester).hears("asks about", "REQ-1", "Until when?")
    await desk.requester.clicks("Answer", "DM")
    assert not await desk.requester.submits({"Answer": "Until March"})
    await desk.dm(desk.approver).hears("REQ-1", "answered", "Until March")
    await desk.approver.clicks("Read all", "DM")
    assert "At last." in desk.approver.modal.text
    assert "At last." not in (await desk.approver.runs("/request approve REQ-1")).text
