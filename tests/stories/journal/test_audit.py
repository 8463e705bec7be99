"""What an auditor finds: checkpoints on file and in their channel, and a journal that forgets a person's words."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from cast import Desk
from change_steps import convened
from journals import SIGNER, faults
from sqlalchemy import select

from bot.rules.journal.checkpoints import found_in
from bot.usecases.journal import integrity
from storage.journal import checkpoint_file, journal
from storage.tables import METADATA

pytestmark = pytest.mark.every_road


@pytest.fixture
def sealing(desk_on_sqlite, tmp_path):
    """A desk that signs, and keeps its checkpoints on file."""
    bot = desk_on_sqlite.bot
    bot.jobs = replace(bot.jobs, sign=SIGNER.sign, audit_file=tmp_path / "checkpoints.txt")
    return desk_on_sqlite


def verified(desk, *remembered):
    return faults(desk.bot.settings.database_url.get_secret_value(), *remembered, keys=[SIGNER.public])


def on_file(desk):
    return list(found_in(desk.bot.jobs.audit_file.read_text()))


async def test_each_minute_with_something_new_has_its_checkpoint_on_file(sealing: Desk) -> None:
    desk = sealing
    await desk.reports()
    await desk.bot.jobs.seal()
    await desk.bot.jobs.seal()
    assert len(on_file(desk)) == 1
    await desk.agent.clicks("I'm on it", "service-desk")
    await desk.bot.jobs.seal()
    assert len(on_file(desk)) == 1, "less than a minute later"
    desk.clock.forward(minutes=1)
    await desk.bot.jobs.seal()
    first, second = on_file(desk)
    assert second.size > first.size
    assert verified(desk, first, second) == []


async def test_the_audit_channel_hears_one_checkpoint_a_day(sealing: Desk) -> None:
    desk = sealing
    for _ in range(3):
        await desk.reports()
        desk.clock.forward(minutes=2)
        await desk.bot.jobs.seal()
    await desk.settles()
    [told] = [one.text for one in desk.manager.messages("deskbell-audit") if "Journal checkpoint" in one.text]
    [point] = found_in(told)
    assert SIGNER.public.signed(point)
    assert verified(desk, point) == []
    desk.clock.forward(days=1)
    await desk.reports()
    await desk.bot.jobs.seal()
    await desk.settles()
    assert sum("Journal checkpoint" in one.text for one in desk.manager.messages("deskbell-audit")) == 2


async def test_only_those_who_run_change_control_are_in_the_audit_channel(sealing: Desk) -> None:
    channel = next(one for one in sealing.slack.channels.values() if one.name == "deskbell-audit")
    assert channel.is_private
    assert sealing.outsider.id not in channel.members


async def test_a_database_that_denies_what_is_on_file_is_told_of_each_minute(sealing: Desk, caplog) -> None:
    desk = sealing
    await desk.reports()
    await desk.bot.jobs.seal()
    with caplog.at_level(logging.ERROR):
        await desk.bot.jobs.audit()
        assert "on file" not in caplog.text
        [point] = on_file(desk)
        later = SIGNER.sign(type(point)(point.size + 5, point.root, point.at + timedelta(minutes=1)))
        checkpoint_file.keep(desk.bot.jobs.audit_file, [later])
        await desk.bot.jobs.audit()
    assert "facts were cut off, or an older database was restored" in caplog.text


async def test_a_line_that_a_crash_cut_short_does_not_spoil_the_next(tmp_path) -> None:
    file = tmp_path / "checkpoints.txt"
    file.write_text("deskbell-checkpoint/1 size=12 ro")
    assert checkpoint_file.last(file) is None
    point = SIGNER.sign(
        next(found_in(f"deskbell-checkpoint/1 size=1 root={'a' * 64} at=2026-03-02T09:00:00Z unsigned"))
    )
    checkpoint_file.keep(file, [point])
    checkpoint_file.keep(file, [point])
    assert file.read_text().splitlines()[1:] == [point.line]


async def test_what_a_person_typed_is_erased_and_the_journal_still_verifies(sealing: Desk) -> None:
    desk = sealing
    await desk.reports("The printer of Ms Example is on fire")
    await desk.asks_for_change()
    await desk.bot.jobs.seal()
    [point] = on_file(desk)
    async with desk.bot.database.begin() as tx:
        gone = await integrity.erase(tx, desk.requester.id, by="deskbell", now=desk.clock.now())
    assert gone.facts > 0
    assert gone.known
    async with desk.bot.database.read() as tx:
        told = await journal.timeline(tx, "INC-1")
    assert not any("printer" in str(fact.words) for fact in told)
    assert any(fact.by == desk.requester.id for fact in told), "the id stays, as a pseudonym"
    assert verified(desk, point) == []
    desk.clock.forward(minutes=2)
    await desk.bot.jobs.seal()
    assert verified(desk, *on_file(desk)) == []


async def test_an_approvers_words_are_erased_from_the_change_the_minutes_and_the_journal(sealing: Desk) -> None:
    desk = sealing
    await convened(desk)
    await desk.approver.clicks("Ask a question", "DM")
    assert await desk.approver.submits(Question="SECRET?") == {}
    await desk.approver.clicks("Reject", "DM")
    assert await desk.approver.submits(Reason="SECRET") == {}
    await desk.settles()
    await desk.manager.clicks("Close the meeting", "changes")
    await desk.settles()
    facts = ["fact_words.words"] * 3
    columns = ["approval.comment", "approval_case.comment", "approval_question.question", "cab_item.settled", *facts]
    assert sorted(await told_of(desk, "SECRET")) == columns
    async with desk.bot.database.begin() as tx:
        await integrity.erase(tx, desk.approver.id, by="deskbell", now=desk.clock.now())
    assert await told_of(desk, "SECRET") == []


async def told_of(desk: Desk, words: str) -> list[str]:
    """The columns of the database in which these words stand, one for each row."""
    async with desk.bot.database.read() as tx:
        return [
            f"{table.name}.{name}"
            for table in METADATA.sorted_tables
            for row in (await (await tx.connection()).execute(select(table))).mappings()
            for name, text in row.items()
            if words in str(text)
        ]
