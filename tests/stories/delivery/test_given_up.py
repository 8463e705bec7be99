"""Messages that Slack will never take: whoever is owed one hears of it another way, once."""

from cast import Desk
from promises import on_record

from bot.rules.record.facts import FactKind


async def test_a_request_for_approval_that_is_given_up_is_told_to_who_asked_its_readers_and_the_owners(
    desk: Desk,
) -> None:
    blocks = desk.slack.faults.add(
        method="chat.postMessage", error="msg_blocks_too_long", times=2, match=lambda args: "Approve" in str(args)
    )
    await desk.asks_for_change()
    desk.slack.faults.clear()
    assert blocks.times == 0, "the card is refused, and the first request"
    for who in (desk.requester, desk.agent):
        said = await desk.dm(who).hears("approval request about CHG-1", "was not delivered to", "not tried again")
        assert "Tell them yourself; /change CHG-1 shows it to them" in said
        assert "deskbell outbox retry" in said
        assert await desk.dm(who).count("approval request about CHG-1") == 1
    said = await desk.channel("changes").hears("change card about CHG-1", "could not be shown here")
    assert "Type /change CHG-1" in said
    readers = [await desk.dm(who).count("could not be shown here") for who in (desk.approver, desk.manager)]
    assert sorted(readers) == [0, 1], "whose request was refused"
    facts = await on_record(desk, FactKind.MESSAGE_GIVEN_UP, "outbox")
    assert [fact.data["error"] for fact in facts] == ["msg_blocks_too_long"] * 2


async def test_what_is_private_is_told_to_those_alone_who_may_see_it_and_to_nobody_who_left(
    desk_on_sqlite: Desk,
) -> None:
    desk = desk_on_sqlite
    desk.slack.faults.add(
        method="chat.postMessage", error="user_disabled", times=1, match=lambda args: "Thank" in str(args)
    )
    await desk.requester.runs("/incident Phished mailbox")
    answers = {
        "Service": "Email",
        "Impact": "Just me",
        "Urgency": "Low",
        "Privacy": ["Private: about security or people"],
    }
    assert not await desk.requester.submits(answers)
    await desk.settles()
    [fact] = await on_record(desk, FactKind.MESSAGE_GIVEN_UP, "outbox")
    assert fact.data["kind"] == "incident_receipt"
    assert await desk.dm(desk.agent).count("INC-1") == 0, "the service desk owns delivery and may not see it"
    assert await desk.dm(desk.requester).count("could not be shown") == 0
