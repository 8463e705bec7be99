"""A person's words are erased wherever a column declares them, and every text column declares something."""

import json
from dataclasses import dataclass
from typing import ClassVar

import pytest
from records import NOON, case, change
from sqlalchemy import String
from sqlmodel import AutoString, select

from storage import policy_versions
from storage import records as stored_records
from storage.approval import approvals
from storage.db.columns import ERASED
from storage.journal import erase
from storage.tables import ApprovalCase, ApprovalQuestion, CabItem, CabMeeting, Change


def texts():
    """Every text column of every table, by its class."""
    every = [(table, column) for table in erase.tables() for column in table.__table__.columns]
    return [(table, column.key) for table, column in every if isinstance(column.type, String | AutoString)]


@pytest.mark.parametrize(("table", "column"), texts(), ids=lambda one: getattr(one, "__tablename__", one))
def test_every_text_column_says_whose_words_it_holds_or_that_it_holds_nobodys(table, column):
    mark = erase.declared(table, column)
    assert mark is not None, f"{table.__name__}.{column}: Code, Document, PersonsWords or WordsInside?"
    by = getattr(mark, "by", None)
    assert by is None or isinstance(mark, erase.WordsInside) or by in table.__table__.columns


def test_every_table_is_walked():
    assert (CabItem, "settled") in texts()
    assert {one.__table__.name for one in erase.tables()} == set(ApprovalCase.metadata.tables)


def test_a_new_column_that_says_nothing_is_found_out():
    @dataclass
    class Other:
        text: str | None
        model_fields: ClassVar = ("text",)

    assert erase.declared(Other, "text") is None


async def test_an_approvers_words_are_erased_wherever_they_stand(database):
    async with database.begin() as tx:
        await change(tx)
        await case(tx, state="decided", decision="rejected", decided_by="U2", decided_at=NOON, comment="SECRET")
        await approvals.ask(tx, "CHG-1", 1, ["U2", "U3"], NOON)
        tx.add(ApprovalQuestion(subject="CHG-1", asked_by="U2", asked_at=NOON, question="SECRET"))
        tx.add(
            ApprovalQuestion(
                subject="CHG-1",
                asked_by="U3",
                asked_at=NOON,
                question="Why?",
                answered_by="U2",
                answered_at=NOON,
                answer="SECRET",
            )
        )
        await _meeting(tx)
    async with database.begin() as tx:
        gone = await erase.texts_of(tx, "U2")
    async with database.read() as tx:
        every = [
            row.model_dump(mode="json")
            for table in (ApprovalCase, ApprovalQuestion, CabItem)
            for row in await _all(tx, table)
        ]
    assert gone == 4
    assert "SECRET" not in json.dumps(every)
    assert "KEPT" in json.dumps(every), "what others said stays"
    assert [one["question"] for one in every if "question" in one] == [ERASED, "Why?"]


async def test_a_reason_to_cancel_is_its_authors(database):
    async with database.begin() as tx:
        await change(tx, cancel_reason="SECRET", cancelled_by="U2")
        await change(tx, cancel_reason="KEPT", cancelled_by="U3")
        assert await erase.texts_of(tx, "U2") == 1
    async with database.read() as tx:
        assert [one.cancel_reason for one in await _all(tx, Change)] == [None, "KEPT"]


async def _meeting(tx):
    version = (await policy_versions.in_force(tx)).id
    meeting = CabMeeting(
        number=1, state="closed", chair="U4", channel_name="changes", opened_at=NOON, policy_version=version
    )
    await stored_records.add(tx, meeting)
    voices = [{"by": "U2", "seat": "U2", "comment": "SECRET"}, {"by": "U3", "seat": "U2", "comment": "KEPT"}]
    settled = json.dumps({"title": "Upgrade", "voices": voices})
    tx.add(CabItem(meeting=1, change=1, why="on request", added_by="U4", added_at=NOON, settled=settled))


async def _all(tx, table):
    return list(await tx.exec(select(table).order_by(*table.__table__.primary_key)))
