"""What an approve click asks of the database: the votes once, and nothing for a card that nobody would see."""

from cast import Desk
from statements import listened

POLL = ("approval_case", "approval_stage", "approval")
ON_THE_CARD_ALONE = ("approval_question", "change_revision", "change_window")


def reads(heard: list[str], table: str) -> int:
    words = (f" FROM {table} ", f" JOIN {table} ")
    return sum(one.startswith("SELECT") and any(word in f"{one} " for word in words) for one in heard)


async def test_an_approve_click_reads_the_votes_once_and_draws_no_card(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.settles()
    asked = desk.approver.messages("DM")[-1]
    with listened() as heard:
        await desk.approver.clicks("Approve", message=asked)
    assert {table: reads(heard, table) for table in POLL} == dict.fromkeys(POLL, 1)
    assert {table: reads(heard, table) for table in ON_THE_CARD_ALONE} == dict.fromkeys(ON_THE_CARD_ALONE, 0)
    await desk.channel("changes").hears("CHG-1", "Approved and scheduled")


async def test_a_card_that_only_its_reader_sees_is_drawn_again_after_the_commit(desk: Desk) -> None:
    await desk.asks_for_change()
    await desk.approver.runs("/change CHG-1")
    with listened() as heard:
        await desk.approver.clicks("Approve")
    assert reads(heard, "approval_question") == 1
    assert "Approved by @approver" in desk.approver.notes()[-1]
