"""What reports and exports are asked for that there is not: periods, zones, names, channels, and what was erased."""

import io
import zipfile

import pytest
from cast import Desk
from sqlmodel import update
from stories.delivery.test_silent_channels import archives, audited, unarchives
from stories.report.test_issued_reports import WEEKLY, adopt

from bot.rules.policy.policy import PolicyFaults, parse
from bot.usecases.journal import integrity
from storage.sql import changed
from storage.tables import Incident


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('"week"', '"fortnight"', "must be one of 'week', 'month' or 'quarter'"),
        ('"Europe/London"', '"localtime"', "“localtime” is not a time zone but what a machine is set to"),
        ('"Europe/London"', '"posixrules"', "“posixrules” is not a time zone but what a machine is set to"),
        ('"Europe/London"', '"UTC+2"', "“UTC+2” is not a time zone"),
        ('"service-desk"', '"nowhere"', "there is no channel “nowhere”"),
        ('"backlog"]', '"backlog", "backlog"]', "has “backlog” twice"),
        ('"backlog"]', '"backlogs"]', "there is no figure “backlogs”; did you mean “backlog”?"),
    ],
)
def test_a_report_that_cannot_come_is_refused_with_its_line(was: str, now: str, said: str) -> None:
    with pytest.raises(PolicyFaults) as refused:
        parse(WEEKLY.replace(was, now))
    [fault] = refused.value.faults
    assert said in str(fault)
    assert str(fault).startswith("line ")


@pytest.mark.parametrize(
    ("again", "said"),
    [
        (WEEKLY, "reports.weekly: this stands here for the second time"),
        (
            WEEKLY.replace("reports.weekly", "reports.other").replace("Weekly service", "Weekly  SERVICE"),
            "reports.other.title: “Weekly  SERVICE report” is the title of reports.weekly too",
        ),
    ],
)
def test_a_report_is_named_once(again: str, said: str) -> None:
    with pytest.raises(PolicyFaults) as refused:
        parse(WEEKLY + again)
    assert said in str(refused.value.faults[0])


async def test_periods_that_do_not_exist_are_answered_by_a_sentence(desk_on_sqlite: Desk) -> None:
    manager = desk_on_sqlite.manager
    for typed, said in (
        ("year", "“year” is no period, no service and no figure"),
        ("2026-02-30", "is no period, no service and no figure"),
        ("this", "is no period, no service and no figure"),
        ("month month", "no service “month”"),
        ("this this month", "is no period, no service and no figure"),
        ("figure backlog fortnight", "is no period, no service and no figure"),
        ("levels of yesterday", "is no period, no service and no figure"),
        ("export incidents yesterday", "There is no service “yesterday”"),
    ):
        answer = (await manager.runs(f"/report {typed}")).text
        assert said in answer, (typed, answer)


async def test_a_report_whose_channel_is_gone_waits_for_it_and_its_owners_hear_of_it(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    await adopt(desk, WEEKLY)
    await archives(desk, "service-desk")
    desk.clock.forward(days=7)
    await audited(desk)
    await desk.dm(desk.agent).hears("#service-desk is archived", "Unarchive it")
    assert "Weekly service report" in (await desk.manager.runs("/report RPT-1")).text, "it was made all the same"
    await unarchives(desk, "service-desk")
    desk.clock.forward(minutes=16)
    await audited(desk)
    await desk.channel("service-desk").hears("Weekly service report: week from 2 March 2026", "RPT-1")


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
async def test_an_export_has_nothing_of_what_was_erased(desk_on_sqlite: Desk, form: str) -> None:
    desk = desk_on_sqlite
    await desk.reports()
    async with desk.bot.database.begin() as tx:
        await changed(tx, update(Incident).values(rating=2, rating_comment="Ms Example was late"))
    assert b"Ms Example" in await exported(desk, "incidents", form)
    async with desk.bot.database.begin() as tx:
        await integrity.erase(tx, desk.requester.id, by="deskbell", now=desk.clock.now())
    desk.clock.forward(minutes=1)
    assert b"Example" not in await exported(desk, "incidents", form)


async def exported(desk: Desk, what: str, form: str) -> bytes:
    before = set(desk.slack.files)
    said = (await desk.manager.runs(f"/report export {what} this month {form}")).text
    assert f"A file of {what}" in said, said
    await desk.settles()
    [file] = [one for at, one in desk.slack.files.items() if at not in before]
    return unpacked(file.content)


def unpacked(content: bytes) -> bytes:
    """All that a workbook holds; of another file, itself."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(book.read(one) for one in book.namelist())
