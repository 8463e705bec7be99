"""A change of state without a fact about that record is not committed, on either database."""

import pkgutil
import sqlite3
from contextlib import closing
from importlib import import_module

import pytest
from records import NOON, case, change, fact, incident
from sqlalchemy.exc import DBAPIError
from sqlmodel import func, select

from bot import rules
from bot.rules.record.flow import Flow
from bot.rules.record.refs import Noun
from storage.approval import approvals
from storage.change import changes
from storage.incident import incidents
from storage.journal import journal
from storage.tables import METADATA, Incident, Untold

TOLD_OTHERWISE = {
    "alert": "it says what a monitoring system said; the journal tells what came of it",
    "clock": "it is derived from facts, which therefore come first",
    "outbox": "the journal tells of deeds, the outbox of messages",
}
OF_ANY_NOUN = {"approval_case"}
"""Held, without a flow of its own: the noun that is approved names the facts of its decision."""


async def acknowledge(tx):
    assert await incidents.step(tx, 1, frm=["new"], revision=1, state="acknowledged")


async def approve(tx):
    assert await changes.step(tx, 1, frm=["authorise"], revision=None, state="scheduled")


async def vote(tx):
    assert await approvals.vote(tx, "CHG-1", 1, "U2", vote="approve", comment=None, at=NOON)


async def hold(tx):
    assert await approvals.step(tx, "CHG-1", 1, frm=["open"], state="held")


MOVES = [(acknowledge, "INC-1"), (approve, "CHG-1"), (vote, "CHG-1"), (hold, "CHG-1")]


@pytest.fixture
async def records(database):
    async with database.begin() as tx:
        await incident(tx)
        await change(tx)
        await case(tx)
        await approvals.ask(tx, "CHG-1", 1, ["U2"], NOON)
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


@pytest.fixture
def held(sqlite_url):
    """The tables whose state migration 0003 holds to its facts."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        found = connection.execute("SELECT tbl_name FROM sqlite_master WHERE name LIKE '%_state_is_told'")
        return {name for (name,) in found}


def declared():
    """Every flow that a noun declares."""
    modules = [import_module(one.name) for one in pkgutil.walk_packages(rules.__path__, "bot.rules.")]
    return {found.table: found for module in modules for found in vars(module).values() if isinstance(found, Flow)}


def test_every_table_with_a_state_is_held_to_it(held):
    stateful = {table.name for table in METADATA.sorted_tables if "state" in table.columns}
    assert stateful - TOLD_OTHERWISE.keys() == held


def test_every_flow_is_of_a_table_that_is_held_and_every_such_table_has_a_flow(held):
    assert declared().keys() | OF_ANY_NOUN == held
    assert len(declared()) > len(Noun)


def test_every_step_of_every_flow_has_its_fact():
    for flow in declared().values():
        assert flow.facts.keys() == set(flow.steps), flow.table
