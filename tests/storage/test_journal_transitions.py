"""A change of state without a fact about that record is not committed, on either database."""

import sqlite3
from contextlib import closing

import pytest
from records import NOON, change, fact, incident
from sqlalchemy.exc import DBAPIError
from sqlmodel import func, select

from storage import approvals, changes, incidents, journal
from storage.tables import METADATA, Incident, Untold

TOLD_OTHERWISE = {
    "clock": "it is derived from facts, which therefore come first",
    "outbox": "the journal tells of deeds, the outbox of messages",
    "cab_meeting": "it decides nothing about a record; its opening and closing are told as facts of their own",
}


async def acknowledge(tx):
    assert await incidents.step(tx, 1, frm=["new"], revision=1, state="acknowledged")


async def approve(tx):
    assert await changes.step(tx, 1, frm=["authorise"], revision=None, state="scheduled")


async def vote(tx):
    assert await approvals.vote(tx, 1, 1, "U2", vote="approve", comment=None, at=NOON)


MOVES = [(acknowledge, "INC-1"), (approve, "CHG-1"), (vote, "CHG-1")]


@pytest.fixture
async def records(database):
    async with database.begin() as tx:
        await incident(tx)
        await change(tx)
        await approvals.ask(tx, 1, 1, ["U2"], NOON)
    return database


@pytest.mark.parametrize(("move", "subject"), MOVES)
async def test_a_transition_without_its_fact_is_not_committed(records, move, subject):
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        async with records.begin() as tx:
            await move(tx)
    async with records.begin() as tx:
        await move(tx)
        await journal.record(tx, fact(subject))
    async with records.read() as tx:
        assert (await tx.exec(select(func.count()).select_from(Untold))).one() == 0


@pytest.mark.parametrize(("move", "subject"), MOVES)
async def test_a_fact_about_another_record_does_not_do(records, move, subject):
    async def told_wrong():
        async with records.begin() as tx:
            await move(tx)
            await journal.record(tx, fact("INC-7"))

    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        await told_wrong()


async def test_each_of_two_transitions_needs_its_own(records):
    async def one_is_told():
        async with records.begin() as tx:
            await acknowledge(tx)
            await approve(tx)
            await journal.record(tx, fact("CHG-1"))

    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        await one_is_told()
    async with records.read() as tx:
        assert (await incidents.get(tx, 1)).state == "new"


async def test_what_changes_no_state_needs_no_fact(records):
    async with records.begin() as tx:
        record = (await tx.exec(select(Incident))).one()
        record.summary = "VPN is slow"
        tx.add(record)


def test_every_table_with_a_state_is_held_to_it(sqlite_url):
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        triggers = connection.execute("SELECT tbl_name FROM sqlite_master WHERE name LIKE '%_is_told'").fetchall()
    stateful = {table.name for table in METADATA.sorted_tables if "state" in table.columns}
    assert stateful - TOLD_OTHERWISE.keys() <= {name for (name,) in triggers}
