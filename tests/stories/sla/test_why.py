"""`/request why` and `/complaint why`: the same engine as of incidents, from the records' own facts."""

import re

from cast import Desk
from promises import LONDON, under

from storage import records
from storage.tables import Complaint, ServiceRequest

CATALOGUE = """
[requests.badge]
title = "A badge"
service = "vpn"
fulfil = "10h"
calendar = "london"

[requests.key]
title = "A key"
service = "vpn"
fulfil = "8h"
approval = "requests"
"""


async def why(desk: Desk, ref: str, command: str = "request") -> str:
    return (await desk.agent.runs(f"/{command} why {ref}")).text


async def badge(desk: Desk) -> None:
    await under(desk, LONDON + CATALOGUE)
    await desk.requester.runs("/request badge")
    if desk.requester.modal:
        assert not await desk.requester.submits()
    await desk.settles()


async def test_why_of_a_request_tells_every_interval_and_adds_up_to_what_its_card_says(desk: Desk) -> None:
    await badge(desk)
    desk.clock.forward(hours=1)
    await desk.agent.runs("/request pend REQ-1 customer Which colour?")
    paused = await why(desk, "REQ-1")
    assert "Fulfilment paused, waiting for customer" in paused
    assert "left when it goes on" in paused
    desk.clock.forward(hours=1)
    await desk.requester.runs("/request answer REQ-1 Blue")
    told = await why(desk, "REQ-1")
    assert "Why REQ-1 is due when it is" in told
    assert "in the hours “london” (policy version 2)" in told
    assert "paused for customer" in told
    assert "out of hours" in told
    assert "10 h counted = the target of 10 h" in told
    async with desk.bot.database.read() as tx:
        request = await records.get(tx, ServiceRequest, 1)
    assert request is not None
    assert request.due_at is not None
    drawn = await desk.agent.runs("/request why REQ-1")
    assert f"^{int(request.due_at.timestamp())}^" in str(drawn.said)


async def test_why_of_a_request_that_is_done_stops_there_and_goes_on_where_it_is_sent_back(desk: Desk) -> None:
    await badge(desk)
    desk.clock.forward(hours=2)
    await desk.agent.runs("/request fulfil REQ-1 At the desk")
    desk.clock.forward(hours=3)
    done = await why(desk, "REQ-1")
    assert "Fulfilment in time" in done
    assert "2 h of 10 h spent, done" in done
    await desk.requester.runs("/request send-back REQ-1 It opens nothing")
    assert "10 h counted = the target of 10 h" in await why(desk, "REQ-1"), "it is promised by then still"
    await desk.requester.runs("/request withdraw REQ-1 I have another")
    given_up = await why(desk, "REQ-1")
    assert "is promised no more" in given_up
    assert "given up" in given_up


async def test_a_request_that_waits_for_approval_is_promised_nothing_and_each_approval_begins_a_round(
    desk_on_sqlite: Desk,
) -> None:
    desk = desk_on_sqlite
    await under(desk, CATALOGUE.replace('calendar = "london"\n', ""))
    await desk.requester.runs("/request key")
    if desk.requester.modal:
        assert not await desk.requester.submits()
    await desk.settles()
    assert "Nothing was promised for it" in await why(desk, "REQ-1")
    for number in (1, 2):
        assert "has your vote" in (await desk.approver.runs("/request approve REQ-1")).text
        desk.clock.forward(hours=1)
        told = await why(desk, "REQ-1")
        assert ("round 2" in told) is (number == 2), told
        assert "8 h counted = the target of 8 h" in told
        if number == 1:
            assert "waits for your vote again" in (await desk.approver.runs("/request take-back REQ-1")).text
            assert "is promised no more" in await why(desk, "REQ-1")
    assert "Round 1: " in told


async def test_why_of_a_complaint_tells_both_of_its_promises_and_each_answer_that_was_promised(desk: Desk) -> None:
    await under(desk, LONDON + '[complaints]\ncalendar = "london"\nacknowledge_within = "2h"\nanswer_within = "8h"')
    await desk.requester.runs("/complaint Nobody calls back")
    assert not await desk.requester.submits({"What is wrong?": "I waited all day"})
    await desk.settles()
    told = await why(desk, "CMP-1", "complaint")
    assert "2 h counted = the target of 2 h" in told
    assert "8 h counted = the target of 8 h" in told
    desk.clock.forward(hours=1)
    await desk.agent.runs("/complaint acknowledge CMP-1")
    desk.clock.forward(hours=1)
    await desk.agent.runs("/complaint answer CMP-1 We call today")
    await desk.settles()
    told = await why(desk, "CMP-1", "complaint")
    assert "Acknowledgement in time" in told
    assert "1 h of 2 h spent, done" in told
    assert "2 h of 8 h spent, done" in told
    await desk.requester.runs("/complaint escalate CMP-1 Nobody did")
    told = await why(desk, "CMP-1", "complaint")
    assert "Answer, round 2" in told
    assert "Round 1: " in told
    async with desk.bot.database.read() as tx:
        complaint = await records.get(tx, Complaint, 1)
    assert complaint is not None
    drawn = await desk.agent.runs("/complaint why CMP-1")
    assert f"^{int(complaint.answer_by.timestamp())}^" in str(drawn.said)


async def test_what_was_late_is_late_and_what_ended_meanwhile_counts_no_more(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/complaint The portal is slow")
    assert not await desk.requester.submits({"What is wrong?": "Ten seconds a page"})
    for hours in (9, 5 * 24):
        desk.clock.forward(hours=hours)
        await desk.settles()
    told = await why(desk, "CMP-1", "complaint")
    assert "Acknowledgement breached, was due" in told
    assert "Answer, round 2" in told, "Deskbell escalated it"
    await desk.requester.runs("/complaint withdraw CMP-1")
    desk.clock.forward(days=1)
    told = await why(desk, "CMP-1", "complaint")
    assert len(re.findall("given up", told)) == 2
    assert "5 d 9 h of 8 h spent, given up" in told


async def test_odd_words_behind_why_are_asked_back_or_refused(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await desk.requester.runs("/request laptop")
    assert not await desk.requester.submits({"What do you need?": "A new one"})
    await desk.requester.runs("/complaint The portal is slow")
    assert not await desk.requester.submits({"What is wrong?": "Ten seconds a page"})
    await desk.settles()
    for command, noun in (("request", "REQ"), ("complaint", "CMP")):
        for typed in ("1", "#1", f"{noun.lower()} 1", f"{noun}-1"):
            assert f"Why {noun}-1 is due" in await why(desk, typed, command)
        assert f"There is no {noun}-99" in await why(desk, f"{noun}-99", command)
        assert f"“{noun}-x" in await why(desk, f"{noun}-x", command)
    assert "There is no CMP-1" in (await desk.outsider.runs("/complaint why CMP-1")).text
